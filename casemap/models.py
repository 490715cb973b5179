"""Conversions between pydantic models: `casemap.converter(..., target_model=khoros.Case)`.

Any pydantic model will do; those of `casemap generate` read and write every valid payload unchanged. pydantic is not
imported here: whoever has a model has imported it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from casemap.errors import ConversionError
from casemap.problem import Problem, pointer

if TYPE_CHECKING:
    from casemap.analysis.explain.explanation import Explanation
    from casemap.analysis.proof import Proof
    from casemap.conversion import Converter

__all__ = ["Model", "ModelConverter", "PydanticModel", "payload_of"]


class PydanticModel(Protocol):
    """What a class of models can do."""

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """The model of a JSON value."""
        ...


Model = TypeVar("Model", bound=PydanticModel)


def payload_of(value: Any) -> Any:
    """The JSON value that a pydantic model, or a list of them, stands for; any other value is one already.

    Raises `ConversionError` (CM403) for a model that holds what is no JSON.
    """
    if type(value) is list:
        return [payload_of(item) if _is_model(item) else item for item in value]
    if not _is_model(value):
        return value
    try:
        return value.model_dump(mode="json", by_alias=True, warnings=False)  # the schema says what is wrong with it
    except (ValueError, RecursionError) as error:  # pydantic_core.PydanticSerializationError is a ValueError
        message = f"not a JSON value: {error}"
        help = f"Let {type(value).__name__} hold texts, numbers, booleans, None, lists, dicts and models alone."
        raise ConversionError([Problem("CM403", message, help)]) from None


def _is_model(value: Any) -> bool:
    return hasattr(type(value), "__pydantic_serializer__") and hasattr(value, "model_dump")


@dataclass(frozen=True, slots=True)
class ModelConverter(Generic[Model]):
    """A function from payloads or models of one document type to models of another; made by `Catalog.converter`.

    `converter` is the function from payload to payload, with what there is to know of it: route, code, params.
    """

    converter: Converter
    target_model: type[Model]

    def __post_init__(self) -> None:
        if not hasattr(self.target_model, "model_validate"):
            raise TypeError(f"target_model is {self.target_model!r}: give a pydantic model, such as khoros.Case")

    def __call__(self, payload: Any) -> Model:
        """The model of the converted payload. Raises `ConversionError` with every problem of it."""
        result = self.converter(payload_of(payload))
        try:
            return self.target_model.model_validate(result)
        except ValueError as error:  # pydantic.ValidationError is one
            raise ConversionError(_misfits(error, self.target_model.__name__)) from None

    def check(self) -> Proof:
        """What is proven of the conversion; what the model asks beyond its document type is no part of that."""
        return self.converter.check()

    def explain(self, payload: Any) -> Explanation:
        """Where each value of the converted payload came from; `payload` as in a call."""
        return self.converter.explain(payload_of(payload))

    @property
    def source_code(self) -> str:
        """The Python function that the route was compiled to."""
        return self.converter.source_code


def _misfits(error: ValueError, model: str) -> Iterator[Problem]:
    """Where a converted payload is not what a model takes."""
    help = f"Let {model} take what its document type takes: `casemap generate` makes such models."
    details = getattr(error, "errors", None)
    for each in details(include_url=False) if details is not None else [{"loc": (), "msg": str(error)}]:
        yield Problem("CM402", f"{model} does not take it: {each['msg']}", help, target_path=pointer(each["loc"]))
