"""CM5xx: the catalog, and what a command or a program asks of it."""

from __future__ import annotations

from casemap.codes.entry import Code, Example, File, command

__all__ = ["USAGE"]

_CASE = '{"_id": "a1"}'
_DETOUR = (
    File("mappings/khoros-to-telecomx/case.yaml", "casemap: 1\nsource: khoros/case\ntarget: telecomx/case\nuse: …\n"),
    File("mappings/telecomx-to-egain/case.yaml", "casemap: 1\nsource: telecomx/case\ntarget: egain/case\nuse: …\n"),
)

USAGE = (
    Code(
        "CM501",
        "unknown-type",
        "A document type that does not exist",
        "Reports a type or format that the catalog does not have: neither the project's nor the bundled schemas.",
        "There is no schema to read the payloads by.",
        command(
            "casemap show telecomx/case koros/case",
            "CM501 there is no document type `koros/case`; did you mean `khoros/case`?",
        ),
        "Write the type that was meant; `casemap formats` lists them. A project's own are found from `--project`, or"
        " from the nearest folder upwards with a `casemap.toml`.",
    ),
    Code(
        "CM502",
        "no-route",
        "Two types without a route between them",
        "Reports a source and a target that no chain of mappings connects.",
        "There is no rule for any of the target's fields.",
        command(
            "casemap show telecomx/error khoros/case",
            "CM502 there is no route from telecomx/error to khoros/case",
        ),
        "Choose one of the targets that the help lists, or write a mapping: into `common` and out of it, and every"
        " vendor is reached.",
    ),
    Code(
        "CM503",
        "ambiguous-route",
        "Several shortest routes",
        "Reports a source and a target that several chains of the same number of mappings connect.",
        "They may give different results, and which one is taken is not for the program to choose.",
        Example(
            _DETOUR,
            "casemap show khoros/case egain/case",
            "CM503 there are 2 routes of equal length from khoros/case to egain/case: khoros-to-telecomx/case →"
            " telecomx-to-egain/case; khoros-to-common/case → common-to-egain/case",
        ),
        "Choose one with `--via common`, or write the direct mapping, which is shorter than both.",
    ),
    Code(
        "CM504",
        "missing-param",
        "A param that is not given",
        "Reports a param that a mapping on the route declares and that has no value.",
        "Fields that need it would be missing in every record.",
        command(
            "casemap convert case.json --from egain/case --to common",
            "CM504 the param `base_url` is missing: The address of the eGain server, where its relative links start.",
            case='{"id": "1000"}',
        ),
        'Give it with `-p name=value`, or `params={"name": value}` in Python.',
    ),
    Code(
        "CM505",
        "unknown-param",
        "A param that the route does not have",
        "Reports a param that no mapping on the route declares.",
        "It would have no effect. Most often it is misspelt, and the one that was meant is missing.",
        command(
            "casemap convert case.json --from telecomx/case --to common -p base_url=https://example.com",
            "CM505 the route has no param `base_url`",
            case=_CASE,
        ),
        "Write the name that was meant, or leave it out.",
    ),
    Code(
        "CM506",
        "invalid-param",
        "A param that is not valid",
        "Reports a param whose value its schema does not allow, and a param that two mappings of a route declare with"
        " different schemas.",
        "A wrong value would be written into every record.",
        command(
            "casemap convert case.json --from egain/case --to common -p base_url=egain",
            "CM506 the param `base_url` is not valid: expected a URI with its scheme, such as"
            ' https://example.com/a, found "egain"',
            case='{"id": "1000"}',
        ),
        "Give a value that the schema allows. From the command line a value is taken as it is where its schema allows"
        " a text, else read as JSON.",
    ),
    Code(
        "CM507",
        "undetected-type",
        "A payload whose type cannot be told",
        "Reports a payload that is valid for no document type, or for several that fit it equally well.",
        "To guess would convert a document by rules that were made for another.",
        command(
            "casemap validate case.json", "case.json:1:1: CM507 the payload is valid for no document type", case="5"
        ),
        "Say the type: `--from` with `convert`, `--schema` with `validate`. Then the problems say what is not valid.",
    ),
    Code(
        "CM508",
        "unusable-project",
        "A project that cannot be used",
        "Reports a project folder that does not exist or is no folder, and an entry point of `casemap.functions` that"
        " is no function of casemap.",
        "Without its schemas, mappings and functions other results would come out.",
        command("casemap formats --project nowhere", "CM508 the project folder nowhere does not exist"),
        "Give a folder with `schemas/` and `mappings/`. Let the entry point name a `casemap.Function`.",
    ),
    Code(
        "CM509",
        "cannot-write",
        "A result that cannot be written",
        "Reports a file or a folder that the system refuses to write: it may not be written, the disk is full, the"
        " folder is not there.",
        "The result would be incomplete. The file that was there before is left as it was.",
        command(
            "casemap convert case.json --from telecomx/case --to common -o missing/out.json",
            "missing/out.json: CM509 cannot be written: No such file or directory",
            case=_CASE,
        ),
        "Make the folder, free some space, or write to another place.",
    ),
    Code(
        "CM510",
        "refused-output",
        "An output that would destroy something",
        "Reports outputs that would be written over an input or over each other, and combinations of inputs and output"
        " that have no meaning.",
        "Data would be lost, without a way back.",
        command(
            "casemap convert case.json --from telecomx/case --to common -o case.json",
            "CM510 case.json would be written over the input case.json",
            case=_CASE,
        ),
        "Write to another file, or to a folder: `-o converted/`.",
    ),
    Code(
        "CM511",
        "unknown-code",
        "A problem code that does not exist",
        "Reports a code or short name that `casemap rule` does not know.",
        "There is nothing to show.",
        command(
            "casemap rule unknown-filter",
            "CM511 there is no problem code `unknown-filter`; did you mean `unknown-type`?",
        ),
        "Run `casemap rule` for the list of all.",
    ),
    Code(
        "CM512",
        "wrong-selection",
        "A configuration of files and schemas that is wrong",
        "Reports a pattern in `[tool.casemap.validate]`, or `[validate]` of a `casemap.toml`, that is none or has no"
        " schema as its value, and a `casemap.toml` that is no TOML.",
        "Files would be left unchecked, and nobody would notice.",
        Example(
            (File("casemap.toml", '[validate]\n"exports/*.json" = 5\n'),),
            "casemap validate",
            "casemap.toml:2: CM512 the pattern 'exports/*.json' has 5 as its schema",
        ),
        "Write a document type or a schema file behind each pattern, or false for files that are not to be checked.",
    ),
    Code(
        "CM513",
        "no-files",
        "A configuration that no file fits",
        "Reports a table `[tool.casemap.validate]` whose patterns mean none of the project's files, where the command"
        " was given no files.",
        "It looks as if everything were valid, while nothing was checked.",
        Example(
            (File("casemap.toml", '[validate]\n"exports/*.json" = "telecomx/case"\n'),),
            "casemap validate",
            "casemap.toml: CM513 no file is meant by the patterns of the configuration",
        ),
        "Mend the patterns, which start at the project's folder, or name files.",
    ),
    Code(
        "CM514",
        "lost-process",
        "A process that was ended",
        "Reports one of the processes of a run that could not be started, or that was ended by something else: the"
        " system ends the one that takes most memory when there is too little.",
        "The records that it had would be missing from the result. What was converted before them is kept, and no"
        " output is written.",
        Example(
            (),
            '__import__("casemap.run.pool").run.pool.Pool(lambda chunk: __import__("os")._exit(3), 1).outputs('
            'iter([casemap.run.blocks.Block(b"{}")]))',
            "1: CM514 a process was ended with the code 3, so the chunk that starts at this line is not converted",
            "python",
        ),
        "Look for the signal's reason in the system's log. Run the command again with `--resume`, and with fewer"
        " `--jobs` where memory was short.",
    ),
    Code(
        "CM518",
        "no-such-part",
        "A record or field that is not there",
        "Reports a record that `--record` asks for and that the file does not have, and a field of the result that"
        " `casemap explain --field` asks for and that no rule stands for.",
        "There is nothing to explain.",
        command(
            "casemap explain case.json --from telecomx/case --to common --field /idd",
            "CM518 the result has no field '/idd'; did you mean /id?",
            case='{"_id": "a1"}',
        ),
        "Give the JSON Pointer of a value of the result, or the number of a record, counted from 1.",
    ),
)
