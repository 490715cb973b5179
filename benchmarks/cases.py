"""Realistic cases of the four vendors, as many as wanted, the same for the same seed.

Each case is valid for its document type's schema and converts to the other vendors. Only a Khoros case whose number is
not all digits, which is one in five, is rejected on the way to Social Gateway, where ids are integers. The first cases
of a longer run are those of a shorter one. Names, texts and ids are made up; domains are the reserved ones.

    python -m benchmarks.cases egain/case 100000 > egain.ndjson
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from random import Random
from typing import Any, TypeVar

import orjson

__all__ = ["TYPES", "Json", "cases"]

Json = dict[str, Any]
_Item = TypeVar("_Item")

_DAY = 86400
_FIRST_DAY = date(2019, 1, 1)
_DAYS = tuple(date.fromordinal(_FIRST_DAY.toordinal() + day).isoformat() for day in range(8 * 365))
_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440))
_EPOCH = (_FIRST_DAY - date(1970, 1, 1)).days * _DAY
"""Times are whole seconds since the start of the first day, in UTC or, for Social Gateway, in the domain's zone."""

_PEOPLE = (
    ("Mikkel", "Jørgensen"), ("Søren", "Ågård"), ("Freja", "Østergaard"), ("José", "Muñoz"), ("Lucía", "Ibáñez"),
    ("Zoë", "Müller"), ("Jürgen", "Weiß"), ("Łukasz", "Wójcik"), ("Zdeňka", "Říhová"), ("Chloé", "Lefèvre"),
    ("Siobhán", "O'Brien"), ("Ada", "Holm"), ("John Russel", "Tierney"), ("Νίκος", "Παπαδόπουλος"),
    ("Олена", "Шевченко"), ("نور", "الهاشمي"), ("芳", "王"), ("葵", "佐藤"), ("Đặng Thị", "Hương"), ("İpek", "Şahin"),
    ("Zoe\u0308", "Martin"), ("Anaïs", "d’Hondt"), ("Priya", "शर्मा"), ("Thomas", "Andersen"),
)  # fmt: skip
_STAFF = ("Frank", "Maren Kjær", "Álvaro Peña", "support", "Ольга К.", "Jörg Voß", "api")
_COMPANIES = ("Eksempel ApS", "Muster & Söhne GmbH", "Panadería Ñandú", "Example Ltd", "株式会社サンプル")
_SUBJECTS = (
    "Skærm går i sort", "Router restarts every hour", "Necesito ayuda !!!", "Charging is too slow",
    "Faktura passer ikke", "Rechnung doppelt erhalten", "Paczka nie dotarła", "Mot de passe oublié",
    "配送が遅れています", "أين طلبي؟", "Order #4711: wrong colour 😕", "¿Cuándo llega mi pedido?",
    "Refund “still pending”", "Can't log in", "No internet 📶❌",
)  # fmt: skip
_SENTENCES = (
    "Hej, min skærm går i sort, når jeg åbner låget.", "Har du prøvet at genstarte den?", "Det hjalp desværre ikke.",
    "My router restarts every hour, mostly in the evening.", "Which model is it?", "It says R-7000 on the back.",
    "Thanks, that solved it!", "We have sent you a replacement; it arrives within three days.", "Still nothing here…",
    "Hola, necesito ayuda con mi factura.", "¿Podría enviarnos una foto?", "Claro, aquí la tiene: ñandú.jpg 📷",
    "Ich habe zwei Rechnungen bekommen, über je 49,90 €.", "Die zweite wird gutgeschrieben.", "Grüße aus Köln 👋🏽",
    "Paczka miała być wczoraj.", "Sprawdzimy u przewoźnika.", "Je n’arrive plus à me connecter.",
    "C’est réparé, merci !", "まだ届いていません。", "確認いたします。少々お待ちください。", "شكراً لكم على المساعدة.",
    "Called back, nobody there.", "Customer waits for the technician.", "Escalated to second line.",
    "<p>Line one<br>line two &amp; more</p>", "OK",
)  # fmt: skip
_SERVICES = ("twitter", "facebook", "instagram", "email", "youtube")
_TAGS = ("spam", "vip", "facturación", "hardware", "afsluttet", "wartet", "zurück")
_ATTRIBUTES = ("customer_rating", "contract", "region", "product", "sla_class", "callback_wanted", "køb")
_VALUES: tuple[Any, ...] = ("5", "gold", "Sjælland", "R-7000", 3, True, "ja", 12.5)


class _Maker:
    """Cases from one stream of random numbers."""

    def __init__(self, seed: int) -> None:
        source = Random(seed)
        self.random = source.random
        self.bits = source.getrandbits
        # bodies are drawn from a pool: writing each anew would take most of the time
        self.bodies = tuple(" ".join(self.pick(_SENTENCES) for _ in range(1 + self.below(6))) for _ in range(500))

    def below(self, count: int) -> int:
        return int(self.random() * count)

    def pick(self, items: Sequence[_Item]) -> _Item:
        return items[int(self.random() * len(items))]

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def id24(self) -> str:
        return f"{self.bits(96):024X}"

    def size(self) -> int:
        """A number of messages from 1 to 40; most cases have few."""
        return 1 + int(self.random() ** 2 * 40)

    def start(self) -> int:
        return self.below(2000 * _DAY)

    def times(self, count: int) -> list[int]:
        """Times of a conversation, in order; pauses from seconds to two weeks, most of them short."""
        moment = self.start()
        found = []
        for _ in range(count):
            found.append(moment)
            moment += 20 + int(self.random() ** 8 * 14 * _DAY)
        return found

    # telecomx

    def telecomx(self) -> Json:
        given, family = self.pick(_PEOPLE)
        name, number = f"{given} {family}", 1 + self.below(90000)
        case: Json = {
            "_id": self.id24(),
            "caseNumber": number,
            "conversationId": f"AAQk{self.bits(80):020x}=",
        }
        if not self.chance(0.02):
            subject = self.pick(_SUBJECTS)
            case["subject"] = f"#{number} {subject}" if self.chance(0.9) else subject
        messages = [self.telecomx_message(name, time) for time in self.times(self.size())]
        case["messages"] = messages
        case["state"] = self.pick(("UNHANDLED", "HANDLING", "HANDLING", "CLOSED", "CLOSED"))
        case["customer"] = self.id24()
        case["customerName"] = name
        case["emailAddress"] = f"kunde{self.below(100000)}@example.com"
        if self.chance(0.6):
            case["phoneNumber"] = f"+45{20000000 + self.below(70000000)}"
        if self.chance(0.3):
            case["company"] = self.pick(_COMPANIES)
        case["actionNeeded"] = self.chance(0.4)
        if self.chance(0.3):
            # the search's response has three fields that the list's has not
            case["createdAt"] = messages[0]["sent"]
            case["latestMessageId"] = messages[-1]["messageId"]
            case["helpCenterId"] = "5F1E0C8A9B7D4E3F2A1B0C9D"
        return case

    def telecomx_message(self, customer: str, time: int) -> Json:
        draw = self.random()
        kind, sender = ("INCOMING", customer) if draw < 0.45 else ("OUTGOING", self.pick(_STAFF))
        message: Json = {"content": self.pick(self.bodies), "messageId": f"{self.bits(64):016x}"}
        if draw < 0.9:
            message["internetMessageId"] = f"<{self.bits(64):016x}@mail.example.com>"
        else:
            kind = "COMMENT"
        message["sent"] = f"{_clock(time)}.{self.below(1000):03}Z"
        message["sentBy"] = sender
        message["type"] = kind
        return message

    # khoros

    def khoros(self) -> Json:
        id = f"c-{self.below(10_000_000)}"
        times = self.times(self.size())
        ending = self.pick((".000Z", ".000Z", ".000Z", ".250Z", ".417Z", "Z", "+02:00"))
        service = self.pick(_SERVICES)
        subject = self.pick(_SUBJECTS)
        customer, brand = self.author(service, False), self.author(service, True)
        case: Json = {
            "id": id,
            "number": self.khoros_number(id),
            "customerId": f"u-{self.below(1_000_000)}",
            "title": subject,
            "description": self.pick(self.bodies),
            "url": f"https://support.example.com/cases/{id}",
            "lastUpdated": _clock(times[-1]) + ending,
            "created": _clock(times[0]) + ending,
            "status": self.pick(("open", "closed")),
            "interactions": [self.interaction(service, customer, brand, _clock(time) + ending) for time in times],
        }
        for _ in range(self.below(4)):
            case[self.pick(_ATTRIBUTES)] = self.pick(_VALUES)
        return case

    def khoros_number(self, id: str) -> str:
        draw = self.random()
        if draw < 0.8:
            return str(1 + self.below(100000))
        return id if draw < 0.9 else f"CS-{self.below(10000):05}"

    def author(self, service: str, brand: bool) -> Json:
        given, family = self.pick(_PEOPLE)
        name = f"Acme Help {given}" if brand else f"{given} {family}"
        handle = f"@{'acme' if brand else 'user'}{self.below(10000)}"
        return {
            "service": service,
            "serviceId": str(self.bits(53)),
            "handle": handle,
            "name": name,
            "brandOwned": brand,
        }

    def interaction(self, service: str, customer: Json, brand: Json, time: str) -> Json:
        draw = self.random()
        body = self.pick(self.bodies)
        if draw < 0.05:
            note: Json = {"created": time, "body": body, "linkUrl": "", "serviceId": "", "service": service}
            return {**note, "contentType": "note", "author": dict(brand)}
        post = str(self.bits(60))
        found: Json = {
            "created": time,
            "body": body,
            "linkUrl": f"https://{service}.example.com/status/{post}",
            "serviceId": post,
            "service": service,
            "contentType": "post" if draw < 0.2 else "comment",
        }
        if draw < 0.97:
            found["author"] = dict(customer if draw < 0.55 else brand)
        return found

    # egain

    def egain(self) -> Json:
        id, customer = str(1000 + self.below(900000)), str(1000 + self.below(90000))
        given, family = self.pick(_PEOPLE)
        staff = self.below(len(_STAFF))
        severity = self.pick(("urgent", "high", "medium", "medium", "low"))
        status = self.pick(("open", "open", "closed"))
        link: Any = {"rel": "self", "href": f"/system/ws/v20/interaction/case/{id}"}
        activity = {"rel": "activity", "href": f"/system/ws/v20/interaction/activity?case={id}"}
        person = {"rel": "customer", "href": f"/system/ws/v20/interaction/customer/{customer}"}
        subject = self.pick(_SUBJECTS)
        case: Json = {
            "link": link if self.chance(0.05) else [link],
            "activities": {"link": [activity]},
            "department": {"name": self.pick(("Service", "Kundeservice", "Técnica")), "id": str(990 + self.below(10))},
            "status": {"value": status, "displayValue": status.capitalize()},
            "lastModified": {
                "user": {"name": _STAFF[staff], "id": str(1010 + staff)},
                "date": f"{_clock(self.start())}.{self.below(1000):03}Z",
            },
            "customer": {"link": [person], "customerName": f"{given} {family}", "id": customer},
            "severity": {"value": severity, "displayValue": severity.capitalize()},
            "subject": f"{subject} [#{id}]" if self.chance(0.9) else subject,
            "id": int(id) if self.chance(0.1) else id,
        }
        if self.chance(0.2):
            case["description"] = self.pick(_SENTENCES)
        if self.chance(0.2):
            case["dueDate"] = f"{_clock(self.start())}.000Z"
        if self.chance(0.2):
            case["owner"] = {"folder": {"id": "1003", "name": "Billing"}}
        if self.chance(0.4):
            case["customAttributes"] = {"customAttribute": self.attributes()}
        return case

    def attributes(self) -> list[Json]:
        first = self.below(len(_ATTRIBUTES))
        found = []
        for position in range(1 + self.below(3)):
            values = [{"value": self.pick(_VALUES)} for _ in range(2 if self.chance(0.1) else 1)]
            name = _ATTRIBUTES[(first + position) % len(_ATTRIBUTES)]
            found.append({"attribName": name, "attribValues": {"attribValue": values}})
        if self.chance(0.2):
            value = {"value": f"CS-{self.below(100000)}"}
            found.append({"attribName": "case_number", "attribValues": {"attribValue": [value]}})
        return found

    # social gateway

    def socialgateway(self) -> Json:
        zone = self.pick(("-0300", "-0300", "-0500", "+0000", "+0200"))
        first, created, inbox, updated = (_clock(time) + zone for time in self.times(4))
        source = self.pick(("email", "twitter", "facebook", "youtube", "sms"))
        id, received = 1 + self.below(500000), self.size()
        sent = self.below(received)
        case: Json = {
            "id": id,
            "first_open_date": first,
            "reopened": self.chance(0.1),
            "last_open_date": first,
            "inbox_date": inbox,
            "campaign": {"id": 1 + self.below(20), "name": self.pick(("gg", "Campaña de otoño", "Q3"))},
            "source": source,
            "private": self.chance(0.3),
            "subject": self.pick(_SUBJECTS),
            "contact": self.contact(source, zone),
            "state": self.pick(("Arrived", "Open", "Closed")),
            "credits": 0,
            "we_did_not_reply_since_date": inbox,
            "handling_ms": self.below(86_400_000),
            "sla_seconds": 259200,
            "messages_sent": sent,
            "messages_received": received,
            "messages": sent + received,
            "url": f"http://gateway.example.com:8080/case/{id}",
            "tags": [self.pick(_TAGS)],
            "creation_date": created,
            "update_date": updated,
            "updated_by": self.pick(_STAFF),
        }
        if self.chance(0.2):
            case[self.pick(("plan", "tienda", "priority"))] = self.pick(("gold", "14", "Avenida 9 de Julio"))
        return {"data": case} if self.chance(0.03) else case

    def contact(self, source: str, zone: str) -> Json:
        given, family = self.pick(_PEOPLE)
        id = 1 + self.below(200000)
        created, updated = self.times(2)
        services = dict.fromkeys((source, "email", self.pick(("twitter", "facebook"))))
        found: Json = {
            "id": id,
            "name": f"{given} {family}",
            "first_name": given,
            "last_name": family,
            "client_id": str(self.bits(32)),
            "cases": 1 + self.below(5),
            "profiles": [self.profile(f"{given} {family}", service, zone) for service in services],
            "url": f"http://gateway.example.com:8080/contact/{id}",
            "tags": [self.pick(_TAGS)] if self.chance(0.5) else [],
            "creation_date": _clock(created) + zone,
            "update_date": _clock(updated) + zone,
            "updated_by": self.pick(_STAFF),
        }
        if self.chance(0.7):
            found["notes"] = [self.note() for _ in range(1 + self.below(3))]
        return found

    def profile(self, name: str, service: str, zone: str) -> Json:
        number = self.bits(40)
        found: Json = {"id": 1 + self.below(300000), "source": service, "name": name}
        if service == "email":
            return {**found, "ext_id": f"kunde{number % 1000}@example.net", "user_name": "contact@example.org",
                    "creation_date": _clock(self.start()) + zone}  # fmt: skip
        found |= {
            "ext_id": str(number),
            "user_name": f"user{number % 100000}",
            "image_url": f"http://{service}.example.com/{number}.jpg",
            "tags": [self.pick(_TAGS)],
            "creation_date": _clock(self.start()) + zone,
        }
        if service == "twitter":
            found |= {"about": "", "location": "México", "followers": self.below(5000), "following": self.below(900)}
        return found

    def note(self) -> Json:
        date = (_EPOCH + self.start()) * 1000 + self.below(1000)
        return {"date": date, "text": self.pick(_SENTENCES), "userName": self.pick(_STAFF)}


def _clock(time: int) -> str:
    """A time as `2021-08-25T13:18:25`, without an offset."""
    day, second = divmod(time, _DAY)
    return f"{_DAYS[day]}T{_MINUTES[second // 60]}:{second % 60:02}"


_MAKERS: dict[str, Callable[[_Maker], Json]] = {
    "egain/case": _Maker.egain,
    "khoros/case": _Maker.khoros,
    "socialgateway/case": _Maker.socialgateway,
    "telecomx/case": _Maker.telecomx,
}
TYPES = tuple(_MAKERS)


def cases(type: str, count: int, seed: int = 0) -> Iterator[Json]:
    """So many cases of a document type, one by one. `KeyError` for a type that is not one of `TYPES`."""
    make, maker = _MAKERS[type], _Maker(seed)
    for _ in range(count):
        yield make(maker)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description="Write generated cases as NDJSON.")
    parser.add_argument("type", choices=TYPES)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other cases (default: 0)")
    options = parser.parse_args()
    with suppress(BrokenPipeError):
        write = sys.stdout.buffer.write
        for case in cases(options.type, options.count, options.seed):
            write(orjson.dumps(case, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
