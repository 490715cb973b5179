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
    """The JSON value that a pydantic model stands for; any other value is one already."""
    if hasattr(type(value), "__pydantic_serializer__"):
        return value.model_dump(mode="json", by_alias=True)
    return value


@dataclass(frozen=True, slots=True)
class ModelConverter(Generic[Model]):
    """A function from payloads or models of one document type to models of another; made by `Catalog.converter`.

    `converter` is the function from payload to payload, with what there is to know of it: route, code, params.
    """

    converter: Converter
    target_model: type[Model]

    def __call__(self, payload: Any) -> Model:
        """The model of the converted payload. Raises `ConversionError` with every problem of it."""
        result = self.converter(payload_of(payload))
        try:
            return self.target_model.model_validate(result)
        except ValueError as error:  # pydantic.ValidationError is one
            raise ConversionError(_misfits(error, self.target_model.__name__)) from None


def _misfits(error: ValueError, model: str) -> Iterator[Problem]:
    """Where a converted payload is not what a model takes."""
    help = f"Let {model} take what its document type takes: `casemap generate` makes such models."
    details = getattr(error, "errors", None)
    for each in details(include_url=False) if details is not None else [{"loc": (), "msg": str(error)}]:
        yield Problem("CM402", f"{model} does not take it: {each['msg']}", help, target_path=pointer(each["loc"]))
