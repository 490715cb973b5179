"""The table of the bundled functions, all kinds together."""

from __future__ import annotations

from casemap.functions import absence, array, convert, identity, number, pattern, text, time, url
from casemap.functions import object as objects
from casemap.functions.registry import Registry

__all__ = ["BUNDLED"]

BUNDLED = Registry(
    absence.FUNCTIONS
    + text.FUNCTIONS
    + pattern.FUNCTIONS
    + url.FUNCTIONS
    + number.FUNCTIONS
    + convert.FUNCTIONS
    + time.FUNCTIONS
    + array.FUNCTIONS
    + objects.FUNCTIONS
    + identity.FUNCTIONS
)
"""All bundled functions. A project's registry starts as a copy of it."""
