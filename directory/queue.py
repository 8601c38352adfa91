"""What waits for somebody: one queue for every kind of work, the first page after the login.

Each kind of work is a ``Provider``, written beside what it asks about and registered by its path in the
``AppConfig.ready`` of its app; hence this module knows no models. A provider asks the database once or
twice, however much there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Waiting:
    """One piece of work. ``agency`` is the key of the agency it belongs to; ``due_on`` the day it should be done."""

    kind: str
    title: str
    url: str
    agency: int | None
    since: date | None = None
    due_on: date | None = None
    urgent: bool = False


class Provider(Protocol):
    """One kind of work. ``agencies`` None means every agency; an empty set means none."""

    kind: str
    label: Any

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return at most ``limit`` pieces, the most urgent first; nothing for whoever may not do the work.

        Two queries at most, none for whoever may not do it.
        """

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how much waits at each agency; None stands for work of no agency. One query."""


@dataclass(frozen=True, slots=True)
class Group:
    """The work of one kind, as the page lists it; ``has_more`` says that there is more than that."""

    kind: str
    label: Any
    items: Sequence[Waiting]
    has_more: bool


# What somebody waits for comes first, what may be done some day last; what is not named stands in between.
FIRST = ("enquiry", "review", "report", "sign_off")
LAST = ("confirmation", "link", "imports", "gap")

_paths: list[str] = []


def register(path: str) -> None:
    """Add a provider by its dotted path ``app.module.NAME``; it is imported when first used."""
    if path not in _paths:
        _paths.append(path)


def providers() -> list[Provider]:
    """Return all providers in the order in which the page shows them."""
    found = [cast("Provider", import_string(path)) for path in _paths]
    return sorted(found, key=lambda provider: _rank(provider.kind))


def _rank(kind: str) -> int:
    if kind in FIRST:
        return FIRST.index(kind) - len(FIRST)
    return LAST.index(kind) + 1 if kind in LAST else 0


def waiting_for(
    user: Any, *, agencies: frozenset[int] | None, on: date, limit: int, only: str | None = None
) -> list[Group]:
    """Return what waits for an account that sees the work of these agencies; empty kinds are left out.

    ``only`` asks for one kind.
    """
    groups = []
    for provider in providers():
        if only is not None and provider.kind != only:
            continue
        items = provider.waiting(user=user, agencies=agencies, on=on, limit=limit + 1)
        if items:
            groups.append(Group(provider.kind, provider.label, items[:limit], len(items) > limit))
    return groups


def counts_by_agency(*, on: date) -> dict[int | None, dict[str, int]]:
    """Return for each agency how much of each kind waits there: for the coordination, which looks after all."""
    found: dict[int | None, dict[str, int]] = {}
    for provider in providers():
        for agency, number in provider.counts(agencies=None, on=on).items():
            if number:
                found.setdefault(agency, {})[provider.kind] = number
    return found
