"""The table of functions: one signature for each, read by the loader, the compiler, the check and the documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casemap.errors import Failure

__all__ = ["ANY", "Example", "Function", "Parameter", "Registry", "shown", "type_name", "wrong_type"]

Schema = Mapping[str, Any]

ANY: Schema = {}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument. The first parameter of a function is the value before the `|`.

    `default` counts only where `required` is false. `constant` asks for a literal or nothing but literals.
    `fails` says which values the schema admits and the function still rejects: it matters only where the argument
    is not a constant, for constants are settled by `bind`.
    """

    name: str
    schema: Schema = field(default_factory=dict)
    doc: str = ""
    required: bool = True
    default: Any = None
    constant: bool = False
    fails: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """An expression, the payload it is applied to, and its value; `result` None with `absent` means no value.

    `fails` is the code of the rejection, where the example shows one.
    """

    expression: str
    payload: Any
    result: Any = None
    absent: bool = False
    fails: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the expression language.

    `implementation` takes the arguments in order, as JSON values that are neither absent nor null (defaults filled
    in), and gives a JSON value, or None for absent; it raises `Failure` on an input that it cannot take, and nothing
    else. `bind`, where given, takes all arguments but the first by name, once, when they are constants, and gives the
    function of the first alone; it raises `Failure` for a constant that is wrong.
    A function is absent if any argument is, unless `sees_absent`: then None stands for an absent first argument.
    `variadic` repeats the last parameter. `special` ones are forms of the language that the loader expands itself.
    `may_be_absent`: the result can be absent although every argument is there (`first` of an empty array).
    `idempotent` says of the constants after the first argument whether applying the function to its own result, with
    the same constants, changes nothing.
    """

    name: str
    kind: str
    doc: str
    parameters: tuple[Parameter, ...]
    result: Schema
    implementation: Callable[..., Any]
    fails: str = ""
    examples: tuple[Example, ...] = ()
    bind: Callable[[Mapping[str, Any]], Callable[[Any], Any]] | None = None
    sees_absent: bool = False
    variadic: bool = False
    special: bool = False
    may_be_absent: bool = False
    idempotent: Callable[[Sequence[Any]], bool] | None = None

    @property
    def signature(self) -> str:
        """As it is written after the `|`: `truncate(n, killwords=false, end='...')`."""
        import json

        shown_parameters = [
            p.name if p.required else f"{p.name}={json.dumps(p.default, ensure_ascii=False)}"
            for p in self.parameters[1:]
        ]
        if self.variadic:
            shown_parameters.append("…")
        return f"{self.name}({', '.join(shown_parameters)})" if shown_parameters else self.name


class Registry:
    """Functions by name. A project's registry starts as a copy of the bundled one and may grow."""

    def __init__(self, functions: tuple[Function, ...] = ()) -> None:
        self._functions: dict[str, Function] = {function.name: function for function in functions}

    def add(self, function: Function) -> None:
        """Add a function of a user's own, held to its schemas: proofs stand on them.

        What its parameters do not admit rejects before it is called, and so does a result that it does not say it
        gives, or an exception that is no `Failure`. `ValueError` if the name is taken or a schema is none.
        """
        if function.name in self._functions:
            raise ValueError(f"a function named {function.name!r} is registered already")
        self._functions[function.name] = _held(function)

    def get(self, name: str) -> Function | None:
        """The function of that name, or None."""
        return self._functions.get(name)

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._functions)

    def copy(self) -> Registry:
        """A registry of its own with the same functions."""
        return Registry(tuple(self._functions.values()))


def _held(function: Function) -> Function:
    """The function with an implementation that keeps to what the function says of itself."""
    takes = [_validity(function, parameter.name, parameter.schema) for parameter in function.parameters]
    gives = _validity(function, "the result", function.result)

    def accept(arguments: Sequence[Any]) -> None:
        for position, argument in enumerate(arguments):
            place = min(position, len(takes) - 1)
            if argument is not None and not takes[place](argument):
                parameter = function.parameters[place]
                message = f"{function.name} does not take {shown(argument)} as {parameter.name}"
                raise Failure("CM302", message, parameter.doc)

    def run(implementation: Callable[..., Any], arguments: Sequence[Any]) -> Any:
        accept(arguments)
        try:
            result = implementation(*arguments)
        except (Failure, RecursionError):
            raise
        except Exception as error:
            message = f"{function.name} failed: {type(error).__name__}: {error}"
            raise Failure("CM303", message, "Mend the function, or let it raise `casemap.Failure`.") from error
        if result is None and (function.may_be_absent or function.sees_absent):
            return None
        if result is None:
            message = f"{function.name} gave no value, and says that it always gives one"
            raise Failure("CM303", message, "Say `may_be_absent=True` of the function.")
        if not gives(result):
            message = f"{function.name} gave {shown(result)}, which its schema of the result does not admit"
            raise Failure("CM303", message, "Mend the function, or what it says of its result.")
        return result

    def bind(constants: Mapping[str, Any]) -> Callable[[Any], Any]:
        assert function.bind is not None  # noqa: S101 - else there is no such `bind`
        bound = function.bind(constants)
        return lambda value: run(bound, (value,))

    def implementation(*arguments: Any) -> Any:
        return run(function.implementation, arguments)

    return replace(function, implementation=implementation, bind=None if function.bind is None else bind)


def _validity(function: Function, what: str, schema: Schema) -> Callable[[Any], bool]:
    """Whether a value is one of a schema's; what is no JSON value is of none. Raises `ValueError` for no schema."""
    import jsonschema_rs

    try:
        validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True, validate_formats=True)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{function.name}: {what} has no JSON Schema: {str(error).splitlines()[0]}") from None

    def is_valid(value: Any) -> bool:
        try:
            return validator.is_valid(value)
        except ValueError:
            return False

    return is_valid


def shown(value: Any) -> str:
    """A value for a message: its JSON text, cut where it is long."""
    import json

    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(type(value).__name__)
    return text if len(text) <= 60 else text[:57] + "..."


def type_name(value: Any) -> str:
    """The JSON type of a value, as messages name it."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "an array"
        case dict():
            return "an object"
    return f"a Python {type(value).__name__}"


def wrong_type(function: str, wanted: str, value: Any) -> Failure:
    """The failure of a function that was given a value of another type; `wanted` reads like `a text`."""
    return Failure("CM302", f"{function} takes {wanted}, not {type_name(value)}: {shown(value)}")
