"""Four conversions as a good engineer writes them for exactly one pair of vendors: plain dicts, one pass, no casemap.

They take cases that are valid for the source's schema and give what casemap's routes give, members in the same order.
What a target requires and the source does not have is left out, for the target's validation to find. They keep the
language's promises about times: a fraction is cut to milliseconds, a leap second becomes the second after, a time that
no year from 0000 to 9999 can say in UTC stays as it is, and one that does not exist is a `ValueError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from whenever import Instant

__all__ = [
    "Json", "egain_to_khoros", "khoros_to_telecomx", "links_from", "socialgateway_to_khoros", "telecomx_to_khoros",
    "utc", "utc_of",
]  # fmt: skip

Json = dict[str, Any]

_parse = Instant.parse_iso
_from_timestamp = Instant.from_timestamp


def utc(text: str) -> str:
    """An RFC 3339 time, or one with an offset like -0300, in UTC with milliseconds and `Z`."""
    if text[17] == "6":
        return _unusual(text)
    try:
        moment = _parse(text)
    except ValueError:
        return _unusual(text)
    if len(text) == 24 and text[23] == "Z" and text[10] == "T":
        return text  # as it should be, and now known to exist
    return moment.format_iso(unit="millisecond")


def utc_of(milliseconds: int) -> str:
    """Milliseconds since 1970 as `utc` writes them."""
    return _from_timestamp(milliseconds, unit="millisecond").format_iso(unit="millisecond")


def _unusual(text: str) -> str:
    """What `whenever` does not read: leap seconds, more than nine digits of a fraction, the year 0."""
    text = re.sub(r"(\.[0-9]{9})[0-9]+", r"\1", text)
    is_leap = text[17:19] == "60"
    year = int(text[:4])
    shift = 400 if year < 2 else 0  # the calendar repeats after 400 years
    try:
        moment = _parse(f"{year + shift:04}{text[4:17]}{'59' if is_leap else text[17:19]}{text[19:]}")
        written = moment.add(seconds=is_leap).format_iso(unit="millisecond")
    except ValueError:
        if year != 9999:
            raise
        return text  # after the year 9999 in UTC
    year = int(written[:4]) - shift
    return text if year < 0 else f"{year:04}{written[4:]}"


def _text(value: Any) -> str:
    """A scalar as JSON writes it, a text as it is; a whole float without `.0`."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)


def _add_custom(case: Json, custom: Json) -> None:
    """Put custom properties beside the standard ones, which they may not replace."""
    for name, value in custom.items():
        if name in case or name in _KHOROS_NAMES:
            raise ValueError(f"two properties are named {name!r}")
        case[name] = value


_KHOROS_NAMES = frozenset(
    ("id", "number", "customerId", "title", "description", "url", "lastUpdated", "created", "status", "interactions")
)

# TelecomX to Khoros

_STATUS = {"UNHANDLED": "open", "HANDLING": "open", "CLOSED": "closed"}
_CONTENT_TYPE = {"INCOMING": "email", "OUTGOING": "email", "COMMENT": "note"}


def telecomx_to_khoros(case: Json) -> Json:
    """A case of a TelecomX help center as a Khoros case."""
    get = case.get
    number, email, messages = get("caseNumber"), get("emailAddress"), get("messages")
    result: Json = {"id": case["_id"], "number": case["_id"] if number is None else _text(number)}
    customer = get("customer", email)
    if customer is not None:
        result["customerId"] = customer

    title = get("subject")
    if title is not None and number is not None:
        title = title.removeprefix(f"#{result['number']} ")
    first = None if messages is None else _first_body(messages)
    remark = None
    if first is None and messages is not None:
        remark = next((message["content"] for message in messages if "content" in message), None)
    if title is not None or first is not None or remark is not None:
        result["title"] = title if title is not None else first if first is not None else remark
        result["description"] = first if first is not None else title if title is not None else remark
    result["url"] = "about:blank"

    times = [utc(message["sent"]) for message in messages or () if "sent" in message]
    created = get("createdAt")
    created = utc(created) if created is not None else min(times) if times else None
    if times:
        result["lastUpdated"] = max(times)
    elif created is not None:
        result["lastUpdated"] = created
    if created is not None:
        result["created"] = created
    state = get("state")
    if state is not None:
        result["status"] = _STATUS[state]
    if messages is not None:
        result["interactions"] = _telecomx_interactions(messages, times, created, get("customerName"), email)
    return result


def _first_body(messages: list[Json]) -> str | None:
    """The text of the first message that is not internal."""
    for message in messages:
        if message.get("type") != "COMMENT":
            body: str | None = message.get("content")
            if body is not None:
                return body
    return None


def _telecomx_interactions(
    messages: list[Json], times: list[str], created: str | None, customer_name: str | None, email: str | None
) -> list[Json]:
    """The messages as interactions. `times` are those of the messages that have one, in their order."""
    found = []
    time = iter(times)
    for message in messages:
        get = message.get
        kind, sender = get("type"), get("sentBy", "")
        interaction: Json = {
            "created": next(time) if "sent" in message else created,
            "body": get("content", ""),
            "linkUrl": "",
            "serviceId": message["messageId"] if "messageId" in message else get("internetMessageId", ""),
            "service": "email",
            "contentType": "" if kind is None else _CONTENT_TYPE[kind],
        }
        if interaction["created"] is None:
            del interaction["created"]
        if kind is not None:
            by_customer = sender == customer_name and email is not None and "sentBy" in message
            interaction["author"] = {
                "service": "email",
                "serviceId": email if by_customer else "",
                "handle": email if by_customer else sender,
                "name": sender,
                "brandOwned": kind != "INCOMING",
            }
        found.append(interaction)
    return found


# eGain to Khoros


def links_from(base_url: str) -> Callable[[str], str]:
    """What makes a reference absolute, the base being an http or https address."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}"

    def absolute(href: str) -> str:
        if href[:1] == "/" and href[1:2] != "/" and "/." not in href:
            return origin + href  # the usual case, which needs no resolving
        return urljoin(base_url, href)

    return absolute


def egain_to_khoros(base_url: str) -> Callable[[Json], Json]:
    """What converts an eGain case to a Khoros case; eGain's relative links start at `base_url`."""
    absolute = links_from(base_url)

    def convert(case: Json) -> Json:
        id = _text(case["id"])
        number, custom = _egain_attributes(case)
        result: Json = {"id": id, "number": id if number is None else number}
        customer = case.get("customer")
        if customer is not None and "id" in customer:
            result["customerId"] = customer["id"]

        title, description = case.get("subject"), case.get("description")
        if title is not None:
            title = title.removesuffix(f" [#{id}]")
        if title is not None or description is not None:
            result["title"] = description if title is None else title
            result["description"] = title if description is None else description

        links = case.get("link", ())
        if isinstance(links, dict):
            links = (links,)
        result["url"] = "about:blank"
        for link in links:
            if link.get("rel") == "self":
                result["url"] = absolute(link["href"])
                break

        modified = case.get("lastModified")
        if modified is not None and "date" in modified:
            result["lastUpdated"] = result["created"] = utc(modified["date"])
        status = case.get("status")
        if status is not None and status.get("value") in ("open", "closed"):
            result["status"] = status["value"]
        severity = case.get("severity")
        if severity is not None and "value" in severity:
            result["severity"] = severity["value"]
        if custom:
            _add_custom(result, custom)
        return result

    return convert


def _egain_attributes(case: Json) -> tuple[str | None, Json]:
    """The case number among the custom attributes, and the others by name: a value, or an array of several."""
    number = None
    custom: Json = {}
    is_numbered = False
    for attribute in case.get("customAttributes", {}).get("customAttribute", ()):
        name, values = attribute.get("attribName"), attribute.get("attribValues", {}).get("attribValue")
        if name == "case_number":
            if not is_numbered and values and "value" in values[0]:
                number = _text(values[0]["value"])
            is_numbered = True
        elif name is not None and values is not None:
            if len(values) != 1:
                value: Any = [item["value"] for item in values if "value" in item]
            elif "value" in values[0]:
                value = values[0]["value"]
            else:
                continue
            if name in custom:
                raise ValueError(f"two attributes are named {name!r}")
            custom[name] = value
    return number, custom


# Social Gateway to Khoros

_GATEWAY_STATUS = {"Arrived": "open", "Open": "open", "Closed": "closed"}
_GATEWAY_NAMES = frozenset(
    (
        "id", "first_open_date", "reopened", "last_open_date", "inbox_date", "campaign", "source", "private", "subject",
        "contact", "state", "credits", "we_did_not_reply_since_date", "handling_ms", "sla_seconds", "messages_sent",
        "messages_received", "messages", "url", "tags", "creation_date", "update_date", "updated_by", "data",
    )
)  # fmt: skip


def socialgateway_to_khoros(case: Json) -> Json:
    """A Social Gateway case, bare or within the answer to an update, as a Khoros case."""
    case = case.get("data", case)
    get = case.get
    contact = get("contact", {})
    notes = contact.get("notes")
    id = str(case["id"])
    result: Json = {"id": id, "number": id}
    customer = _gateway_customer(contact)
    if customer is not None:
        result["customerId"] = customer
    title = get("subject")
    if title is None:
        title = next((note["text"] for note in notes or () if "text" in note), None)
    if title is not None:
        result["title"] = result["description"] = title
    result["url"] = get("url", "about:blank")

    updated, created = get("update_date"), get("creation_date", get("first_open_date"))
    updated = None if updated is None else utc(updated)
    created = updated if created is None else utc(created)
    if created is not None:
        result["lastUpdated"] = created if updated is None else updated
        result["created"] = created
    status = _GATEWAY_STATUS.get(get("state", ""))
    if status is not None:
        result["status"] = status
    if notes is not None:
        result["interactions"] = _gateway_interactions(notes, created, get("source", ""))
    if not case.keys() <= _GATEWAY_NAMES:
        _add_custom(result, {name: value for name, value in case.items() if name not in _GATEWAY_NAMES})
    return result


def _gateway_customer(contact: Json) -> str | None:
    """The contact's id, else its client id, else its first e-mail address."""
    if "id" in contact:
        return str(contact["id"])
    if "client_id" in contact:
        client: str = contact["client_id"]
        return client
    for profile in contact.get("profiles", ()):
        if profile.get("source") == "email" and "ext_id" in profile:
            address: str = profile["ext_id"]
            return address
    return None


def _gateway_interactions(notes: list[Json], created: str | None, service: str) -> list[Json]:
    found = []
    for note in notes:
        get = note.get
        date, text, author = get("date"), get("text"), get("userName")
        if date is None and text is None and author is None:
            continue
        interaction: Json = {}
        if date is not None:
            interaction["created"] = utc_of(date)
        elif created is not None:
            interaction["created"] = created
        interaction["body"] = "" if text is None else text
        interaction["linkUrl"] = ""
        interaction["serviceId"] = ""
        interaction["service"] = service
        interaction["contentType"] = "note"
        if author is not None:
            interaction["author"] = {
                "service": service,
                "serviceId": "",
                "handle": author,
                "name": author,
                "brandOwned": True,
            }
        found.append(interaction)
    return found


# Khoros to TelecomX


def khoros_to_telecomx(case: Json) -> Json:
    """A Khoros case as a case of a TelecomX help center."""
    id, number, title = case["id"], case["number"], case["title"]
    result: Json = {"_id": id}
    if number.isascii() and number.isdigit() and (number == "0" or number[0] != "0"):
        result["caseNumber"] = int(number)
        result["subject"] = title if number == id else f"#{number} {title}"
    else:
        result["subject"] = title
    result["state"] = "CLOSED" if case["status"] == "closed" else "HANDLING"
    result["createdAt"] = utc(case["created"])
    result["customer"] = case["customerId"]
    if "interactions" in case:
        result["messages"] = [_telecomx_message(interaction) for interaction in case["interactions"]]
    return result


def _telecomx_message(interaction: Json) -> Json:
    message: Json = {}
    id = interaction["serviceId"]
    if id:
        message["messageId"] = id
    message["content"] = interaction["body"]
    message["sent"] = utc(interaction["created"])
    author = interaction.get("author")
    is_note = interaction["contentType"] == "note"
    if author is None:
        if is_note:
            message["type"] = "COMMENT"
        return message
    message["sentBy"] = author["name"]
    message["type"] = "INCOMING" if not author["brandOwned"] else "COMMENT" if is_note else "OUTGOING"
    return message
