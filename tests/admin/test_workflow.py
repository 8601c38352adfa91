"""What is public changes by release only: propose, hand in, release, send back, give up, bring back."""

from datetime import date, time

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from directory.admin.base import WorkflowAdmin
from directory.editorial.shapes import has_workflow
from directory.editorial.snapshot import is_stand_in
from directory.models import (
    Agency,
    Change,
    ContactPerson,
    ContactPoint,
    ContentVersion,
    GlossaryTerm,
    Municipality,
    Page,
    Revision,
    SearchEntry,
    SynonymGroup,
)
from offers.models import Offer
from tests.admin.rows import form_data, make_rows
from tests.admin.test_pages import address
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory, ContactPointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> Agency:
    return AgencyFactory(name="Jugendamt", slug="jugendamt")


@pytest.fixture
def point(agency: Agency) -> ContactPoint:
    point = ContactPointFactory(full=True, name="Jugendbüro", slug="buero", owner=agency, source="Auskunft der Stelle")
    point.schedules.exclude(weekday=0).delete()
    point.persons.create(name="Erika Muster", phone="+493904111111")
    return ContactPoint.objects.get(pk=point.pk)


def version() -> int:
    return ContentVersion.objects.values_list("number", flat=True).first() or 0


def person(name: str, agency: Agency, role: str = "editor") -> Client:
    return log_in(Client(), staff(name, role=role, agency=agency))


def page(item, name: str, *args) -> str:
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{name}", args=[item.pk, *args])


def opened(client: Client, item) -> dict:
    """Open the form as a browser does, with the note where one started."""
    response = client.get(page(item, "change"))
    return {**form_data(response), "_started": response.context["started"]}


def edit(client: Client, item, *, button: str = "_save", **changes):
    data = {**opened(client, item), button: "1"}
    for name, value in changes.items():
        data.pop(name, None) if value is None else data.update({name: value})
    response = client.post(page(item, "change"), data)
    if response.status_code == 200:
        assert not response.context["errors"], response.context["errors"]
    return response


def decide(client: Client, item, button: str, **data):
    """Press a button on the page of the review, as somebody who has looked at the preview if there is one."""
    client.get(page(item, "preview"))
    shown = client.get(page(item, "review"))
    return client.post(page(item, "review"), {"_seen": shown.context["mark"], button: "1", **data}, follow=True)


def change_of(item) -> Change:
    return Change.objects.get(object_id=item.pk, state__in=Change.OPEN)


def test_an_edit_of_what_is_public_waits(point, agency, client):
    desk, before = person("anna", agency), version()
    response = edit(desk, point, name="Jugendhaus", **{"phones-1-number": "03904 55555"})
    assert response["Location"] == page(point, "review")
    assert (version(), LogEntry.objects.get().change_message) == (before, "Änderung vorgeschlagen.")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["contactpoint.propose"]
    public = client.get(point.get_absolute_url()).text
    assert ("Jugendbüro" in public, "Jugendhaus" in public) == (True, False)
    assert ContactPoint.objects.get(pk=point.pk).phones.count() == 1
    form = desk.get(page(point, "change"))
    data = form_data(form)
    assert (data["name"], data["phones-1-number"]) == ("Jugendhaus", "+49390455555")
    assert "Öffentlich ist der bisherige Stand." in form.text
    assert "Speichern (noch nicht öffentlich)" in form.text
    assert "in Arbeit" in desk.get(address(ContactPoint, "changelist")).text


def test_the_second_edit_finds_the_rows_of_the_first(point, agency):
    desk = person("anna", agency)
    edit(
        desk,
        point,
        **{
            "persons-1-name": "Neue Person",
            "schedules-1-weekday": "5",
            "schedules-1-opens_at": "14:00",
            "schedules-1-closes_at": "16:00",
        },
    )
    stand_in = next(
        line["id"] for line in change_of(point).snapshot["parts"]["contactperson"] if is_stand_in(line["id"])
    )
    edit(
        desk,
        point,
        **{"schedules-0-person": str(stand_in), "persons-1-topic": "Geld", "persons-0-substitute": str(stand_in)},
    )
    edit(desk, point, **{"phones-0-DELETE": "on"})
    change = change_of(point)
    assert (change.version, len(change.snapshot["parts"]["contactperson"])) == (3, 2)
    assert "Änderung freigegeben" in decide(desk, point, "_release").text
    new = point.persons.get(name="Neue Person")
    assert (new.topic, new.pk > 0, point.persons.get(name="Erika Muster").substitute) == ("Geld", True, new)
    assert point.schedules.get(person=new).opens_at == time(9)
    assert (point.schedules.count(), point.phones.count()) == (2, 0)


def test_release_reaches_page_search_and_history_and_keeps_no_person(point, agency, client):
    desk, before = person("anna", agency), version()
    edit(desk, point, name="Haus der Wünsche", **{"persons-0-name": "Max Muster"})
    shown = desk.get(page(point, "review"))
    assert ("<del>" in shown.text, "Wünsche" in shown.text) == (True, True)
    assert "Noch keine." in desk.get(page(point, "revisions")).text
    decide(desk, point, "_release")
    assert version() == before + 1
    assert "Haus der Wünsche" in client.get(point.get_absolute_url()).text
    assert SearchEntry.objects.get(kind="contact_point", object_id=point.pk).title == "Haus der Wünsche"
    assert LogEntry.objects.first().change_message == "Änderung freigegeben: veröffentlicht."
    kept = [*Revision.objects.values_list("snapshot", flat=True), *Change.objects.values_list("snapshot", "base")]
    assert Revision.objects.count() == 2
    assert "Muster" not in f"{kept} {list(LogEntry.objects.values_list('change_message', 'object_repr'))}"
    assert "Muster" not in str(list(AuditEntry.objects.values_list("detail", "subject")))


def test_four_eyes(point, agency):
    Agency.objects.filter(pk=agency.pk).update(four_eyes=True)
    anna, lead = person("anna", agency), person("lena", agency, "lead")
    edit(anna, point, name="Jugendhaus")
    shown = anna.get(page(point, "review"))
    assert ('name="_release"' in shown.text, 'name="_submit"' in shown.text) == (False, True)
    mark = shown.context["mark"]
    assert anna.post(page(point, "review"), {"_seen": mark, "_release": "1"}).status_code == 403
    decide(anna, point, "_submit", comment="Neuer Name seit Montag.")
    assert change_of(point).state == "review"
    assert "Neuer Name seit Montag." in lead.get(page(point, "review")).text
    assert decide(anna, point, "_send_back", comment="Doch nicht.").status_code == 403
    assert "Bitte sagen Sie kurz" in decide(lead, point, "_send_back").text
    decide(lead, point, "_send_back", comment="Bitte mit Ort.")
    assert change_of(point).state == "sent_back"
    assert "Bitte mit Ort." in anna.get(page(point, "change")).text
    edit(anna, point, button="_submit", name="Jugendhaus Mitte")
    assert change_of(point).state == "review"
    decide(lead, point, "_release")
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus Mitte"
    deeds = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert [deed.split(".")[1] for deed in deeds] == ["propose", "submit", "send_back", "propose", "submit", "release"]


def test_a_lead_who_wrote_it_needs_another(point, agency):
    Agency.objects.filter(pk=agency.pk).update(four_eyes=True)
    lead = person("lena", agency, "lead")
    edit(lead, point, name="Jugendhaus")
    mark = lead.get(page(point, "review")).context["mark"]
    assert lead.post(page(point, "review"), {"_seen": mark, "_release": "1"}).status_code == 403
    coordination = person("kora", AgencyFactory(kind="coordination"), "coordinator")
    decide(coordination, point, "_release")
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus"


@pytest.mark.parametrize("four_eyes", [True, False])
def test_the_status_field_of_a_draft_asks_for_the_same(four_eyes):
    row = make_rows(1)[ContactPoint]
    Agency.objects.filter(pk=row.owner_id).update(four_eyes=four_eyes)
    anna, lead = person("anna", row.owner), person("lena", row.owner, "lead")
    assert anna.get(page(row, "preview")).status_code == 200
    edit(anna, row, status="published")
    row.refresh_from_db()
    assert row.status == ("review" if four_eyes else "published")
    if four_eyes:
        edit(anna, row, summary="Komm her.")
        decide(anna, row, "_withdraw")
        assert len(change_of(row).authors) == 1
        decide(lead, row, "_send_back", comment="Wo ist das?")
        row.refresh_from_db()
        assert row.status == "draft"
        edit(anna, row, status="review")
        decide(lead, row, "_release")
        row.refresh_from_db()
        assert row.status == "published"
    else:
        assert 'name="status"' not in anna.get(page(row, "change")).text


def test_list_actions_obey_four_eyes():
    row, other = make_rows(1)[ContactPoint], make_rows(2)[ContactPoint]
    Agency.objects.filter(pk=row.owner_id).update(four_eyes=True)
    ContactPoint.objects.filter(pk=other.pk).update(owner=row.owner)
    anna, lead = person("anna", row.owner), person("lena", row.owner, "lead")

    def run(client, action):
        data = {"action": action, "_selected_action": [row.pk, other.pk]}
        return client.post(address(ContactPoint, "changelist"), data, follow=True).text

    def states():
        return set(ContactPoint.objects.values_list("status", flat=True))

    assert "2 Einträge warten auf die Freigabe" in run(anna, "publish")
    assert states() == {"review"}
    assert "2 Einträge veröffentlicht" in run(lead, "publish")
    assert "2 Einträge warten" in run(anna, "mark_checked_today")
    assert set(ContactPoint.objects.values_list("checked_on", flat=True)) == {date(2026, 1, 1)}
    assert Change.objects.filter(state="review").count() == 2
    assert "2 Einträge als geprüft markiert" in run(lead, "mark_checked_today")
    assert "2 Einträge sind wieder Entwürfe" in run(anna, "take_back")
    assert "2 Einträge sind archiviert" in run(anna, "archive")
    assert states() == {"archived"}


LOOK_FIRST = "Bitte sehen Sie sich zuerst an"


def test_without_a_second_pair_of_eyes_the_preview_comes_first(point, agency):
    desk = person("anna", agency)
    edit(desk, point, name="Jugendhaus")

    def press():
        mark = desk.get(page(point, "review")).context["mark"]
        return desk.post(page(point, "review"), {"_seen": mark, "_release": "1", "comment": "Fertig"}).text

    refused = press()
    assert (LOOK_FIRST in refused, f'href="{page(point, "preview")}">Vorschau ansehen' in refused) == (True, True)
    assert ("Fertig</textarea>" in refused, ContactPoint.objects.get(pk=point.pk).name) == (True, "Jugendbüro")
    # A look of somebody else, or at what was proposed before, is no look at this.
    person("ben", agency).get(page(point, "preview"))
    desk.head(page(point, "preview"))
    assert LOOK_FIRST in press()
    shown = desk.get(page(point, "preview")).text
    assert ("Jugendhaus" in shown, f'href="{page(point, "review")}"' in shown) == (True, True)
    edit(desk, point, name="Jugendhaus Mitte")
    assert LOOK_FIRST in press()
    desk.get(page(point, "preview"), {"am": "2027-01-04"})
    assert LOOK_FIRST not in press()
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus Mitte"


def test_status_field_and_list_action_ask_for_the_preview_too():
    row, other = make_rows(1)[ContactPoint], make_rows(2)[ContactPoint]
    ContactPoint.objects.filter(pk=other.pk).update(owner=row.owner)
    lead = person("lena", row.owner, "lead")
    shown = edit(lead, row, status="published", summary="Komm her.")
    assert shown.status_code == 302
    told = lead.get(page(row, "change")).text
    assert (LOOK_FIRST in told, f'href="{page(row, "preview")}"' in told) == (True, True)
    data = {"action": "publish", "_selected_action": [row.pk, other.pk]}
    lead.get(page(row, "preview"))
    text = lead.post(address(ContactPoint, "changelist"), data, follow=True).text
    assert ("1 Eintrag veröffentlicht." in text, f'href="{page(other, "preview")}"' in text) == (True, True)
    assert [ContactPoint.objects.get(pk=item.pk).status for item in (row, other)] == ["published", "draft"]


def test_withdrawing_keeps_what_is_public(point, agency):
    desk = person("anna", agency)
    edit(desk, point, name="Jugendhaus", **{"persons-0-name": "Max Muster"})
    decide(desk, point, "_withdraw")
    assert Change.objects.get().state == "withdrawn"
    assert "Muster" not in str(Change.objects.values_list("snapshot", "base").get())
    assert form_data(desk.get(page(point, "change")))["name"] == "Jugendbüro"


@pytest.mark.parametrize("is_public", [True, False])
def test_the_second_of_two_people_sees_what_changed(point, agency, is_public):
    if not is_public:
        ContactPoint.objects.update(status="draft")
        point.refresh_from_db()
    anna, ben = person("anna", agency), person("ben", agency)
    late = opened(ben, point)
    edit(anna, point, name="Jugendhaus", street="Neue Straße 1", **{"phones-0-DELETE": "on"})
    typed = {**late, "name": "Jugendtreff", "town": "Wolmirstedt", "_save": "1"}
    clash = ben.post(page(point, "change"), typed)
    assert clash.status_code == 409
    assert all(word in clash.text for word in ("Neue", "Jugendhaus", "Jugendtreff", "Wolmirstedt"))
    assert clash.context["clashes"] == {"name"}
    after = {"_started": clash.context["started"], "_merged": clash.context["with_theirs"]}
    ben.post(page(point, "change"), after)
    now = form_data(anna.get(page(point, "change")))
    assert (now["name"], now["street"], now["town"]) == ("Jugendhaus", "Neue Straße 1", "Wolmirstedt")
    assert "phones-0-number" not in now
    assert (ContactPoint.objects.get(pk=point.pk).town == "Wolmirstedt") is not is_public


def test_a_clash_is_asked_again_when_it_moved_again(point, agency):
    anna, ben = person("anna", agency), person("ben", agency)
    late = opened(ben, point)
    edit(anna, point, town="Oschersleben")
    clash = ben.post(page(point, "change"), {**late, "town": "Wolmirstedt"})
    edit(anna, point, street="Weg 2")
    after = {"_started": clash.context["started"], "_merged": clash.context["with_mine"]}
    again = ben.post(page(point, "change"), after)
    assert (again.status_code, "Weg" in again.text) == (409, True)
    forged = ben.post(page(point, "change"), {**after, "_merged": "Unsinn"}, follow=True)
    assert "noch einmal eintragen" in forged.text


@pytest.mark.parametrize("model", [GlossaryTerm, Municipality, SynonymGroup])
def test_records_that_simply_save_are_protected_as_well(desk, model):
    row, field = make_rows(1)[model], "term" if model is GlossaryTerm else "name"
    late = opened(desk, row)
    edit(desk, row, **{field: "Erste"})
    assert desk.post(page(row, "change"), {**late, field: "Zweite"}).status_code == 409
    row.refresh_from_db()
    assert getattr(row, field) == "Erste"
    edit(desk, row, **{field: "Dritte"})


def test_release_of_what_moved_meanwhile_is_looked_at_again(point, agency):
    anna, ben = person("anna", agency), person("ben", agency)
    edit(anna, point, name="Jugendhaus")
    mark = ben.get(page(point, "review")).context["mark"]
    edit(anna, point, name="Jugendclub")
    shown = ben.post(page(point, "review"), {"_seen": mark, "_release": "1"}, follow=True)
    assert "Inzwischen hat sich etwas geändert" in shown.text
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendbüro"


def test_preview_shows_the_change_and_leaves_nothing_behind(point, agency, client):
    desk = person("anna", agency)
    edit(
        desk,
        point,
        name="Jugendhaus",
        **{
            "exceptions-0-starts_on": "2027-03-01",
            "exceptions-0-ends_on": "2027-03-05",
            "exceptions-0-reason": "Umzug im März",
        },
    )
    now, then = (desk.get(page(point, "preview") + query).text for query in ("", "?am=2027-03-02"))
    assert ("Jugendhaus" in now, "Umzug im März" in then) == (True, True)
    for nonsense in ("gestern", "0001-01-01", "9999-12-31"):
        assert desk.get(page(point, "preview") + f"?am={nonsense}").status_code == 404
    assert desk.get(page(point, "revision", 10**30)).status_code == 404
    assert "Jugendhaus" not in client.get(point.get_absolute_url()).text
    assert "Jugendhaus" not in client.get("/anlaufstellen/").text
    assert ContactPoint.objects.get(pk=point.pk).exceptions.count() == 0


def test_a_former_state_comes_back_as_a_change(point, agency):
    desk = person("anna", agency)
    edit(desk, point, name="Jugendhaus", **{"schedules-0-DELETE": "on"})
    decide(desk, point, "_release")
    first = Revision.objects.earliest("pk")
    shown = desk.get(page(point, "revision", first.pk))
    assert ("Jugendbüro" in shown.text, "Montag" in shown.text) == (True, True)
    response = desk.post(page(point, "revision", first.pk))
    assert response["Location"] == page(point, "review")
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus"
    decide(desk, point, "_release")
    now = ContactPoint.objects.get(pk=point.pk)
    assert (now.name, now.schedules.count(), now.persons.count()) == ("Jugendbüro", 1, 1)
    other = ContactPointFactory(owner=agency)
    assert desk.get(page(other, "revision", first.pk)).status_code == 404


def test_a_person_of_a_public_place_waits_too(point, agency):
    desk, erika = person("anna", agency), point.persons.get()
    edit(desk, erika, name="Erika Neu", **{"absences-0-starts_on": "2026-12-01", "absences-0-ends_on": "2026-12-02"})
    data = {**form_data(desk.get(address(ContactPerson, "add"))), "name": "Neu hier", "contact_point": str(point.pk)}
    assert desk.post(address(ContactPerson, "add"), data)["Location"] == page(point, "review")
    assert list(point.persons.values_list("name", flat=True)) == ["Erika Muster"]
    decide(desk, point, "_release")
    assert set(point.persons.values_list("name", flat=True)) == {"Erika Neu", "Neu hier"}
    assert point.persons.get(name="Erika Neu").absences.count() == 1


@pytest.mark.parametrize("model", [Agency, Offer, Page])
def test_every_item_has_the_pages(desk, model):
    row = make_rows(1)[model]
    if model is Page:
        Page.objects.filter(pk=row.pk).update(slug="impressum")
    else:
        model.objects.filter(pk=row.pk).update(status="published")
    field = {"agency": "what_we_do", "offer": "for_whom", "page": "body"}[model._meta.model_name]
    edit(desk, row, **{field: "Ganz <b>neu</b>."})
    assert "Ganz" not in str(getattr(model.objects.get(pk=row.pk), field))
    assert "Ganz" in desk.get(page(row, "preview")).text
    shown = desk.get(page(row, "review")).text
    assert ("&lt;b&gt;neu&lt;/b&gt;" in shown, "<b>neu</b>" in shown) == (True, False)
    decide(desk, row, "_release", reason="Der Test will es so.")
    assert getattr(model.objects.get(pk=row.pk), field) == "Ganz <b>neu</b>."


def test_a_later_day_is_kept_until_then(point, agency, fix_time):
    desk = person("anna", agency)
    edit(desk, point, name="Jugendhaus")
    shown = decide(desk, point, "_release", release_on="2099-01-01")
    assert ("Freigegeben für später." in shown.text, "Erst veröffentlichen ab" in shown.text) == (True, True)
    assert (change_of(point).state, ContactPoint.objects.get(pk=point.pk).name) == ("scheduled", "Jugendbüro")


def test_only_leads_say_whether_four_eyes_are_needed(agency):
    anna, lead = person("anna", agency), person("lena", agency, "lead")
    assert 'name="four_eyes"' not in anna.get(page(agency, "change")).text
    assert 'name="four_eyes"' in lead.get(page(agency, "change")).text


def test_queries_of_form_and_list(point, agency, django_assert_max_num_queries):
    desk = person("anna", agency)
    edit(desk, point, name="Jugendhaus", **{"persons-1-name": "Neu"})
    desk.get(address(ContactPoint, "changelist"))
    with django_assert_max_num_queries(12):
        desk.get(address(ContactPoint, "changelist"))
    with django_assert_max_num_queries(60):
        desk.get(page(point, "change"))


def test_a_change_that_does_not_fit_any_more_can_be_given_up(point, agency):
    desk = person("anna", agency)
    edit(desk, point, latitude="", longitude="")
    change = change_of(point)
    ContactPoint.objects.filter(pk=point.pk).update(latitude=52.5)
    change.base["fields"]["longitude"] = None
    change.save()
    assert desk.get(page(point, "change"))["Location"] == page(point, "review")
    assert desk.get(page(point, "preview"))["Location"] == page(point, "review")
    shown = desk.get(page(point, "review")).text
    assert ("passt nicht zu dem" in shown, 'name="_release"' in shown) == (True, False)
    decide(desk, point, "_withdraw")
    assert desk.get(page(point, "change")).status_code == 200


def test_the_day_somebody_asked_for_stays_when_another_releases(point, agency):
    desk = person("anna", agency)
    edit(desk, point, name="Jugendhaus")
    decide(desk, point, "_submit", release_on="2099-01-01")
    assert 'value="2099-01-01"' in desk.get(page(point, "review")).text


def test_no_list_of_items_can_be_edited_past_the_release():
    pages = [item for item in admin.site._registry.values() if isinstance(item, WorkflowAdmin)]
    assert sorted(item.opts.model_name for item in pages) == ["agency", "contactpoint", "offer", "page"]
    assert [item.list_editable for item in pages] == [()] * 4
    assert all(has_workflow(item.model) for item in pages)
