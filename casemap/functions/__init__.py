"""The functions of the expression language: the registry, and the bundled ones by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casemap.functions.bundled import BUNDLED
    from casemap.functions.registry import Function, Registry

__all__ = ["BUNDLED", "Function", "Registry"]


def __getattr__(name: str) -> Any:
    # the table imports every kind of function: those who only need the registry's types do not wait for it
    if name == "BUNDLED":
        from casemap.functions.bundled import BUNDLED

        return BUNDLED
    if name in ("Function", "Registry"):
        from casemap.functions import registry

        return getattr(registry, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
