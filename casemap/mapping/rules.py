"""Rules to core nodes: the sugar of a mapping file is taken apart here.

Takes YAML nodes and a scope, gives core nodes, and reports every problem of the file. It resolves names; it does not
look at schemas, except for `rest`, which asks which members a schema declares.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from casemap.errors import MappingError
from casemap.functions.operators import TESTS
from casemap.functions.registry import Registry
from casemap.mapping.core import (
    ABSENT_NODE,
    Approximate,
    Array,
    Call,
    Coalesce,
    Computed,
    Concat,
    Const,
    Each,
    If,
    Let,
    Lookup,
    Member,
    Node,
    Object,
    Param,
    Path,
    Policy,
    Rest,
    Spread,
    Symbol,
    ValueMap,
    fresh,
    rebuild,
)  # fmt: skip
from casemap.mapping.expressions import compile_template, translate_expression
from casemap.mapping.file import Mapping, Reason, Remark
from casemap.mapping.jinja_syntax import SyntaxProblem, parse_expression
from casemap.mapping.keys import ComputedKey, PathKey, SpreadKey, parse_key
from casemap.mapping.scope import RESERVED, Names, Place, Report, Scope
from casemap.span import Span
from casemap.syntax.yaml_text import YamlMapping, YamlNode, YamlScalar, YamlSequence, to_value

__all__ = ["BODY_KEYS", "HEADS", "MODIFIERS", "Neighbours", "RuleReader"]

MOST_EXPANSIONS = 10_000
HEADS = ("from", "const", "template", "fields", "each", "list", "first_of", "concat", "choose", "use", "rest")
MODIFIERS = ("when", "let", "map", "else", "ignore_case", "default", "nulls", "approximate", "may_reject", "note")
OWN_KEYS: Table[str, tuple[str, ...]] = {
    "fields": ("within", "whole"),
    "each": (
        "fields", "value", "use", "where", "sort_by", "descending", "unique_by", "take", "key", "repeated", "records",
        "whole",
    ),
    "use": ("of",),
}  # fmt: skip
"""The keys that go with one head only."""

BODY_KEYS = frozenset((*HEADS, *MODIFIERS, *(key for keys in OWN_KEYS.values() for key in keys)))
_PLAIN_NAME = re.compile(r"\s*[^\W\d]\w*\s*\Z")
_MAY_BE_EMPTY = ("this rule", "`from`", "`default`")
_PROSE = re.compile(r"\s*([^\W\d]\w*)[ \t]+([^\W\d]\w*)\b(?!\s*\()")
_SHOWN_AS_IT_IS = re.compile(r"[\w .!?()-]{1,60}")
_COMMENT = re.compile(r"[ \t]+#")
_COMMENTED_OUT = re.compile(r"[ \t]+#[^\n]*?\{[{%#]")
_LONE_WORDS = frozenset(
    (*RESERVED, "true", "false", "none", "null", "True", "False", "None", "and", "or", "not", "in", "is", "if", "else")
)
_OPERATORS = frozenset(("and", "or", "not", "in", "is", "if", "else"))


class Neighbours(Protocol):
    """What the loader asks of the catalog while it reads one file."""

    def used(self, name: str) -> Mapping | None:
        """The mapping of that name beside this file, or at that path of the catalog."""

    def known(self) -> list[str]:
        """The names that `used` knows."""

    def declared(self, origin: tuple[str, ...]) -> frozenset[str]:
        """The members that the source schema declares at a path."""


@dataclass(slots=True)
class RuleReader:
    """Reads the rules of one file."""

    report: Report
    functions: Registry
    params: dict[str, Table[str, Any]]
    value_maps: Table[str, ValueMap]
    definitions: Table[str, YamlNode]
    neighbours: Neighbours
    keep_nulls: bool = False
    standalone: bool = False
    """A definition is read where nothing uses it: what its scope is, is not known."""
    origins: dict[Symbol, tuple[str, ...]] = field(default_factory=dict)
    file_names: Table[str, Symbol] = field(default_factory=dict)
    uses: list[str] = field(default_factory=list)
    inherited: list[Reason] = field(default_factory=list)
    """What used mappings say of the fields below the value that they are applied to."""
    used_definitions: set[str] = field(default_factory=set)
    used_maps: set[str] = field(default_factory=set)
    let_names: list[tuple[Symbol, Span]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    expansions: int = 0
    has_records: bool = False
    _expanding: list[str] = field(default_factory=list)

    @property
    def names(self) -> Names:
        return Names(self.params, self.functions, self.report)

    # expressions

    def expression(self, node: YamlNode, scope: Scope, what: str, keep_null: bool = False) -> Node:
        """The node of an expression; a number, a boolean or null stands for itself."""
        match node:
            case YamlScalar(value=str()):
                self.check_traps(node, what)
                if self.is_prose(node):
                    message = f"{what} is a text of several words, and no expression: YAML takes the quotes away"
                    shown = node.text if _SHOWN_AS_IT_IS.fullmatch(node.text) else "…"
                    help = f"For the text write `{{const: {shown}}}` or `\"'{shown}'\"`."
                    return self.wrong(node, "CM212", message, help)
                if self.is_cut_by_comment(node):
                    help = "YAML reads ` #` as the start of a comment: put the whole expression in quotes."
                    return self.wrong(node, "CM212", f"{what} ends where a comment starts", help)
                return translate_expression(node.text, scope, self.names, node.locate, keep_null)
            case YamlScalar(value=None, text="") if what not in _MAY_BE_EMPTY:
                return self.wrong(node, "CM206", f"{what} has no expression", "Write one, or remove the key.")
            case YamlScalar():
                return Const(node.value, node.span, keep_null)
        help = "Put it in quotes if it is an expression that starts with `[` or `{`."
        return self.wrong(node, "CM212", f"{what} takes an expression", help)

    def check_traps(self, node: YamlScalar, what: str) -> None:
        """`kind: 'note'` is the path `note`: whoever wrote quotes meant a text."""
        quoted = not node.plain and self.is_quote(node)
        if quoted and _PLAIN_NAME.match(node.text) and node.text.strip() not in _LONE_WORDS:
            name = node.text.strip()
            message = f"{what} is the path `{name}`: YAML takes the quotes away"
            help = f"For the text write `{{const: {name}}}` or `\"'{name}'\"`; for the path leave out the quotes."
            self.report.add("CM212", message, node.span, help)

    def is_prose(self, node: YamlScalar) -> bool:
        """Whether a text in quotes begins with two words side by side, neither of which is an operator."""
        words = _PROSE.match(node.text) if not node.plain and self.is_quote(node) else None
        return words is not None and not _OPERATORS & {*words.groups()}

    def is_cut_by_comment(self, node: YamlScalar) -> bool:
        """Whether YAML took the rest of an expression for a comment: what is left is none."""
        if not (node.plain and _COMMENT.match(node.source.text, node.end)):
            return False
        try:
            parse_expression(node.text)
        except SyntaxProblem:
            return True
        return False

    def is_quote(self, node: YamlScalar) -> bool:
        return node.source.text[node.start : node.start + 1] in ("'", '"')

    # rules

    def rule(self, node: YamlNode, scope: Scope, keep: bool | None = None) -> Node:
        """The node of a rule. `keep` is what `nulls` says where the rule itself does not."""
        if isinstance(node, YamlMapping):
            return self.object_rule(node, scope, keep)
        if isinstance(node, YamlSequence):
            help = (
                'Write `list:` for an array of rules, `const:` for a constant, or quote an expression like `"[a, b]"`.'
            )
            return self.wrong(node, "CM212", "a rule is an expression or an object, not a list", help)
        kept = self.keep_nulls if keep is None else keep
        return self.without_null(self.expression(node, scope, "this rule", kept), kept)

    def object_rule(self, node: YamlMapping, scope: Scope, keep: bool | None, extra: tuple[str, ...] = ()) -> Node:
        """A rule with a head and modifiers; `extra` keys are the caller's."""
        head = self.head(node, extra)
        if head is None:
            return ABSENT_NODE(node.span)
        kept = self.nulls(node, keep)
        inner = scope
        bindings: list[tuple[Symbol, Node, Span]] = []
        let = node.get("let")
        if let is not None:
            inner = self.let(let, scope, bindings)
        value = self.head_value(head, node, inner, kept)
        value = self.without_null(self.mapped(node, value), kept)
        value = self.with_default(node, value, inner)
        value = self.approximated(node, value)
        self.read_remarks(node)
        for symbol, bound, span in reversed(bindings):
            value = Let(symbol, bound, value, span)
        when = node.get("when")
        if when is not None and "when" not in extra:
            test = self.expression(when, scope, "`when`")
            value = If(test, value, ABSENT_NODE(when.span), when.span)
        return value

    def head(self, node: YamlMapping, extra: tuple[str, ...]) -> str | None:
        """The one head of a rule; reports keys that do not belong to it."""
        texts = [key.text for key, _ in node.entries if isinstance(key.value, str)]
        heads = [text for text in texts if text in HEADS and text not in extra]
        if "each" in heads:
            heads = [text for text in heads if text not in ("fields", "use")]
        if len(heads) != 1:
            found = f"this one has {len(heads)}: {', '.join(heads)}" if heads else "this one has none"
            before = len(self.report.problems)
            self.unknown_keys(node, HEADS, extra)
            help = f"The heads are {', '.join(HEADS)}. For members write `fields:`."
            if len(self.report.problems) == before:
                self.report.add("CM203", f"a rule has exactly one head; {found}", node.span, help)
            return None
        self.unknown_keys(node, (heads[0], *OWN_KEYS.get(heads[0], ())), extra)
        self.check_pairs(node, heads[0])
        return heads[0]

    def unknown_keys(self, node: YamlMapping, allowed: tuple[str, ...], extra: tuple[str, ...]) -> None:
        known = {*allowed, *MODIFIERS, *extra}
        for key, value in node.entries:
            if isinstance(key.value, str) and key.text in known:
                continue
            if isinstance(value, YamlScalar) and value.value is None and value.text == "" and key.plain:
                message = f"`{key.text}` has no value: a comma inside `{{…}}` splits the text before it"
                self.report.add("CM212", message, key.span, "Put the text that has the comma in quotes.")
                continue
            if key.text in BODY_KEYS and key.text not in HEADS:
                owner = next((head for head, keys in OWN_KEYS.items() if key.text in keys), "")
                help = "Remove it."
                if key.text == "of":
                    help = "With `each`, `use` is applied to the item; make that item with the `each`."
                self.report.add("CM210", f"`{key.text}` goes with `{owner}`", key.span, help)
                continue
            if key.text in HEADS:
                continue
            if key.text == "on_collision":
                self.report.add("CM210", "`on_collision` goes with the key `'*'`", key.span, "Remove it.")
                continue
            near = self.report.nearest(key.text, known)
            hint = f"; did you mean `{near}`?" if near else ""
            self.report.add(
                "CM201", f"a rule has no key `{key.text}`{hint}", key.span, "Target fields go below `fields:`."
            )

    def check_pairs(self, node: YamlMapping, head: str) -> None:
        """A modifier without what it modifies is an error."""
        pairs = [("else", "map"), ("ignore_case", "map")]
        if head == "each":
            pairs += [("descending", "sort_by"), ("repeated", "key")]
        for name, needs in pairs:
            key = node.key(name)
            if key is not None and node.get(needs) is None:
                self.report.add("CM210", f"`{name}` stands without `{needs}`", key.span, f"Add `{needs}` or remove it.")
        key = node.key("take")
        if key is not None and node.get("key") is not None:
            self.report.add("CM210", "`take` gives one value, `key` an object", key.span, "Remove one of the two.")
        whole = node.key("whole")
        if head == "each" and whole is not None and node.get("fields") is None:
            self.report.add("CM210", "`whole` stands without `fields`", whole.span, "Remove it.")

    def read_remarks(self, node: YamlMapping) -> None:
        kinds: tuple[Literal["note", "may_reject"], ...] = ("note", "may_reject")
        for kind in kinds:
            value = node.get(kind)
            if value is not None:
                self.remarks.append(Remark(kind, self.text(value, f"`{kind}`"), node.span, _end(node)))

    # modifiers

    def nulls(self, node: YamlMapping, keep: bool | None) -> bool:
        value = node.get("nulls")
        if value is None:
            return self.keep_nulls if keep is None else keep
        return self.one_of(value, "`nulls`", ("drop", "keep")) == "keep"

    def let(self, node: YamlNode, scope: Scope, bindings: list[tuple[Symbol, Node, Span]]) -> Scope:
        """The scope with the names of a `let`, each of which sees those before it."""
        if not isinstance(node, YamlMapping):
            self.wrong(node, "CM202", "`let` takes names with rules", "Write `let: {name: expression}`.")
            return scope
        for key, value in node.entries:
            name = key.text
            if not (isinstance(key.value, str) and _PLAIN_NAME.match(name) and name == name.strip()):
                self.report.add("CM214", f"`{name}` is not a plain name", key.span, "Use letters, digits and `_`.")
                continue
            if name in RESERVED or name in _LONE_WORDS:
                self.report.add("CM214", f"`{name}` has a meaning of its own", key.span, "Choose another name.")
                continue
            symbol = Symbol(name)
            bound = self.rule(value, scope)
            if isinstance(bound, Path) and bound.scope in self.origins:
                origin = self.origin(bound)
                if origin is not None:
                    self.origins[symbol] = origin
            if not self.standalone:
                self.let_names.append((symbol, key.span))
            bindings.append((symbol, bound, key.span))
            scope = scope.bind(name, symbol)
        return scope

    def mapped(self, node: YamlMapping, value: Node) -> Node:
        map_node = node.get("map")
        if map_node is None:
            return value
        table = self.value_map(map_node)
        ignore = node.get("ignore_case")
        if ignore is not None and self.boolean(ignore, "`ignore_case`"):
            table = self.casefolded(table)
        return Lookup(value, table, self.policy(node.get("else")), map_node.span)

    def value_map(self, node: YamlNode) -> ValueMap:
        if isinstance(node, YamlMapping):
            return read_value_map("this map", node, self.report)
        if isinstance(node, YamlScalar) and isinstance(node.value, str):
            found = self.value_maps.get(node.text)
            if found is not None:
                self.used_maps.add(node.text)
                return found
            near = self.report.nearest(node.text, list(self.value_maps))
            hint = f"; did you mean `{near}`?" if near else ""
            self.report.add(
                "CM208", f"there is no value map `{node.text}`{hint}", node.span, "Add it to `value_maps:`."
            )
        else:
            self.wrong(node, "CM202", "`map` takes the name of a value map, or a table", "Write `map: {from: to}`.")
        return ValueMap("", (), False, node.span)

    def casefolded(self, table: ValueMap) -> ValueMap:
        entries: list[tuple[Any, Any]] = []
        seen: set[str] = set()
        for key, value in table.entries:
            folded = key.casefold() if isinstance(key, str) else key
            if isinstance(folded, str):
                if folded in seen:
                    message = f"the keys of `{table.name}` that read `{folded}` differ in case only"
                    self.report.add("CM215", message, table.span, "Remove one, or leave out `ignore_case`.")
                seen.add(folded)
            entries.append((folded, value))
        return replace(table, entries=tuple(entries), ignore_case=True)

    def policy(self, node: YamlNode | None) -> Policy | Const:
        if node is None:
            return "error"
        if isinstance(node, YamlMapping) and len(node.entries) == 1 and node.get("const") is not None:
            constant = node.get("const")
            assert constant is not None  # noqa: S101 - just asked
            return Const(self.json(constant), constant.span, keep_null=True)
        words: tuple[Policy, ...] = ("error", "drop", "keep")
        if isinstance(node, YamlScalar) and node.text in words:
            return words[words.index(node.text)]
        self.wrong(node, "CM202", "`else` is error, drop, keep or `{const: …}`", "Write `else: {const: value}`.")
        return "error"

    def without_null(self, value: Node, kept: bool) -> Node:
        """Under `nulls: drop` a null value is absent."""
        if kept or not may_hold_null(value):
            return value
        symbol = Symbol("value")
        return Let(symbol, value, Path(symbol, (), value.span), value.span)

    def with_default(self, node: YamlMapping, value: Node, scope: Scope) -> Node:
        default = node.get("default")
        if default is None:
            return value
        return Coalesce((value, self.expression(default, scope, "`default`")), default.span)

    def approximated(self, node: YamlMapping, value: Node) -> Node:
        why = node.get("approximate")
        if why is None:
            return value
        return Approximate(value, self.text(why, "`approximate`"), why.span)

    # heads

    def head_value(self, head: str, node: YamlMapping, scope: Scope, kept: bool) -> Node:
        content = node.get(head)
        assert content is not None  # noqa: S101 - the head was found among the keys
        match head:
            case "from":
                return self.expression(content, scope, "`from`", kept)
            case "const":
                return Const(self.json(content), content.span, kept)
            case "template":
                return self.template(content, scope)
            case "fields":
                return self.fields(node, content, scope)
            case "each":
                return self.each(node, content, scope, kept)
            case "list" | "first_of" | "concat":
                return self.sequence(head, content, scope)
            case "choose":
                return self.choose(content, scope)
            case "use":
                return self.use(content, node.get("of"), scope)
        return self.rest(content, scope)

    def template(self, node: YamlNode, scope: Scope) -> Node:
        if not (isinstance(node, YamlScalar) and isinstance(node.value, str)):
            return self.wrong(node, "CM202", "`template` takes a text", "Put it in quotes.")
        if node.plain and _COMMENTED_OUT.match(node.source.text, node.end):
            help = "YAML reads ` #` as the start of a comment: put the whole template in quotes."
            return self.wrong(node, "CM212", "`template` ends where a comment starts", help)
        return compile_template(node.text, scope, self.names, node.locate)

    def sequence(self, head: str, node: YamlNode, scope: Scope) -> Node:
        if not isinstance(node, YamlSequence):
            return self.wrong(node, "CM202", f"`{head}` takes a list of rules", f"Write `{head}: [rule, rule]`.")
        rules = tuple(self.rule(item, scope) for item in node.items)
        if head == "list":
            return Array(rules, node.span)
        if not rules:
            return self.wrong(node, "CM202", f"`{head}` needs at least one rule", "Add a rule.")
        return Coalesce(rules, node.span) if head == "first_of" else Concat(rules, node.span)

    def choose(self, node: YamlNode, scope: Scope) -> Node:
        if not isinstance(node, YamlSequence) or not node.items:
            return self.wrong(node, "CM202", "`choose` takes a list of branches", "Write `- {when: …, from: …}`.")
        result: Node = ABSENT_NODE(node.span)
        last = len(node.items) - 1
        for position, branch in reversed(list(enumerate(node.items))):
            result = self.branch(branch, result, scope, position == last)
        return result

    def branch(self, node: YamlNode, following: Node, scope: Scope, last: bool) -> Node:
        if not isinstance(node, YamlMapping):
            return self.wrong(node, "CM202", "a branch has `when`, or is `otherwise`", "Write `- {when: …, from: …}`.")
        otherwise, when = node.get("otherwise"), node.get("when")
        if otherwise is not None:
            if not last:
                self.report.add("CM203", "`otherwise` stands last", node.span, "Move it to the end.")
            if len(node.entries) != 1:
                self.report.add("CM203", "`otherwise` stands alone in its branch", node.span, "Put keys inside of it.")
            return self.rule(otherwise, scope)
        if when is None:
            self.report.add("CM203", "a branch has `when`, or is `otherwise`", node.span, "Add a condition.")
            return following
        test = self.expression(when, scope, "`when`")
        return If(test, self.object_rule(node, scope, None, extra=("when",)), following, node.span)

    def rest(self, node: YamlNode, scope: Scope) -> Node:
        value = self.expression(node, scope, "`rest`")
        origin = self.origin(value)
        declared = self.neighbours.declared(origin) if origin is not None else None
        if declared is None:
            if not (isinstance(value, Coalesce) or self.standalone):
                help = "Give it a plain path from the document or an item, such as `this`."
                self.report.add("CM202", "the schema of what `rest` reads is not known", node.span, help)
            declared = frozenset()
        return Rest(value, declared, node.span)

    def origin(self, node: Node) -> tuple[str, ...] | None:
        """The way to a path's value in the source schema, `*` for any item."""
        if not isinstance(node, Path) or node.scope not in self.origins:
            return None
        steps: list[str] = list(self.origins[node.scope])
        for step in node.steps:
            if isinstance(step, (str, int)):
                steps.append(step if isinstance(step, str) else "*")
            else:
                return None
        return tuple(steps)

    # objects

    def fields(self, node: YamlMapping, content: YamlNode, scope: Scope) -> Node:
        whole = node.get("whole")
        absent: Literal["every", "any"] = "any" if whole is not None and self.boolean(whole, "`whole`") else "every"
        within = node.get("within")
        if within is None:
            return self.members(content, scope, absent)
        value = self.expression(within, scope, "`within`")
        return self.applied(value, lambda place: self.members(content, scope.enter(place), absent), within.span)

    def applied(self, value: Node, body: Callable[[Place], Node], span: Span) -> Node:
        """A body over another value: absent if that is. A plain path needs no name of its own."""
        if isinstance(value, Path) and not value.keep_null and all(isinstance(s, (str, int)) for s in value.steps):
            place = Place(value.scope, value.steps)
            test = Call(TESTS["defined"], (value,), span)
            return If(test, body(place), ABSENT_NODE(span), span)
        symbol = Symbol("scope")
        place = Place(symbol)
        test = Call(TESTS["defined"], (place.path((), span),), span)
        return Let(symbol, value, If(test, body(place), ABSENT_NODE(span), span), span)

    def members(self, content: YamlNode, scope: Scope, absent: Literal["every", "any"]) -> Node:
        """The object of a `fields`: dotted keys become objects, in the place of the first of them."""
        if not isinstance(content, YamlMapping):
            return self.wrong(content, "CM202", "`fields` takes names with rules", "Write `fields: {name: rule}`.")
        tree = _Members(content.span)
        for key, value in content.entries:
            parsed = self.key(key)
            if isinstance(parsed, SpreadKey):
                tree.parts.append(self.spread(key, value, scope))
            elif isinstance(parsed, ComputedKey):
                tree.parts.append(self.computed(key, parsed, value, scope))
            elif parsed is not None:
                tree.add(parsed.names, self.rule(value, scope), key, self.report)
        return tree.node(absent)

    def key(self, key: YamlScalar) -> PathKey | ComputedKey | SpreadKey | None:
        if not isinstance(key.value, str):
            help = f'JSON\'s names are texts: write `"{key.text or "null"}"`.'
            self.report.add("CM206", f"the name {key.text or 'null'} is not a text", key.span, help)
            return None
        try:
            return parse_key(key.text)
        except SyntaxProblem as problem:
            self.report.add(problem.code, problem.message, key.locate(problem.offset), problem.help)
            return None

    def spread(self, key: YamlScalar, value: YamlNode, scope: Scope) -> Spread:
        if not isinstance(value, YamlMapping):
            return Spread(self.rule(value, scope), False, key.span)
        policy = value.get("on_collision")
        drop = policy is not None and self.one_of(policy, "`on_collision`", ("drop", "error")) == "drop"
        return Spread(self.object_rule(value, scope, None, extra=("on_collision",)), drop, key.span)

    def computed(self, key: YamlScalar, parsed: ComputedKey, value: YamlNode, scope: Scope) -> Computed:
        name = translate_expression(parsed.expression, scope, self.names, lambda at: key.locate(at + parsed.offset))
        return Computed(name, self.rule(value, scope), key.span)

    # arrays

    def each(self, node: YamlMapping, content: YamlNode, scope: Scope, kept: bool) -> Node:
        source = self.expression(content, scope, "`each`")
        item, index = Symbol("item"), Symbol("index")
        origin = self.origin(source)
        if origin is not None:
            self.origins[item] = (*origin, "*")
        inner = scope.enter(Place(item), index)
        body = self.each_body(node, inner, kept)
        take = node.get("take")
        repeated = node.get("repeated")
        optional: dict[str, Any] = {
            name: self.expression(value, inner, f"`{key}`")
            for name, key in (("where", "where"), ("sort", "sort_by"), ("unique", "unique_by"), ("key", "key"))
            if (value := node.get(key)) is not None
        }
        records = node.key("records")
        if records is not None and self.flag(node, "records"):
            if self.has_records:
                self.report.add(
                    "CM210", "`records: true` stands on one `each` alone", records.span, "Remove one of them."
                )
            self.has_records = True
        return Each(
            source,
            item,
            index,
            body,
            content.span,
            descending=self.flag(node, "descending"),
            take=self.one_of(take, "`take`", ("first", "last")) if take is not None else None,  # type: ignore[arg-type]
            repeated=self.one_of(repeated, "`repeated`", ("error", "first", "last", "collect"))
            if repeated
            else "error",  # type: ignore[arg-type]
            keep_null=kept,
            records=self.flag(node, "records"),
            **optional,
        )

    def each_body(self, node: YamlMapping, scope: Scope, kept: bool) -> Node:
        bodies = [name for name in ("fields", "value", "use") if node.get(name) is not None]
        if len(bodies) != 1:
            help = "Add `fields:`, `value:` or `use:`." if not bodies else "Keep one of them."
            self.report.add("CM203", "`each` has exactly one of `fields`, `value` and `use`", node.span, help)
            return ABSENT_NODE(node.span)
        content = node.get(bodies[0])
        assert content is not None  # noqa: S101 - just found
        if bodies[0] == "value":
            return self.rule(content, scope, keep=kept)
        if bodies[0] == "use":
            return self.use(content, None, scope)
        whole = node.get("whole")
        return self.members(content, scope, "any" if whole is not None and self.boolean(whole, "`whole`") else "every")

    # use

    def use(self, node: YamlNode, of: YamlNode | None, scope: Scope) -> Node:
        if not (isinstance(node, YamlScalar) and isinstance(node.value, str)):
            return self.wrong(node, "CM202", "`use` takes the name of a definition or mapping", "Write `use: name`.")
        value = self.expression(of, scope, "`of`") if of is not None else scope.this.path((), node.span)
        name = node.text
        if name in self.definitions:
            return self.definition(name, value, scope, node, of is not None)
        try:
            neighbour = self.neighbours.used(name)
        except MappingError as error:
            self.report.take(error.problems, node.span)
            return ABSENT_NODE(node.span)
        if neighbour is None:
            known = [*self.definitions, *self.neighbours.known()]
            near = self.report.nearest(name, known)
            hint = f"; did you mean `{near}`?" if near else ""
            message = f"there is no definition or mapping `{name}`{hint}"
            self.report.add("CM208", message, node.span, "Add it to `definitions:`, or name a mapping's file.")
            return ABSENT_NODE(node.span)
        return self.used_mapping(neighbour, value, node)

    def declare_params(self, node: YamlNode) -> None:
        """The params of every mapping that is used below a node become this file's, wherever they are read."""
        stack = [node]
        while stack:
            current = stack.pop()
            if isinstance(current, YamlSequence):
                stack.extend(current.items)
            if not isinstance(current, YamlMapping):
                continue
            stack.extend(value for _, value in current.entries)
            name = current.get("use")
            if isinstance(name, YamlScalar) and name.text not in self.definitions:
                self.adopt(name)

    def adopt(self, name: YamlScalar) -> None:
        try:
            mapping = self.neighbours.used(name.text)
        except MappingError:
            return  # reported where the rule is read
        for param, schema in mapping.params.items() if mapping is not None else ():
            self.params.setdefault(param, schema)

    def definition(self, name: str, value: Node, scope: Scope, node: YamlScalar, moved: bool) -> Node:
        if name in self._expanding:
            chain = " → ".join([*self._expanding, name])
            self.report.add("CM216", f"definitions are not recursive: {chain}", node.span, "Write one of them out.")
            return ABSENT_NODE(node.span)
        self.used_definitions.add(name)
        self.expansions += 1
        if self.expansions > MOST_EXPANSIONS:
            message = f"definitions expand to more than {MOST_EXPANSIONS:,} uses"
            self.report.add("CM216", message, self.definitions[name].span, "Make them use each other less often.")
            return ABSENT_NODE(node.span)
        self._expanding.append(name)
        try:
            if not moved:
                inner = replace(scope, names=self.file_names)
                return self.rule(self.definitions[name], inner)
            return self.applied(
                value,
                lambda place: self.rule(self.definitions[name], replace(scope.enter(place), names=self.file_names)),
                node.span,
            )
        finally:
            self._expanding.pop()

    def standalone_definition(self, name: str, scope: Scope) -> None:
        """Read a definition that nothing uses, for its problems."""
        self._expanding.append(name)
        self.standalone = True
        self.rule(self.definitions[name], scope)
        self.standalone = False
        self._expanding.pop()

    def used_mapping(self, mapping: Mapping, value: Node, node: YamlScalar) -> Node:
        self.uses.append(mapping.id)
        for name, schema in mapping.params.items():
            if self.params.setdefault(name, schema) != schema:
                message = f"the param `{name}` of {mapping.id} differs from this file's"
                self.report.add("CM209", message, node.span, "Give both the same schema.")
        origin = self.origin(value)
        if origin is not None:
            above = tuple(step for step in origin if step != "*")
            self.inherited += [replace(reason, path=(*above, *reason.path)) for reason in mapping.unmapped]
        body = fresh(mapping.body)
        applied = self.applied(value, lambda place: rebase(body, mapping.root, place), node.span)
        # the one option keeps what is a document's own root from looking into the used mapping
        return Coalesce((applied,), node.span)

    # values of keys

    def wrong(self, node: YamlNode, code: str, message: str, help: str) -> Node:
        self.report.add(code, message, node.span, help)
        return ABSENT_NODE(node.span)

    def text(self, node: YamlNode, what: str) -> str:
        if isinstance(node, YamlScalar) and isinstance(node.value, str) and node.text.strip():
            return node.text
        self.wrong(node, "CM202", f"{what} takes a text that says why", "Write a sentence.")
        return ""

    def flag(self, node: YamlMapping, name: str) -> bool:
        value = node.get(name)
        return value is not None and self.boolean(value, f"`{name}`")

    def boolean(self, node: YamlNode, what: str) -> bool:
        if isinstance(node, YamlScalar) and isinstance(node.value, bool):
            return node.value
        self.wrong(node, "CM202", f"{what} is true or false", "Write `true` or `false`.")
        return False

    def one_of(self, node: YamlNode, what: str, words: tuple[str, ...]) -> str:
        if isinstance(node, YamlScalar) and isinstance(node.value, str) and node.text in words:
            return node.text
        self.wrong(node, "CM202", f"{what} is one of {', '.join(words)}", "Choose one of them.")
        return words[0]

    def json(self, node: YamlNode) -> Any:
        return to_value(node, self.report.problems)


@dataclass(slots=True)
class _Members:
    """The members of one object while its keys are read."""

    span: Span
    parts: list[Any] = field(default_factory=list)
    nested: dict[str, _Members] = field(default_factory=dict)
    leaves: dict[str, Span] = field(default_factory=dict)

    def add(self, names: tuple[str, ...], value: Node, key: YamlScalar, report: Report) -> None:
        name, deeper = names[0], names[1:]
        taken = self.leaves.get(name) or (self.nested[name].span if name in self.nested and not deeper else None)
        if taken is not None:
            message = f"the target field `{key.text}` overlaps with the one at line {taken.line}"
            report.add("CM211", message, key.span, "Keep one of the two.")
            return
        if not deeper:
            self.leaves[name] = key.span
            self.parts.append(Member(name, value, key.span))
            return
        if name not in self.nested:
            self.nested[name] = _Members(key.span)
            self.parts.append(name)
        self.nested[name].add(deeper, value, key, report)

    def node(self, absent: Literal["every", "any"]) -> Object:
        parts = tuple(
            Member(part, self.nested[part].node(absent), self.nested[part].span) if isinstance(part, str) else part
            for part in self.parts
        )
        return Object(parts, absent, self.span)


def rebase(node: Node, symbol: Symbol, place: Place) -> Node:
    """The node with every path that starts from the symbol starting from the place."""
    if isinstance(node, Path) and node.scope is symbol:
        node = replace(node, scope=place.symbol, steps=(*place.steps, *node.steps))
    changed: Node = rebuild(node, lambda child: rebase(child, symbol, place))
    return changed


def may_hold_null(node: Node) -> bool:
    """Whether a node can give a null that was kept."""
    match node:
        case Const():
            return node.value is None and node.keep_null
        case Param() | Path():
            return node.keep_null
        case Let():
            return may_hold_null(node.body)
        case If():
            return may_hold_null(node.then) or may_hold_null(node.otherwise)
        case Coalesce():
            return any(may_hold_null(option) for option in node.options)
        case Approximate():
            return may_hold_null(node.value)
        case Lookup():
            constant = isinstance(node.otherwise, Const) and node.otherwise.value is None
            return constant or may_hold_null(node.value) or any(value is None for _, value in node.table.entries)
        case Each():
            return node.take is not None and may_hold_null(node.body)
    return False


def read_value_map(name: str, node: YamlMapping, report: Report) -> ValueMap:
    """A table of a file as a value map."""
    entries: list[tuple[Any, Any]] = []
    places: list[tuple[Span, Span]] = []
    for key, value in node.entries:
        if key.value is None:
            report.add("CM215", "null cannot be a key of a value map", key.span, "Use `default` for an absent value.")
            continue
        entries.append((key.value, to_value(value, report.problems)))
        places.append((key.span, value.span))
    return ValueMap(name, tuple(entries), False, node.span, tuple(places))


def _end(node: YamlNode) -> tuple[int, int]:
    """Line and column where the last scalar of a node ends."""
    while isinstance(node, YamlMapping | YamlSequence):
        below = node.items if isinstance(node, YamlSequence) else tuple(value for _, value in node.entries)
        if not below:
            return node.span.line, node.span.column
        node = below[-1]
    lines = node.source.text[node.start : node.end].split("\n")
    return node.span.line + len(lines) - 1, len(lines[-1]) + (node.span.column if len(lines) == 1 else 0)
