"""What rows of a table do: new ones are drafts, public ones wait, others' records do not exist, nothing twice."""

import io
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, User
from directory.csv_cells import write_csv
from directory.exchange import steps
from directory.exchange.exporting import chosen_columns, export_rows
from directory.exchange.registry import kind_of, kinds
from directory.exchange.workbook import csv_rows, read_upload, write_workbook
from directory.models import Agency, Change, ContactPoint, Import, ImportRow, SearchEntry
from directory.rights import Reach, reach_of
from offers.models import Offer
from ruemsa_portal.retention import RULES, purge
from tests.exchange.conftest import go_on
from tests.factories.accounts import staff
from tests.factories.directory import AgencyFactory, ContactPointFactory
from tests.factories.offers import OfferFactory
from tests.naughty import NAUGHTY

Bring = Callable[..., Import]
HEAD = ["Kurzname", "Name", "Straße", "PLZ", "Ort", "Telefon", "Montag"]
NEW = ["", "Neues Haus", "Weg 1", "39340", "Dorf", "03904 7240 (Zentrale)", "9-12"]


@pytest.fixture
def partner(db: None) -> User:
    return staff("partner", agency=AgencyFactory(slug="eigene", name="Eigene", kind="counselling"))


@pytest.fixture
def chief(db: None) -> User:
    return staff("chefin", role="coordinator")


def findings(batch: Import) -> list[tuple[int, str, str]]:
    return list(batch.rows.values_list("number", "outcome", "result"))


def messages(batch: Import) -> dict[int, list[tuple[str, str]]]:
    rows = batch.rows.filter(outcome="wrong")
    return {row.number: [(item["column"], item["message"]) for item in row.problems] for row in rows}


def test_new_row_becomes_a_draft_of_the_own_agency(partner: User, bring: Bring) -> None:
    batch = bring(partner, [HEAD, NEW])
    assert findings(batch) == [(2, "new", "entered")]
    point = ContactPoint.objects.get()
    assert (point.name, point.status, point.owner.slug, point.slug) == ("Neues Haus", "draft", "eigene", "neues-haus")
    assert [(phone.number, phone.purpose) for phone in point.phones.all()] == [("+4939047240", "Zentrale")]
    assert [(slot.weekday, f"{slot.opens_at:%H:%M}") for slot in point.schedules.all()] == [(0, "09:00")]
    assert point.staff_edited_at is not None
    assert SearchEntry.objects.get(kind="contact_point").object_id == point.pk
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["table.upload", "contactpoint.add", "table.import"]
    assert AuditEntry.objects.filter(actor=partner.pk, agency=partner.membership.agency_id).count() == 3


def test_whoever_brings_a_new_row_is_no_second_pair_of_eyes(partner: User, bring: Bring) -> None:
    Agency.objects.update(four_eyes=True)
    bring(partner, [HEAD, NEW])
    assert Change.objects.get().authors == [partner.pk]


def test_the_same_table_again_changes_nothing(partner: User, bring: Bring) -> None:
    bring(partner, [HEAD, NEW])
    assert findings(bring(partner, [HEAD, NEW])) == [(2, "same", "")]
    assert ContactPoint.objects.count() == 1


def test_draft_is_changed_at_once_and_only_where_the_table_says_something(partner: User, bring: Bring) -> None:
    point = ContactPointFactory(
        owner=partner.membership.agency, status="draft", full=True, slug="haus", summary="Bleibt."
    )
    batch = bring(partner, [["Kurzname", "Ort", "Website", "Was hier passiert"], ["haus", "Dorf", "leer", ""]])
    assert findings(batch) == [(2, "changed", "entered")]
    point.refresh_from_db()
    assert (point.town, point.website, point.summary) == ("Dorf", "", "Bleibt.")
    (row,) = batch.rows.all()
    assert [(line["label"], line["before"], line["after"]) for line in row.differences] == [
        ("Ort", "Haldensleben", "Dorf"),
        ("Website", "https://example.org/", ""),
    ]


def test_public_record_keeps_its_state_until_release(partner: User, bring: Bring) -> None:
    point = ContactPointFactory(owner=partner.membership.agency, full=True, slug="haus")
    batch = bring(partner, [["Kurzname", "Telefon", "Montag"], ["haus", "03904 999", "10-11"]])
    assert findings(batch) == [(2, "changed", "proposed")]
    point.refresh_from_db()
    assert [phone.number for phone in point.phones.all()] == ["+49390412340"]
    change = Change.objects.get()
    assert (change.state, change.origin, change.object_id) == ("review", "import", point.pk)
    assert [row["number"] for row in change.snapshot["parts"]["phone"]] == ["+49390499" + "9"]


def test_others_records_are_as_unknown_as_none_at_all(partner: User, bring: Bring) -> None:
    ContactPointFactory(slug="fremd", status="draft", name="Fremdes Haus")
    hidden = AgencyFactory(slug="verborgen", name="Verborgen", status="draft")
    batch = bring(
        partner,
        [
            ["Kurzname", "Name", "Verantwortliche Stelle"],
            ["fremd", "Übernommen", ""],
            ["gibtesnicht", "Übernommen", ""],
            ["", "Fremdes Haus", ""],
            ["", "Haus A", "verborgen"],
            ["", "Haus B", "gibtesnicht"],
        ],
    )
    said = messages(batch)
    assert said[2] == said[3]
    assert [text.replace(name, "…") for name, row in (("verborgen", 5), ("gibtesnicht", 6)) for _c, text in said[row]] == [
        "„…“ kennen wir nicht.", "„…“ kennen wir nicht.",
    ]  # fmt: skip
    # A draft of somebody else is not even a possible double.
    assert batch.rows.get(number=4).result == "entered"
    assert ContactPoint.objects.get(slug="fremd").name == "Fremdes Haus"
    assert not hidden.owned_contact_points.exists()


def test_another_agency_as_owner_is_refused(partner: User, bring: Bring) -> None:
    AgencyFactory(slug="bekannt", name="Bekannt")
    batch = bring(partner, [["Name", "Verantwortliche Stelle"], ["Haus", "Bekannt"]])
    assert messages(batch) == {2: [("Verantwortliche Stelle", "Hier steht immer Ihre eigene Stelle.")]}


def test_every_fault_of_a_row_is_named_with_its_column(chief: User, bring: Bring) -> None:
    AgencyFactory(slug="amt", name="Amt")
    head = ["Name", "Stelle", "PLZ", "Telefon", "Dienstag", "Erreichbar über", "Breitengrad", "Aufzug", "E-Mail"]
    rows = [
        head,
        ["Haus", "Amt", "abc", "12", "25-26", "Rohrpost", "x", "vielleicht", "kein@"],
        ["Haus", "", "39340", "", "", "", "52,3", "ja", ""],
        ["=1+1", "Amt", "", "", "", "", "", "", ""],
        ["Ein\x00Haus", "Amt", "", "", "", "", "", "", ""],
        ["Hof", "Amt", "", "", "", "", "", "", ""],
        ["Hof", "Amt", "", "", "", "", "", "", ""],
    ]
    said = messages(bring(chief, rows))
    assert [column for column, _text in said[2]] == [
        "Postleitzahl", "Telefon", "Dienstag", "Erreichbar über", "Breitengrad", "Aufzug",
    ]  # fmt: skip
    assert [column for column, _text in said[3]] == ["Verantwortliche Stelle", ""]
    assert said[4] == [("Name", "Hier steht eine Formel. Bitte den Wert selbst eintragen.")]
    assert said[5] == [("Name", "Ein Zeichen darin ist kaputt. Bitte neu eintippen.")]
    assert said[7] == [("Name", "Dieser Eintrag steht schon in Zeile 6.")]
    assert [point.name for point in ContactPoint.objects.all()] == ["Hof"]


def test_similar_name_and_same_door_are_asked_about_and_entered_after_the_answer(chief: User, bring: Bring) -> None:
    AgencyFactory(slug="amt", name="Amt")
    point = ContactPointFactory(
        name="Jugendhaus am Markt", street="Marktstraße 5", postal_code="39340", status="draft", slug="haus"
    )
    head = ["Name", "Stelle", "Straße", "PLZ"]
    rows = [
        head,
        ["Jugend-Haus am Markt", "Amt", "", ""],
        ["Markt Jugendhaus", "Amt", "Marktstr. 5", "39340"],
        ["Jugendhaus am Markt", "Amt", "Waldweg 1", "39326"],
        ["Ganz was anderes", "Amt", "Marktstraße 5", "39340"],
    ]
    batch = bring(chief, rows)
    assert findings(batch) == [(2, "double", ""), (3, "double", ""), (4, "double", ""), (5, "new", "entered")]
    assert [row.candidates for row in batch.rows.exclude(number=5)] == [[point.pk]] * 3
    steps.choose(
        batch,
        {2: str(point.pk), 3: "leave_out", 4: "new", 5: "leave_out", 99: "new"},
        reach=reach_of(chief),
        on=timezone.localdate(),
    )
    assert steps.start(batch)
    go_on(batch, chief)
    assert findings(batch) == [
        (2, "changed", "entered"),
        (3, "left_out", ""),
        (4, "new", "entered"),
        (5, "new", "entered"),
    ]
    point.refresh_from_db()
    assert (point.name, ContactPoint.objects.count()) == ("Jugend-Haus am Markt", 3)


def test_answer_that_was_not_offered_does_not_count(partner: User, bring: Bring) -> None:
    foreign = ContactPointFactory(name="Jugendhaus am Markt")  # public, hence a possible double
    other = ContactPointFactory(name="Anderes", status="draft")
    batch = bring(partner, [["Name"], ["Jugendhaus am Markte"]])
    assert batch.rows.get().candidates == [foreign.pk]
    choice = {"reach": reach_of(partner), "on": timezone.localdate()}
    steps.choose(batch, {2: str(other.pk)}, **choice)
    assert batch.rows.get().outcome == "double"
    steps.choose(batch, {2: str(foreign.pk)}, **choice)  # the same, but not ours to change
    assert batch.rows.get().outcome == "left_out"
    assert not steps.start(batch)


def test_record_that_moved_on_meanwhile_is_not_overwritten(partner: User, bring: Bring) -> None:
    point = ContactPointFactory(owner=partner.membership.agency, status="draft", slug="haus", town="Dorf")
    batch = bring(partner, [["Kurzname", "Ort"], ["haus", "Stadt"]], enter=False)
    ContactPoint.objects.filter(pk=point.pk).update(town="Burg")
    assert steps.start(batch)
    go_on(batch, partner)
    assert findings(batch) == [(2, "changed", "refused")]
    point.refresh_from_db()
    assert point.town == "Burg"


def test_rights_count_when_it_is_carried_out(partner: User, bring: Bring) -> None:
    ContactPointFactory(owner=partner.membership.agency, status="draft", slug="haus", town="Dorf")
    batch = bring(partner, [["Kurzname", "Ort"], ["haus", "Stadt"]], enter=False)
    ContactPoint.objects.update(owner=AgencyFactory())
    steps.start(batch)
    go_on(batch, partner)
    assert findings(batch) == [(2, "wrong", "refused")]


def test_work_goes_on_where_it_stopped_and_never_twice(partner: User, bring: Bring) -> None:
    lines = [["Name"], *([f"Haus Nummer {n} {'xyz' * n}"] for n in range(60))]
    batch = bring(partner, lines, enter=False)
    more = {"reach": reach_of(partner), "by": partner, "on": timezone.localdate(), "at": timezone.now()}
    assert steps.start(batch)
    assert not steps.start(batch)  # the button pressed twice
    batch.refresh_from_db()
    done = [steps.work(Import.objects.get(pk=batch.pk), **more, seconds=0).done for _look in range(4)]
    assert done[0] == 25
    assert done[1] == 50
    assert ContactPoint.objects.count() == 60
    go_on(batch, partner)
    assert (ContactPoint.objects.count(), batch.rows.filter(result="entered").count()) == (60, 60)


def test_offers_come_with_roles_and_the_own_agency_takes_part(partner: User, bring: Bring) -> None:
    AgencyFactory(slug="geber", name="Geber")
    head = ["Titel", "Kurz gesagt", "Art", "Beteiligte Stellen", "Ab Alter", "Altersgrenze", "Preis in Euro", "Kosten"]
    rows = [
        head,
        ["Kurs A", "Lern etwas.", "Beratung", "", "15", "Alter wie angegeben", "12,50", "kostet etwas"],
        ["Lager B", "Fahr mit.", "Praktikum und Ferien", "Eigene; Geber (bezahlt es)", "", "", "", ""],
        ["Treff C", "Komm her.", "Beratung", "Geber", "", "", "", ""],
        ["Werkstatt D", "x" * 281, "Beratung", "", "15", "", "", ""],
    ]
    batch = bring(partner, rows, kind="angebote")
    assert [outcome for _n, outcome, _r in findings(batch)] == ["new", "new", "wrong", "wrong"]
    said = messages(batch)
    assert said[4] == [("Beteiligte Stellen", "Ihre eigene Stelle fehlt hier.")]
    assert [column for column, _text in said[5]] == ["Kurz gesagt", ""]
    roles = {
        offer.title: {(role.agency.name, role.role) for role in offer.roles.all()} for offer in Offer.objects.all()
    }
    assert roles == {
        "Kurs A": {("Eigene", "provider")},
        "Lager B": {("Eigene", "provider"), ("Geber", "funder")},
    }


def exported(user_reach: Reach, key: str, form: str) -> bytes:
    kind = kind_of(key)
    assert kind
    columns = chosen_columns(kind, [column.name for column in kind.columns])
    lines = list(export_rows(kind, columns, kind.rows(user_reach), reach=user_reach, on=timezone.localdate()))
    if form == "xlsx":
        book = io.BytesIO()
        write_workbook(book, lines, title=str(kind.label))
        return book.getvalue()
    text = io.StringIO()
    write_csv(text, csv_rows(lines))
    return text.getvalue().encode("utf-8-sig")


def brought_back(chief: User, key: str, data: bytes) -> set[str]:
    kind = kind_of(key)
    assert kind
    sheet = read_upload(io.BytesIO(data))
    values = {"agency": None, "by": chief, "at": timezone.now()}
    batch = steps.begin(key=f"{time.monotonic_ns():032x}"[-32:], kind=kind, sheet=sheet, **values)
    assert batch.state == "checking"
    go_on(batch, chief)
    wrong = list(batch.rows.exclude(outcome="same").values_list("number", "problems", "differences"))
    assert wrong == []
    return set(batch.rows.values_list("outcome", flat=True))


def test_whole_county_comes_back_unchanged(region: None, chief: User) -> None:
    for kind in kinds():
        for form in ("csv", "xlsx"):
            assert brought_back(chief, kind.key, exported(reach_of(chief), kind.key, form)) == {"same"}
    assert ImportRow.objects.filter(batch__kind="angebote").count() == 2 * Offer.objects.count() > 100


def test_strange_texts_come_back_unchanged_and_begin_no_formula(chief: User) -> None:
    owner = AgencyFactory(name="Amt; (Mitte)")
    for number, text in enumerate([*NAUGHTY, "=1+1", "'=1", "+49", "-", "leer", "＝x"]):
        plain = "".join(char for char in text if char != "\0" and not "\ud800" <= char <= "\udfff")[:80]
        ContactPointFactory(slug=f"p-{number}", name=plain.strip() or "x", summary=plain, town=plain[:50], owner=owner)
        OfferFactory(slug=f"o-{number}", title=plain.strip() or "x", steps=f"{plain}\r\n- {plain}").roles.create(
            agency=owner, role="funder"
        )
    for key, form in (("anlaufstellen", "xlsx"), ("angebote", "xlsx"), ("angebote", "csv")):
        data = exported(reach_of(chief), key, form)
        if form == "xlsx":
            assert brought_back(chief, key, data) == {"same"}
            continue
        assert [
            line for line in data.decode("utf-8-sig").splitlines() if line.startswith(('"=', '"+', '"-', '"@'))
        ] == []
        assert brought_back(chief, key, data) == {"same"}


def test_200_rows_take_less_than_ten_seconds(region: None, partner: User, bring: Bring) -> None:
    own = partner.membership.agency
    ContactPointFactory.create_batch(60, owner=own, full=True)
    slugs = list(ContactPoint.objects.filter(owner=own).values_list("slug", flat=True))
    head = [*HEAD, "Dienstag", "E-Mail", "Website", "Was hier passiert"]
    more = ["9-12, 13-16", "a@example.org", "https://example.org", "Komm her."]
    rows = [[slug, "", f"Weg {n}", "39340", "Dorf", f"03904 72{n:03d}", "8-12", *more] for n, slug in enumerate(slugs)]
    rows += [
        ["", f"Haus {n:03d} {'abcdefghij'[n % 10] * 9}{n * 7919}", f"Gasse {n}", *NEW[3:], *more] for n in range(140)
    ]
    begun = time.process_time()  # others may be working on the same machine
    batch = bring(partner, [head, *rows])
    took = time.process_time() - begun
    assert batch.rows.filter(result="proposed").count() == 60
    assert batch.rows.filter(result="entered").count() > 100
    assert took < 10, took


def test_import_is_deleted_after_seven_days_and_what_it_brought_stays(partner: User, bring: Bring) -> None:
    bring(partner, [HEAD, NEW])
    (rule,) = [rule for rule in RULES if rule.name == "imports"]
    today = timezone.localdate()
    assert purge(rule, on=today + timedelta(days=7)) == 0
    assert purge(rule, on=today + timedelta(days=8)) > 0
    assert (Import.objects.count(), ImportRow.objects.count(), ContactPoint.objects.count()) == (0, 0, 1)
    assert Agency.objects.filter(slug="eigene").exists()
