"""CM3xx: records that a mapping cannot convert."""

from __future__ import annotations

from casemap.codes.entry import Code, conversion, library

__all__ = ["CONVERSION"]

CONVERSION = (
    Code(
        "CM301",
        "unlisted-value",
        "A value that a value map does not list",
        "Rejects a record with a value for which the rule's value map has no entry, unless the rule says with `else`"
        " what becomes of such values.",
        "A status or severity that nobody thought of would get some other meaning, or vanish.",
        conversion(
            "fields:\n  id: _id\n  status: {from: priority, map: {urgent: open}}\n",
            '{"_id": "a1", "priority": "low"}',
            'case.json:1:27: CM301 /priority: this map has no entry for "low" (rule @:6:33)',
        ),
        "Add the value to the map. If such values are to be expected, say `else: drop`, `else: keep` or"
        ' `else: {const: …}`. Keys are typed: `1` does not list the text `"1"`.',
    ),
    Code(
        "CM302",
        "wrong-type",
        "A value of a type that is not taken",
        "Rejects a record in which a function, an operator or a condition gets a value of another type than it takes.",
        'To convert types silently hides mistakes: `"10"` sorts before `"9"`, and every text counts as true.',
        conversion(
            "fields:\n  id: _id\n  number: (number + 1) | string\n",
            '{"_id": "a1", "number": "7"}',
            'case.json:1:25: CM302 /number: `+` takes numbers, not a text: "7" (rule @:6:12)',
        ),
        "Convert the value where you know what it is: `number | int`. For `a or b` in the sense of `b if a is missing`"
        " write `a | default(b)`.",
    ),
    Code(
        "CM303",
        "failed-conversion",
        "A value that a function cannot convert",
        "Rejects a record with a value of the right type that a function cannot work on: a text that is no number, a"
        " date without an offset, a pattern that does not fit.",
        "A failure is never absence. If it were, a wrong date would look like a case without a date.",
        conversion(
            "fields:\n  id: _id\n  handling_ms: minutes | int\n",
            '{"_id": "a1", "minutes": "ten"}',
            'case.json:1:26: CM303 /minutes: int: "ten" is no number (rule @:6:26)',
        ),
        "Mend the data, or ask before converting: `when: minutes | regex_test('^[0-9]+$')`. `may_reject: <why>` says"
        " that such records are known and are to be rejected.",
    ),
    Code(
        "CM304",
        "required-value-absent",
        "A required value that is absent",
        "Rejects a record in which the value before `| required` is absent.",
        "The mapping says that the value must be there; without it the result would lack what somebody relies on.",
        conversion(
            "fields:\n  id: _id\n  title: subject | required\n",
            '{"_id": "a1"}',
            "case.json:1:1: CM304 /subject: a required value is absent (rule @:6:20)",
        ),
        "Give the payload the value, or say with `default` what stands in its place.",
    ),
    Code(
        "CM305",
        "colliding-members",
        "Two members of one name in the result",
        "Rejects a record in which a member with a computed name, or one of the members that `'*'` spreads, has the"
        " name of another member. A declared field counts even while it is absent.",
        "One of the two values would overwrite the other.",
        conversion(
            "fields:\n  id: _id\n  custom:\n    fields:\n      plan: plan\n      '*': attributes\n",
            '{"_id": "a1", "attributes": {"plan": "gold"}}',
            'case.json:1:29: CM305 /attributes: two members of the result are named "plan" (rule @:9:7)',
        ),
        "Rename one of them, take it out of what is spread with `omit`, or say `on_collision: drop` beside the `'*'`.",
    ),
    Code(
        "CM306",
        "step-into-value",
        "A step into a value that has no members",
        "Rejects a record in which a path goes on below a text, a number or a boolean, asks an array for a member, or"
        " an object for an index.",
        "The payload is built otherwise than the mapping expects. If the step gave nothing, the field would go"
        " missing without a word.",
        conversion(
            "fields:\n  id: _id\n  customer.name: contact.name\n",
            '{"_id": "a1", "contact": "Ada"}',
            'case.json:1:26: CM306 /contact: `name` is a member, and a text has none: "Ada" (rule @:6:18)',
        ),
        "Describe in the source's schema what the value can be. Where it can be both, ask:"
        " `contact.name if contact is object else contact`.",
    ),
    Code(
        "CM307",
        "mixed-types",
        "Values of different types that are to be ordered",
        "Rejects a record in which `sort`, `sort_by`, `min` or `max` meet values that are neither all numbers nor all"
        " texts.",
        "There is no order between a number and a text; any that were made up would be taken for data.",
        conversion(
            "fields:\n  id: _id\n  tags: labels | sort\n",
            '{"_id": "a1", "labels": ["b", 1]}',
            "case.json:1:25: CM307 /labels: sort takes all numbers or all texts; among them is a number: 1"
            " (rule @:6:18)",
        ),
        "Bring the values to one type, item by item, before they are ordered. `compact` leaves nulls out.",
    ),
    Code(
        "CM308",
        "wrong-member-name",
        "A name for a member that is no text, or stands twice",
        "Rejects a record in which a computed name or a `key` is not a text, or in which two items have the same"
        " `key`.",
        "Names in JSON are texts. Of two items of one key, one would overwrite the other.",
        conversion(
            "fields:\n  id: _id\n  custom: {each: attributes, key: name, value: value}\n",
            '{"_id": "a1", "attributes": [{"name": "plan", "value": 1}, {"name": "plan", "value": 2}]}',
            'case.json:1:69: CM308 /attributes/1/name: two items have the key "plan" (rule @:6:35)',
        ),
        "Write `| string` behind a name that is a number. Say with `repeated: first`, `last` or `collect` what becomes"
        " of items with equal keys.",
    ),
    Code(
        "CM309",
        "division-by-zero",
        "A division by zero",
        "Rejects a record in which `/`, `//` or `%` has a zero on its right.",
        "There is no such number, and JSON has none to stand for it.",
        conversion(
            "fields:\n  id: _id\n  counts.credits: total / count\n",
            '{"_id": "a1", "total": 90, "count": 0}',
            "case.json:1:24: CM309 /total: division by zero: 90 / 0 (rule @:6:19)",
        ),
        "Divide only where there is something to divide by: `when: count > 0`.",
    ),
    Code(
        "CM311",
        "absent-result",
        "A result that is absent",
        "Rejects a record for which the rule at the top of the mapping gives no value. An object without any field is"
        " `{}` there, and a value.",
        "There is nothing to write for this record, and to leave it out would lose it without a word.",
        conversion(
            "choose:\n  - when: state == 'CLOSED'\n    fields: {id: _id}\n",
            '{"_id": "a1", "state": "HANDLING"}',
            "case.json:1:1: CM311 the result is absent (rule @:5:5)",
        ),
        "Add an `otherwise` or a `default` to the rule at the top.",
    ),
    Code(
        "CM312",
        "value-too-large",
        "A value that is too large to be worked on",
        "Rejects a record with a value that cannot be compared because it has more than ten million parts, or that is"
        " nested deeper than Python's calls can be.",
        "The program would run out of memory or end with a crash, and with it the run over all other records.",
        library(
            'casemap.Catalog(".").convert({"_id": "a1", "labels": [[[0] * 1000] * 10_001]}, "telecomx/case",'
            ' "common/case")',
            "CM312 /labels: a value is too large to be compared (rule @:6:18)",
            "fields:\n  id: _id\n  tags: labels | unique\n",
        ),
        "Compare a part of it: an identifier, or a hash that `sha256` gives.",
    ),
)
