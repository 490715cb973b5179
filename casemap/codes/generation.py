"""CM7xx: generated models."""

from __future__ import annotations

from casemap.codes.entry import Code, Example, File

__all__ = ["GENERATION"]

GENERATION = (
    Code(
        "CM701",
        "wrong-configuration",
        "A configuration of models that is wrong",
        "Reports a key of `[tool.casemap.generate]` that is not known or has a value that it does not take, and a"
        " configuration file that is no TOML.",
        "A misspelt key would have no effect, and other models would be written than are wanted.",
        Example(
            (File("casemap.toml", '[generate]\nclas-prefix = "Our"\n'),),
            "casemap generate khoros/case -o models.py",
            "casemap.toml: CM701 [generate]: there is no key `clas-prefix`; did you mean `class-prefix`?",
        ),
        "Write the key that was meant; the help of the problem lists them.",
    ),
    Code(
        "CM702",
        "stale-models",
        "Models that are not what the schemas give",
        "Reports a generated file that `casemap generate --check` finds to differ from what would be written, to be"
        " missing, or to be given by no schema any more.",
        "Programs would go by a schema that is no longer true.",
        Example(
            (),
            "casemap generate khoros/case -o models.py --check",
            "models.py: CM702 the file is not what the schemas give",
        ),
        "Run the command again without `--check`, and commit what it writes.",
    ),
    Code(
        "CM703",
        "foreign-file",
        "A file in the way of generated models",
        "Reports a file that stands where a model is to be written and was not written by casemap.",
        "Somebody's work would be overwritten.",
        Example(
            (File("models.py", "class Case: ...\n"),),
            "casemap generate khoros/case -o models.py",
            "models.py: CM703 the file is in the way: casemap did not generate it",
        ),
        "Give another place with `-o`, or remove the file.",
    ),
)
