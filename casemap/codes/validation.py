"""CM4xx: values that are not what a schema describes."""

from __future__ import annotations

from casemap.codes.entry import Code, conversion, library, payload

__all__ = ["VALIDATION"]

VALIDATION = (
    Code(
        "CM401",
        "invalid-payload",
        "A payload that is not valid",
        "Reports every place at which a payload is not what the schema of its document type describes.",
        "Mappings are proven for valid payloads alone. A wrong payload that is let through ends as a wrong record in"
        " another system, far from whoever could mend it.",
        payload('{"_id": 7}\n', "1:9: CM401 /_id: expected a string, found 7"),
        "Mend the payload or the program that writes it. If the payload is right, the schema is wrong: a project's own"
        " schema stands in place of a bundled one of the same type.",
    ),
    Code(
        "CM402",
        "invalid-result",
        "A result that is not valid",
        "Rejects a record whose conversion gives something that the target's schema does not allow, and names the rule"
        " that made it and the value that it was made of.",
        "What is not valid is never written: the system that receives it would refuse it, or do something else.",
        conversion(
            "fields:\n  id: _id\n  status: state\n",
            '{"_id": "a1", "state": "HANDLING"}',
            'case.json:1:24: CM402 /state: expected "open" or "closed", found "HANDLING" (rule @:6:11)',
        ),
        "Change the rule so that it gives what the target takes: a value map, a function, a `default`, a `when`.",
    ),
    Code(
        "CM403",
        "not-a-json-value",
        "A value that JSON does not have",
        "Reports a Python value that is no JSON value: a set, a date, bytes, an object of a class, a name that is no"
        " text.",
        "It cannot be validated or written. To turn it into a text on its own would be a guess.",
        library(
            'casemap.validate({"_id": {"a1"}}, "telecomx/case")',
            "CM403 not a JSON value: Unsupported type: 'set'",
        ),
        "Hand over dicts with text keys, lists, texts, numbers, booleans and None. Write times as texts.",
    ),
    Code(
        "CM404",
        "unknown-member",
        "A member that the schema does not know",
        "Reports, with `--warn-unknown`, a member that the schema allows and does not declare.",
        "Vendors' schemas are open, so a misspelt optional member is valid and is read by nobody.",
        payload(
            '{"_id": "a1", "subjekt": "Screen"}\n',
            "1:26: CM404 /subjekt: the schema of telecomx/case does not know the member `subjekt`; did you mean"
            " `subject`?",
            options="--schema telecomx/case --warn-unknown",
        ),
        "Write the name that was meant. If it is right, declare it in a schema of the project.",
        "warning",
    ),
)
