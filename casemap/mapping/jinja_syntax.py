"""Expression and template texts to Jinja's syntax trees, with the exact place of every node.

Jinja2's lexer and parser do the reading. Their tokens carry line numbers only; here each token carries its offset in
the text in place of the line, so that every node's `lineno - 1` is the offset of the token that it came from.
What Jinja reads more loosely than the mapping language is refused here: two texts side by side, unknown escapes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

__all__ = ["SyntaxProblem", "offset_of", "parse_expression", "parse_template"]

_ESCAPE = re.compile(r"\\(?:[\\'\"abfnrtv\n]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]+\}|0(?![0-7]))")
STATEMENTS = ("only `if` and `for` are statements of a template", "Name values with the rule's `let`.")
MOST_DIGITS = 4_000
_Parsed = TypeVar("_Parsed")
_SKIPPED = {"whitespace", "comment", "comment_begin", "comment_end", "linecomment"}


class SyntaxProblem(Exception):
    """A text is no expression or template: why, and at which offset of the text (from 0)."""

    def __init__(self, code: str, message: str, offset: int, help: str = "") -> None:
        super().__init__(code, message, offset, help)
        self.code = code
        self.message = message
        self.offset = offset
        self.help = help


@functools.cache
def _environment() -> Environment:
    # the environment only configures the lexer; nothing is rendered
    return Environment(autoescape=False, keep_trailing_newline=True)  # noqa: S701


def offset_of(node: nodes.Node) -> int:
    """The offset of a parsed node in its text."""
    return max((node.lineno or 1) - 1, 0)


def parse_expression(text: str) -> nodes.Expr:
    """The syntax tree of an expression. Raises `SyntaxProblem`."""
    if not text.strip():
        raise SyntaxProblem("CM206", "an expression is missing", 0, "Write a path such as `customer.id`.")
    parser = _parser(text, "variable")
    expression = _guarded(parser.parse_expression, text)
    if not parser.stream.eos:
        token = parser.stream.current
        raise SyntaxProblem("CM206", f"unexpected `{token.value}` after the expression", token.lineno - 1)
    return expression


def parse_template(text: str) -> nodes.Template:
    """The syntax tree of a template. Raises `SyntaxProblem`."""
    if text.endswith("{#"):  # Jinja reads it as nothing
        raise SyntaxProblem("CM206", "the comment is never closed", len(text) - 2, "Close it with `#}`.")
    return _guarded(_parser(text, "root").parse, text)


def _guarded(parse: Callable[[], _Parsed], text: str) -> _Parsed:
    try:
        return parse()
    except TemplateSyntaxError as error:
        message = (error.message or "not an expression").rstrip(".")
        if message.startswith("Encountered unknown tag"):
            offset = min(max(error.lineno - 1, 0), len(text))
            message, help = STATEMENTS
            raise SyntaxProblem("CM213", message, offset, help) from None
        message = message.replace("'end of template'", "end").replace("end of template", "end")
        help = "An expression has no braces around it." if text.lstrip().startswith("{{") else ""
        raise SyntaxProblem("CM206", message, min(max(error.lineno - 1, 0), len(text)), help) from None
    except RecursionError:
        raise SyntaxProblem("CM206", "the expression is nested too deeply", 0, "Split it with `let`.") from None


def _parser(text: str, state: str) -> Parser:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    environment = _environment()
    parser = Parser(environment, "")
    tokens = list(_tokens(environment, text, state))
    try:
        parser.stream = TokenStream(environment.lexer.wrap(iter(tokens), None, None), None, None)
    except TemplateSyntaxError as error:
        raise SyntaxProblem("CM206", str(error.message), error.lineno - 1) from None
    return parser


def _tokens(environment: Environment, text: str, state: str) -> Iterator[tuple[int, str, str]]:
    """The raw tokens, each with its offset plus one where Jinja has the line."""
    position = 0
    previous = ""
    raw = environment.lexer.tokeniter(text, None, None, state)
    while True:
        try:
            _, kind, value = next(raw)
        except StopIteration:
            return
        except TemplateSyntaxError as error:
            raise _lexical(text, position, error) from None
        # white space that `{%-` strips is in no token
        position = text.index(value, position)
        if kind == "string":
            if previous == "string":
                raise SyntaxProblem("CM206", "two texts side by side", position, "Join them with `~`.")
            _check_escapes(value, position)
        if kind == "integer" and len(value) > MOST_DIGITS:
            raise SyntaxProblem(
                "CM206", f"a number of more than {MOST_DIGITS:,} digits", position, "Write a shorter one."
            )
        if kind == "raw_begin":
            raise SyntaxProblem(
                "CM213", "`raw` is not allowed in a template", position, "Write the text in a `{{ '…' }}`."
            )
        if kind == "name" and value == "print" and previous == "block_begin":
            raise SyntaxProblem("CM213", STATEMENTS[0], position, STATEMENTS[1])
        yield position + 1, kind, value
        position += len(value)
        if kind not in _SKIPPED:
            previous = kind


def _lexical(text: str, position: int, error: TemplateSyntaxError) -> SyntaxProblem:
    while position < len(text) and text[position].isspace():
        position += 1
    if position < len(text) and text[position] in "'\"":
        return SyntaxProblem("CM206", "the text that starts here has no closing quote", position)
    return SyntaxProblem("CM206", (error.message or "").split(" at ")[0] or "not an expression", position)


def _check_escapes(literal: str, position: int) -> None:
    index = literal.find("\\")
    while index >= 0:
        match = _ESCAPE.match(literal, index)
        if match is None:
            escape = literal[index : index + 2]
            raise SyntaxProblem(
                "CM206", f"unknown escape `{escape}`", position + index, f"Double the backslash: `\\{escape}`."
            )
        index = literal.find("\\", match.end())
