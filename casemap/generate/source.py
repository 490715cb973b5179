"""Definitions to Python source, by datamodel-code-generator.

The generator orders the classes, names their attributes, writes their types and imports and formats the module. The
templates beside this module say how a class looks.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casemap.errors import MappingError
from casemap.generate.attributes import attributes
from casemap.generate.layout import LINE_LENGTH, literal, statement
from casemap.generate.names import member_names
from casemap.generate.options import Options
from casemap.generate.references import References
from casemap.generate.rules import Definitions, Rule, rule_keywords
from casemap.generate.shapes import SUPPORT, Definition
from casemap.problem import Problem
from casemap.schema.formats import strict

__all__ = ["PACKAGE", "module_source", "python_docstring", "syntax_tree"]

PACKAGE = "casemap_generated"
"""Stands for the package that the modules are part of until they are written."""

DEFINITIONS = "_SCHEMAS"
"""The name, in a module, of the schemas that its rules refer to."""

_NOT_IN_SOURCE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters that can stand in Python source as an escape alone, or change on the way."""

_OTHER_MODULE = re.compile(r'"\$ref": "(\w+)\.json#')


def module_source(
    definitions: Sequence[Definition], notes: Mapping[str, Sequence[str]], references: References, options: Options
) -> str:
    """The source of a module, without a header; its imports of other modules and of the support stand in."""
    from datamodel_code_generator import Error, InputFileType, LiteralType, generate
    from datamodel_code_generator.enums import StrictTypes, TargetPydanticVersion
    from datamodel_code_generator.format import Formatter, PythonVersion

    shared = Definitions(references)
    data = {each.name: _template_data(each, notes.get(each.name, ()), shared) for each in definitions}
    try:
        written = generate(
            {"$defs": {each.name: dict(each.schema) for each in definitions}},
            input_file_type=InputFileType.JsonSchema,
            additional_imports=_imports(definitions),
            aliases=attributes(definitions, options),
            allow_remote_refs=False,
            base_class=f"{SUPPORT}.ObjectModel",
            builtin_format_line_length=LINE_LENGTH,
            custom_class_name_generator=_as_it_is,
            custom_template_dir=Path(__file__).parent / "templates",
            disable_timestamp=True,
            enum_field_as_literal=LiteralType.All,
            external_ref_mapping=_other_modules(definitions),
            extra_template_data=defaultdict(dict, data),
            field_constraints=True,
            formatters=[Formatter.BUILTIN],
            keep_model_order=False,
            remove_special_field_name_prefix=True,
            settings_path=Path(__file__).parent,  # no pyproject.toml of the user's
            skip_root_model=True,
            snake_case_field=options.snake_case,
            strict_types=[StrictTypes.str, StrictTypes.bool],
            target_pydantic_version=TargetPydanticVersion.V2_14,
            target_python_version=PythonVersion(options.python),
            use_annotated=True,
            use_double_quotes=True,
            use_exact_imports=True,
            use_missing_sentinel=True,
            use_standard_collections=True,
            use_type_alias=True,
            use_union_operator=True,
        )
    except Error as error:
        message = f"no models can be made of the schemas: {str(error).splitlines()[0]}"
        raise MappingError([Problem("CM219", message, "Mend the schemas.")]) from error
    if not isinstance(written, str):
        raise TypeError("the generator wrote several modules for one")
    source = _without_header(written)
    _hold_names(source, definitions)
    return _with_definitions(_without_argument(_laid_out(source)), shared)


def _as_it_is(name: str) -> str:
    return name


def _imports(definitions: Sequence[Definition]) -> list[str]:
    """What the templates write and the generator does not know of."""
    rules = any(each.rule or any(each.field_rules.values()) for each in definitions)
    wanted = {
        f"{SUPPORT}.SchemaRule": rules,
        f"{SUPPORT}.RuledModel": any(each.rule and each.is_class for each in definitions),
        f"{SUPPORT}.ValueModel": any(each.is_document and not each.is_class for each in definitions),
        "typing.Annotated": any(any(each.field_rules.values()) for each in definitions)
        or any(each.discriminator or (each.rule and not each.is_class) for each in definitions),
        "pydantic.Field": any(each.discriminator for each in definitions),
        "enum.StrEnum": any(each.enum for each in definitions),
    }
    return [name for name, needed in wanted.items() if needed]


def _other_modules(definitions: Sequence[Definition]) -> dict[str, str]:
    """Where the definitions are that others than those of this module's schema refer to."""
    shapes = json.dumps([each.schema for each in definitions], ensure_ascii=False)
    return {f"{module}.json": f"{PACKAGE}.{module}" for module in sorted(set(_OTHER_MODULE.findall(shapes)))}


def _template_data(definition: Definition, notes: Sequence[str], shared: Definitions) -> dict[str, Any]:
    """What the templates are given beside what the generator knows: rules and documentation, as Python."""
    indent = 4 if definition.is_class or definition.is_document or definition.enum else 0

    def text(rule: Rule) -> str:
        if not rule:
            return ""
        mine = strict(shared.rule(rule))
        arguments = literal(mine) + (f", {DEFINITIONS}" if '"$ref"' in json.dumps(mine) else "")
        return f"SchemaRule({arguments})"

    paragraphs = [definition.documentation] if definition.documentation else []
    if indent and definition.rule:
        keywords = ", ".join(f"`{keyword}`" for keyword in rule_keywords(definition.rule))
        paragraphs.append(f"Checked by a rule, as types cannot say it: {keywords}.")
    paragraphs += [f"Narrower than the schema: {note}." for note in notes]
    if indent and not paragraphs:
        paragraphs.append("The schema has no description.")
    members = zip(member_names(definition.enum), definition.enum, strict=True)
    return {
        "docstring": python_docstring("\n\n".join(paragraphs), indent),
        "is_document": definition.is_document and not definition.is_class,
        "rule": text(definition.rule),
        "discriminator": definition.discriminator,
        "members": [(name, literal(each)) for name, each in members],
        "field_rules": {name: text(rule) for name, rule in definition.field_rules.items()},
        "field_docstrings": {name: python_docstring(each, 4) for name, each in definition.field_documentation.items()},
    }


def python_docstring(text: str, indent: int) -> str:
    """A text as a docstring whose first line stands `indent` columns in; empty for an empty one."""
    if not text:
        return ""
    escaped = text.replace("\r\n", "\n").replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = _NOT_IN_SOURCE.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)
    if escaped.endswith('"'):
        escaped += " "
    if "\n" not in escaped and indent + len(escaped) + 6 <= LINE_LENGTH:
        return f'"""{escaped}"""'
    space = " " * indent
    lines: list[str] = []
    for line in f'"""{escaped}'.split("\n"):
        lines += textwrap.wrap(line, LINE_LENGTH - indent - 3, break_long_words=False, break_on_hyphens=False) or [""]
    body = "\n".join(f"{space}{line}" if line else "" for line in lines).lstrip()
    return f'{body}\n{space}"""'


def _without_header(source: str) -> str:
    lines = source.split("\n")
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    return "\n".join(lines).rstrip("\n") + "\n"


def _laid_out(source: str) -> str:
    """A module whose rules, and the classes of documents that are no objects, are laid out as formatters have it."""
    lines = source.split("\n")
    pending: list[tuple[ast.stmt, int]] = [(node, 0) for node in syntax_tree(source).body]
    found: list[tuple[int, int, str]] = []
    while pending:
        node, indent = pending.pop()
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.ClassDef):
            pending += [(each, indent + 4) for each in node.body]
            last = node.body[0].lineno - 1
        first = node.lineno - 1
        text = "\n".join(lines[first:last])
        is_long = any(len(line) > LINE_LENGTH for line in lines[first:last])
        if ("SchemaRule(" in text or "ValueModel[" in text or is_long) and isinstance(
            node, ast.ClassDef | ast.AnnAssign | ast.Assign
        ):
            found.append((first, last, statement(node, indent, "type " if text.startswith("type ") else "")))
    for first, last, text in sorted(found, reverse=True):
        lines[first:last] = text.split("\n")
    return "\n".join(lines)


def _without_argument(source: str) -> str:
    """A module whose types of extra members are for pydantic alone: type checkers would take them for arguments."""
    lines = source.split("\n")
    found = [
        node
        for definition in syntax_tree(source).body
        if isinstance(definition, ast.ClassDef)
        for node in definition.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "__pydantic_extra__"
    ]
    for node in reversed(found):
        statement = [f"    {line}" for line in lines[node.lineno - 1 : node.end_lineno]]
        lines[node.lineno - 1 : node.end_lineno] = ["    if not TYPE_CHECKING:", *statement]
    if found:
        lines.insert(0, "from typing import TYPE_CHECKING")
    return "\n".join(lines)


def _with_definitions(source: str, shared: Definitions) -> str:
    """A module with what its rules refer to, before its first definition."""
    if not shared.schemas:
        return source
    last = max(node.end_lineno or 0 for node in syntax_tree(source).body if isinstance(node, ast.ImportFrom))
    lines = source.split("\n")
    constant = f"{DEFINITIONS} = {literal({name: strict(each) for name, each in shared.schemas.items()})}"
    return "\n".join([*lines[:last], "", *(statement(each, 0) for each in ast.parse(constant).body), *lines[last:]])


def syntax_tree(source: str) -> ast.Module:
    """The syntax tree of a module, whatever Python this is: an alias by `type X = ...` reads as `X = ...`."""
    return ast.parse(re.sub(r"^type (?=\w+ = )", "", source, flags=re.MULTILINE))


def _hold_names(source: str, definitions: Sequence[Definition]) -> None:
    """The names are promised to users: the generator must have written them and no others.

    Raises `MappingError` (CM219) otherwise; no schema is known for which it has not.
    """
    found: set[str] = set()
    for node in syntax_tree(source).body:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
    names = {each.name for each in definitions}
    if found != names:
        message = (
            f"no models can be made of the schemas: the generator named {', '.join(sorted(found ^ names))} otherwise"
        )
        raise MappingError([Problem("CM219", message, "Write the schema of that name in another way.")])
