"""Records visitors can report on. Each kind is found by a function of the app that owns it, named in
``AppConfig.ready``; hence this module knows no models."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is public now. ``key`` names it for good, ``slug`` in addresses; ``agency`` cares for it."""

    kind: str
    key: str
    slug: str
    title: str
    url: str
    agency: int | None = None


Finder = Callable[[str, date], Record | None]

_paths: dict[str, str] = {}
_labels: dict[str, str] = {}


def register(kind: str, path: str, label: str = "") -> None:
    """Say who finds records of a kind: a ``Finder`` by its dotted path, imported when first used.

    ``label`` names the model whose primary keys the keys are; "" where the key is the short name.
    """
    _paths[kind], _labels[kind] = path, label


def row_of(kind: str, key: str) -> Model | None:
    """Return the row a stored report is about; None when it is gone or there was none. One query."""
    label = _labels.get(kind)
    return apps.get_model(label)._default_manager.filter(pk=key).first() if label else None


def find(kind: str, slug: str, *, on: date) -> Record | None:
    """Return the record with this short name if it is public on the day; None for any other name."""
    if kind not in _paths or len(slug) > 200:
        return None
    finder: Finder = import_string(_paths[kind])
    return finder(slug, on)
