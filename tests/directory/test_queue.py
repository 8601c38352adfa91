"""The queue: kinds of work in one list, however many there are of each."""

from datetime import date
from typing import Any

import pytest

from directory import queue
from directory.queue import Waiting

ON = date(2026, 11, 23)


class Reviews:
    kind, label = "review", "Freigaben"

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> list[Waiting]:
        found = [Waiting("review", f"Angebot {n}", f"/{n}/", agency=n) for n in range(1, 10)]
        return [item for item in found if agencies is None or item.agency in agencies][:limit]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        return {1: 4, 2: 0, None: 1}


class Nothing(Reviews):
    kind, label = "nothing", "Nichts"

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> list[Waiting]:
        return []

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        return {1: 2}


REVIEWS, NOTHING = Reviews(), Nothing()


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_paths", [])
    for name in ("REVIEWS", "NOTHING", "REVIEWS"):
        queue.register(f"{__name__}.{name}")


def test_kinds_come_in_order_and_empty_ones_do_not(registered: None) -> None:
    (group,) = queue.waiting_for(None, agencies=None, on=ON, limit=3)
    assert (group.kind, len(group.items), group.has_more) == ("review", 3, True)


def test_everything_fits_on_the_page(registered: None) -> None:
    (group,) = queue.waiting_for(None, agencies=None, on=ON, limit=9)
    assert (len(group.items), group.has_more) == (9, False)


def test_only_the_own_agency_is_asked_for(registered: None) -> None:
    (group,) = queue.waiting_for(None, agencies=frozenset({4}), on=ON, limit=9)
    assert [item.title for item in group.items] == ["Angebot 4"]
    assert queue.waiting_for(None, agencies=frozenset(), on=ON, limit=9) == []


def test_counts_name_what_is_there(registered: None) -> None:
    assert queue.counts_by_agency(on=ON) == {1: {"review": 4, "nothing": 2}, None: {"review": 1}}
