"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const joins = JSON.parse(byId("joins").textContent);
  const map = byId("map"), lines = byId("lines"), told = byId("told"), search = byId("search");
  const hint = told.firstElementChild;
  const fields = all(".field", map);
  const sides = { s: all(".field", byId("source")), t: all(".field", byId("target")) };
  const tables = new Map(all("#fields tbody[data-field]").map((body) => [body.dataset.field, body]));
  const linked = new Map(fields.map((field) => [field.id, []]));
  for (const [source, target, fate] of joins) {
    linked.get(source).push([target, fate]);
    linked.get(target).push([source, fate]);
  }
  const sideOf = (field) => (field.id[0] === "s" ? "s" : "t");
  const shown = (field) => field.offsetParent !== null;
  let held = null, followed = null;

  // --- lines between the fields --------------------------------------------------------------------------------

  const draw = () => {
    const frame = map.getBoundingClientRect();
    const paths = [];
    for (const [source, target, fate] of joins) {
      const from = byId(source), to = byId(target);
      if (!shown(from) || !shown(to)) continue;
      const a = from.getBoundingClientRect(), b = to.getBoundingClientRect();
      const x1 = a.right - frame.left, x2 = b.left - frame.left;
      const y1 = a.top + a.height / 2 - frame.top, y2 = b.top + b.height / 2 - frame.top;
      const half = (x2 - x1) / 2;
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M${x1} ${y1}C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}`);
      path.setAttribute("class", fate);
      path.dataset.ends = `${source} ${target}`;
      paths.push(path);
    }
    lines.replaceChildren(...paths);
    mark();
  };

  const mark = () => {
    const id = followed && followed.id;
    const on = new Set(id ? [id, ...linked.get(id).map(([other]) => other)] : []);
    for (const field of fields) field.classList.toggle("on", on.has(field.id));
    for (const [target, body] of tables) body.classList.toggle("on", target === id);
    for (const path of lines.children) path.classList.toggle("on", path.dataset.ends.split(" ").includes(id));
    lines.classList.toggle("following", Boolean(id));
  };

  // --- following one field -------------------------------------------------------------------------------------

  const element = (name, text, kind) => {
    const found = document.createElement(name);
    if (text) found.textContent = text;
    if (kind) found.className = kind;
    return found;
  };

  const describe = (field) => {
    const parts = [], links = [];
    const head = element("h3");
    head.append(element("code", field.dataset.path), ` ${field.querySelector(".kind").textContent}`);
    parts.push(head);
    const others = linked.get(field.id);
    if (others.length) {
      const list = element("ul");
      for (const [other, fate] of others) {
        const item = element("li"), button = element("button");
        button.type = "button";
        button.dataset.go = other;
        button.append(element("code", byId(other).dataset.path));
        item.append(button, ` ${fate}`);
        list.append(item);
      }
      links.push(element("p", sideOf(field) === "s" ? "Goes into:" : "Comes from, or is decided by:"), list);
    }
    const row = tables.get(field.id);
    for (const way of row ? row.rows : []) {
      const cells = [...way.cells], words = [...cells.at(-1).children].map((text) => text.cloneNode(true));
      const said = words.find((text) => !text.className), sources = all("code", cells.at(-2));
      if (said && sources.length) said.prepend(...sources.flatMap((code) => [code.cloneNode(true), " "]), "→ ");
      parts.push(...words);
    }
    const reason = all("#left code, #unset code").find((code) => code.dataset.path === field.dataset.path);
    const isTarget = sideOf(field) === "t";
    if (reason && isTarget === Boolean(reason.closest("#unset"))) {
      const why = element("p");
      why.append(...[...reason.closest("tr").lastElementChild.childNodes].map((node) => node.cloneNode(true)));
      parts.push(why);
    }
    const words = element("div"), ways = element("div");
    words.append(...parts);
    ways.append(...links);
    told.replaceChildren(words, ways);
  };

  const follow = (field) => {
    if (field === followed) return;
    followed = field;
    if (field) describe(field);
    else told.replaceChildren(hint);
    mark();
  };

  const hold = (field) => {
    if (held) held.setAttribute("aria-pressed", "false");
    held = field === held ? null : field;
    if (held) held.setAttribute("aria-pressed", "true");
    follow(held || field);
  };

  const go = (field) => {
    for (const other of sides[sideOf(field)]) other.tabIndex = -1;
    field.tabIndex = 0;
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  };

  map.addEventListener("pointerover", (event) => {
    const field = event.target.closest(".field");
    if (field && !held && event.pointerType !== "touch") follow(field);
  });
  map.addEventListener("focusin", (event) => {
    const field = event.target.closest(".field");
    if (field && !held) follow(field);
  });
  map.addEventListener("click", (event) => {
    const field = event.target.closest(".field");
    if (field) hold(field);
  });
  told.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-go]");
    if (!button) return;
    const field = byId(button.dataset.go);
    if (held) hold(held);
    if (!shown(field)) clear();
    go(field);
    follow(field);
  });

  // --- keys ----------------------------------------------------------------------------------------------------

  const step = (field, by) => {
    const there = sides[sideOf(field)].filter(shown);
    const next = there[Math.min(Math.max(there.indexOf(field) + by, 0), there.length - 1)];
    if (next) go(next);
  };

  const across = (field) => {
    const other = linked.get(field.id).map(([id]) => byId(id)).find(shown);
    if (other) go(other);
  };

  map.addEventListener("keydown", (event) => {
    const field = event.target.closest(".field");
    if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (event.key in steps) step(field, steps[event.key]);
    else if (event.key === "ArrowRight" && sideOf(field) === "s") across(field);
    else if (event.key === "ArrowLeft" && sideOf(field) === "t") across(field);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search]");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      if (held) hold(held);
      if (typing && search.value) {
        search.value = "";
        filter();
      }
      follow(null);
    }
  });

  // --- search and filters --------------------------------------------------------------------------------------

  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    const only = all("input[name=only]:checked").map((box) => box.value);
    const fits = (field) => {
      const row = tables.get(field.id);
      const text = `${field.dataset.path} ${field.textContent} ${row ? row.textContent : ""}`.toLowerCase();
      const marks = field.dataset.marks.split(" ");
      return text.includes(wanted) && (!only.length || only.some((mark) => marks.includes(mark)));
    };
    let count = 0;
    for (const field of fields) {
      field.hidden = !fits(field);
      count += !field.hidden;
      const row = tables.get(field.id);
      if (row) row.hidden = field.hidden;
    }
    for (const item of all("li", map).reverse()) item.hidden = !all(".field", item).some((field) => !field.hidden);
    const paths = fields.filter((field) => !field.hidden).map((field) => field.dataset.path);
    const beside = (path, above) => path === above || path.startsWith(`${above}.`);
    for (const group of all("#fields tbody.group")) {
      const above = group.dataset.path;
      group.hidden = above !== "this" && !paths.some((path) => beside(path, above));
    }
    const hidden = (side) => new Set(sides[side].filter((field) => field.hidden).map((field) => field.dataset.path));
    for (const [id, side] of [["left", "s"], ["unset", "t"]]) {
      const gone = hidden(side);
      for (const row of all(`#${id} tbody tr`)) {
        const codes = all("td:first-child code", row);
        for (const code of codes) code.hidden = gone.has(code.dataset.path);
        row.hidden = codes.every((code) => code.hidden);
      }
    }
    for (const side of Object.values(sides)) {
      for (const field of side) field.tabIndex = -1;
      const first = side.find((field) => !field.hidden);
      if (first) first.tabIndex = 0;
    }
    byId("count").textContent = `${count} of ${fields.length} fields`;
    if (followed && followed.hidden) {
      if (held) hold(held);
      follow(null);
    }
    draw();
  };

  const clear = () => {
    search.value = "";
    for (const box of all("input[name=only]")) box.checked = false;
    filter();
  };

  search.addEventListener("input", filter);
  byId("tools").addEventListener("change", filter);
  byId("tools").addEventListener("submit", (event) => {
    event.preventDefault();
    const first = fields.find((field) => !field.hidden);
    if (first) go(first);
  });
  new ResizeObserver(draw).observe(map);
  filter();
})();
