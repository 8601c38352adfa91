"""What grows old. An app registers its models by path; this module knows none, so that it may be imported early."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

Line = tuple[str, str]


class GroupForm(Protocol):
    """The small form for one group. ``write`` runs inside ``propose``: it may set fields and save parts."""

    def is_valid(self) -> bool:
        """As every form."""

    def write(self, record: Any) -> None:
        """Put what was typed into the record."""


@dataclass(frozen=True, slots=True)
class Group:
    """``lines`` returns label and value of what is stored now; ``form(data, record=…)`` makes the small form.

    ``empty_label`` and ``empty`` take away what the group is about and leave the record; few groups have that.
    """

    label: Any
    lines: Callable[[Any], Iterable[Line]]
    form: Callable[..., GroupForm]
    empty_label: Any = ""
    empty: Callable[[Any], None] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A model whose rows are confirmed. ``owners`` yields (row, agency), the agency that answers first."""

    model: "type[Model]"
    noun: Any
    owners: "Callable[[QuerySet[Any]], Iterable[tuple[int, int]]]"
    groups: Mapping[str, Group]

    @property
    def key(self) -> str:
        """How rows of the state name the model."""
        return self.model._meta.label_lower


_paths: list[str] = []


def register(path: str) -> None:
    """Add a subject by its dotted path ``app.module.NAME``; it is imported when first used."""
    if path not in _paths:
        _paths.append(path)


@cache
def _registered(paths: tuple[str, ...]) -> dict[str, Subject]:
    found = [cast("Subject", import_string(path)) for path in paths]
    return {subject.key: subject for subject in found}


def subjects() -> list[Subject]:
    """Return all subjects in the order in which they were registered."""
    return list(_registered(tuple(_paths)).values())


def subject_for(key: str) -> Subject | None:
    """Return the subject with this key, such as ``offers.offer``."""
    return _registered(tuple(_paths)).get(key)


def subject_of(record: "Model") -> Subject | None:
    """Return the subject a row belongs to; None where nobody asks."""
    return subject_for(record._meta.label_lower)
