"""Functions of texts. Lengths and positions count code points."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from casemap.errors import Failure
from casemap.functions.arguments import (
    BOOLEAN,
    LONGEST,
    TEXT,
    at_once,
    bound,
    text_for,
    too_long,
    whole_for,
)
from casemap.functions.convert import string
from casemap.functions.markup import escape_html, strip_tags
from casemap.functions.registry import Example, Function, Parameter, shown, wrong_type

__all__ = ["FUNCTIONS"]

TextFunction = Callable[[Any], Any]


def _lower(text: Any) -> str:
    if isinstance(text, str):
        return text.lower()
    raise wrong_type("lower", "a text", text)


def _upper(text: Any) -> str:
    if isinstance(text, str):
        return text.upper()
    raise wrong_type("upper", "a text", text)


def _capitalize(text: Any) -> str:
    if isinstance(text, str):
        return text.capitalize()
    raise wrong_type("capitalize", "a text", text)


def _title(text: Any) -> str:
    if not isinstance(text, str):
        raise wrong_type("title", "a text", text)
    words = re.split(r"([-\s({\[<]+)", text)  # where Jinja's title sees a word begin
    return "".join(word[:1].upper() + word[1:].lower() for word in words)


def _settle_trim(chars: Any = None) -> TextFunction:
    ends = None if chars is None else text_for("trim", "chars", chars)

    def trim(text: Any) -> str:
        if isinstance(text, str):
            return text.strip(ends)
        raise wrong_type("trim", "a text", text)

    return trim


def _settle_replace(old: Any, new: Any, count: Any = None) -> TextFunction:
    text_for("replace", "old", old)
    text_for("replace", "new", new)
    most = -1
    if count is not None:
        most = min(whole_for("replace", "count", count), LONGEST)
        if most < 0:
            raise Failure("CM303", f"replace: count is {shown(count)}; it cannot be negative")
    growth = len(new) - len(old)

    def replace(text: Any) -> str:
        if not isinstance(text, str):
            raise wrong_type("replace", "a text", text)
        if growth > 0 and (len(text) + 1) * growth > LONGEST:  # an upper bound; only then is the exact length worth it
            found = text.count(old) if most < 0 else min(most, text.count(old))
            if len(text) + found * growth > LONGEST:
                raise too_long("replace")
        return text.replace(old, new, most)

    return replace


def _settle_remove_prefix(p: Any) -> TextFunction:
    text_for("remove_prefix", "p", p)

    def remove_prefix(text: Any) -> str:
        if isinstance(text, str):
            return text.removeprefix(p)
        raise wrong_type("remove_prefix", "a text", text)

    return remove_prefix


def _remove_prefix(text: Any, p: Any) -> str:
    if isinstance(text, str) and isinstance(p, str):
        return text.removeprefix(p)
    text_for("remove_prefix", "p", p)
    raise wrong_type("remove_prefix", "a text", text)


def _settle_remove_suffix(s: Any) -> TextFunction:
    text_for("remove_suffix", "s", s)

    def remove_suffix(text: Any) -> str:
        if isinstance(text, str):
            return text.removesuffix(s)
        raise wrong_type("remove_suffix", "a text", text)

    return remove_suffix


def _remove_suffix(text: Any, s: Any) -> str:
    if isinstance(text, str) and isinstance(s, str):
        return text.removesuffix(s)
    text_for("remove_suffix", "s", s)
    raise wrong_type("remove_suffix", "a text", text)


def _starts_with(text: Any, p: Any) -> bool:
    if isinstance(text, str):
        return text.startswith(text_for("starts_with", "p", p))
    raise wrong_type("starts_with", "a text", text)


def _ends_with(text: Any, s: Any) -> bool:
    if isinstance(text, str):
        return text.endswith(text_for("ends_with", "s", s))
    raise wrong_type("ends_with", "a text", text)


def _settle_truncate(n: Any, killwords: Any = False, end: Any = "...") -> TextFunction:
    most = whole_for("truncate", "n", n)
    if not isinstance(killwords, bool):
        raise wrong_type("truncate", "a boolean as killwords", killwords)
    room = most - len(text_for("truncate", "end", end))
    if room < 0:
        raise Failure(
            "CM303",
            f"truncate: n is {shown(n)}, shorter than end, {shown(end)}",
            "Make n greater, or give a shorter end.",
        )

    def truncate(text: Any) -> str:
        if not isinstance(text, str):
            raise wrong_type("truncate", "a text", text)
        if len(text) <= most:
            return text
        kept = text[:room]
        return (kept if killwords else kept.rsplit(" ", 1)[0]) + end  # type: ignore[no-any-return]

    return truncate


def _settle_pad(width: Any, fill: Any = " ", side: Any = "left") -> TextFunction:
    wanted = whole_for("pad", "width", width)
    if len(text_for("pad", "fill", fill)) != 1:
        raise Failure("CM303", f"pad: fill is {shown(fill)}; it must be one character")
    if side not in ("left", "right"):
        raise Failure("CM303", f"pad: side is {shown(side)}; it must be 'left' or 'right', where the fill goes")
    if wanted > LONGEST:
        raise too_long("pad")
    put = str.rjust if side == "left" else str.ljust

    def pad(text: Any) -> str:
        if isinstance(text, str):
            return put(text, max(wanted, 0), fill)
        raise wrong_type("pad", "a text", text)

    return pad


def _settle_split(sep: Any) -> TextFunction:
    if not text_for("split", "sep", sep):
        raise Failure("CM303", "split: sep is the empty text", "Name the text that stands between the parts.")

    def split(text: Any) -> list[str]:
        if isinstance(text, str):
            return text.split(sep)
        raise wrong_type("split", "a text", text)

    return split


def _join(array: Any, sep: Any = "") -> str:
    if not isinstance(array, list):
        raise wrong_type("join", "an array", array)
    if len(array) * len(text_for("join", "sep", sep)) > LONGEST:
        raise too_long("join")
    return str(sep).join([item if type(item) is str else _written(item) for item in array])


def _written(item: Any) -> str:
    """An item of a joined array that is no plain text."""
    if isinstance(item, (str, bool, int, float)):
        return string(item)
    failure = wrong_type("join", "an array of texts, numbers and booleans", item)
    if item is None:
        failure.help = "`compact` leaves the nulls out."
    raise failure


_ON_TEXT = Parameter("text", TEXT, "The text.")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "trim",
        "text",
        "The text without white space at both ends, or without any of the characters in `chars` there. "
        "White space is what Unicode calls so, line breaks and the no-break space included.",
        (_ON_TEXT, Parameter("chars", TEXT, "The characters to take off, in any order.", required=False)),
        TEXT,
        at_once(_settle_trim),
        bind=bound(_settle_trim),
        examples=(
            Example("name | trim", {"name": "  Ada \n"}, "Ada"),
            Example("name | trim('[]')", {"name": "[#1000]"}, "#1000"),
        ),
    ),
    Function(
        "lower",
        "text",
        "The text in lower case, by Unicode's rules and in no language's own.",
        (_ON_TEXT,),
        TEXT,
        _lower,
        examples=(
            Example("service | lower", {"service": "FACEBOOK"}, "facebook"),
            Example("word | lower", {"word": "SKÆRM"}, "skærm"),
        ),
    ),
    Function(
        "upper",
        "text",
        "The text in upper case, by Unicode's rules: it can grow longer (`ß` gives `SS`).",
        (_ON_TEXT,),
        TEXT,
        _upper,
        examples=(
            Example("state | upper", {"state": "handling"}, "HANDLING"),
            Example("street | upper", {"street": "Straße"}, "STRASSE"),
        ),
    ),
    Function(
        "capitalize",
        "text",
        "The first character in upper case, all others in lower case.",
        (_ON_TEXT,),
        TEXT,
        _capitalize,
        examples=(
            Example("state | capitalize", {"state": "HANDLING"}, "Handling"),
            Example("name | capitalize", {"name": "ada LOVELACE"}, "Ada lovelace"),
        ),
    ),
    Function(
        "title",
        "text",
        "Each word with its first letter in upper case and the others in lower case. A word begins after white space "
        "and after `-`, `(`, `{`, `[` and `<`.",
        (_ON_TEXT,),
        TEXT,
        _title,
        examples=(
            Example("name | title", {"name": "ada king-noel"}, "Ada King-Noel"),
            Example("name | title", {"name": "O'NEILL (sales)"}, "O'neill (Sales)"),
        ),
    ),
    Function(
        "replace",
        "text",
        "Every `old` replaced by `new`, or the first `count` of them. Both are taken literally; for patterns there is "
        "`regex_replace`. An empty `old` is found before each character and at the end.",
        (
            _ON_TEXT,
            Parameter("old", TEXT, "The text to look for."),
            Parameter("new", TEXT, "What to put in its place."),
            Parameter("count", {"type": "integer", "minimum": 0}, "How many to replace; all, if not given.", False),
        ),
        TEXT,
        at_once(_settle_replace),
        bind=bound(_settle_replace),
        examples=(
            Example("phone | replace(' ', '')", {"phone": "+45 88 88 88 88"}, "+4588888888"),
            Example("word | replace('a', 'o', 2)", {"word": "aaaah"}, "ooaah"),
            Example("path | replace('.', '/')", {"path": "a.b.c"}, "a/b/c"),
        ),
    ),
    Function(
        "remove_prefix",
        "text",
        "The text without `p` at its start: once, exactly as written; a text that does not start so stays as it is.",
        (_ON_TEXT, Parameter("p", TEXT, "The prefix.")),
        TEXT,
        _remove_prefix,
        bind=bound(_settle_remove_prefix),
        examples=(
            Example("subject | remove_prefix('#5 ')", {"subject": "#5 Need help"}, "Need help"),
            Example(
                "subject | remove_prefix('#' ~ number ~ ' ')", {"subject": "#5 Need help", "number": 6}, "#5 Need help"
            ),
        ),
    ),
    Function(
        "remove_suffix",
        "text",
        "The text without `s` at its end: once, exactly as written; a text that does not end so stays as it is.",
        (_ON_TEXT, Parameter("s", TEXT, "The suffix.")),
        TEXT,
        _remove_suffix,
        bind=bound(_settle_remove_suffix),
        examples=(
            Example(
                "subject | remove_suffix(' [#' ~ id ~ ']')", {"subject": "No sound [#1000]", "id": "1000"}, "No sound"
            ),
            Example("name | remove_suffix('.json')", {"name": "a.json.json"}, "a.json"),
        ),
    ),
    Function(
        "starts_with",
        "text",
        "Whether the text starts with `p`, upper and lower case told apart. Every text starts with the empty text.",
        (_ON_TEXT, Parameter("p", TEXT, "The prefix.")),
        BOOLEAN,
        _starts_with,
        examples=(
            Example("url | starts_with('https:')", {"url": "https://example.com"}, True),
            Example("url | starts_with('HTTPS:')", {"url": "https://example.com"}, False),
        ),
    ),
    Function(
        "ends_with",
        "text",
        "Whether the text ends with `s`, upper and lower case told apart. Every text ends with the empty text.",
        (_ON_TEXT, Parameter("s", TEXT, "The suffix.")),
        BOOLEAN,
        _ends_with,
        examples=(
            Example("file | ends_with('.png')", {"file": "screen.png"}, True),
            Example("file | ends_with('.png')", {"file": "screen.PNG"}, False),
        ),
    ),
    Function(
        "truncate",
        "text",
        "A text of more than `n` characters is cut, and `end` is put after it; the whole is never longer than `n`. "
        "The word that the cut falls into goes too, unless `killwords` is true; words are parted by spaces, and a "
        "text without any is cut where it must be. A text that fits stays as it is.",
        (
            _ON_TEXT,
            Parameter(
                "n",
                {"type": "integer", "minimum": 0},
                "The greatest length of the result, in characters; no less than the length of `end`.",
                fails="a number less than the length of end",
            ),
            Parameter("killwords", BOOLEAN, "Whether a word may be cut in two.", False, False),
            Parameter(
                "end",
                TEXT,
                "What shows that something was cut off.",
                False,
                "...",
                fails="a text longer than n",
            ),
        ),
        TEXT,
        at_once(_settle_truncate),
        bind=bound(_settle_truncate),
        examples=(
            Example("text | truncate(9)", {"text": "foo bar baz qux"}, "foo..."),
            Example("text | truncate(9, killwords=true)", {"text": "foo bar baz qux"}, "foo ba..."),
            Example("text | truncate(9, end='…')", {"text": "foo bar baz qux"}, "foo bar…"),
            Example("text | truncate(15)", {"text": "foo bar baz qux"}, "foo bar baz qux"),
        ),
    ),
    Function(
        "pad",
        "text",
        "The text made `width` characters long by `fill`, which goes to the left or to the right of it. A text that "
        "is as long or longer stays as it is.",
        (
            _ON_TEXT,
            Parameter("width", {"type": "integer", "maximum": LONGEST}, "The length to reach, in characters."),
            Parameter("fill", {"type": "string", "minLength": 1, "maxLength": 1}, "One character.", False, " "),
            Parameter("side", {"enum": ["left", "right"]}, "Where the fill goes.", False, "left"),
        ),
        TEXT,
        at_once(_settle_pad),
        bind=bound(_settle_pad),
        examples=(
            Example("number | string | pad(6, '0')", {"number": 1000}, "001000"),
            Example("name | pad(5, '.', side='right')", {"name": "ab"}, "ab..."),
        ),
    ),
    Function(
        "split",
        "text",
        "The parts of the text between every two `sep`, as an array. Parts may be empty, and a text without `sep` is "
        "its own only part.",
        (_ON_TEXT, Parameter("sep", {"type": "string", "minLength": 1}, "What stands between the parts.")),
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        at_once(_settle_split),
        bind=bound(_settle_split),
        examples=(
            Example("tags | split(',')", {"tags": "billing,urgent,,eu"}, ["billing", "urgent", "", "eu"]),
            Example("tags | split(',')", {"tags": ""}, [""]),
        ),
    ),
    Function(
        "join",
        "text",
        "The items of an array as one text with `sep` between them; numbers and booleans are written as `string` "
        "writes them. A null, an array or an object among the items rejects: `compact` leaves nulls out.",
        (
            Parameter("array", {"type": "array", "items": {"type": ["string", "number", "boolean"]}}, "The items."),
            Parameter("sep", TEXT, "What to put between them.", False, ""),
        ),
        TEXT,
        _join,
        examples=(
            Example("tags | join(', ')", {"tags": ["billing", "urgent"]}, "billing, urgent"),
            Example("parts | join", {"parts": ["a", 1, True, 4.0]}, "a1true4"),
            Example("tags | compact | join('-')", {"tags": ["a", None, "b"]}, "a-b"),
            Example("tags | join('-')", {"tags": ["a", None, "b"]}, fails="CM302"),
        ),
    ),
    Function(
        "strip_tags",
        "text",
        "The text of a piece of HTML. Tags and comments go, the content of `script` and `style` with them, and "
        "entities are decoded. Elements that stand on lines of their own (`p`, `div`, `li`, `tr`, `br`, …) break the "
        "line, those that only mark words (`b`, `a`, `span`, …) leave them joined, and any other tag counts as a "
        "space. Runs of white space become one space, empty lines go; a no-break space stays. What only looks like a "
        "tag, such as `1 < 2` or `<ada@example.com>`, is text.",
        (_ON_TEXT,),
        TEXT,
        strip_tags,
        examples=(
            Example("body | strip_tags", {"body": "<p>Fish &amp; <b>chips</b></p>"}, "Fish & chips"),
            Example("body | strip_tags", {"body": "<p>One</p><p>Two<br>three</p>"}, "One\nTwo\nthree"),
            Example(
                "body | strip_tags", {"body": "if 1 < 2 then <ada@example.com>"}, "if 1 < 2 then <ada@example.com>"
            ),
        ),
    ),
    Function(
        "escape_html",
        "text",
        "The text with `&`, `<`, `>`, `\"` and `'` written as entities, fit for HTML's text and quoted attributes.",
        (_ON_TEXT,),
        TEXT,
        escape_html,
        examples=(
            Example("body | escape_html", {"body": 'a < b & "c"'}, "a &lt; b &amp; &quot;c&quot;"),
            Example("body | escape_html", {"body": "it's"}, "it&#x27;s"),
        ),
    ),
)
