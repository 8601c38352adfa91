"""The kinds of records that can leave and come back. This module knows no models, so an app may import it early."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from directory.exchange.kinds import Kind

_paths: list[str] = []


def register(path: str) -> None:
    """Add a kind by its dotted path ``app.module.NAME``; it is imported when first used."""
    if path not in _paths:
        _paths.append(path)


@cache
def _loaded(paths: tuple[str, ...]) -> "dict[str, Kind]":
    found = [cast("Kind", import_string(path)) for path in paths]
    return {kind.key: kind for kind in found}


def kinds() -> "Sequence[Kind]":
    """Return all kinds in the order of their registration."""
    return list(_loaded(tuple(_paths)).values())


def kind_of(key: str) -> "Kind | None":
    """Return a kind by its key."""
    return _loaded(tuple(_paths)).get(key)


def kind_for(model: Any) -> "Kind | None":
    """Return the kind of a model."""
    return next((kind for kind in kinds() if kind.model is model), None)
