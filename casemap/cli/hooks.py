"""The hooks for pre-commit, as a table. `.pre-commit-hooks.yaml` and `docs/pre-commit.md` are generated from it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HOOKS", "Hook", "hooks_file", "hooks_page"]

_PAYLOADS = r"\.(json|ndjson|jsonl|ya?ml)(\.gz|\.zst)?$"
_PROJECT = r"(^|/)(schemas/.+\.schema\.json|mappings/.+\.ya?ml|casemap\.toml)$"
_MODELS = r"(^|/)(schemas/.+\.schema\.json|casemap\.toml|pyproject\.toml)$|\.py$"
_WRITTEN = "Written by `python -m docs.hooks` from the table in casemap/cli/hooks.py; change the table, not this file."


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook: `entry` is the command, `files` the regular expression of the files that start it.

    The command is given these files where `pass_filenames` says so; else it looks at the whole project. `extra` is the
    optional part of the package that the command needs.
    """

    id: str
    name: str
    description: str
    entry: str
    files: str
    about: str
    pass_filenames: bool
    extra: str | None = None


HOOKS = (
    Hook(
        "casemap-validate",
        "casemap: validate payloads",
        "Validates JSON, NDJSON and YAML payloads against the schemas of their document types.",
        "casemap validate --quiet",
        _PAYLOADS,
        "Validates the payloads among the changed files. Which schema: `args: [--schema, TYPE-or-file]`, else the table"
        " `[tool.casemap.validate]`, else the type is detected. A file of no known type fails, so say with `files`"
        " which"
        ' files are payloads, or end the table with `"**" = false`.',
        pass_filenames=True,
    ),
    Hook(
        "casemap-check",
        "casemap: check mappings and schemas",
        "Proves the project's mappings again whenever a mapping or a schema changes.",
        "casemap check",
        _PROJECT,
        "Checks all mappings of the project as soon as a mapping or a schema has changed: a changed schema can break a"
        " mapping that nobody touched. With `args: [--strict]` a guard that no rule acknowledges fails as well.",
        pass_filenames=False,
    ),
    Hook(
        "casemap-generate",
        "casemap: generated models are fresh",
        "Fails where the generated pydantic models are not what the schemas give.",
        "casemap generate --check --quiet",
        _MODELS,
        "Fails where the generated models are not what the schemas give; `casemap generate` writes them.",
        pass_filenames=False,
        extra="generate",
    ),
)


def hooks_file() -> str:
    """The text of `.pre-commit-hooks.yaml`."""
    lines = [f"# {_WRITTEN}"]
    for hook in HOOKS:
        lines += [
            f"- id: {hook.id}",
            f"  name: '{hook.name}'",
            f"  description: {hook.description}",
            f"  entry: {hook.entry}",
            "  language: python",
            f"  files: '{hook.files}'",
        ]
        if hook.pass_filenames:
            lines.append("  require_serial: true  # one process reads all files: starting costs more than reading them")
        else:
            lines.append("  pass_filenames: false")
        if hook.extra is not None:
            lines.append(f"  additional_dependencies: ['.[{hook.extra}]']")
    return "\n".join(lines) + "\n"


_PAGE = """\
# Hooks for pre-commit

<!-- {written} -->

[pre-commit](https://pre-commit.com) runs casemap on what you commit. Put this into `.pre-commit-config.yaml` of the
repository that holds your payloads, schemas or mappings, with the address of casemap's repository and one of its tags,
and keep the hooks that you want:

```yaml
repos:
  - repo: https://git.example.com/casemap
    rev: v{version}
    hooks:
{hooks}
```

Then `pre-commit install` once; `pre-commit run --all-files` looks at everything, as a job of continuous integration
should.

| hook | runs | when these change |
|---|---|---|
{rows}

{sections}

## What a hook prints

What the command prints, see [Validation](validation.md): a line for each problem with file, line and column. A hook
fails where the exit code of its command is not 0: 1 for findings, 2 for files that cannot be read. `args` adds options:
`args: [--output-format, full]` shows the lines of the files as well, `args: [--warn-unknown]` with `verbose: true`
shows members that no schema knows.
"""


def hooks_page(version: str) -> str:
    """The text of `docs/pre-commit.md`."""
    uses = []
    for hook in HOOKS:
        uses.append(f"      - id: {hook.id}")
        if hook.pass_filenames:
            uses.append("        files: ^payloads/")
    rows = [f"| `{hook.id}` | `{hook.entry}` | {_cell(hook.files)} |" for hook in HOOKS]
    sections = [f"## {hook.id}\n\n{hook.about}" for hook in HOOKS]
    return _PAGE.format(
        written=_WRITTEN, version=version, hooks="\n".join(uses), rows="\n".join(rows), sections="\n\n".join(sections)
    )


def _cell(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"
