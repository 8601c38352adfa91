"""Who gets which page of the back office: every address of it × seven roles × own and foreign rows.

The addresses come from the resolver, so that a new one without a line here fails. What is expected
is written by hand; it is not read from the table of rights it is meant to prove.

E Redaktion, C Beratung, L Leitung, K Koordination, S Schule, T Technik; the seventh is nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import AuditEntry, User
from counseling import models as counseling
from counseling import models as rules
from directory import models as directory
from directory.editorial.shapes import shape_of
from directory.editorial.snapshot import take
from directory.models import Role
from offers import models as offers
from tests.factories.accounts import log_in, staff
from tests.factories.appointments import booked, slot_rule
from tests.factories.enquiries import sent

ROLES = {"E": Role.EDITOR, "C": Role.COUNSELOR, "L": Role.LEAD, "K": Role.COORDINATOR, "S": Role.SCHOOL}
NOBODY, TECHNICIAN = "-", "T"
NOW = datetime(2026, 11, 22, tzinfo=ZoneInfo("Europe/Berlin"))
EVERYBODY = "ECLKST"
EVERYWHERE = "KT"
"""Who reaches the rows of every agency; the others reach their own."""


@dataclass(frozen=True)
class Pages:
    """Who may see, add and delete rows of a model. ``is_owned``: rows belong to an agency."""

    see: str
    add: str = ""
    delete: str = ""
    is_owned: bool = False


TABLE = {
    "directory.agency": Pages("ELKST", "KT", "KT", is_owned=True),
    "directory.contactpoint": Pages("ELKST", "ELKST", "KT", is_owned=True),
    "directory.contactperson": Pages("ELKST", "ELKST", "ELKST", is_owned=True),
    "directory.membership": Pages("LT", "LT", is_owned=True),
    "offers.offer": Pages("ELKST", "ELKST", "KT", is_owned=True),
    "directory.import": Pages("ELKST", "ELKST", "ELKST", is_owned=True),
    "directory.glossaryterm": Pages("ELKST", "KT", "KT"),
    "offers.situation": Pages("ELKST", "KT", "KT"),
    "offers.occupationalfield": Pages("ELKST", "KT", "KT"),
    "offers.legalbasis": Pages("ELKST", "KT", "KT"),
    "directory.language": Pages("KT", "KT", "KT"),
    "directory.synonymgroup": Pages("KT", "KT", "KT"),
    "directory.municipality": Pages("KT", "KT", "KT"),
    "directory.locality": Pages("KT", "KT", "KT"),
    "directory.neighbourplace": Pages("KT", "KT", "KT"),
    "directory.schoolholiday": Pages("KT", "KT", "KT"),
    "directory.page": Pages("KT", "KT"),
    "counseling.ruleset": Pages("LKT", "KT"),
    "counseling.responsibilityrule": Pages("LKT", "KT", "KT"),
    "counseling.scenario": Pages("LKT", "KT", "KT"),
    # Not even whether there is one: technicians and the coordination see no enquiry.
    "counseling.enquiry": Pages("CL", is_owned=True),
    "counseling.booking": Pages("CL", is_owned=True),
    "counseling.slotrule": Pages("ECLKT", "ELKT", "ELKT", is_owned=True),
    "counseling.slotblock": Pages("ECLKT", "ECLKT", "ECLKT", is_owned=True),
    "counseling.textblock": Pages("CLT", "CLT", "CLT", is_owned=True),
    # One's own, or as lead anybody's; the row here is a colleague's, which a counsellor only sees.
    "counseling.deskabsence": Pages("CL", "CL", "L", is_owned=True),
    "counseling.enquirydesk": Pages("LT", "LT", "T", is_owned=True),
    "accounts.user": Pages("T", "T"),
    "directory.visitorreport": Pages("ELKST", is_owned=True),
    "directory.linkcheck": Pages("ELKST", is_owned=True),
    "directory.groupcheck": Pages("ELKST", is_owned=True),
    "accounts.auditentry": Pages("LKT", is_owned=True),
}

# Pages of single rows beside Django's own: who may open them, of those who see the row.
MORE = {
    **{
        f"{label.replace('.', '_')}_{page}": (label, "KT" if label == "directory.page" else "ELKST")
        for label in ("directory.agency", "directory.contactpoint", "directory.page", "offers.offer")
        for page in ("preview", "review", "revisions", "revision")
    },
    "directory_groupcheck_record": ("directory.groupcheck", "ELKST"),
    "directory_import_step": ("directory.import", "ELKST"),
    "directory_import_wrong": ("directory.import", "ELKST"),
    "directory_contactpoint_usage": ("directory.contactpoint", "ELKST"),
    "directory_contactperson_usage": ("directory.contactperson", "ELKST"),
    "directory_agency_usage": ("directory.agency", "ELKST"),
    "directory_glossaryterm_usage": ("directory.glossaryterm", "ELKST"),
    "directory_linkcheck_replace": ("directory.linkcheck", "ELKST"),
    "counseling_ruleset_report": ("counseling.ruleset", "LKT"),
    "counseling_ruleset_diff": ("counseling.ruleset", "LKT"),
    "counseling_ruleset_flow": ("counseling.ruleset", "LKT"),
    "counseling_ruleset_flow_svg": ("counseling.ruleset", "LKT"),
    "counseling_ruleset_sign_off": ("counseling.ruleset", "LKT"),
    "counseling_ruleset_activate": ("counseling.ruleset", "KT"),
    "counseling_ruleset_discard": ("counseling.ruleset", "KT"),
    "auth_user_password_change": ("accounts.user", "T"),
}

# Name → arguments, answer for everybody inside (or by role), answer for nobody. 405: by POST only.
OTHERS: dict[str, tuple[list[Any], int | dict[str, int], int]] = {
    "index": ([], 200, 302),
    "login": ([], 302, 200),
    "logout": ([], 405, 302),
    "login_code": ([], 302, 302),
    "second_factor": ([], 200, 302),
    "second_factor_picture": ([], 200, 404),
    "second_factor_off": ([], 405, 405),
    "password_forgotten": ([], 200, 200),
    "password_forgotten_done": ([], 200, 200),
    "one_time_link": ([], 410, 410),
    "account": ([], 200, 302),
    "shown_again": ([], 200, 302),
    "recovery_codes": ([], 405, 405),
    "session_end": ([1], 405, 405),
    "session_end_all": ([], 405, 405),
    "keep_login": ([], 405, 405),
    "reading": ([], 405, 405),
    "handbook": ([], 200, 302),
    "handbook_page": (["texte"], 200, 302),
    "handbook_picture": (["text"], 200, 302),
    "password_change": ([], 200, 302),
    "password_change_done": ([], 200, 302),
    "autocomplete": ([], 403, 302),
    "jsi18n": ([], 200, 302),
    "view_on_site": ([1, 1], 404, 302),
    "overview": ([], {"K": 200, "T": 200, "": 403}, 302),
    "overview_download": (["abdeckung"], {"K": 200, "T": 200, "": 403}, 302),
    "counseling_booking_day": ([], {"C": 200, "L": 200, "": 403}, 302),
    "queue_counts": ([], {"K": 200, "T": 200, "": 403}, 302),
    "condition": ([], {"T": 200, "": 403}, 302),
    "app_list": (["directory"], {"C": 404, "": 200}, 302),
    "directory_groupcheck_forecast": ([], {"C": 403, "": 200}, 302),
    "directory_groupcheck_forecast_csv": ([], {"C": 403, "": 200}, 302),
    "directory_import_export": (["anlaufstellen"], {"C": 403, "": 200}, 302),
    "directory_import_merge": (["anlaufstellen"], {"K": 200, "T": 200, "": 403}, 302),
    "offers_searchgap_changelist": ([], {"K": 200, "T": 200, "": 403}, 302),
}


@dataclass
class World:
    """People of every role, and rows of their agencies and of another one."""

    people: dict[str, User]
    own: dict[str, dict[str, Any]]
    foreign: dict[str, Any]
    shared: dict[str, Any]


@pytest.fixture
def world(db: None) -> World:
    partner = agency("partner", "job_centre")
    homes = {"S": agency("schule", "school"), "K": agency("koordination", "coordination")}
    people = {letter: staff(role, role=role, agency=homes.get(letter, partner)) for letter, role in ROLES.items()}
    people[TECHNICIAN] = staff("technik", is_superuser=True)
    rows = {home.slug: rows_of(home) for home in (partner, *homes.values())}
    own = {letter: rows[homes.get(letter, partner).slug] for letter in people}
    shared = everybodys_rows(partner)
    shared["accounts.user"] = people["E"]
    return World(people, own, rows_of(agency("fremd", "job_centre")), shared)


def agency(slug: str, kind: str) -> directory.Agency:
    return directory.Agency.objects.create(slug=slug, name=f"Stelle {slug}", kind=kind)


def link_of(home: directory.Agency) -> directory.LinkCheck:
    link = directory.LinkCheck.objects.create(address=f"https://{home.slug}.example/")
    link.uses.create(subject=f"directory.agency:{home.pk}", agency=home)
    return link


def rows_of(home: directory.Agency) -> dict[str, Any]:
    """Return a row of every model that belongs to an agency."""
    point = directory.ContactPoint.objects.create(slug=f"haus-{home.slug}", name=f"Haus {home.slug}", owner=home)
    offer = offers.Offer.objects.create(
        slug=f"angebot-{home.slug}", title=f"Angebot {home.slug}", summary="Kurz.", kind="beratung"
    )
    offers.OfferAgency.objects.create(offer=offer, agency=home, role="provider")
    offers.OfferAgency.objects.create(offer=offer, agency=home, role="funder")
    return {
        "directory.agency": home,
        "directory.contactpoint": point,
        "directory.contactperson": point.persons.create(name=f"Beratung {home.slug}"),
        "offers.offer": offer,
        "directory.linkcheck": link_of(home),
        "directory.visitorreport": directory.VisitorReport.objects.create(
            kind="stelle", key=home.pk, title="Stelle", agency=home, reason="fehlt", created_at=NOW, token=home.slug
        ),
        "directory.groupcheck": directory.GroupCheck.objects.create(
            record="directory.contactpoint", object_id=point.pk, group="text", title="Haus", agency=home
        ),
        "directory.import": table_of(home),
        "directory.membership": staff(f"kollege-{home.slug}", agency=home).membership,
        "counseling.enquiry": sent(home, source=home.slug).enquiry,
        "counseling.booking": booked(slot_rule(home, contact_point=point), source=home.slug).booking,
        "counseling.slotrule": slot_rule(home, contact_point=point),
        "counseling.slotblock": counseling.SlotBlock.objects.create(
            agency=home, on=NOW.date() + timedelta(days=9), reason="Fortbildung"
        ),
        "counseling.textblock": counseling.TextBlock.objects.create(agency=home, title="Gruß", text="Hallo."),
        "counseling.enquirydesk": counseling.EnquiryDesk.objects.create(agency=home),
        "counseling.deskabsence": absence_at(home),
        "accounts.auditentry": AuditEntry.objects.create(
            at=NOW, action="offer.release", subject=f"offers.offer:{offer.pk}", agency=home.pk
        ),
    }


def absence_at(home: directory.Agency) -> counseling.DeskAbsence:
    """Two colleagues, of whom one stands in for the other."""
    away, substitute = (staff(f"{name}-{home.slug}", agency=home) for name in ("weg", "da"))
    return counseling.DeskAbsence.objects.create(
        user=away, substitute=substitute, starts_on=NOW.date(), ends_on=NOW.date()
    )


def table_of(home: directory.Agency) -> directory.Import:
    """A table that was checked and waits; coordination and technicians see those of every agency."""
    at = datetime(2026, 11, 22, tzinfo=ZoneInfo("Europe/Berlin"))
    values = {"kind": "anlaufstellen", "state": "ready", "header": ["Name"], "mapping": ["name"]}
    batch = directory.Import.objects.create(key=uuid4(), agency=home, at=at, **values)
    batch.rows.create(number=2, cells=["Haus"], outcome="wrong", problems=[{"column": "Name", "message": "Nein."}])
    return batch


def everybodys_rows(owner: directory.Agency) -> dict[str, Any]:
    """Return a row of every other model; the rules are a draft, which can be changed."""
    place = directory.Municipality.objects.create(
        ags="99000001", name="Dorf", kind="einheitsgemeinde", latitude=52, longitude=11
    )
    at = datetime(2026, 11, 22, tzinfo=ZoneInfo("Europe/Berlin"))
    draft = rules.RuleSet.objects.create(number=1, created_at=at)
    found = [
        place,
        directory.Locality.objects.create(
            municipality=place, name="Ort", postal_code="99999", latitude=52, longitude=11
        ),
        directory.NeighbourPlace.objects.create(name="Stadt", county="Kreis"),
        directory.SchoolHoliday.objects.create(name="Ferien", starts_on="2026-07-01", ends_on="2026-08-01"),
        directory.Language.objects.create(code="xx", name="Sprache"),
        directory.GlossaryTerm.objects.create(slug="wort", term="Wort", explanation="Das heißt so."),
        directory.SynonymGroup.objects.create(name="Gruppe", words="Lehre\nAusbildung"),
        directory.Page.objects.create(slug="impressum", title="Seite", body="Text."),
        offers.Situation.objects.create(slug="lage", label="Lage"),
        offers.OccupationalField.objects.create(slug="feld", name="Feld"),
        offers.LegalBasis.objects.create(statute="SGB III", paragraph="§ 1"),
        draft,
        rules.ResponsibilityRule.objects.create(
            rule_set=draft, key="R-1", concerns=["truancy"], body="jobcenter", owner=owner
        ),
        rules.Scenario.objects.create(rule_set=draft, name="Fall", door="jobcenter", facts={"concern": "truancy"}),
    ]
    return {row._meta.label_lower: row for row in found}


def names_of(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def names_in_the_resolver() -> set[str]:
    (back_office,) = [item for item in get_resolver().url_patterns if getattr(item, "namespace", None) == "admin"]
    return set(names_of(back_office.url_patterns))


def stock_names(label: str) -> list[str]:
    base = label.replace(".", "_")
    return [f"{base}_{page}" for page in ("changelist", "add", "change", "history", "delete")]


def test_every_address_has_its_line() -> None:
    listed = {name for label in TABLE for name in stock_names(label)} | set(MORE) | set(OTHERS)
    # One rule may be switched off by the agency that answers for it; it has a test of its own below.
    listed |= {"counseling_responsibilityrule_switch_off"}
    assert names_in_the_resolver() == listed


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def row_answer(role: str, label: str, allowed: str, *, is_own: bool) -> int:
    """Out of reach or not to be seen: there is no such row. Seen without the right: refused."""
    pages = TABLE[label]
    if role == NOBODY:
        return 302
    if role not in pages.see or (pages.is_owned and not is_own and role not in EVERYWHERE):
        return 404
    return 200 if role in allowed else 403


def expected_for(role: str, world: World) -> Iterator[tuple[str, int]]:
    """Return every address with the answer this role must get."""
    for label, pages in TABLE.items():
        listed, add, *single = stock_names(label)
        outside = 302 if role == NOBODY else 403
        yield address(listed), 200 if role in pages.see else outside
        yield address(add), 200 if role in pages.add else outside
        rights = dict(zip(single, (pages.see, pages.see, pages.delete), strict=True))
        rights |= {name: allowed for name, (of, allowed) in MORE.items() if of == label}
        for name, allowed in rights.items():
            for row, is_own in rows_for(role, label, world):
                yield address(name, *arguments(name, row)), row_answer(role, label, allowed, is_own=is_own)
    for name, (args, inside, nobody) in OTHERS.items():
        answer = inside if isinstance(inside, int) else inside.get(role, inside[""])
        yield address(name, *args), nobody if role == NOBODY else answer


def arguments(name: str, row: Any) -> list[Any]:
    """Return what stands in the address of a page of a row."""
    if name.endswith("_svg"):
        return [row.pk, "truancy"]
    if name.endswith("_revision"):
        kind = ContentType.objects.get_for_model(row)
        state = take(shape_of(type(row)), row.pk)
        found = directory.Revision.objects.create(content_type=kind, object_id=row.pk, snapshot=state, released_at=NOW)
        return [row.pk, found.pk]
    return [row.pk]


def rows_for(role: str, label: str, world: World) -> list[tuple[Any, bool]]:
    if not TABLE[label].is_owned:
        return [(world.shared[label], True)]
    own = world.own.get(role, world.own["E"])
    return [(own[label], True), (world.foreign[label], False)]


@pytest.mark.slow
@pytest.mark.parametrize("role", [*EVERYBODY, NOBODY])
def test_every_address_answers_as_the_table_says(world: World, quick_pages: None, role: str) -> None:
    client = Client()
    if role != NOBODY:
        log_in(client, world.people[role])
    wrong = {}
    for path, expected in expected_for(role, world):
        response = client.get(path)
        if response.status_code != expected:
            wrong[path] = (expected, response.status_code)
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["C", "L", TECHNICIAN])
def test_password_alone_is_like_nobody(world: World, quick_pages: None, role: str) -> None:
    """Even for a session that got in before the second factor was compulsory."""
    client = log_in(Client(), world.people[role], second_factor=False)
    way_on = [address(name) for name in ("login", "second_factor", "second_factor_picture")]
    for path, expected in expected_for(NOBODY, world):
        if path not in way_on:
            assert client.get(path).status_code == expected, path
    assert client.get(way_on[0])["Location"] == way_on[1]


def test_membership_gone_means_out_at_once(world: World) -> None:
    client = log_in(Client(), world.people["E"])
    assert client.get(address("index")).status_code == 200
    directory.Membership.objects.filter(user=world.people["E"]).delete()
    assert client.get(address("index")).status_code == 302
    assert "gehört zu keiner Stelle" in client.get(address("login")).text


def test_new_role_counts_from_the_next_request(world: World) -> None:
    client = log_in(Client(), world.people["E"])
    rows = world.own["E"]
    page = address("directory_membership_changelist")
    assert client.get(page).status_code == 403
    directory.Membership.objects.filter(user=world.people["E"]).update(role="lead")
    assert client.get(page).status_code == 200
    directory.Membership.objects.filter(user=world.people["E"]).update(role="counselor")
    assert client.get(address("offers_offer_change", rows["offers.offer"].pk)).status_code == 404


def test_rule_is_switched_off_by_its_agency_or_the_coordination(world: World) -> None:
    mine = world.shared["counseling.responsibilityrule"]
    other = rules.ResponsibilityRule.objects.get(pk=mine.pk)
    other.pk, other.key, other.owner = None, "R-2", world.foreign["directory.agency"]
    other.save()
    answers = {}
    for role in EVERYBODY:
        client = log_in(Client(), world.people[role])
        name = "counseling_responsibilityrule_switch_off"
        answers[role] = [client.get(address(name, row.pk)).status_code for row in (mine, other)]
    assert answers == {
        "E": [404, 404], "C": [404, 404], "L": [200, 403], "K": [200, 200], "S": [404, 404], "T": [200, 200],
    }  # fmt: skip


def test_every_page_for_rows_says_how_they_belong_to_an_agency() -> None:
    silent = [
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if not any("agency_path" in vars(part) for part in type(page).__mro__)
        and model._meta.label_lower not in ("accounts.user", "offers.searchgap")  # by right alone, no row is shown
    ]
    owned = [model._meta.label_lower for model, page in admin.site._registry.items() if getattr(page, "agency_path", 0)]
    inlines = [
        inline.__name__
        for page in admin.site._registry.values()
        for inline in page.inlines
        if not getattr(inline, "agency_path", None)
    ]
    assert (silent, inlines) == ([], [])
    assert sorted(owned) == sorted(label for label, pages in TABLE.items() if pages.is_owned)
