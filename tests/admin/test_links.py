"""Links to other sites in the back office: what waits, and another address wherever the old one stands."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from counseling.models import ResponsibilityRule, RuleSet
from directory.editorial.changes import open_change
from directory.link_work import LINKS
from directory.linkcheck.run import note_uses, used_addresses
from directory.models import Agency, ContactPoint, LinkCheck
from offers.models import Deadline, LegalBasis, OfferAgency
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OLD, NEW = "https://alt.example.org/seite", "https://neu.example.org/"
LIST = "/admin/directory/linkcheck/"


@pytest.fixture(autouse=True)
def rows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the files of the region out; they have a test of their own."""
    monkeypatch.setattr("directory.link_sources._texts", [])


@pytest.fixture
def agency(db: None) -> Agency:
    return AgencyFactory(status="draft")


@pytest.fixture
def person(agency: Agency) -> User:
    return staff("redaktion", agency=agency)


@pytest.fixture
def desk(client: Client, person: User) -> Client:
    return log_in(client, person)


def broken(**values: Any) -> LinkCheck:
    """Collect what is used now and say that the old address is gone."""
    note_uses(used_addresses())
    fields = {"status": "broken", "failing_since": NOW, "is_confirmed": True, "redirect_to": NEW, **values}
    LinkCheck.objects.filter(address=OLD).update(**fields)
    return LinkCheck.objects.get(address=OLD)


def replace_url(link: LinkCheck) -> str:
    return reverse("admin:directory_linkcheck_replace", args=[link.pk])


def test_one_button_replaces_in_drafts_and_proposes_for_the_public(desk: Client, agency: Agency) -> None:
    draft = ContactPointFactory(
        owner=agency, status="draft", website=OLD, directions=f"[Plan]({OLD}) [mehr]({OLD}/mehr)"
    )
    public = ContactPointFactory(owner=agency, website=OLD)
    offer = OfferFactory(title="Kurs", description=f"[alt]({OLD})")
    OfferAgency.objects.create(offer=offer, agency=agency, role="provider")
    Deadline.objects.create(offer=offer, kind="yearly", month=3, day=1, text="Komm.", source_url=OLD)
    foreign = ContactPointFactory(website=OLD)
    link = broken()
    page = desk.get(replace_url(link))
    assert page.context["form"].initial == {"address": NEW}
    assert "Kurs" in page.text
    assert desk.post(replace_url(link), {"address": NEW}).status_code == 302
    draft.refresh_from_db()
    assert (draft.website, draft.directions) == (NEW, f"[Plan]({NEW}) [mehr]({OLD}/mehr)")
    assert draft.staff_edited_at is not None
    for row in (public, foreign, offer):
        row.refresh_from_db()
    assert (public.website, foreign.website, offer.description) == (OLD, OLD, f"[alt]({OLD})")
    assert Deadline.objects.get().source_url == OLD
    change, offer_change = open_change(public), open_change(offer)
    assert change is not None
    assert offer_change is not None
    assert NEW in str(change.snapshot)
    assert str(offer_change.snapshot).count(NEW) == 2
    assert OLD not in str(offer_change.snapshot)
    assert open_change(foreign) is None
    deeds = set(AuditEntry.objects.filter(action__endswith="replace_link").values_list("action", "subject", "agency"))
    assert deeds == {
        ("contactpoint.replace_link", f"directory.contactpoint:{draft.pk}", agency.pk),
        ("contactpoint.replace_link", f"directory.contactpoint:{public.pk}", agency.pk),
        ("offer.replace_link", f"offers.offer:{offer.pk}", agency.pk),
    }
    # Off the own list, still on that of the other agency.
    assert desk.get(LIST).context["cl"].result_count == 1  # the longer address that stayed
    assert {use.agency for use in link.uses.all()} == {foreign.owner}


def test_rules_are_changed_by_hand_and_laws_by_the_coordination(agency: Agency, client: Client) -> None:
    rules = RuleSet.objects.create(number=1, status="active", active_from=date(2026, 1, 1), created_at=NOW)
    ResponsibilityRule.objects.create(
        rule_set=rules, key="R-1", concerns=["truancy"], body="school", owner=agency, source=[OLD]
    )
    law = LegalBasis.objects.create(statute="SGB III", paragraph="§ 1", url=OLD)
    link = broken()
    lead = log_in(Client(), staff("leitung", role="lead", agency=agency))
    assert "Die Adresse" not in lead.post(replace_url(link), {"address": NEW}, follow=True).text
    law.refresh_from_db()
    assert law.url == OLD
    coordinator = log_in(client, staff("koordination", role="coordinator"))
    told = coordinator.post(replace_url(link), {"address": NEW}, follow=True).text
    assert "1 Eintrag hat die neue Adresse." in told
    assert "1 Regel wird von Hand geändert" in told
    law.refresh_from_db()
    assert law.url == NEW
    assert ResponsibilityRule.objects.get().source == [OLD]


@pytest.mark.parametrize(
    "address",
    ["", OLD, "javascript:alert(1)", "http://127.0.0.1/", "https://a:b@c.example/", "https://a.example/" + "x" * 200],
)
def test_only_an_address_of_the_open_web_takes_the_place(desk: Client, agency: Agency, address: str) -> None:
    point = ContactPointFactory(owner=agency, status="draft", website=OLD)
    response = desk.post(replace_url(broken()), {"address": address})
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    point.refresh_from_db()
    assert point.website == OLD


def test_the_list_and_the_page_show_what_is_own(desk: Client, agency: Agency) -> None:
    point = ContactPointFactory(owner=agency, name="Unser Haus", website=OLD)
    ContactPointFactory(name="Anderes Haus", website=OLD)
    ContactPointFactory(name="Entwurf anderswo", website=OLD, status="draft")
    foreign = AgencyFactory(website="https://fremd.example/")
    link = broken()
    listed = desk.get(LIST)
    assert [row.address for row in listed.context["cl"].result_list] == [OLD]
    page = desk.get(reverse("admin:directory_linkcheck_change", args=[link.pk])).text
    assert f'<a href="/admin/directory/contactpoint/{point.pk}/change/">Unser Haus</a>' in page
    assert "Anlaufstelle: Anderes Haus – " in page
    assert "Entwurf anderswo" not in page
    assert "1 Eintrag einer anderen Stelle" in page
    other = LinkCheck.objects.get(address=foreign.website)
    assert desk.get(reverse("admin:directory_linkcheck_change", args=[other.pk])).status_code == 404
    assert desk.post(replace_url(other), {"address": NEW}).status_code == 404


def test_a_link_in_a_file_of_the_region_says_so(agency: Agency) -> None:
    link = LinkCheck.objects.create(address=OLD)
    link.uses.create(subject="file:parents.toml")
    coordinator = log_in(Client(), staff("koordination", role="coordinator"))
    assert (
        "Datei der Region: parents.toml"
        in coordinator.get(reverse("admin:directory_linkcheck_change", args=[link.pk])).text
    )


def test_confirmed_links_wait_in_the_queue(person: User, agency: Agency, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        ContactPointFactory(owner=agency, website=OLD)
    ContactPointFactory(website=OLD)
    link = broken()
    LinkCheck.objects.create(
        address="https://unbenutzt.example/", status="broken", failing_since=NOW, is_confirmed=True
    )
    on, reach = date(2026, 11, 22), frozenset([agency.pk])
    person.has_perm("directory.view_linkcheck")
    with django_assert_num_queries(1):
        (item,) = LINKS.waiting(user=person, agencies=reach, on=on, limit=10)
    assert (item.title, item.url, item.agency, item.since) == (
        f"Nicht erreichbar: {OLD}", f"{LIST}{link.pk}/change/", agency.pk, on,
    )  # fmt: skip
    assert len(LINKS.waiting(user=person, agencies=None, on=on, limit=10)) == 1
    assert LINKS.waiting(user=staff("b", role="counselor"), agencies=reach, on=on, limit=10) == []
    with django_assert_num_queries(1):
        counts = LINKS.counts(agencies=None, on=on)
    assert counts == {agency.pk: 1, ContactPoint.objects.last().owner_id: 1}
    broken(is_confirmed=False)
    assert LINKS.waiting(user=person, agencies=reach, on=on, limit=10) == []
    broken(status="moved")
    (moved,) = LINKS.waiting(user=person, agencies=reach, on=on, limit=10)
    assert moved.title == f"Umgezogen: {OLD}"
