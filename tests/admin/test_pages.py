"""Every page of the back office opens, with a constant number of queries, and survives nonsense."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from directory.models import Agency, ContactPoint, GroupCheck, LinkCheck, Municipality, Page, VisitorReport
from offers.models import Offer, SearchGap
from tests.admin.rows import make_rows

OWN_APPS = {"directory", "offers", "accounts", "auth"}
# No rows to edit; their tests are in tests/offers/test_gaps.py and tests/admin/test_audit.py.
REPORTS = {SearchGap, AuditEntry, GroupCheck, VisitorReport, LinkCheck}
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OWN_APPS and model not in REPORTS),
    key=lambda model: model._meta.label,
)
# A form reads its row twice: as fields, and as the state from which somebody starts.
LIST_CEILING, FORM_CEILING = 12, 44
models = pytest.mark.parametrize("model", MODELS, ids=[model._meta.label for model in MODELS])


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def count(desk, url: str) -> int:
    desk.get(url)  # content types are looked up once and kept
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url).status_code == 200, url
    return len(queries)


def test_every_kind_of_content_has_its_pages():
    wanted = (
        "Municipality Locality NeighbourPlace SchoolHoliday Agency ContactPoint ContactPerson Language GlossaryTerm "
        "Page Offer Situation OccupationalField LegalBasis SynonymGroup Membership User Import"
    )
    assert sorted(model.__name__ for model in MODELS) == sorted(wanted.split())


@models
def test_pages_open_with_as_many_queries_for_ten_rows_as_for_one(desk, model):
    row = make_rows(1)[model]
    pages = [address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)]
    before = [count(desk, url) for url in pages]
    for number in range(2, 11):
        make_rows(number)
    assert [count(desk, url) for url in pages] == before
    assert before[0] <= LIST_CEILING
    assert max(before[1:]) <= FORM_CEILING


def test_rows_inside_a_page_cost_no_queries_of_their_own(desk):
    rows = make_rows(1)
    point, offer = rows[ContactPoint], rows[Offer]
    pages = [address(ContactPoint, "change", point.pk), address(Offer, "change", offer.pk)]
    before = [count(desk, url) for url in pages]
    person = point.persons.last()
    for number in range(2, 11):
        agency = Agency.objects.create(slug=f"a{number}", name=f"A {number}", kind="county")
        point.shares.create(agency=agency, role="berät")
        point.persons.create(name=f"P {number}", substitute=person)
        point.phones.create(number="+4939041000")
        point.schedules.create(weekday=1, opens_at="08:00", closes_at="12:00", person=person)
        point.exceptions.create(starts_on="2026-01-01", ends_on="2026-01-01", person=person)
        offer.roles.create(agency=agency, role="funder")
        offer.preconditions.create(text="Du bist da.")
        offer.deadlines.create(kind="fixed", date="2026-01-01", text="Komm.")
    assert [count(desk, url) for url in pages] == before


def test_pages_are_kept_by_no_cache(desk):
    response = desk.get(address(ContactPoint, "changelist"))
    assert "no-store" in response["Cache-Control"]


def test_site_has_the_name_of_the_portal_and_groups(desk, settings):
    response = desk.get(reverse("admin:index"))
    assert settings.REGION["short_name"] in response.text
    groups = [group["name"] for group in response.context["app_list"]][:6]
    assert groups == [
        "Anfragen und Termine",
        "Anlaufstellen und Stellen",
        "Angebote",
        "Texte und Wörter der Suche",
        "Orte, Ferien, Sprachen",
        "Personen und Konten",
    ]
    shown = {entry["object_name"] for group in response.context["app_list"] for entry in group["models"]}
    assert {model.__name__ for model in MODELS} <= shown
    assert desk.get(reverse("admin:app_list", args=["directory"])).status_code == 200


def test_somebody_without_rights_is_sent_to_the_login(client, db):
    response = client.get(address(ContactPoint, "changelist"))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")


NONSENSE = [
    "?q=%00", "?status__exact=xyz", "?p=-1", "?p=99999999999999999999999", "?o=999", "?o=-x.y", "?e=1",
    "?id__exact=abc", "?id__exact=99999999999999999999999", "?pk__in=1,x", "?pruefung=xyz", "?nix=1",
    "?owner__legal_area=%ED%A0%80", "?municipality__ags__exact=99999999999999999999999999", "?verified__exact=7",
    "?is_example__exact=x", "?checked_on__gte=2026-99-99", "?q=" + "a+" * 5000, "?q=%22%27%25_", "?all=", "?_facets=x",
    "?legal_bases__legal_area__exact=%F0%9F%98%80", "?groups__id__exact=99999999999999999999999", "?_to_field=nix",
    "?municipality__ags__exact=%27", "?contact_point__id__exact=99999999999999999999999", "?position=x",
    "?checked_on__year=abc", "?_popup=1&_to_field=id", "?last_login__gte=x", "?contact_point__id__exact=x",
]  # fmt: skip


@models
def test_nonsense_in_the_address_is_answered(desk, model):
    make_rows(1)
    for query in NONSENSE:
        response = desk.get(address(model, "changelist") + query, follow=True)
        assert response.status_code in (200, 400), query


@models
@pytest.mark.parametrize("key", ["abc", "99999999999999999999999999", "-1", "_00", "%ED%A0%80"])
def test_a_row_that_does_not_exist_is_not_found(desk, model, key):
    base = address(model, "changelist")
    for page in ("change", "delete", "history"):
        response = desk.get(f"{base}{key}/{page}/")
        # Who may never delete is told so before any row is looked for.
        assert response.status_code in ((403, 404) if page == "delete" else (404,)), (page, key)


@pytest.mark.parametrize("key", ["abc", "99999999999999999999999999", "0"])
@pytest.mark.parametrize("model", [ContactPoint, Agency, Offer])
def test_a_preview_of_nothing_is_not_found(desk, model, key):
    assert desk.get(f"{address(model, 'changelist')}{key}/vorschau/").status_code == 404


@pytest.mark.parametrize("selected", [["abc"], ["99999999999999999999999999"], [""], ["1", "x"]])
def test_a_selection_of_nothing_is_refused(desk, selected):
    row = make_rows(1)[ContactPoint]
    desk.get(address(ContactPoint, "preview", row.pk))  # else nothing would be published anyway
    data = {"action": "publish", "_selected_action": selected}
    response = desk.post(address(ContactPoint, "changelist"), data, follow=True)
    assert response.status_code == 200
    assert not ContactPoint.objects.filter(status="published").exists()


@pytest.mark.parametrize("query", ["", "?term=%00", "?app_label=x&model_name=y&field_name=z", "?term=" + "a+" * 3000])
def test_type_ahead_survives_nonsense(desk, query):
    assert desk.get(reverse("admin:autocomplete") + query).status_code in (400, 403)


def test_keys_law_pages_and_accounts_stay(desk):
    rows = make_rows(1)
    place, page = rows[Municipality], rows[Page]
    assert "ags" not in desk.get(address(Municipality, "change", place.pk)).context["adminform"].form.fields
    assert "slug" not in desk.get(address(Page, "change", page.pk)).context["adminform"].form.fields
    assert desk.post(address(Page, "delete", page.pk), {"post": "yes"}).status_code == 403
    assert Page.objects.filter(pk=page.pk).exists()
    response = desk.post(address(Page, "add"), {"slug": "gibt-es-nicht-wirklich", "title": "T", "body": "B"})
    assert list(response.context["adminform"].form.errors) == ["slug"]
