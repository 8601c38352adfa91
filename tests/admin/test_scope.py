"""What a partner cannot do: reach, see or guess rows of another agency by any side door of the back office."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directory.models import Agency, ContactPerson, ContactPoint, Membership, Status
from offers.models import Offer, OfferAgency
from tests.admin.rows import form_data
from tests.admin.test_pages import address
from tests.factories.accounts import app_of, log_in, staff


def home(slug: str, kind: str = "job_centre") -> dict[Any, Any]:
    """Return an agency with a contact point, a person to ask for and an offer."""
    agency = Agency.objects.create(slug=slug, name=f"Amt {slug}", kind=kind)
    point = ContactPoint.objects.create(slug=f"haus-{slug}", name=f"Haus {slug}", owner=agency)
    person = ContactPerson.objects.create(contact_point=point, name=f"Frau {slug}")
    offer = Offer.objects.create(
        slug=f"kurs-{slug}", title=f"Kurs {slug}", summary="Kurz.", kind="beratung", contact=point
    )
    OfferAgency.objects.create(offer=offer, agency=agency, role="provider")
    return {Agency: agency, ContactPoint: point, ContactPerson: person, Offer: offer}


@pytest.fixture
def mine(db: None) -> dict[Any, Any]:
    return home("mein")


@pytest.fixture
def theirs(db: None) -> dict[Any, Any]:
    return home("fremd")


@pytest.fixture
def editor(client: Client, mine: dict[Any, Any]) -> Client:
    return log_in(client, staff("redaktion", agency=mine[Agency]))


@pytest.fixture
def lead(client: Client, mine: dict[Any, Any]) -> Client:
    return log_in(client, staff("leitung", role="lead", agency=mine[Agency]))


def names(response: Any) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


OWNED = [Agency, ContactPoint, ContactPerson, Offer]


@pytest.mark.parametrize("model", OWNED)
def test_list_search_filter_and_popup_show_own_rows_only(editor: Client, mine: Any, theirs: Any, model: Any) -> None:
    for query in ("", "?q=fremd", "?q=Amt", "?_popup=1", "?_facets=True", f"?id__exact={theirs[model].pk}", "?all="):
        response = editor.get(address(model, "changelist") + query, follow=True)
        assert not [str(row) for row in theirs.values() if str(row) in response.text], query
    assert names(editor.get(address(model, "changelist"))) == [str(mine[model])]


@pytest.mark.parametrize("model", OWNED)
@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_post_to_a_foreign_row_is_not_found_and_changes_nothing(
    editor: Client, theirs: Any, model: Any, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = theirs[model]
    before = model.objects.filter(pk=row.pk).values().get()
    assert editor.post(address(model, page, row.pk), {"post": "yes", "name": "Übernommen"}).status_code == 404
    assert model.objects.filter(pk=row.pk).values().get() == before
    lines = [record.getMessage() for record in caplog.records if record.name == "accounts.admin"]
    person = User.objects.get(username="redaktion")
    assert lines == [f"account {person.pk}: no such {model._meta.label_lower}"]


@pytest.mark.parametrize("action", ["publish", "take_back", "mark_checked_today", "delete_selected"])
def test_actions_leave_foreign_rows_alone(editor: Client, mine: Any, theirs: Any, action: str) -> None:
    Offer.objects.update(status=Status.REVIEW)
    keys = [mine[Offer].pk, theirs[Offer].pk]
    editor.post(address(Offer, "changelist"), {"action": action, "_selected_action": keys, "post": "yes"})
    foreign = Offer.objects.get(pk=theirs[Offer].pk)
    assert (foreign.status, foreign.checked_on, foreign.staff_edited_at) == (Status.REVIEW, None, None)
    assert not LogEntry.objects.filter(object_id=foreign.pk).exists()


def test_type_ahead_finds_own_rows_only(lead: Client, theirs: Any) -> None:
    url = reverse("admin:autocomplete")
    field = {"app_label": "counseling", "model_name": "responsibilityrule", "field_name": "owner"}
    found = json.loads(lead.get(url, {**field, "term": "Amt"}).content)
    assert [entry["text"] for entry in found["results"]] == ["Amt mein"]


def options(response: Any, name: str) -> list[str]:
    form = response.context["adminform"].form
    return [str(label) for value, label in form.fields[name].choices if value]


def test_choices_are_own_rows_public_rows_and_what_is_chosen(editor: Client, mine: Any, theirs: Any) -> None:
    other = home("oeffentlich")
    for model in (Agency, ContactPoint):
        model.objects.filter(pk=other[model].pk).update(status=Status.PUBLISHED)
    page = editor.get(address(Offer, "change", mine[Offer].pk))
    assert sorted(options(page, "contact")) == ["Haus mein", "Haus oeffentlich"]
    assert sorted(options(page, "contact_points")) == ["Haus mein", "Haus oeffentlich"]
    mine[Offer].contact_points.add(theirs[ContactPoint])
    page = editor.get(address(Offer, "change", mine[Offer].pk))
    assert "Haus fremd" in options(page, "contact_points")
    page = editor.get(address(ContactPoint, "change", mine[ContactPoint].pk))
    assert options(page, "owner") == ["Amt mein"]
    page = editor.get(address(ContactPerson, "change", mine[ContactPerson].pk))
    assert options(page, "contact_point") == ["Haus mein"]
    assert options(page, "substitute") == ["Frau mein"]
    page = editor.get(address(Agency, "change", mine[Agency].pk))
    assert sorted(options(page, "parent")) == ["Amt mein", "Amt oeffentlich"]


def test_filter_values_are_own_rows_only(editor: Client, mine: Any, theirs: Any) -> None:
    ContactPoint.objects.create(slug="zwei", name="Haus zwei", owner=mine[Agency])
    page = editor.get(address(ContactPerson, "changelist"))
    assert "Haus zwei" in page.text
    assert "fremd" not in page.text


def test_row_cannot_be_given_away_or_taken(editor: Client, mine: Any, theirs: Any) -> None:
    point = mine[ContactPoint]
    url = address(ContactPoint, "change", point.pk)
    data = form_data(editor.get(url)) | {"owner": str(theirs[Agency].pk)}
    assert list(editor.post(url, data).context["adminform"].form.errors) == ["owner"]
    url = address(ContactPerson, "change", mine[ContactPerson].pk)
    data = form_data(editor.get(url)) | {"contact_point": str(theirs[ContactPoint].pk)}
    assert list(editor.post(url, data).context["adminform"].form.errors) == ["contact_point"]
    point.refresh_from_db()
    assert point.owner == mine[Agency]


def test_foreign_row_inside_a_page_is_not_changed(editor: Client, mine: Any, theirs: Any) -> None:
    """The id of a row inside the page is a hidden field that anybody can write."""
    url = address(ContactPoint, "change", mine[ContactPoint].pk)
    data = form_data(editor.get(url)) | {"persons-0-id": str(theirs[ContactPerson].pk), "persons-0-name": "Meine"}
    editor.post(url, data)
    theirs[ContactPerson].refresh_from_db()
    assert (theirs[ContactPerson].name, theirs[ContactPerson].contact_point) == ("Frau fremd", theirs[ContactPoint])


def test_new_offer_belongs_to_the_agency_of_who_enters_it(editor: Client, mine: Any) -> None:
    url = address(Offer, "add")
    data = form_data(editor.get(url)) | {"title": "Neu", "summary": "Kurz.", "kind": "beratung"}
    response = editor.post(url, data, follow=True)
    assert "Ihre Stelle ist als „macht das Angebot“ eingetragen." in response.text
    offer = Offer.objects.get(title="Neu")
    assert [(role.agency, role.role) for role in offer.roles.all()] == [(mine[Agency], "provider")]
    assert editor.get(address(Offer, "change", offer.pk)).status_code == 200


def test_agency_cannot_leave_its_offer_unnoticed(editor: Client, mine: Any) -> None:
    url = address(Offer, "change", mine[Offer].pk)
    data = form_data(editor.get(url)) | {"roles-0-DELETE": "on"}
    assert editor.post(url, data).status_code == 302
    assert [role.agency for role in mine[Offer].roles.all()] == [mine[Agency]]


def test_shared_offer_is_listed_once_and_edited_by_each(mine: Any, theirs: Any) -> None:
    for role in ("funder", "operator"):
        OfferAgency.objects.create(offer=theirs[Offer], agency=mine[Agency], role=role)
    for name, rows in (("a", mine), ("b", theirs)):
        desk = log_in(Client(), staff(name, agency=rows[Agency]))
        assert names(desk.get(address(Offer, "changelist"))).count("Kurs fremd") == 1
        assert desk.get(address(Offer, "change", theirs[Offer].pk)).status_code == 200


def test_what_goes_with_a_deleted_row_is_counted_and_not_named(editor: Client, mine: Any) -> None:
    person = mine[ContactPerson]
    person.absences.create(starts_on="2026-01-01", ends_on="2026-01-02")
    page = editor.get(address(ContactPerson, "delete", person.pk))
    assert "Abwesenheiten: 1" in page.text
    assert editor.post(address(ContactPerson, "delete", person.pk), {"post": "yes"}).status_code == 302


def test_coordination_reaches_every_agency(client: Client, mine: Any, theirs: Any) -> None:
    desk = log_in(client, staff("koordination", role="coordinator"))
    assert sorted(names(desk.get(address(Offer, "changelist")))) == ["Kurs fremd", "Kurs mein"]
    url = address(ContactPoint, "change", mine[ContactPoint].pk)
    assert desk.post(url, form_data(desk.get(url)) | {"owner": str(theirs[Agency].pk)}).status_code == 302
    mine[ContactPoint].refresh_from_db()
    assert mine[ContactPoint].owner == theirs[Agency]


@pytest.mark.parametrize("model", OWNED)
def test_lists_of_a_partner_take_as_many_queries_for_many_rows(
    editor: Client, mine: Any, model: Any, django_assert_max_num_queries: Any
) -> None:
    url = address(model, "changelist")
    editor.get(url)
    with django_assert_max_num_queries(12) as few:
        editor.get(url)
    for number in range(10):
        point = ContactPoint.objects.create(slug=f"h{number}", name=f"H {number}", owner=mine[Agency])
        point.persons.create(name=f"P {number}")
        offer = Offer.objects.create(slug=f"o{number}", title=f"O {number}", summary="K.", kind="beratung")
        offer.roles.create(agency=mine[Agency], role="provider")
    with django_assert_max_num_queries(len(few)):
        editor.get(url)


# --- people -------------------------------------------------------------------------------


def invite(desk: Client, **changes: Any) -> Any:
    data = {"username": "neu", "email": "neu@example.org", "role": "editor", **changes}
    return desk.post(address(Membership, "add"), data)


def test_lead_invites_to_the_own_agency_by_mail(lead: Client, mine: Any) -> None:
    assert invite(lead, agency=mine[Agency].pk).status_code == 302
    member = Membership.objects.get(user__username="neu")
    assert (member.agency, member.role, member.user.has_usable_password()) == (mine[Agency], "editor", False)
    assert (member.user.is_staff, member.user.is_superuser) == (True, False)
    assert [message.to for message in mail.outbox] == [["neu@example.org"]]
    assert LogEntry.objects.get().object_repr == "neu"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "coordinator"}, "role"),
        ({"role": "school"}, "role"),
        ({"role": "technician"}, "role"),
        ({"username": "LEITUNG"}, "username"),
        ({"username": "mit leer zeichen"}, "username"),
        ({"email": "keine"}, "email"),
        ({"agency": ""}, "agency"),
        ({"username": "\x00"}, "username"),
        ({"username": "\ud800"}, "username"),
    ],
)
def test_wrong_invitation_creates_nothing(lead: Client, mine: Any, changes: dict[str, Any], field: str) -> None:
    try:
        answer = invite(lead, **{"agency": mine[Agency].pk, **changes})
    except UnicodeEncodeError:  # the test client itself cannot send half a character
        return
    assert field in answer.context["form"].errors
    assert not User.objects.filter(username__in=["neu", "mit leer zeichen"]).exists()
    assert mail.outbox == []


def test_lead_cannot_invite_to_another_agency(lead: Client, theirs: Any) -> None:
    assert "agency" in invite(lead, agency=theirs[Agency].pk).context["form"].errors
    assert "Amt fremd" not in lead.get(address(Membership, "add")).text


@pytest.mark.parametrize(
    ("kind", "role", "fits"),
    [
        ("school", "school", True), ("vocational_school", "school", True), ("school", "counselor", False),
        ("school", "lead", False), ("coordination", "coordinator", True), ("coordination", "counselor", False),
        ("job_centre", "counselor", True), ("job_centre", "coordinator", False), ("job_centre", "school", False),
    ],
)  # fmt: skip
def test_agency_gives_the_roles_it_can_give(client: Client, db: None, kind: str, role: str, fits: bool) -> None:
    desk = log_in(client, staff("technik", is_superuser=True))
    invite(desk, role=role, agency=home("stelle", kind)[Agency].pk)
    assert Membership.objects.filter(role=role).exists() is fits


def member(mine: Any, **fields: Any) -> Membership:
    return staff("kollege", agency=mine[Agency], **fields).membership


def test_role_is_changed_and_account_closed(lead: Client, mine: Any) -> None:
    row = member(mine, password="vier Wörter ohne Sinn")
    theirs = Client()
    log_in(theirs, row.user)
    assert theirs.get(reverse("admin:index")).status_code == 200
    url = address(Membership, "change", row.pk)
    assert lead.post(url, {"role": "counselor", "is_active": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.role == "counselor"
    assert lead.post(url, {"role": "counselor"}).status_code == 302
    assert not User.objects.get(pk=row.user_id).is_active
    assert theirs.get(reverse("admin:index")).status_code == 302
    assert lead.post(url, {"role": "counselor", "is_active": "on"}).status_code == 302
    assert User.objects.get(pk=row.user_id).is_active


def test_lead_changes_neither_mail_nor_name_nor_agency(lead: Client, mine: Any, theirs: Any) -> None:
    row = member(mine)
    data = {
        "role": "editor", "is_active": "on", "email": "evil@example.org", "username": "x",
        "agency": theirs[Agency].pk, "user": "1", "is_superuser": "on",
    }  # fmt: skip
    assert lead.post(address(Membership, "change", row.pk), data).status_code == 302
    user = User.objects.select_related("membership").get(pk=row.user_id)
    assert (user.email, user.username, user.membership.agency, user.is_superuser) == (
        "kollege@example.org", "kollege", mine[Agency], False,
    )  # fmt: skip


def test_nobody_gives_oneself_a_role(lead: Client, mine: Any) -> None:
    own = Membership.objects.get(user__username="leitung")
    url = address(Membership, "change", own.pk)
    assert lead.get(url).status_code == 200
    assert lead.post(url, {"role": "counselor"}).status_code == 403
    keys = {"action": "reset_second_factor", "_selected_action": [own.pk]}
    lead.post(address(Membership, "changelist"), keys)
    assert lead.get(url).status_code == 200


def run(desk: Client, action: str, *rows: Membership) -> Any:
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return desk.post(address(Membership, "changelist"), data, follow=True)


def test_lost_phone_is_reset_for_the_own_agency_only(lead: Client, mine: Any, theirs: Any) -> None:
    row, other = member(mine), staff("andere", agency=theirs[Agency]).membership
    for user in (row.user, other.user):
        app_of(user)
    run(lead, "reset_second_factor", row, other)
    assert not row.user.totpdevice_set.exists()
    assert other.user.totpdevice_set.exists()


def test_new_link_is_sent_for_the_own_agency_only(lead: Client, mine: Any, theirs: Any) -> None:
    row, other = member(mine), staff("andere", agency=theirs[Agency]).membership
    assert "1 Link ist unterwegs." in run(lead, "send_link", row, other).text
    assert [message.to for message in mail.outbox] == [[row.user.email]]


def test_mail_that_does_not_leave_is_said_and_the_person_stays(lead: Client, mine: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invite(lead, agency=mine[Agency].pk)
    assert "Die Mail ging nicht hinaus." in lead.get(address(Membership, "changelist")).text
    assert Membership.objects.filter(user__username="neu").exists()
