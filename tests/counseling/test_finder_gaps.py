"""What the finder could not answer is counted; who asked, and what is nobody's business, is not."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from counseling import finder_gaps
from counseling.finder.facts import CONCERNS
from counseling.finder_gaps import finder_report, note_finder_gap, old_finder_gaps
from counseling.models import FinderGap, ResponsibilityRule
from directory.actions import raise_content_version
from offers.gaps import monday

FINDER = "/zustaendigkeit/"
FACTS = "?concern=at_school&age=16&ergebnis=1"


def counted() -> dict[tuple[str, str], int]:
    return {(row.concern, row.reason): row.count for row in FinderGap.objects.all()}


def test_an_answer_is_not_counted_and_may_be_kept(region: None, client: Client) -> None:
    response = client.get(f"{FINDER}?concern=seeking_training&age=17&place=15083270&status=left_school&ergebnis=1")
    assert response["Cache-Control"].startswith("public")
    assert counted() == {}


def test_not_knowing_the_concern_is_counted_and_kept_by_nobody(region: None, client: Client) -> None:
    for _turn in range(3):
        response = client.get(f"{FINDER}?skip=concern&ergebnis=1")
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    client.head(f"{FINDER}?skip=concern&ergebnis=1")
    assert counted() == {("", "unsure"): 3}
    assert FinderGap.objects.get().week == monday(timezone.localdate())


def test_a_concern_without_rule_is_counted(region: None, client: Client) -> None:
    ResponsibilityRule.objects.all().delete()
    raise_content_version()
    client.get(FINDER + FACTS)
    assert counted() == {("at_school", "no_rule"): 1}


def test_a_switched_off_rule_is_named_as_the_reason(region: None, client: Client) -> None:
    ResponsibilityRule.objects.update(is_active=False, switched_off_at=timezone.now() - timedelta(days=1))
    raise_content_version()
    client.get(FINDER + FACTS)
    assert counted() == {("at_school", "switched_off"): 1}


def test_nothing_is_counted_of_what_is_nobodys_business(region: None, client: Client) -> None:
    ResponsibilityRule.objects.all().delete()
    raise_content_version()
    for concern in [key for key, row in CONCERNS.items() if row.sensitive]:
        response = client.post(FINDER, {"concern": concern, "age": "15", "place": "15083270", "ergebnis": "1"})
        assert response.status_code == 200
    # A harmless concern with a sensitive answer travels by POST too.
    client.post(FINDER, {"concern": "at_school", "disability": "mental", "ergebnis": "1"})
    assert counted() == {}


def test_report_shows_from_five_on_and_twelve_months(db: None) -> None:
    on = date(2026, 11, 23)
    for count, concern in ((4, "at_school"), (5, "truancy"), (9, "")):
        FinderGap.objects.create(week=monday(on), concern=concern, reason="no_rule", count=count)
    FinderGap.objects.create(week=monday(on) - timedelta(days=371), concern="truancy", reason="no_rule", count=50)
    assert [(line.concern, line.total) for line in finder_report(on)] == [
        ("Anliegen nicht gewusst", 9),
        (CONCERNS["truancy"].label, 5),
    ]
    assert [row.count for row in old_finder_gaps(on)] == [50]


def test_a_count_that_does_not_get_its_turn_is_lost(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(finder_gaps, "hurried", refuse)
    note_finder_gap("at_school", "no_rule", on=date(2026, 11, 23))
    assert counted() == {}
