"""`casemap generate`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from casemap.cli.completion import TYPES
from casemap.cli.console import put, tell, tell_problems
from casemap.cli.options import project_option, quiet_option
from casemap.cli.project import open_catalog, project_folder
from casemap.errors import MappingError
from casemap.generate.options import ENUM_STYLES, PYTHON_VERSIONS
from casemap.problem import Problem
from casemap.run.writing import Output

if TYPE_CHECKING:
    from casemap.api import Catalog
    from casemap.generate.files import Generated

__all__ = ["command"]

_DEFAULT_OUTPUT = "generated/casemap_models"


@click.command("generate")
@click.argument("types", nargs=-1, metavar="[TYPES]", shell_complete=TYPES)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    help="A folder for a package with one module a format, or a file ending in .py for all in one."
    f" Without it: the project's `output`, else {_DEFAULT_OUTPUT}.",
)
@click.option("--check", is_flag=True, help="Write nothing; show what is stale, and exit with 1 if anything is.")
@click.option("--enums", type=click.Choice(ENUM_STYLES), help="How lists of texts are written: Literal, or StrEnum.")
@click.option("--class-prefix", metavar="TEXT", help="What each class name begins with.")
@click.option("--snake-case/--no-snake-case", default=None, help="Name attributes last_updated for lastUpdated.")
@click.option("--python", type=click.Choice(PYTHON_VERSIONS), help="The oldest Python that the models must run on.")
@project_option
@quiet_option
def command(
    *,
    types: tuple[str, ...],
    output: str | None,
    check: bool,
    enums: str | None,
    class_prefix: str | None,
    snake_case: bool | None,
    python: str | None,
    project: str | None,
    quiet: bool,
) -> None:
    """Generate pydantic models from schemas.

    TYPES are document types or formats; without any, all of the project's own, or the bundled ones where it has none.
    The options can stand in a table [tool.casemap.generate] of pyproject.toml: output, types, enums, class-prefix,
    snake-case, python.

    \b
    Examples:
      casemap generate khoros -o our_models
      casemap generate khoros/case -o khoros_models.py --enums enum
      casemap generate --check
    """
    from casemap.generate.configuration import configuration
    from casemap.generate.files import generated

    if find_spec("datamodel_code_generator") is None:
        raise click.UsageError("casemap generate needs more packages: pip install 'casemap[generate]'.")
    folder = project_folder(project)
    found = configuration(folder)
    given: dict[str, Any] = {"enums": enums, "class_prefix": class_prefix, "snake_case": snake_case, "python": python}
    options = replace(found.options, **{name: value for name, value in given.items() if value is not None})
    if not options.class_prefix.isidentifier() and options.class_prefix:
        raise click.BadParameter(f"no class name can begin with {options.class_prefix!r}.", param_hint="--class-prefix")
    place = Path(output) if output is not None else folder / (found.output or _DEFAULT_OUTPUT)
    catalog = open_catalog(project)
    asked = types or found.types
    wanted = _wanted(catalog, folder, asked)
    result = generated(catalog.store, wanted, options, place, whole=not types)
    if check:
        stale = result.stale()
        for each in stale:
            put(each.diff.rstrip("\n"))
        again = _again(click.get_current_context())
        tell_problems(_stale(result.folder / each.name, again) for each in stale)
    else:
        stale = []
        _write(result)
    for line in () if quiet or check else result.report:
        tell(line)
    if stale:
        click.get_current_context().exit(1)


def _wanted(catalog: Catalog, folder: Path, asked: Sequence[str]) -> list[str]:
    """The document types that are asked for, by their names or by formats; without any, the project's own."""
    files = catalog.store.files
    if not asked:
        own = (folder / "schemas").resolve()
        mine = [name for name in catalog.types if Path(files[name]).resolve().is_relative_to(own)]
        return mine or list(catalog.types)
    found: list[str] = []
    for text in asked:
        of_format = [name for name in catalog.types if name.partition("/")[0] == text]
        found += of_format or [catalog.resolve_type(text)]
    return sorted(set(found))


def _stale(file: Path, again: str) -> Problem:
    return Problem("CM702", "the file is not what the schemas give", f"Run `{again}`.", file=str(file))


def _again(context: click.Context) -> str:
    """The command that was given, without --check."""
    words = ["casemap", "generate"]
    for parameter in context.command.params:
        name = parameter.name or ""
        value = context.params.get(name)
        if name in ("check", "quiet") or context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        if isinstance(parameter, click.Argument):
            words += context.params[name]
        elif isinstance(value, bool):
            words.append(parameter.opts[0] if value else parameter.secondary_opts[0])
        else:
            words += [parameter.opts[-1] if name != "output" else "-o", str(value)]
    return shlex.join(words)


def _write(result: Generated) -> None:
    """Write the files that changed. Nothing is written where a file is in the way that casemap did not generate."""
    foreign = result.foreign()
    if foreign:
        help = "Give another place with -o, or remove the file."
        message = "the file is in the way: casemap did not generate it"
        raise MappingError(Problem("CM703", message, help, file=str(file)) for file in foreign)
    try:
        result.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder cannot be made: {error.strerror}"
        problem = Problem("CM509", message, "Give another place with -o.", file=str(result.folder))
        raise MappingError([problem]) from None
    for each in result.stale():
        file = result.folder / each.name
        if each.name not in result.files:
            _remove(file)
            continue
        with Output(str(file)) as output:
            output.write(result.files[each.name].encode())
            output.commit()


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        message = f"the file cannot be removed: {error.strerror}"
        raise MappingError([Problem("CM509", message, "No schema gives it any more.", file=str(file))]) from None
