"""What is doubtful in a schema that validators accept in silence: keywords that are none, references to nothing.

Keywords are those of JSON Schema, drafts 4 to 2020-12.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from casemap.problem import Problem, nearest
from casemap.schema.store import SchemaStore, schema_uri
from casemap.syntax.positions import locate

__all__ = ["schema_mistakes"]

_HOLD_SCHEMA = frozenset(
    (
        "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
        "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    )
)  # fmt: skip
_HOLD_LIST = frozenset(("allOf", "anyOf", "oneOf", "prefixItems", "items"))
_HOLD_NAMED = frozenset(
    ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
)  # fmt: skip
_PLAIN = frozenset(
    (
        "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveAnchor", "$recursiveRef", "$ref",
        "$schema", "$vocabulary", "const", "contentEncoding", "contentMediaType", "default", "dependentRequired",
        "deprecated", "description", "enum", "example", "examples", "exclusiveMaximum", "exclusiveMinimum", "format",
        "id", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems",
        "minLength", "minProperties", "minimum", "multipleOf", "pattern", "readOnly", "required", "title", "type",
        "uniqueItems", "writeOnly",
    )
)  # fmt: skip
_KEYWORDS = _HOLD_SCHEMA | _HOLD_LIST | _HOLD_NAMED | _PLAIN

Steps = tuple[str | int, ...]


def schema_mistakes(store: SchemaStore, type_name: str, text: bytes) -> list[Problem]:
    """The mistakes of a document type's schema, with their places in the text of its file (CM613, CM614)."""
    file = store.files.get(type_name)
    own = store.schemas[type_name]
    problems: list[Problem] = []
    for steps, schema, base in _schemas(own, schema_uri(type_name)):
        for keyword in schema:
            if keyword not in _KEYWORDS and not keyword.startswith("x-"):
                near = nearest(keyword, _KEYWORDS)
                if near is not None:
                    message = f"`{keyword}` is no keyword; did you mean `{near}`?"
                    help = "Write the keyword that was meant. Annotations of your own begin with `x-`."
                    line, column = _key_place(text, (*steps, keyword))
                    problems.append(Problem("CM614", message, help, "warning", file, line, column))
        reference = schema.get("$ref")
        if isinstance(reference, str) and not _leads_somewhere(reference, base, own, store):
            message = f"`{reference}` leads nowhere"
            help = "Write the reference that was meant; nothing is fetched."
            line, column = locate(text, (*steps, "$ref"))
            problems.append(Problem("CM613", message, help, "error", file, line, column))
    return problems


def _schemas(schema: Any, uri: str) -> Iterator[tuple[Steps, dict[str, Any], str]]:
    """All schemas that are written in a schema, with their paths and the URIs that their references are relative to."""
    pending: list[tuple[Steps, Any, str]] = [((), schema, uri)]
    while pending:
        steps, current, base = pending.pop()
        if not isinstance(current, dict):
            continue
        if isinstance(current.get("$id"), str):
            base = urljoin(base, current["$id"])
        yield steps, current, base
        for keyword, value in current.items():
            if keyword in _HOLD_NAMED and isinstance(value, dict):
                pending += [((*steps, keyword, name), below, base) for name, below in value.items()]
            elif keyword in _HOLD_LIST and isinstance(value, list):
                pending += [((*steps, keyword, index), below, base) for index, below in enumerate(value)]
            elif keyword in _HOLD_SCHEMA:
                pending.append(((*steps, keyword), value, base))


def _leads_somewhere(reference: str, base: str, own: Any, store: SchemaStore) -> bool:
    """Whether a reference leads to a schema; a registry cannot be made as long as one does not."""
    uri, fragment = urldefrag(urljoin(base, reference))
    inside = {own.get("$id"), base} if isinstance(own, dict) else {base}
    if uri in store.by_uri and store.schemas[store.by_uri[uri]] is not own:
        document = store.schemas[store.by_uri[uri]]
    elif uri in inside or uri in store.by_uri:
        document = own
    else:
        return uri.startswith(("http://json-schema.org/", "https://json-schema.org/"))
    if not fragment.startswith("/"):
        return True  # an anchor: the validator looks for it
    for step in unquote(fragment).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[int(name)] if name.isdigit() and int(name) < len(document) else None
        else:
            document = document.get(name) if isinstance(document, dict) else None
        if document is None:
            return False
    return True


def _key_place(text: bytes, steps: Steps) -> tuple[int, int]:
    """Line and column of a member's name; of its value where the name is written with escapes."""
    line, column = locate(text, steps)
    lines = text.decode("utf-8-sig", "replace").split("\n")
    quoted = f'"{steps[-1]}"'
    for number in range(line, 0, -1):
        row = lines[number - 1] if number < line else lines[number - 1][: column - 1]
        found = row.rfind(quoted)
        if found >= 0:
            return number, found + 1
    return line, column
