"""What docs/architecture.md says of the modules: which imports which, and what the core never does."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "casemap"

GROUPS: tuple[tuple[str, ...], ...] = (
    ("casemap._version", "casemap.codes", "casemap.errors", "casemap.problem", "casemap.recursion", "casemap.span"),
    ("casemap.syntax",),
    ("casemap.schema",),
    ("casemap.functions",),
    ("casemap.mapping",),
    ("casemap.analysis",),
    ("casemap.compiler",),
    ("casemap.cache",),
    ("casemap.catalog",),
    ("casemap.run",),
    ("casemap.generate",),
    ("casemap.report",),
    (
        "casemap",
        "casemap.api",
        "casemap.checking",
        "casemap.conversion",
        "casemap.models",
        "casemap.proving",
        "casemap.routes",
    ),
    ("casemap.cli", "casemap.__main__", "casemap.pytest_plugin"),
)
"""The modules and packages of casemap, from the ground up: each group imports from itself and those before it."""

NOWHERE: tuple[str, ...] = ()
ONLY_IN: dict[str, tuple[str, ...]] = {
    "click": ("casemap.cli",),
    "rich": ("casemap.cli", "casemap.report"),
    "jinja2": ("casemap.mapping", "casemap.report"),
    "yaml": ("casemap.syntax",),
    "datamodel_code_generator": ("casemap.generate",),
    "pydantic": ("casemap.generate", "casemap.models"),
    **dict.fromkeys(("http", "urllib.request", "socket", "ssl", "requests", "urllib3", "httpx"), NOWHERE),
}
"""Libraries, and the packages that may import them. Nothing may reach the network."""

ON_DEMAND = ("rich", "pydantic", "jsonschema", "datamodel_code_generator", "jinja2", "yaml", "re2", "msgspec")
"""What a program that imports casemap, or asks the command for help, does not load."""


@dataclass(frozen=True, slots=True)
class Import:
    """A module that a module imports, and the line. `at_once` if that happens as soon as the other is imported."""

    module: str
    line: int
    at_once: bool


@cache
def modules() -> dict[str, Path]:
    """The files of the package by module name."""
    files = sorted(PACKAGE.rglob("*.py"))
    names = (".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files)
    return dict(zip(names, files, strict=True))


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text("utf-8"))


def imports(module: str) -> Iterator[Import]:
    """Everything that a module imports, also where it needs it for types alone."""

    def walk(node: ast.AST, at_once: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            lazy = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            match child:
                case ast.Import(names=names):
                    yield from (Import(name.name, child.lineno, at_once) for name in names)
                case ast.ImportFrom(module=str(base), names=names, level=0):
                    for name in names:
                        below = f"{base}.{name.name}"
                        yield Import(below if below in modules() else base, child.lineno, at_once)
                case ast.ImportFrom():
                    raise AssertionError(f"{module}:{child.lineno}: a relative import")
            yield from walk(child, at_once and not lazy and not for_types)

    return walk(tree(module), True)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def group(module: str) -> int:
    """The number of a module's group; a module of the top level stands in one by its own name."""
    for number, members in enumerate(GROUPS):
        if module in members or any(within(module, member) for member in members if member != "casemap"):
            return number
    raise AssertionError(f"{module} belongs to no group: add it to GROUPS and to docs/architecture.md")


each_module = pytest.mark.parametrize("module", list(modules()))


@each_module
def test_imports_go_in_one_direction(module: str) -> None:
    for found in imports(module):
        if within(found.module, "casemap"):
            assert group(found.module) <= group(module), f"{module}:{found.line} imports {found.module}"


def test_there_are_no_import_circles() -> None:
    edges = {
        module: {found.module for found in imports(module) if found.at_once} & modules().keys() for module in modules()
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " imports ".join((*path, module))
        if module not in done:
            for imported in sorted(edges[module]):
                visit(imported, (*path, module))
            done.add(module)

    for module in edges:
        visit(module, ())


@each_module
def test_libraries_are_imported_where_they_belong(module: str) -> None:
    for found in imports(module):
        for library, packages in ONLY_IN.items():
            if within(found.module, library):
                assert any(within(module, package) for package in packages), f"{module}:{found.line} imports {library}"


def test_the_core_reads_expressions_with_jinja_and_never_renders() -> None:
    parts = {"jinja2.nodes", "jinja2.Environment", "jinja2.TemplateSyntaxError"}
    parts |= {"jinja2.lexer.TokenStream", "jinja2.parser.Parser"}
    for module in modules():
        if within(module, "casemap.report"):
            continue
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ImportFrom) and node.module and within(node.module, "jinja2"):
                assert {f"{node.module}.{name.name}" for name in node.names} <= parts, module
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("render", "from_string", "get_template", "compile_expression"), module


def calls(module: str) -> Iterator[tuple[str, int]]:
    """The plain names that a module calls."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno


@each_module
def test_nothing_prints_or_evaluates_texts(module: str) -> None:
    allowed = {"exec"} if module == "casemap.compiler.execution" else set()
    for name, line in calls(module):
        assert name not in {"print", "input", "eval", "exec", "breakpoint"} - allowed, f"{module}:{line} calls {name}"


def test_generated_code_is_built_as_a_tree() -> None:
    """`exec` is given what `compile` makes of a syntax tree, in one place."""
    found = [name for name, _ in calls("casemap.compiler.execution") if name in ("exec", "compile")]
    assert sorted(found) == ["compile", "exec"]


# --- each module --------------------------------------------------------------------------------------------------


@each_module
def test_every_module_says_what_it_is_for(module: str) -> None:
    text = ast.get_docstring(tree(module))
    assert text, f"{module} has no docstring"
    assert re.match(r".*[.:]$", text.splitlines()[-1]), f"{module}: {text.splitlines()[-1]}"


def defines_names(module: str) -> bool:
    """Whether a module has public names: a script, the version and an empty package have none."""
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            return True
        targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(target, ast.Name) and not target.id.startswith("_") for target in targets):
            return True
        if isinstance(node, ast.ImportFrom) and node.module != "__future__" and modules()[module].stem == "__init__":
            return True
    return False


@each_module
def test_every_module_lists_its_names(module: str) -> None:
    if not defines_names(module):
        return
    loaded = importlib.import_module(module)
    names = getattr(loaded, "__all__", None)
    assert isinstance(names, list), f"{module} has no __all__"
    assert len(names) == len(set(names)), f"{module}.__all__ has a name twice"
    for name in names:
        assert getattr(loaded, name, None) is not None, f"{module}.{name} is not there"


@pytest.mark.parametrize("start", ["import casemap, casemap.api", "import casemap.cli"])
def test_libraries_are_loaded_when_they_are_needed(start: str) -> None:
    code = f"import sys\n{start}\nsys.stdout.write(' '.join(sorted(set({ON_DEMAND!r}) & sys.modules.keys())))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == ""


def test_the_page_describes_the_groups() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.split("## Layout")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    expected = [[name.removeprefix("casemap.") for name in members] for members in GROUPS]
    assert [sorted(re.findall(r"`([^`]+)`", row)) for row in rows] == [sorted(names) for names in expected]


def test_every_module_is_described_by_its_group_alone() -> None:
    """No module of the top level is a junk drawer: each is named in a group."""
    top = {name for name, file in modules().items() if file.parent == PACKAGE}
    assert top <= {member for members in GROUPS for member in members}


def test_the_page_names_files_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    files = {file.relative_to(folder).as_posix() for folder in (ROOT, PACKAGE) for file in folder.rglob("*.py")}
    named = set(re.findall(r"`([\w/]+\.py)`", text))
    assert named
    for name in named:
        assert any(file == name or file.endswith(f"/{name}") for file in files), name
