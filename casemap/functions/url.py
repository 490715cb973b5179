"""Functions of URLs: references (RFC 3986, section 5), percent-encoding (section 2) and query parameters."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from casemap.functions.arguments import TEXT, at_once, bound, cannot, text_for, utf8
from casemap.functions.registry import Example, Function, Parameter, wrong_type

__all__ = ["FUNCTIONS"]


class _Url(NamedTuple):
    """The parts of a URL, without their marks; None where the part is not there."""

    scheme: str | None
    authority: str | None
    path: str
    query: str | None
    fragment: str | None


@cache
def _parts() -> re.Pattern[str]:
    """RFC 3986, appendix B, with the scheme as section 3.1 spells it."""
    return re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)


def _parsed(url: str) -> _Url:
    match: Any = _parts().fullmatch(url)  # which it is: every part may be empty, and together they take any character
    return _Url(*match.groups())


@lru_cache(maxsize=256)
def _base(url: str) -> tuple[_Url, str]:
    """The parts of a base, and what an absolute path is put after. `Failure` if it has no scheme."""
    base = _parsed(url)
    if base.scheme is None:
        raise cannot("url_join", "is no base: it does not start with a scheme, like https:", url)
    return base, f"{base.scheme}:" + ("" if base.authority is None else f"//{base.authority}")


def _url_join(base: Any, reference: Any) -> str:
    """RFC 3986, section 5.2.2, strict."""
    if not isinstance(reference, str):
        raise wrong_type("url_join", "a text as reference", reference)
    if not isinstance(base, str):
        raise wrong_type("url_join", "a text", base)
    parts, origin = _base(base)
    if parts.authority is not None and reference[:1] == "/" and reference[1:2] != "/" and "/." not in reference:
        return origin + reference  # an absolute path without dot segments: nothing to work out
    return _resolved(parts, _parsed(reference))


def _resolved(base: _Url, reference: _Url) -> str:
    scheme, authority, path, query, fragment = reference
    if scheme is not None:
        path = _without_dots(path)
    else:
        scheme = base.scheme
        if authority is not None:
            path = _without_dots(path)
        else:
            authority = base.authority
            if not path:
                path = base.path
                query = base.query if query is None else query
            elif path.startswith("/"):
                path = _without_dots(path)
            else:
                path = _without_dots(_merged(base, path))
    return _recomposed(_Url(scheme, authority, path, query, fragment))


def _merged(base: _Url, path: str) -> str:
    """Section 5.2.3: the path in place of the base's last segment."""
    if base.authority is not None and not base.path:
        return "/" + path
    return base.path[: base.path.rfind("/") + 1] + path


def _without_dots(path: str) -> str:
    """Section 5.2.4, in one walk: `.` goes, and `..` takes along what stands before it, if anything does."""
    if "." not in path:
        return path
    segments = path.split("/")
    first = next((at for at, segment in enumerate(segments) if segment not in (".", "..")), len(segments))
    kept = segments[first : first + 1]
    for segment in segments[first + 1 :]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append("/" + segment)
    if segments[first + 1 :] and segments[-1] in (".", ".."):
        kept.append("/")
    return "".join(kept)


def _recomposed(url: _Url) -> str:
    """Section 5.3. A path that begins with `//` would read as an authority where there is none: `/.` keeps it one."""
    scheme, authority, path, query, fragment = url
    text = f"{scheme}:"
    if authority is not None:
        text += f"//{authority}"
    elif path.startswith("//"):
        text += "/."
    text += path
    if query is not None:
        text += f"?{query}"
    return text if fragment is None else f"{text}#{fragment}"


def _url_encode(text: Any) -> str:
    if not isinstance(text, str):
        raise wrong_type("url_encode", "a text", text)
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(utf8("url_encode", text), safe="")


def _url_decode(text: Any) -> str:
    if not isinstance(text, str):
        raise wrong_type("url_decode", "a text", text)
    return _percent_decoded("url_decode", text)


def _percent_decoded(function: str, text: str) -> str:
    """The text with `%XX` as the bytes of UTF-8; `Failure` for a `%` that begins none, and for bytes that are none."""
    if "%" not in text:
        return text
    if broken := re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise cannot(function, f"has a % at character {broken.start() + 1} without two hexadecimal digits", text)
    from urllib.parse import unquote_to_bytes

    try:
        return unquote_to_bytes(utf8(function, text)).decode()
    except UnicodeDecodeError:
        raise cannot(function, "holds percent-encoded bytes that are not UTF-8", text) from None


def _settle_query_param(name: Any) -> Any:
    text_for("query_param", "name", name)

    def query_param(url: Any) -> str | None:
        if not isinstance(url, str):
            raise wrong_type("query_param", "a text", url)
        query = url.partition("#")[0].partition("?")[2]
        for pair in query.split("&"):
            key, _, value = pair.partition("=")
            if pair and _is_named(key, name):
                return _percent_decoded("query_param", value.replace("+", " "))
        return None

    return query_param


def _is_named(key: str, name: str) -> bool:
    if "%" not in key and "+" not in key:
        return key == name
    from urllib.parse import unquote_to_bytes

    # compared as bytes: a key of this query that is not UTF-8 is another's, and no reason to reject
    plain = key.replace("+", " ").encode("utf-8", "surrogatepass")
    return unquote_to_bytes(plain) == name.encode("utf-8", "surrogatepass")


_ON_TEXT = Parameter("text", TEXT, "The text.")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "url_join",
        "url",
        "The URL that `reference` names, read from the base before the `|`, by RFC 3986 section 5: a relative one is "
        "resolved against the base, one with a scheme stands for itself. `.` and `..` segments are worked out.",
        (
            Parameter("base", TEXT, "An absolute URL."),
            Parameter("reference", TEXT, "A URL, or a part of one: `/path`, `../path`, `?query`, `#fragment`."),
        ),
        TEXT,
        _url_join,
        fails="a base without a scheme",
        examples=(
            Example(
                "base | url_join(href)", {"base": "https://example.com", "href": "/ws/1"}, "https://example.com/ws/1"
            ),
            Example(
                "base | url_join('../x?y=1')", {"base": "https://example.com/a/b/c"}, "https://example.com/a/x?y=1"
            ),
            Example("base | url_join('mailto:a@b.c')", {"base": "https://example.com"}, "mailto:a@b.c"),
            Example("base | url_join('x')", {"base": "/a/b"}, fails="CM303"),
        ),
    ),
    Function(
        "url_encode",
        "url",
        "The text for use as one part of a URL: every byte of its UTF-8 as `%XX`, except for the unreserved ones "
        "(letters and digits of ASCII, `-`, `.`, `_`, `~`). A space is `%20`, and `/` is `%2F`.",
        (_ON_TEXT,),
        TEXT,
        _url_encode,
        examples=(
            Example("name | url_encode", {"name": "a b/c"}, "a%20b%2Fc"),
            Example("name | url_encode", {"name": "Skærm~1"}, "Sk%C3%A6rm~1"),
        ),
    ),
    Function(
        "url_decode",
        "url",
        "The text with each `%XX` as the byte it stands for, read as UTF-8. A `+` stays a plus sign.",
        (_ON_TEXT,),
        TEXT,
        _url_decode,
        fails="a `%` without two hexadecimal digits after it, or bytes that are not UTF-8",
        examples=(
            Example("name | url_decode", {"name": "Sk%C3%A6rm+1"}, "Skærm+1"),
            Example("name | url_decode", {"name": "100%"}, fails="CM303"),
            Example("name | url_decode", {"name": "%C3"}, fails="CM303"),
        ),
    ),
    Function(
        "query_param",
        "url",
        "The value of the first parameter of that name in a URL's query, decoded; here a `+` is a space, as forms "
        "write it. A parameter without `=` has the empty text. Absent if there is none of that name.",
        (Parameter("url", TEXT, "A URL, with or without a query."), Parameter("name", TEXT, "The parameter's name.")),
        TEXT,
        at_once(_settle_query_param),
        fails="a value with a `%` without two hexadecimal digits after it, or with bytes that are not UTF-8",
        bind=bound(_settle_query_param),
        may_be_absent=True,
        examples=(
            Example("url | query_param('id')", {"url": "https://example.com/case?id=10&id=11#top"}, "10"),
            Example("url | query_param('q')", {"url": "/search?q=no+sound%21"}, "no sound!"),
            Example("url | query_param('q')", {"url": "https://example.com/"}, absent=True),
        ),
    ),
)
