"""CM1xx: files and texts that cannot be read."""

from __future__ import annotations

from casemap.codes.entry import Code, command, payload

__all__ = ["READING"]

READING = (
    Code(
        "CM101",
        "unreadable-file",
        "A file that cannot be read",
        "Reports a file that is not there, that may not be read, that is a directory, or whose compressed data is"
        " damaged.",
        "Nothing is known of what it holds. To go on without it would give a result that looks whole and is not.",
        command("casemap validate missing.json", "missing.json: CM101 cannot be read: No such file or directory"),
        "Check the name, the directory that it is looked for in, and who may read it. Name the files of a directory"
        " one by one. Fetch a damaged file again.",
    ),
    Code(
        "CM102",
        "not-utf-8",
        "A text that is not UTF-8",
        "Reports the first byte of a file that cannot stand in a text in UTF-8.",
        "JSON that systems exchange is UTF-8 (RFC 8259, section 8.1). To guess another encoding turns names and"
        " messages of customers into other characters, and nobody notices.",
        payload('{"_id": "1", "subject": "Åland"}\n', "1:26: CM102 not a text in UTF-8: byte 0xc5", encoding="latin-1"),
        "Save the file as UTF-8, or have the program that exports it write UTF-8.",
    ),
    Code(
        "CM103",
        "not-json",
        "A text that is not JSON",
        "Reports the first place at which a text departs from the grammar of JSON: a comma too many, a comment,"
        " single quotes, a text that is not closed. Nothing behind that place is read.",
        "Readers that are forgiving differ in what they forgive, so a file that one system takes is refused or read"
        " in another way by the next.",
        payload('{"_id": "1", "subject": "Screen",}\n', "1:33: CM103 a comma stands before the closing `}`"),
        "Mend the text at that place, or the program that writes it. A file with one document on each line is NDJSON:"
        " give it the ending `.ndjson`, or say `--input-format ndjson`.",
    ),
    Code(
        "CM104",
        "not-yaml",
        "A text that is not YAML",
        "Reports the first place at which a text departs from the grammar of YAML.",
        "What stands behind that place cannot be read, and what stands before it may have been meant otherwise.",
        payload(
            "_id: a1\nsubject: [Screen\n",
            "3:1: CM104 not YAML: while parsing a flow sequence did not find expected ',' or ']'",
            name="case.yaml",
        ),
        "Indent with spaces. Put a text in quotes if it has `: ` or ` #` in it, or starts with a character that means"
        " something in YAML. In a mapping, those are most often expressions that start with a quote or a bracket.",
    ),
    Code(
        "CM105",
        "duplicate-member",
        "A member that stands twice",
        "Reports the second of two members of one name in one object, in JSON and in YAML.",
        "Readers differ in which of the two they take (RFC 8259, section 4), and most drop the other without a word."
        " In a mapping, one of two rules for a field would silently have no effect.",
        payload(
            '{"_id": "a1", "_id": "a2"}\n',
            '1:15: CM105 /_id: the member "_id" stands twice (first at column 2)',
        ),
        "Remove one of the two, or join their values.",
    ),
    Code(
        "CM106",
        "not-finite",
        "A number that JSON does not have",
        "Reports `NaN`, `Infinity` and `-Infinity`, which some programs write and JSON has no words for.",
        "Other readers refuse such a text, or read null in its place (RFC 8259, section 6).",
        payload('{"_id": "a1", "credits": NaN}\n', "1:26: CM106 /credits: NaN is not a JSON number"),
        "Leave the member out, or write null.",
    ),
    Code(
        "CM107",
        "nested-too-deep",
        "A document that is nested too deep",
        "Reports objects and arrays inside each other, more than 254 levels of them.",
        "No format goes half as deep. Texts of brackets alone are a known way to make a reader run out of memory or"
        " stack.",
        payload("[" * 255 + "\n", "1:255: CM107 nested deeper than 254 levels"),
        "Flatten the document.",
    ),
    Code(
        "CM108",
        "lone-surrogate",
        "Half of a surrogate pair",
        "Reports a text with an escape such as `\\ud83d` that is half of a character.",
        "It is no character, so the text cannot be written as UTF-8; other programs put a question mark in its place."
        " Most often a text was cut to a length between the two halves.",
        payload(
            '{"_id": "a1", "subject": "Thanks \\ud83d"}\n',
            "1:26: CM108 /subject: the text has half of a surrogate pair, which is no character",
        ),
        "Write both halves, or the character itself. Cut texts by characters, not by UTF-16 units.",
    ),
    Code(
        "CM109",
        "inexact-number",
        "A number that cannot be kept exactly",
        "Reports a number with a fraction or an exponent that has more digits than a double holds, and an integer of"
        " more than 4,300 digits. Shorter integers are kept exactly, whatever their size.",
        "It would become another number without a word. Long numbers are most often identifiers or amounts.",
        payload(
            '{"_id": "a1", "credits": 0.12345678901234567890}\n',
            "1:26: CM109 /credits: 0.12345678901234567890 cannot be kept exactly: it would become 0.12345678901234568",
        ),
        "Write it as a text, or with at most 17 significant digits.",
    ),
    Code(
        "CM110",
        "empty-text",
        "A file with nothing in it",
        "Reports a file in which there is no document, or a stream without any record whose type could be seen.",
        "A JSON text holds one value. An empty file is most often an export that failed, and not one of no cases.",
        payload("", "1:1: CM110 the text is empty"),
        "Check the export. For no cases write `[]`, and say the type with `--from`.",
    ),
    Code(
        "CM111",
        "unsupported-yaml",
        "A feature of YAML that is not read",
        "Reports tags, keys that are no texts, unknown anchors, and aliases that expand to more than 10,000 nodes.",
        "Tags stand for values that JSON does not have. A few lines of aliases can expand to billions of nodes.",
        payload(
            "_id: a1\nsubject: !!binary U2NyZWVu\n",
            "2:10: CM111 the tag tag:yaml.org,2002:binary is not allowed",
            name="case.yaml",
        ),
        "Write the value itself, without a tag. Put a key that is a number or null in quotes.",
    ),
)
