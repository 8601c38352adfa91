"""The first page after the login, for every role; and what waits at which agency."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from counseling.enquiry_waiting import ENQUIRIES
from counseling.models import Enquiry, ResponsibilityRule, RuleSet, SignOff
from counseling.models.records import rule_of, rule_print
from counseling.waiting import SIGN_OFFS
from directory import queue
from directory.models import Agency, Role
from offers.gaps import monday
from offers.models import SearchGap
from offers.waiting import GAPS
from tests.factories.accounts import agency_for, log_in
from tests.factories.accounts import staff as make_staff
from tests.factories.enquiries import CANARY, counselor, sent

INDEX, COUNTS = reverse("admin:index"), reverse("admin:queue_counts")
NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Berlin"))
PAGE_CEILING = 16


def page_of(role: str, **fields: object) -> str:
    return log_in(Client(), make_staff(f"konto-{role}", role=role, **fields)).get(INDEX).text


def gap(query: str, count: int, *, weeks_ago: int = 0) -> None:
    week = monday(timezone.localdate()) - timedelta(weeks=weeks_ago)
    SearchGap.objects.create(query=query, week=week, count=count, hits=0)


def draft(owner: Agency, *, keys: tuple[str, ...] = ("R-1",), by: User | None = None) -> RuleSet:
    made = RuleSet.objects.create(number=RuleSet.objects.count() + 1, created_at=NOW, status="checked", created_by=by)
    for key in keys:
        ResponsibilityRule.objects.create(
            rule_set=made, key=key, concerns=["truancy"], body="jobcenter", owner=owner, under_review=True
        )
    return made


@pytest.mark.parametrize("role", [*Role.values, "technician"])
def test_page_says_when_nothing_waits(db: None, role: str) -> None:
    page = page_of(role, is_superuser=True) if role == "technician" else page_of(role)
    assert "Was wartet auf mich" in page
    assert "Im Moment wartet nichts auf Sie." in page
    assert ("Angaben pflegen" in page) == (role != Role.COUNSELOR)
    assert (COUNTS in page) == (role in (Role.COORDINATOR, "technician"))


def test_counsellor_finds_the_way_to_the_finder(db: None) -> None:
    page = page_of(Role.COUNSELOR)
    assert f'href="{reverse("professionals")}"' in page
    assert "nicht die Berechtigung" not in page


def test_gaps_wait_for_the_coordination_only(db: None) -> None:
    gap("segeln", 9)
    gap("geheim", 4)
    gap("früher", 90, weeks_ago=5)
    page = page_of(Role.COORDINATOR)
    assert "„segeln“: 9-mal gesucht" in page
    assert "geheim" not in page
    assert "früher" not in page
    assert "segeln" not in page_of(Role.EDITOR)
    assert GAPS.counts(agencies=None, on=timezone.localdate()) == {None: 1}
    assert GAPS.counts(agencies=frozenset({1}), on=timezone.localdate()) == {}


def test_more_than_five_of_a_kind_are_one_click_away(db: None) -> None:
    for number in range(7):
        gap(f"wort{number}", 20 - number)
    client = log_in(Client(), make_staff("koordination", role=Role.COORDINATOR))
    page = client.get(INDEX).text
    assert ("wort4" in page, "wort5" in page, 'href="?art=gap"' in page) == (True, False, True)
    everything = client.get(INDEX + "?art=gap").text
    assert ("wort6" in everything, "Angaben pflegen" in everything) == (True, False)
    assert client.get(INDEX + "?art=nix").status_code == 200


def test_lead_signs_the_own_rules_of_a_checked_draft(db: None) -> None:
    home = agency_for("lead")
    made = draft(home, keys=("R-1", "R-2"))
    draft(home).status = "draft"
    RuleSet.objects.filter(number=2).update(status="draft")
    assert "Regelwerk 1: 2 Regeln ansehen und freigeben" in page_of(Role.LEAD)
    assert "Regelwerk 1" not in page_of(Role.EDITOR)
    assert SIGN_OFFS.counts(agencies=None, on=date(2026, 11, 22)) == {home.pk: 2}
    other = make_staff("fremd", role=Role.LEAD, agency=Agency.objects.create(slug="x", name="X", kind="job_centre"))
    assert "Regelwerk 1" not in log_in(Client(), other).get(INDEX).text
    rules = list(made.rules.select_related("owner"))
    SignOff.objects.create(
        rule_set=made, agency=home, user=other, at=NOW, fingerprints=[rule_print(rule_of(row)) for row in rules]
    )
    made.rules.update(under_review=False)
    signed = [rule_print(rule_of(row)) for row in made.rules.select_related("owner")]
    SignOff.objects.update(fingerprints=signed)
    assert SIGN_OFFS.counts(agencies=None, on=date(2026, 11, 22)) == {}


def test_who_made_the_draft_is_not_asked_to_sign_it(db: None) -> None:
    lead = make_staff("leitung", role=Role.LEAD)
    draft(agency_for("lead"), by=lead)
    assert "Regelwerk 1" not in log_in(Client(), lead).get(INDEX).text


def test_enquiries_wait_for_their_own_agency_only(db: None) -> None:
    home = agency_for("counselor")
    person = counselor(agency=home)
    enquiry = sent(home, at=timezone.now()).enquiry
    page = log_in(Client(), person).get(INDEX).text
    assert f"Anfrage {enquiry.public_id}: " in page
    assert CANARY not in page
    for role in (Role.COORDINATOR, Role.EDITOR):
        assert enquiry.public_id not in page_of(role)
    assert ENQUIRIES.counts(agencies=None, on=timezone.localdate()) == {}
    for number in range(4):
        sent(home, at=timezone.now(), source=f"192.0.2.{number + 9}")
    assert ENQUIRIES.counts(agencies=None, on=timezone.localdate()) == {home.pk: 5}
    Enquiry.objects.update(status=Enquiry.Status.ANSWERED)
    assert "Anfrage " not in log_in(Client(), person).get(INDEX).text.split("Weitere Seiten")[0]


def test_counts_stand_by_agency_with_the_fullest_desk_first(db: None) -> None:
    home = agency_for("lead")
    draft(home, keys=("R-1", "R-2", "R-3"))
    gap("segeln", 9)
    client = log_in(Client(), make_staff("koordination", role=Role.COORDINATOR))
    lines = client.get(COUNTS).context["lines"]
    assert [line.numbers for line in lines] == [(3, None), (None, 1)]
    assert [(line.name, line.total) for line in lines] == [(home.name, 3), ("keine Stelle", 1)]
    assert log_in(Client(), make_staff("leitung", role=Role.LEAD)).get(COUNTS).status_code == 403


def test_counts_say_so_when_nothing_waits(desk: Client) -> None:
    assert "Bei keiner Stelle wartet etwas." in desk.get(COUNTS).text


def num_queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEAD])
def test_page_asks_the_database_little_however_much_waits(region: None, role: str) -> None:
    home = agency_for(role)
    client = log_in(Client(), make_staff("wer", role=role, agency=home))
    few = num_queries(client, INDEX)
    for number in range(9):
        gap(f"wort{number}", 20)
        draft(home, keys=tuple(f"R-{key}" for key in range(5)))
    assert num_queries(client, INDEX) <= min(PAGE_CEILING, few + 3)
    if role == Role.COORDINATOR:
        assert num_queries(client, COUNTS) <= PAGE_CEILING


def test_every_kind_of_work_is_registered_once_and_keeps_its_promise(
    region: None, django_assert_max_num_queries: Callable
) -> None:
    kinds = [provider.kind for provider in queue.providers()]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == {
        "enquiry",
        "booking",
        "review",
        "report",
        "sign_off",
        "confirmation",
        "link",
        "imports",
        "gap",
    }
    on = timezone.localdate()
    people = [make_staff(role, role=role) for role in (Role.COORDINATOR, Role.LEAD, Role.COUNSELOR)]
    reaches = (None, frozenset({people[1].membership.agency_id}), frozenset())
    for provider in queue.providers():
        for user, agencies in zip(people, reaches, strict=True):
            with django_assert_max_num_queries(3):
                found = provider.waiting(user=user, agencies=agencies, on=on, limit=3)
            assert len(found) <= 3
            assert all(item.kind == provider.kind and item.title and item.url.startswith("/") for item in found)
            assert not (found and agencies == frozenset()), provider.kind
        with django_assert_max_num_queries(3):
            assert all(number >= 0 for number in provider.counts(agencies=None, on=on).values())
