"""The bundled catalog and the ledgers of its mappings and routes, worked out once for all tests."""

from __future__ import annotations

import functools

import pytest

from casemap import Catalog
from casemap.analysis.fates import Ledger
from casemap.analysis.ledger import Ledgers

__all__ = ["ROUTES", "catalog", "ledgers", "route_ledger"]


@functools.cache
def catalog() -> Catalog:
    return Catalog()


@functools.cache
def ledgers() -> Ledgers:
    return Ledgers(catalog().store, catalog().mapping)


@functools.cache
def route_ledger(source: str, target: str) -> Ledger:
    return ledgers().route(catalog().chain(source, target))


ROUTES = [pytest.param(route, id=f"{route.source} to {route.target}") for route in catalog().routes()]
"""Every pair of types with a route, as parameters of a test."""
