"""One payload of a file: its only document, or a record of a stream or of an array by its number."""

from __future__ import annotations

from dataclasses import replace

from casemap.errors import CasemapError, ConversionError
from casemap.problem import Problem
from casemap.run.detection import Detects, detected_type, is_array_of
from casemap.run.names import InputFormat
from casemap.run.payloads import Payload, Reject, Stream, open_payloads

__all__ = ["OnePayload"]


class OnePayload:
    """A payload of a file with its document type, which is detected where nobody says it.

    `number` is that of the record in a file of several, from 1. Raises `CasemapError`: CM101 to CM111 for what cannot
    be read, CM507 where the type cannot be detected, CM518 where there is no such record.
    """

    def __init__(
        self,
        path: str,
        catalog: Detects,
        source: str | None = None,
        number: int = 1,
        input_format: InputFormat | None = None,
    ) -> None:
        found = open_payloads(path, input_format)
        payload = found if isinstance(found, Payload) else _record(found, number)
        self.source = source or _detected(payload, catalog)
        if isinstance(found, Payload):
            payload = _item(found, number, self.source, catalog)
        self.payload = payload


def _detected(payload: Payload, catalog: Detects) -> str:
    try:
        return detected_type(catalog, payload.value)
    except ConversionError as error:
        raise ConversionError(payload.text.placed(error.problems)) from None


def _record(stream: Stream, number: int) -> Payload:
    count = 0
    for record in stream.records:
        count += 1
        if count == number:
            if isinstance(record, Reject):
                raise CasemapError(record.text.placed(record.problems))
            return record
    raise _no_record(stream.file, number, count)


def _item(payload: Payload, number: int, source: str, catalog: Detects) -> Payload:
    """A record of an array of records, such as an export; any other document is itself."""
    if not is_array_of(catalog, payload.value, source):
        if number > 1:
            raise _no_record(payload.text.file, number, 1)
        return payload
    index = number - 1
    if index >= len(payload.value):
        raise _no_record(payload.text.file, number, len(payload.value))
    return replace(payload, value=payload.value[index], at=(index,))


def _no_record(file: str, number: int, count: int) -> CasemapError:
    holds = f"it has {count:,}" if count != 1 else "it has one"
    message = f"there is no record {number:,}: {holds}"
    return CasemapError([Problem("CM518", message, "Give another number with --record.", file=file)])
