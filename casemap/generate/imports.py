"""The imports at the head of a generated module: split from the rest, merged, sorted and written anew."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casemap.generate.layout import LINE_LENGTH
from casemap.generate.source import syntax_tree

__all__ = ["Imports", "import_line", "split"]


@dataclass(frozen=True, slots=True)
class Imports:
    """What a module imports: whole modules, and names of modules, as `name` or `name as other`."""

    modules: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=dict)

    def __or__(self, other: Imports) -> Imports:
        """The imports of two sources in one module."""
        found = {name: self.names.get(name, set()) | other.names.get(name, set()) for name in self.names | other.names}
        return Imports(self.modules | other.modules, found)

    def renamed(self, beginnings: Mapping[str, str]) -> Imports:
        """With other names for modules, given by what their names begin with."""
        found: dict[str, set[str]] = {}
        for module, names in self.names.items():
            start = next((start for start in beginnings if module.startswith(start)), "")
            name = beginnings.get(start, "") + module.removeprefix(start)
            found.setdefault(name, set()).update(names)
        return Imports(self.modules, found)

    def __str__(self) -> str:
        groups: list[list[str]] = [[], [], []]
        for module in sorted(self.modules):
            groups[_group(module)].append(f"import {module}\n")
        for module in sorted(name for name, names in self.names.items() if names):
            groups[_group(module)].append(import_line(module, self.names[module]))
        return "\n".join("".join(group) for group in groups if group)


def _group(module: str) -> int:
    return 2 if module.startswith(".") else 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def split(source: str) -> tuple[Imports, str]:
    """The imports at the head of a source, those that it uses, and the rest of it."""
    tree = syntax_tree(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {word for text in _texts(tree) for word in re.findall(r"\w+", text)}  # forward references are in quotes
    found = Imports()
    last = 0
    for node in tree.body:
        if isinstance(node, ast.Import):
            found.modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            kept = {_imported(alias) for alias in node.names if (alias.asname or alias.name) in used}
            if node.module != "__future__":
                found.names.setdefault("." * node.level + (node.module or ""), set()).update(kept)
        elif not isinstance(node, ast.Expr):  # a docstring
            break
        last = node.end_lineno or node.lineno
    return found, "\n".join(source.split("\n")[last:]).strip("\n") + "\n"


def _imported(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _texts(tree: ast.AST) -> Iterator[str]:
    """The texts of a module, less its docstrings."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def _order(name: str) -> tuple[int, str]:
    """Constants, classes, functions: as isort and ruff have it."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def import_line(module: str, names: Sequence[str] | set[str]) -> str:
    """`from module import ...`, over several lines where it is long."""
    ordered = sorted(names, key=_order)
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= LINE_LENGTH + 1:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in ordered) + ")\n"
