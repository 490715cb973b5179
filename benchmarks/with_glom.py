"""The four conversions as glom specs.

What depends on several values at once goes through small functions, times and links through those of the hand-written
functions: a spec says where values come from and where they go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glom import (  # type: ignore[import-untyped]
    SKIP,
    Coalesce,
    GlomError,
    Invoke,
    S,
    Spec,
    T,
    Val,
)  # fmt: skip

from benchmarks.handwritten import Json, links_from, utc, utc_of

__all__ = ["egain_to_khoros", "khoros_to_telecomx", "socialgateway_to_khoros", "telecomx_to_khoros"]


def _compiled(spec: Any) -> Callable[[Json], Json]:
    convert: Callable[[Json], Json] = Spec(spec).glom
    return convert


def _optional(*options: Any) -> Coalesce:
    """The first option that is there and not None; no member of the result without one."""
    return Coalesce(*options, skip=None, default=SKIP)


def _or_empty(*options: Any) -> Coalesce:
    return Coalesce(*options, default="")


# TelecomX to Khoros


def _without_number(subject: str, number: int | None) -> str:
    return subject if number is None else subject.removeprefix(f"#{number} ")


def _first_body(messages: list[Json]) -> str | None:
    return next((m["content"] for m in messages if m.get("type") != "COMMENT" and "content" in m), None)


def _by_customer(address: str | None, sender: str | None, customer: str | None, otherwise: str) -> str:
    return address if address is not None and sender is not None and sender == customer else otherwise


_TITLE = Invoke(_without_number).specs(T["subject"], Coalesce("caseNumber", default=None))
_FIRST = ("messages", _first_body)
_REMARK = ("messages", [Coalesce("content", default=SKIP)], T[0])
_SENDER = Coalesce("sentBy", default=None)

telecomx_to_khoros = _compiled(
    (
        S(
            email=Coalesce("emailAddress", default=None),
            name=Coalesce("customerName", default=None),
            times=Coalesce(("messages", [Coalesce(("sent", utc), default=SKIP)]), default=[]),
        ),
        S(created=Coalesce(("createdAt", utc), (S["times"], min), skip_exc=(GlomError, ValueError), default=SKIP)),
        {
            "id": "_id",
            "number": Coalesce(("caseNumber", str), "_id"),
            "customerId": _optional("customer", "emailAddress"),
            "title": _optional(_TITLE, _FIRST, _REMARK),
            "description": _optional(_FIRST, _TITLE, _REMARK),
            "url": Val("about:blank"),
            "lastUpdated": Coalesce((S["times"], max), S["created"], skip_exc=(GlomError, ValueError)),
            "created": S["created"],
            "status": _optional(("state", {"UNHANDLED": "open", "HANDLING": "open", "CLOSED": "closed"}.get)),
            "interactions": Coalesce(
                (
                    "messages",
                    [
                        {
                            "created": Coalesce(("sent", utc), S["created"]),
                            "body": _or_empty("content"),
                            "linkUrl": Val(""),
                            "serviceId": _or_empty("messageId", "internetMessageId"),
                            "service": Val("email"),
                            "contentType": _or_empty(
                                ("type", {"INCOMING": "email", "OUTGOING": "email", "COMMENT": "note"}.get)
                            ),
                            "author": Coalesce(
                                {
                                    "service": Val("email"),
                                    "serviceId": Invoke(_by_customer).specs(S["email"], _SENDER, S["name"], Val("")),
                                    "handle": Invoke(_by_customer).specs(
                                        S["email"], _SENDER, S["name"], _or_empty("sentBy")
                                    ),
                                    "name": _or_empty("sentBy"),
                                    "brandOwned": ("type", lambda kind: kind != "INCOMING"),
                                },
                                default=SKIP,
                            ),
                        }
                    ],
                ),
                default=SKIP,
            ),
        },
    )
)

# eGain to Khoros


def _without_id(subject: str, id: str | int) -> str:
    return subject.removesuffix(f" [#{id}]")


def _case_number(attributes: list[Json]) -> str | None:
    values = (a["attribValues"]["attribValue"] for a in attributes if a["attribName"] == "case_number")
    return next((value[0]["value"] for value in values), None)


def _custom(attributes: list[Json]) -> Json:
    found = {}
    for attribute in attributes:
        if attribute["attribName"] != "case_number":
            values = [value["value"] for value in attribute["attribValues"]["attribValue"]]
            found[attribute["attribName"]] = values[0] if len(values) == 1 else values
    return found


_ATTRIBUTES = "customAttributes.customAttribute"
_SUBJECT = Invoke(_without_id).specs(T["subject"], T["id"])
_STATUS = ("status.value", lambda status: status if status in ("open", "closed") else None)


def egain_to_khoros(base_url: str) -> Callable[[Json], Json]:
    """What converts an eGain case to a Khoros case; eGain's relative links start at `base_url`."""
    absolute = links_from(base_url)

    def url(links: Json | list[Json]) -> str | None:
        links = [links] if isinstance(links, dict) else links
        return next((absolute(link["href"]) for link in links if link.get("rel") == "self"), None)

    return _compiled(
        (
            (
                S(modified=Coalesce(("lastModified.date", utc), default=SKIP)),
                {
                    "case": {
                        "id": ("id", str),
                        "number": Coalesce((_ATTRIBUTES, _case_number), ("id", str), skip=None),
                        "customerId": _optional("customer.id"),
                        "title": _optional(_SUBJECT, "description"),
                        "description": _optional("description", _SUBJECT),
                        "url": Coalesce(("link", url), skip=None, default="about:blank"),
                        "lastUpdated": S["modified"],
                        "created": S["modified"],
                        "status": _optional(_STATUS),
                        "severity": _optional("severity.value"),
                    },
                    "custom": Coalesce((_ATTRIBUTES, _custom), default={}),
                },
            ),
            lambda parts: parts["case"] | parts["custom"],
        )
    )


# Social Gateway to Khoros

_KNOWN = frozenset(
    (
        "id", "first_open_date", "reopened", "last_open_date", "inbox_date", "campaign", "source", "private", "subject",
        "contact", "state", "credits", "we_did_not_reply_since_date", "handling_ms", "sla_seconds", "messages_sent",
        "messages_received", "messages", "url", "tags", "creation_date", "update_date", "updated_by", "data",
    )
)  # fmt: skip


def _address(profiles: list[Json]) -> str | None:
    return next((p["ext_id"] for p in profiles if p.get("source") == "email" and "ext_id" in p), None)


def _unknown(case: Json) -> Json:
    return {name: value for name, value in case.items() if name not in _KNOWN}


_SUBJECT_OR_NOTE = _optional("subject", ("contact.notes", [Coalesce("text", default=SKIP)], T[0]))

socialgateway_to_khoros = _compiled(
    (
        Coalesce("data", T),
        S(
            updated=Coalesce(("update_date", utc), default=SKIP),
            service=Coalesce("source", default=""),
        ),
        S(created=Coalesce(("creation_date", utc), ("first_open_date", utc), S["updated"])),
        {
            "case": {
                "id": ("id", str),
                "number": ("id", str),
                "customerId": _optional(("contact.id", str), "contact.client_id", ("contact.profiles", _address)),
                "title": _SUBJECT_OR_NOTE,
                "description": _SUBJECT_OR_NOTE,
                "url": Coalesce("url", default="about:blank"),
                "lastUpdated": Coalesce(S["updated"], S["created"], skip=SKIP, default=SKIP),
                "created": S["created"],
                "status": _optional(("state", {"Arrived": "open", "Open": "open", "Closed": "closed"}.get)),
                "interactions": Coalesce(
                    (
                        "contact.notes",
                        [
                            {
                                "created": Coalesce(("date", utc_of), S["created"]),
                                "body": _or_empty("text"),
                                "linkUrl": Val(""),
                                "serviceId": Val(""),
                                "service": S["service"],
                                "contentType": Val("note"),
                                "author": Coalesce(
                                    {
                                        "service": S["service"],
                                        "serviceId": Val(""),
                                        "handle": "userName",
                                        "name": "userName",
                                        "brandOwned": Val(True),
                                    },
                                    default=SKIP,
                                ),
                            }
                        ],
                    ),
                    default=SKIP,
                ),
            },
            "custom": _unknown,
        },
        lambda parts: parts["case"] | parts["custom"],
    )
)

# Khoros to TelecomX


def _case_number_of(number: str) -> int | None:
    return int(number) if number.isascii() and number.isdigit() and (number == "0" or number[0] != "0") else None


def _numbered(title: str, number: str, id: str) -> str:
    return title if number == id or _case_number_of(number) is None else f"#{number} {title}"


def _type(content_type: str, is_brand: bool | None) -> str | None:
    if content_type == "note" and is_brand is not False:
        return "COMMENT"
    return None if is_brand is None else "OUTGOING" if is_brand else "INCOMING"


khoros_to_telecomx = _compiled(
    {
        "_id": "id",
        "caseNumber": _optional(("number", _case_number_of)),
        "subject": Invoke(_numbered).specs(T["title"], T["number"], T["id"]),
        "state": ("status", {"open": "HANDLING", "closed": "CLOSED"}.get),
        "createdAt": ("created", utc),
        "customer": "customerId",
        "messages": Coalesce(
            (
                "interactions",
                [
                    {
                        "messageId": Coalesce("serviceId", skip="", default=SKIP),
                        "content": "body",
                        "sent": ("created", utc),
                        "sentBy": _optional("author.name"),
                        "type": _optional(
                            Invoke(_type).specs(T["contentType"], Coalesce("author.brandOwned", default=None))
                        ),
                    }
                ],
            ),
            default=SKIP,
        ),
    }
)
