"""CM6xx: what `casemap check` finds in mappings and schemas that can be loaded."""

from __future__ import annotations

from casemap.codes.entry import CHECKING, Code, Example, File, check

__all__ = ["CHECKS"]

_ORDER = "schemas/shop/order.schema.json"

CHECKS = (
    Code(
        "CM601",
        "unproven-guard",
        "A field that may reject records",
        "Reports a field or function of which it is not proven that it works for every valid source, so that a guard"
        " checks it at run time, and whose rule does not say that this is known. The message names the condition.",
        "Some records will be rejected, and nobody has said that they may be.",
        check(
            "fields:\n  id: id\n  created: opened | datetime\n",
            "6:21: CM601 `created` rejects an order whose `opened` is no time with an offset",
            order='"opened": {"type": "string"}',
            ticket='"created": {"type": "string"}',
        ),
        "Handle those values, with `default`, `else`, `when` or `first_of`, or say on the rule `may_reject: <why>`."
        " `--strict` makes this an error.",
        "warning",
    ),
    Code(
        "CM602",
        "wrong-field",
        "A field that is not valid",
        "Reports a target field that a valid source leaves out though the target requires it, or for which no valid"
        " source gives a valid value. A counterexample shows a source and what becomes of it.",
        "Records will be rejected, or all of them, on data that is right.",
        check(
            "fields:\n  name: id\n",
            "5:3: CM602 the target requires `id`, and no rule fills it",
            ticket='"name": {"type": "string"}',
        ),
        "Add or mend the rule so that it gives what the target's schema takes.",
    ),
    Code(
        "CM603",
        "unmapped-source-field",
        "A source field that nothing reads",
        "Reports a field that the source's schema declares, that no rule reads and that `unmapped:` does not name.",
        "What it holds is lost in every record, and nobody has decided so.",
        check(
            "fields:\n  id: id\n",
            "2:9: CM603 `subject` of shop/order is not mapped",
            order='"subject": {"type": "string"}',
        ),
        "Map it, or name it under `unmapped:` with the reason why it is left behind.",
        "warning",
    ),
    Code(
        "CM604",
        "unfilled-target-field",
        "A target field that nothing fills",
        "Reports a field that the target's schema declares, that no rule fills and that `unset:` does not name.",
        "Whoever reads the result cannot tell whether the source lacks it or somebody forgot it.",
        check(
            "fields:\n  id: id\n",
            "3:9: CM604 `title` of desk/ticket is not filled",
            ticket='"title": {"type": "string"}',
        ),
        "Fill it, or name it under `unset:` with the reason why there is no source for it.",
        "warning",
    ),
    Code(
        "CM605",
        "dead-rule",
        "A rule that never gives a value",
        "Reports a rule that is absent for every valid source, because of what it reads or because its condition is"
        " never true.",
        "The field looks mapped and is always missing.",
        check(
            "fields:\n  id: id\n  title: {from: id, when: state == 'OPEN'}\n",
            "6:27: CM605 `title` is never filled: `state == 'OPEN'` never holds",
            order='"state": {"enum": ["open", "closed"]}',
            ticket='"title": {"type": "string"}',
        ),
        "Mend the path or the condition, or remove the rule and say under `unset:` why.",
        "warning",
    ),
    Code(
        "CM606",
        "unreachable-branch",
        "A branch that is never taken",
        "Reports a branch of `choose`, `first_of`, `default` or `coalesce` behind one that always gives a value.",
        "What it says never happens, though it looks as if it did.",
        check(
            "fields:\n  id: {first_of: [id, number]}\n",
            "5:23: CM606 this is never reached: `id` is always there",
            order='"number": {"type": "string"}',
        ),
        "Remove it, or change the order.",
        "warning",
    ),
    Code(
        "CM607",
        "impossible-key",
        "A value map's key that the source never has",
        "Reports an entry of a value map for a value that the source's schema does not allow there.",
        "Most often it is misspelt, and the value that was meant has no entry.",
        check(
            "fields:\n  id: id\n  status: {from: state, map: {shut: closed, open: open}, else: drop}\n",
            '6:31: CM607 `state` is never "shut"; it is open or closed',
            order='"state": {"enum": ["open", "closed"]}',
            ticket='"status": {"type": "string"}',
        ),
        "Write the value that was meant, or remove the entry.",
        "warning",
    ),
    Code(
        "CM608",
        "impossible-value",
        "A value that the target never takes",
        "Reports a constant, or a value of a value map, that the target's schema does not allow in that field.",
        "Each record that comes to it is rejected.",
        check(
            "fields:\n  id: id\n  status: {from: state, map: {CLOSED: shut}, else: drop}\n",
            '6:39: CM608 `status` of desk/ticket is never "shut"; it is open or closed',
            order='"state": {"type": "string"}',
            ticket='"status": {"enum": ["open", "closed"]}',
        ),
        "Write one of the values that the target takes.",
    ),
    Code(
        "CM609",
        "unused-name",
        "A name that nothing uses",
        "Reports a param, value map, definition or `let` that no rule uses.",
        "A param would be asked for in vain. What nobody uses nobody keeps right, and it misleads who reads it.",
        check(
            "value_maps:\n  severity: {high: urgent}\nfields:\n  id: id\n",
            "5:3: CM609 the value map `severity` is not used",
        ),
        "Use it or remove it.",
        "warning",
    ),
    Code(
        "CM610",
        "unexplained-approximation",
        "An approximation without a reason",
        "Reports a rule that gives a constant in place of a value that it does not know, with `else: {const: …}`, and"
        " does not say with `approximate` or `note` why.",
        "In the result it looks like a fact of the source.",
        check(
            "fields:\n  id: id\n  severity: {from: priority, map: {urgent: high}, else: {const: low}}\n",
            "6:65: CM610 `low` stands in for any other `priority`, and the rule does not say why",
            order='"priority": {"type": "string"}',
            ticket='"severity": {"type": "string"}',
        ),
        "Add `approximate: <why>`, which the crosswalk, the ledger and every summary show, or drop such values.",
        "warning",
    ),
    Code(
        "CM611",
        "failing-example",
        "An example that does not hold",
        "Reports an entry of the mapping's `examples` whose source gives another target, or another code, than it says,"
        " or that is no valid payload.",
        "Either the mapping or the example is wrong, and who reads the example learns something false.",
        check(
            "fields:\n  id: id\nexamples:\n  - {source: {value: {id: a1}}, target: {value: {id: a2}}}\n",
            '7:5: CM611 this example gives {"id":"a1"}, not {"id":"a2"}',
        ),
        "Mend whichever of the two is wrong.",
    ),
    Code(
        "CM612",
        "unreachable-type",
        "A document type that no route reaches",
        "Reports a document type of the project that is neither the source nor the target of any mapping.",
        "Payloads of this type can be validated and never converted; most often a mapping is missing.",
        Example(
            (File(_ORDER, '{"type": "object"}\n'),),
            CHECKING,
            f"{_ORDER}:1:1: CM612 no mapping reads or writes shop/order",
        ),
        "Write a mapping, or remove the schema.",
        "warning",
    ),
    Code(
        "CM613",
        "dangling-reference",
        "A reference that leads nowhere",
        "Reports a `$ref` of a schema to a definition or a document that is not there.",
        "The schema cannot be used; some validators find out only at a value that the reference is for.",
        Example(
            (File(_ORDER, '{"$ref": "#/$defs/Order"}\n'),),
            CHECKING,
            f"{_ORDER}:1:10: CM613 `#/$defs/Order` leads nowhere",
        ),
        "Write the reference that was meant. Schemas refer to each other by their `$id`; nothing is fetched.",
    ),
    Code(
        "CM614",
        "misspelt-keyword",
        "A keyword that JSON Schema does not have",
        "Reports a key of a schema that is close to a keyword of JSON Schema and is none.",
        "Validators ignore what they do not know, so the schema allows more than it says.",
        Example(
            (File(_ORDER, '{"type": "object", "requird": ["id"]}\n'),),
            CHECKING,
            f"{_ORDER}:1:20: CM614 `requird` is no keyword; did you mean `required`?",
        ),
        "Write the keyword that was meant. Annotations of your own begin with `x-`.",
        "warning",
    ),
    Code(
        "CM615",
        "unknown-source-path",
        "A path that the source does not have",
        "Reports a path to a member that the source's schema does not declare, in an object that it describes.",
        "Most often it is misspelt; the field would be missing in every record.",
        check(
            "fields:\n  id: id\n  number: orderNumbr | string\n",
            "6:11: CM615 shop/order has no field `orderNumbr`; did you mean `orderNumber`?",
            order='"orderNumber": {"type": "integer"}',
            ticket='"number": {"type": "string"}',
        ),
        "Write the path that was meant, or declare the member in the schema.",
    ),
    Code(
        "CM616",
        "absent-argument",
        "An argument that can be absent",
        "Reports an argument of a function or operator, other than the first, that can be absent.",
        "The whole value is absent then: a title can go missing because the case has no number.",
        check(
            "fields:\n  id: id\n  title: id ~ '/' ~ number\n",
            "6:21: CM616 `number` can be absent, and then `title` is",
            order='"number": {"type": "string"}',
            ticket='"title": {"type": "string"}',
        ),
        "Say with `default` what is taken in its place, or leave the field out on purpose with `when`.",
        "warning",
    ),
)
