from datetime import date

import pytest

from offers.dates import next_dates, next_occurrence
from offers.models import Deadline
from tests.factories.offers import OfferFactory


def yearly(month, day, **extra):
    return Deadline(kind="yearly", month=month, day=day, **extra)


@pytest.mark.parametrize(
    ("deadline", "on", "expected"),
    [
        (yearly(3, 15), date(2027, 3, 14), date(2027, 3, 15)),
        (yearly(3, 15), date(2027, 3, 15), date(2027, 3, 15)),
        (yearly(3, 15), date(2027, 3, 16), date(2028, 3, 15)),
        (yearly(12, 31), date(2026, 12, 31), date(2026, 12, 31)),
        (yearly(2, 29), date(2027, 1, 1), date(2027, 2, 28)),
        (yearly(2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        (Deadline(kind="fixed", date=date(2027, 8, 27)), date(2027, 8, 27), date(2027, 8, 27)),
        (Deadline(kind="fixed", date=date(2027, 8, 27)), date(2027, 8, 28), None),
        (Deadline(kind="before_event", offset_days=90, anchor="Ende"), date(2027, 1, 1), None),
        (yearly(3, 15, valid_to=date(2027, 3, 14)), date(2027, 1, 1), None),
        (yearly(3, 15, valid_from=date(2027, 3, 15)), date(2027, 1, 1), date(2027, 3, 15)),
        (yearly(3, 15, valid_from=date(2027, 3, 16)), date(2027, 1, 1), None),
    ],
)
def test_next_occurrence(deadline, on, expected):
    assert next_occurrence(deadline, on=on) == expected


def test_next_dates_are_sorted_limited_and_public(db, django_assert_num_queries):
    public = OfferFactory(title="Öffentlich")
    draft = OfferFactory(title="Entwurf", status="draft")
    for month in (5, 3, 4):
        Deadline.objects.create(offer=public, kind="yearly", month=month, day=1, text=f"Monat {month}")
    Deadline.objects.create(offer=draft, kind="yearly", month=2, day=1, text="geheim")
    with django_assert_num_queries(1):
        found = next_dates(on=date(2027, 1, 1), limit=2)
    assert [(item.on, item.text) for item in found] == [(date(2027, 3, 1), "Monat 3"), (date(2027, 4, 1), "Monat 4")]
