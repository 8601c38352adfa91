"""The overview for the coordination: every figure against a count by hand, nothing small about visitors."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.audit import record
from accounts.models import AuditEntry
from counseling.finder.facts import CONCERNS
from counseling.models import EnquiryCount, FinderGap
from directory.models import Agency, ContactPoint, GroupCheck, LegalArea, Municipality
from directory.places import distance_km
from directory.versions import content_version
from offers.coverage import RADIUS_KM, coverage
from offers.gaps import monday
from offers.models import Offer, OfferAgency, OfferKind, SearchGap
from ruemsa_portal.overview import FEW, TABLES, bars, freshness_table, place_gaps_table
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import sent

PAGE = reverse("admin:overview")


@pytest.fixture
def coordinator(db: None) -> Client:
    return log_in(Client(), staff("koordination", role="coordinator"))


def lines_of(client: Client, name: str) -> list[list[str]]:
    response = client.get(reverse("admin:overview_download", args=[name]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    assert re.fullmatch(r'("(?:[^"]|"")*"(;|\r\n|$))+', text)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def offers_near(place: Municipality, kind: str, area: str) -> tuple[int, int]:
    """Count one cell the slow way, offer by offer."""
    total = near = 0
    on = timezone.localdate()
    public = set(ContactPoint.objects.published(on=on).exclude(latitude=None).values_list("pk", flat=True))
    for offer in Offer.objects.published(on=on).filter(kind=kind):
        areas = {basis.legal_area for basis in offer.legal_bases.all()}
        areas = areas or {role.agency.legal_area for role in offer.roles.filter(role=OfferAgency.Role.PROVIDER)}
        if area not in (areas or {LegalArea.OTHER}):
            continue
        spots = [(point.latitude, point.longitude) for point in offer.contact_points.all() if point.pk in public]
        spots += [(row.latitude, row.longitude) for row in offer.municipalities.all()]
        here = (place.latitude, place.longitude)
        is_near = offer.reach == Offer.Reach.PLACES and any(distance_km(here, spot) <= RADIUS_KM for spot in spots)
        near += is_near
        total += is_near or offer.reach in (Offer.Reach.EVERYWHERE, Offer.Reach.ONLINE)
    return total, near


def test_matrix_agrees_with_a_count_by_hand(region: None) -> None:
    on = timezone.localdate()
    matrix = coverage(content_version(), on=on)
    assert len(matrix.places) == Municipality.objects.count()
    for place in Municipality.objects.order_by("ags")[:3]:
        for kind in OfferKind:
            for area in LegalArea:
                cell = matrix.cell(place.ags, kind, area)
                assert (cell.total, cell.near) == offers_near(place, kind, area), (place, kind, area)
        points = {
            point.pk
            for point in ContactPoint.objects.published(on=on)
            if point.serves_whole_county
            or point.municipality_id == place.ags
            or point.service_area.filter(pk=place.ags).exists()
        }
        assert matrix.points.get((place.ags, ""), 0) == len(points)
    assert any(cell.total for cell in matrix.offers.values())


def test_matrix_is_no_query_a_cell(region: None) -> None:
    on = timezone.localdate()
    with CaptureQueriesContext(connection) as queries:
        coverage("new version", on=on)
    assert len(queries) <= 16
    with CaptureQueriesContext(connection) as queries:
        coverage("new version", on=on)
    assert len(queries) == 0


def test_page_shows_one_legal_area_or_all(region: None, coordinator: Client) -> None:
    page = coordinator.get(PAGE)
    assert (
        page.context["matrix"]["num_without_place"]
        == coverage(content_version(), on=timezone.localdate()).num_without_place
    )
    every, some = (
        {name: points for name, _cells, points in coordinator.get(PAGE + query).context["matrix"]["lines"]}
        for query in ("", "?recht=sgb2")
    )
    assert every.keys() == some.keys()
    assert all(some[name] <= every[name] for name in every)
    assert sum(some.values()) < sum(every.values())
    assert coordinator.get(PAGE + "?recht=nix").status_code == 200
    assert "<style" not in page.text
    assert " style=" not in page.text


def test_small_figures_about_visitors_are_never_shown(region: None, coordinator: Client) -> None:
    week = monday(timezone.localdate())
    few, many = Municipality.objects.order_by("name")[:2]
    SearchGap.objects.create(query="segelflug", week=week, count=4, municipality=few)
    SearchGap.objects.create(query="tauchkurs", week=week, count=7, municipality=many)
    FinderGap.objects.create(week=week, concern="truancy", reason="no_rule", count=4)
    FinderGap.objects.create(week=week, concern="at_school", reason="no_rule", count=6)
    numbers = dict(place_gaps_table(timezone.localdate()).rows)
    assert (numbers[few.name], numbers[many.name]) == (FEW, 7)
    assert {number for number in numbers.values() if number != FEW} == {7}
    page = coordinator.get(PAGE).text
    everything = page + "".join(str(lines_of(coordinator, name)) for name in TABLES)
    assert "tauchkurs" in everything
    assert "segelflug" not in everything
    ((concern, *_reason, total, _week),) = lines_of(coordinator, "finder")[1:]
    assert (concern, total) == (CONCERNS["at_school"].label, "6")


def test_enquiries_are_counted_from_five_on_and_never_named(db: None, coordinator: Client) -> None:
    many, few = AgencyFactory(name="Viel gefragt"), AgencyFactory(name="Wenig gefragt")
    codes = [sent(agency, source="", at=timezone.now()).enquiry.public_id for agency in [many] * 5 + [few] * 4]
    EnquiryCount.objects.create(month="2020-01-01", agency=many, topic="reden", event="received")
    month = date_format(timezone.localdate(), "F Y")
    assert lines_of(coordinator, "anfragen")[1:] == [
        [month, "Viel gefragt", "eingegangen", "5"], [month, "Wenig gefragt", "eingegangen", FEW],
    ]  # fmt: skip
    page = coordinator.get(PAGE).text
    assert "Wenig gefragt" in page and not any(f">{code}<" in page for code in codes)


def test_freshness_by_agency_the_worst_first(db: None) -> None:
    on = timezone.localdate()
    good, bad = (Agency.objects.create(slug=slug, name=slug, kind="county") for slug in ("gut", "schlecht"))
    days = {
        "fresh": (on + timedelta(days=9), None),
        "due": (on, on + timedelta(days=30)),
        "hidden": (on - timedelta(days=60), on),
        "never": (None, None),
    }
    for number, (agency, state) in enumerate(
        [(good, "fresh"), (good, "fresh"), (bad, "hidden"), (bad, "due"), (bad, "never"), (bad, "fresh")]
    ):
        due_on, hidden_from = days[state]
        GroupCheck.objects.create(
            record="offers.offer",
            object_id=number,
            group="text",
            title="x",
            agency=agency,
            is_public=True,
            due_on=due_on,
            hidden_from=hidden_from,
        )
    GroupCheck.objects.create(
        record="offers.offer", object_id=99, group="text", title="x", agency=good, is_public=False
    )
    assert freshness_table(on).rows == (("schlecht", 1, 1, 1, 1), ("gut", 2, 0, 0, 0))


def test_changes_of_this_month_come_from_the_audit_log(coordinator: Client) -> None:
    now = timezone.now()
    for number in range(3):
        record(actor=None, action="offer.release", subject=f"offers.offer:{number}", at=now)
    record(actor=None, action="page.change", subject="directory.page:1", at=now)
    record(actor=None, action="enquiry.answer", subject="counseling.enquiry:K7QM", at=now)
    record(actor=None, action="offer.release", subject="offers.offer:9", at=now - timedelta(days=40))
    assert lines_of(coordinator, "aenderungen")[1:] == [["Angebot", "freigegeben", "3"], ["Seite", "geändert", "1"]]
    page = coordinator.get(PAGE)
    assert sum(number for _day, number in page.context["days"]) == 5  # the download is a deed too
    assert len(page.context["days"]) == timezone.localdate().day


def test_download_is_safe_noted_and_for_those_who_see_everything(region: None, coordinator: Client) -> None:
    place = Municipality.objects.order_by("name").first()
    Municipality.objects.filter(pk=place.pk).update(name="=HYPERLINK(1)")
    rows = lines_of(coordinator, "suche-orte")
    assert ["'=HYPERLINK(1)", FEW] in rows
    entry = AuditEntry.objects.get(action="overview.export")
    assert (entry.subject, entry.role) == ("directory.overview:suche-orte", "coordinator")
    assert coordinator.get(reverse("admin:overview_download", args=["nix"])).status_code == 404
    assert coordinator.post(PAGE).status_code == 405
    lead = log_in(Client(), staff("leitung", role="lead"))
    assert [lead.get(url).status_code for url in (PAGE, reverse("admin:overview_download", args=["suche"]))] == [
        403,
        403,
    ]


def test_every_table_has_a_download_with_a_row_for_every_line(region: None, coordinator: Client) -> None:
    sizes = {name: len(lines_of(coordinator, name)) for name in TABLES}
    assert sizes["abdeckung"] == 1 + Municipality.objects.count() * len(OfferKind) * len(LegalArea)
    assert all(size >= 1 for size in sizes.values())
    page = coordinator.get(PAGE).text
    assert all(reverse("admin:overview_download", args=[name]) in page for name in TABLES if name != "tage")


def test_bars_fill_the_width_with_the_longest_line() -> None:
    first, second = bars([("a", [("fresh", 3), ("due", 1)]), ("b", [("fresh", 1), ("due", 0)])])
    assert first.placed == (("fresh", 0.0, 75.0), ("due", 75.0, 25.0))
    assert second.placed == (("fresh", 0.0, 25.0), ("due", 25.0, 0.0))
    assert bars([("leer", [("fresh", 0)])])[0].placed == (("fresh", 0.0, 0.0),)
