"""CM2xx: mapping files and schemas that are wrong."""

from __future__ import annotations

from casemap.codes.entry import Code, Example, File, mapping

__all__ = ["MAPPINGS"]

_SCHEMA = "schemas/telecomx/case.schema.json"

MAPPINGS = (
    Code(
        "CM201",
        "wrong-key",
        "A key that the language does not have, or that is missing",
        "Reports a key of a mapping file, a rule or an example that is none of the language's, and a key of the file"
        " that must be there and is not.",
        "A misspelt `default` would have no effect, and nobody would see it.",
        mapping(
            "fields:\n  id: {from: _id, defualt: subject}\n",
            "5:19: CM201 a rule has no key `defualt`; did you mean `default`?",
        ),
        "Write the key that was meant. Target fields stand below `fields:`, never beside the keys of a rule. Let an"
        " editor complete the keys with `schemas/casemap/mapping.schema.json`.",
    ),
    Code(
        "CM202",
        "wrong-form",
        "A value of the wrong form",
        "Reports a key whose value has not the form that the key takes: a text in place of a table, a word that is none"
        " of those allowed, an empty list, a reason without words.",
        "What is meant cannot be told.",
        mapping(
            "fields:\n  id: {from: _id, nulls: remove}\n",
            "5:26: CM202 `nulls` is one of drop, keep",
        ),
        "Write the value as the message says. The page on the mapping language has an example of each key.",
    ),
    Code(
        "CM203",
        "not-one-head",
        "A rule without exactly one head",
        "Reports a rule with no head or several, an `each` without exactly one body, and a branch of `choose` that is"
        " neither a condition nor the last `otherwise`.",
        "With two heads there are two values for one field, with none there is no value.",
        mapping(
            "fields:\n  id: {from: _id, const: a1}\n",
            "5:7: CM203 a rule has exactly one head; this one has 2: from, const",
        ),
        "Keep one of them. `first_of` takes several rules and gives the first value that is there; `choose` decides by"
        " conditions.",
    ),
    Code(
        "CM204",
        "unknown-function",
        "A function that does not exist",
        "Reports a filter whose name is none of the functions of the language or of the project.",
        "The rule cannot be compiled.",
        mapping("fields:\n  id: _id | lowr\n", "5:13: CM204 unknown function `lowr`; did you mean `lower`?"),
        "Write the name that was meant; `docs/functions.md` lists them. Functions of your own are registered in Python,"
        " with `catalog.register` or the entry point group `casemap.functions`. Other filters of Jinja are not there.",
    ),
    Code(
        "CM205",
        "wrong-argument",
        "An argument that a function does not take",
        "Reports an argument that is missing, unknown or given twice, and a constant that the function refuses: a wrong"
        " pattern, a time zone that does not exist.",
        "Every record that reaches the rule would be rejected, or converted otherwise than meant.",
        mapping(
            "fields:\n  id: _id | pad(24, '0', 'top')\n",
            '5:13: CM205 `side` of `pad` does not take `"top"`',
        ),
        "Write what the signature says; the help of the problem shows it.",
    ),
    Code(
        "CM206",
        "expression-syntax",
        "A text that is no expression, template or name",
        "Reports the first place at which a text departs from the grammar of expressions: a missing quote or bracket,"
        " an unknown escape, two texts side by side.",
        "What is meant cannot be told.",
        mapping("fields:\n  id: _id | replace('-', '\n", "5:26: CM206 the text that starts here has no closing quote"),
        "Mend the text at that place. A backslash in a pattern is doubled, as in `'\\\\d+'`;"
        " texts are joined with `~`.",
    ),
    Code(
        "CM207",
        "unsupported-expression",
        "An expression that Jinja has and mappings have not",
        "Reports what Jinja's grammar allows and the language does not: calls, slices, `**`, tuples, `loop`, comparison"
        " with null, `x if c` without `else`.",
        "Each of them would need a meaning for absent values, or hides a mistake; the language has another word for"
        " each.",
        mapping("fields:\n  id: lower(_id)\n", "5:12: CM207 `lower` is not called"),
        "Write what the help of the problem says: `_id | lower`, `tags | slice(0, 2)`, `closed is none`.",
    ),
    Code(
        "CM208",
        "unknown-name",
        "A value map, definition or mapping that does not exist",
        "Reports a `map` or `use` with a name that stands for nothing, and one that stands for two things.",
        "The rule has no value map or rule to go by.",
        mapping(
            "value_maps:\n  status: {HANDLING: open}\nfields:\n  id: _id\n  status: {from: state, map: statuses}\n",
            "8:30: CM208 there is no value map `statuses`; did you mean `status`?",
        ),
        "Write the name that was meant, or add it to `value_maps:` or `definitions:`. Rename a definition that has the"
        " name of a mapping beside the file.",
    ),
    Code(
        "CM209",
        "wrong-param",
        "A param that is not declared, or not as it should be",
        "Reports `params.name` for a name that the file does not declare, a param whose schema is wrong, and a param"
        " that a used mapping declares otherwise.",
        "A value would be missing in every record, or checked against the wrong schema.",
        mapping("fields:\n  id: _id\n  url: params.base\n", "6:8: CM209 there is no param `base`"),
        "Declare it: `params: {base: {type: string, format: uri, description: …}}`. Params of one name are one param:"
        " give them one schema.",
    ),
    Code(
        "CM210",
        "stray-modifier",
        "A modifier without what it modifies",
        "Reports `else` without `map`, `take` without `each`, and the like, and modifiers that exclude each other.",
        "It would have no effect, so the rule does something else than it says.",
        mapping("fields:\n  id: {from: _id, else: drop}\n", "5:19: CM210 `else` stands without `map`"),
        "Add what is missing, or remove the modifier.",
    ),
    Code(
        "CM211",
        "overlapping-fields",
        "Two rules for one target field",
        "Reports two keys that fill the same field, such as `customer` and `customer.name`, and a key that stands twice"
        " in a dict.",
        "One of the two values would overwrite the other.",
        mapping(
            "fields:\n  id: _id\n  customer: {fields: {id: customer}}\n  customer.name: customerName\n",
            "7:3: CM211 the target field `customer.name` overlaps with the one at line 6",
        ),
        "Keep one of the two, or put both below one `fields:`. `first_of` chooses between several values.",
    ),
    Code(
        "CM212",
        "yaml-trap",
        "A text that YAML reads otherwise than meant",
        "Reports the traps of YAML: quotes that YAML takes away, ` #` that starts a comment, an expression that starts"
        " with a bracket, a comma in `{…}` that splits a text, a name with a dash that is a subtraction.",
        "The file is valid and says something else: `channel: 'email'` is the path `email`, and not the text.",
        mapping(
            "fields:\n  id: _id\n  channel: 'email'\n",
            "6:12: CM212 this rule is the path `email`: YAML takes the quotes away",
        ),
        "Write `{const: email}` for a text. Put a whole expression in quotes if it has ` #` in it or starts with a"
        " quote or a bracket. For a member with a dash write `this['first-name']`.",
    ),
    Code(
        "CM213",
        "template-statement",
        "A statement that templates do not have",
        "Reports statements of Jinja other than `if` and `for`, and forms of `for` with a condition, an `else` or"
        " `recursive`.",
        "Values are named and chosen by rules, where they can be checked; a template writes them.",
        mapping(
            'fields:\n  id: _id\n  title: {template: "{% set n = caseNumber %}{{ n }}"}\n',
            "6:25: CM213 only `if` and `for` are statements of a template",
        ),
        "Name values with the rule's `let`, and choose items with an `each` there.",
    ),
    Code(
        "CM214",
        "misused-name",
        "A name that has another meaning, or none here",
        "Reports a `let` whose name is not plain or is one of `this`, `root`, `parent`, `index` and `params`, and the"
        " use of `index` or `parent` where there is none.",
        "A path would mean something else than it says.",
        mapping("fields:\n  id: _id\n  number: index | string\n", "6:11: CM214 `index` stands outside of an `each`"),
        "Choose another name. For a member of the document with that name write `this.index`.",
    ),
    Code(
        "CM215",
        "value-map-key",
        "A key that a value map cannot have",
        "Reports a null key, and with `ignore_case` keys that differ in case only.",
        "A null is absent and never looked up. Of two keys that are one, only one entry could be meant.",
        mapping(
            "fields:\n  id: _id\n  status: {from: state, map: {CLOSED: closed, null: open}}\n",
            "6:47: CM215 null cannot be a key of a value map",
        ),
        "Use `default` for an absent value, and leave one of the keys out.",
    ),
    Code(
        "CM216",
        "circular-use",
        "Definitions or mappings that use themselves",
        "Reports a `use` that leads back to where it stands, over definitions or over mappings.",
        "It would never come to an end.",
        mapping(
            "definitions:\n  note: {fields: {text: content, replies: {each: replies, use: note}}}\n"
            "fields:\n  id: _id\n  notes: {each: messages, use: note}\n",
            "5:64: CM216 definitions are not recursive: note → note",
        ),
        "Write one of them out, as deep as the target goes.",
    ),
    Code(
        "CM217",
        "unknown-test",
        "A test that does not exist",
        "Reports `is` with a word that is none of the language's tests, and a test with an argument.",
        "The condition cannot be compiled. Jinja's other tests take absent values for true or false as they like.",
        mapping(
            "fields:\n  id: _id\n  number: {from: caseNumber, when: caseNumber is odd}\n",
            "6:47: CM217 unknown test `odd`",
        ),
        "Use one of the tests that the help lists, or compare: `caseNumber % 2 == 1`.",
    ),
    Code(
        "CM219",
        "no-usable-schema",
        "A document type without a usable schema",
        "Reports a `source` or `target` that is no document type, and a schema that is not valid, refers to something"
        " that is not there, or is not one document.",
        "Without the two schemas nothing can be proven or validated.",
        Example(
            (
                File(_SCHEMA, '{"type": "objekt"}\n'),
                File("case.json", '{"_id": "a1"}\n'),
            ),
            "casemap validate case.json --schema telecomx/case",
            "schemas/telecomx/case.schema.json:1:10: CM219 /type: the schema of telecomx/case is not usable: expected"
            ' an array or "array", "boolean", "integer", "null", "number", "object" or "string", found "objekt"; did'
            ' you mean "object"?',
        ),
        "Write the type that was meant; `casemap formats` lists them. Mend the schema: references lead to the project's"
        " and the bundled schemas, and nothing is fetched.",
    ),
    Code(
        "CM220",
        "wrong-example",
        "An example that is not one",
        "Reports an entry of `examples` without a `source`, or without exactly one of `target` and `reject`, or with a"
        " value that is neither `{value: …}` nor `{file: …}`.",
        "It could not be run, so it would show nothing.",
        mapping(
            "fields:\n  id: _id\nexamples:\n  - source: {value: {_id: a1}}\n",
            "7:5: CM220 an example has `source`, and either `target` or `reject`",
        ),
        "Write `{source: {value: …}, target: {value: …}}`, or `reject: CM…` in place of the target.",
    ),
    Code(
        "CM221",
        "mapping-too-deep",
        "A mapping that is nested too deep",
        "Reports rules and expressions so deep inside each other that they cannot be compiled: loops more than 20 deep,"
        " or thousands of levels of anything else.",
        "Python, which the mapping becomes, has these limits.",
        mapping(
            'fields:\n  id: _id\n  title: {template: "' + "{% for a in a %}" * 21 + "{% endfor %}" * 21 + '"}\n',
            "1:1: CM221 loops are nested more than 20 deep",
        ),
        "Name parts of it with `let` or `definitions`, or split it into mappings that `use` each other.",
    ),
)
