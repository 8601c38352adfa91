"""Snapshots of items, changes on their way, two people at once."""

import html
import re
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from directory.editorial import changes, releasing
from directory.editorial.diffs import diff
from directory.editorial.items import CONTACT_POINT
from directory.editorial.merging import merge
from directory.editorial.snapshot import Unfit, apply, fingerprint, is_stand_in, take, trial
from directory.editorial.waiting import REVIEWS
from directory.editorial.wording import marked
from directory.models import (
    Absence,
    Agency,
    Change,
    ContactPerson,
    ContactPoint,
    ContentVersion,
    Phone,
    Revision,
    Schedule,
    SearchEntry,
)
from tests.factories.accounts import staff
from tests.factories.directory import AgencyFactory, ContactPointFactory

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ON = AT.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def point() -> ContactPoint:
    point = ContactPointFactory(full=True, name="Jugendbüro", slug="buero", source="Auskunft der Stelle")
    boss = point.persons.create(name="Erika Muster", phone="+493904111111", email="erika@example.org")
    person = point.persons.create(name="Max Muster", substitute=boss)
    person.absences.create(starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5))
    point.schedules.create(weekday=2, opens_at=time(13), closes_at=time(15), person=person)
    point.shares.create(agency=AgencyFactory(), role="berät")
    return ContactPoint.objects.get(pk=point.pk)


def state(point: ContactPoint) -> dict[str, Any]:
    return take(CONTACT_POINT, point.pk)


def rename(name: str):
    return lambda item: setattr(item, "name", name)


def propose(point: ContactPoint, edit, by=None) -> Change:
    change = changes.propose(point, edit=edit, by=by, origin="test", at=AT)
    assert change is not None
    return change


TIMES = st.times(min_value=time(6), max_value=time(11)).map(lambda value: value.replace(second=0, microsecond=0))
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("fields"), WORDS, st.booleans()),
        st.tuples(st.just("person"), WORDS, st.booleans()),
        st.tuples(st.just("slot"), TIMES, st.booleans()),
        st.tuples(st.just("phone"), st.integers(10000, 99999), st.booleans()),
        st.tuples(st.just("drop"), st.sampled_from(["persons", "schedules", "phones", "shares"]), st.integers(0, 3)),
        st.tuples(st.just("languages"), st.booleans(), st.none()),
    ),
    max_size=6,
)


def do(point: ContactPoint, steps) -> None:
    """Edit as a form would: fields, new rows that point to each other, rows that go."""
    for step, value, other in steps:
        if step == "fields":
            point.summary, point.has_video = value, other
        elif step == "person":
            first = point.persons.first()
            point.persons.create(name=value or "x", substitute=first if other else None)
        elif step == "slot":
            person = point.persons.last() if other else None
            point.schedules.create(weekday=1, opens_at=value, closes_at=time(12), person=person)
        elif step == "phone":
            point.phones.create(number=f"+4939{value}", position=other)
        elif step == "drop":
            rows = list(getattr(point, value).all())
            if rows:
                rows[other % len(rows)].delete()
        elif step == "languages":
            point.languages.clear()


def without_keys(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Return the content with rows numbered in order and references as numbers: keys may differ, nothing else."""
    number = {
        (part, line["id"]): place
        for part, lines in snapshot["parts"].items()
        for place, line in enumerate(sorted(lines, key=lambda line: line["id"]))
    }
    targets = {"person": "contactperson", "substitute": "contactperson"}
    parts = {
        part: sorted(
            str(
                {
                    name: number[targets[name], value] if name in targets and value is not None else value
                    for name, value in line.items()
                    if name != "id"
                }
            )
            for line in lines
        )
        for part, lines in snapshot["parts"].items()
    }
    return {**snapshot, "parts": parts}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, more=STEPS)
def test_an_edit_comes_back_as_it_was_and_leaves_the_saved_item_alone(point, steps, more):
    """apply(take(x)) is x: on trial with the same keys, in earnest with new ones."""
    saved = state(point)
    change = changes.propose(point, edit=lambda item: do(item, steps), by=None, origin="test", at=AT)
    assert state(point) == saved
    wanted = change.snapshot if change else saved
    with trial():
        item = ContactPoint.objects.get(pk=point.pk)
        apply(CONTACT_POINT, item, wanted, on_trial_only=True)
        assert fingerprint(sorted_rows(state(point))) == fingerprint(sorted_rows(wanted))
    change = changes.propose(point, edit=lambda item: do(item, more), by=None, origin="test", at=AT)
    with trial():
        if change:
            wanted = change.snapshot
            releasing.release(change, by=None, at=AT, on=ON, reason="Probe")
        else:
            wanted = saved
        assert [len(lines) for lines in state(point)["parts"].values()] == [
            len(lines) for lines in wanted["parts"].values()
        ]
        assert (state(point)["fields"], state(point)["many"]) == (wanted["fields"], wanted["many"])
        assert not any(is_stand_in(line["id"]) for lines in state(point)["parts"].values() for line in lines)
    assert state(point) == saved
    Change.objects.all().delete()


def sorted_rows(snapshot):
    return {
        **snapshot,
        "parts": {name: sorted(lines, key=lambda line: line["id"]) for name, lines in snapshot["parts"].items()},
    }


def test_release_makes_exactly_what_was_proposed(point):
    def edit(item):
        item.name, item.postal_code = "Jugendhaus", "39387"
        item.phones.all().delete()
        boss = item.persons.create(name="Neue Leitung")
        item.persons.filter(name="Max Muster").update(substitute=boss)
        item.schedules.filter(weekday=0).update(opens_at=time(10))

    change = propose(point, edit)
    number, wanted = ContentVersion.objects.get().number, change.snapshot
    releasing.release(change, by=None, at=AT, on=ON)
    now = state(point)
    assert (now["fields"], now["many"]) == (wanted["fields"], wanted["many"])
    boss = ContactPerson.objects.get(name="Neue Leitung")
    assert ContactPerson.objects.get(name="Max Muster").substitute == boss
    assert list(point.schedules.filter(weekday=0).values_list("opens_at", flat=True)) == [time(10)]
    assert (Phone.objects.count(), Absence.objects.count(), ContentVersion.objects.get().number) == (0, 1, number + 1)
    assert SearchEntry.objects.get(object_id=point.pk, kind="contact_point").title == "Jugendhaus"
    point.refresh_from_db()
    assert point.staff_edited_at == AT


def test_rows_may_swap_their_values(point):
    first = point.shares.get()
    second = point.shares.create(agency=AgencyFactory(), role="vermittelt")
    wanted = state(point)
    one, two = wanted["parts"]["contactpointagency"]
    one["agency"], two["agency"] = two["agency"], one["agency"]
    with trial():
        apply(CONTACT_POINT, ContactPoint.objects.get(pk=point.pk), wanted, on_trial_only=False)
        assert state(point) == wanted
    assert first.agency_id != second.agency_id


def test_two_edits_meet_field_by_field(point):
    base = state(point)
    mine, theirs = deepcopy(base), deepcopy(base)
    mine["fields"] |= {"name": "Meins", "street": "Weg 1"}
    theirs["fields"] |= {"name": "Deins", "town": "Oschersleben"}
    gone, both = base["parts"]["schedule"][0]["id"], base["parts"]["schedule"][1]["id"]
    theirs["parts"]["schedule"] = [line for line in theirs["parts"]["schedule"] if line["id"] != gone]
    for item, note in ((mine, "kurz"), (theirs, "lang")):
        next(line for line in item["parts"]["schedule"] if line["id"] == both)["note"] = note
    for prefer_mine, name, note in ((True, "Meins", "kurz"), (False, "Deins", "lang")):
        merged = merge(CONTACT_POINT, base, mine, theirs, prefer_mine=prefer_mine)
        fields = merged.snapshot["fields"]
        assert (fields["name"], fields["street"], fields["town"]) == (name, "Weg 1", "Oschersleben")
        assert set(merged.clashes) == {("name", ""), ("schedule", both)}
        slots = {line["id"]: line["note"] for line in merged.snapshot["parts"]["schedule"]}
        assert (gone in slots, slots[both]) == (False, note)


def test_what_is_saved_meanwhile_is_not_undone_by_the_release(point):
    change = propose(point, rename("Jugendhaus"))
    ContactPoint.objects.filter(pk=point.pk).update(checked_on=date(2026, 11, 20))
    point.phones.create(number="+4939049999")
    point.persons.filter(name="Max Muster").delete()
    releasing.release(change, by=None, at=AT, on=ON)
    point.refresh_from_db()
    assert (point.name, point.checked_on) == ("Jugendhaus", date(2026, 11, 20))
    assert (point.phones.count(), point.persons.count(), Schedule.objects.filter(person__isnull=False).count()) == (
        2,
        1,
        0,
    )


def test_line_ends_of_a_browser_are_no_change(point):
    """A browser sends other line ends than the files and programs that wrote the text."""
    ContactPoint.objects.filter(pk=point.pk).update(summary="Eins.\n\nZwei.", source="a\nb")
    point.refresh_from_db()

    def send(item):
        item.summary, item.source, item.name = "Eins.\r\n\r\nZwei.", "a\r\nb", "Neu"

    assert [line.name for line in diff(propose(point, send))] == ["name"]


def test_an_edit_back_to_what_is_public_closes_the_change(point):
    propose(point, rename("Jugendhaus"))
    assert changes.propose(point, edit=rename("Jugendbüro"), by=None, origin="test", at=AT) is None
    assert (Change.objects.get().state, changes.open_change(point)) == ("withdrawn", None)


def looked(point, change):
    """Return the mark of somebody who has looked at the preview of this change."""
    return [releasing.seen(point, change)]


@pytest.mark.parametrize(
    ("role", "four_eyes", "is_author", "may"),
    [
        ("editor", False, True, True),
        ("editor", True, False, False),
        ("school", True, False, False),
        ("lead", True, False, True),
        ("lead", True, True, False),
        ("lead", False, True, True),
        ("coordinator", True, False, True),
        ("coordinator", True, True, False),
        ("technician", True, False, True),
        ("technician", True, True, False),
    ],
)
def test_who_may_release(point, role, four_eyes, is_author, may):
    Agency.objects.filter(pk=point.owner_id).update(four_eyes=four_eyes)
    user = staff("anna", is_superuser=True) if role == "technician" else staff("anna", role=role)
    change = propose(point, rename("Jugendhaus"), by=user if is_author else None)
    assert changes.may_release(user, point, change) is may
    if may:
        releasing.release(change, by=user, at=AT, on=ON, previewed=looked(point, change))
    else:
        with pytest.raises(PermissionDenied):
            releasing.release(change, by=user, at=AT, on=ON, previewed=looked(point, change))
    assert (ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus") is may


def test_a_person_without_account_never_counts_as_second_pair_of_eyes(point):
    Agency.objects.filter(pk=point.owner_id).update(four_eyes=True)
    with pytest.raises(PermissionDenied):
        releasing.release(propose(point, rename("Jugendhaus")), by=None, at=AT, on=ON)


def test_checks_stop_ask_for_a_reason_or_let_pass(point):
    future = propose(point, lambda item: setattr(item, "checked_on", date(2026, 12, 24)))
    with pytest.raises(releasing.Refused) as stopped:
        releasing.release(future, by=None, at=AT, on=ON, reason="bitte")
    assert not stopped.value.needs_reason
    unsourced = propose(point, lambda item: (setattr(item, "source", ""), setattr(item, "checked_on", ON)))
    with pytest.raises(releasing.Refused) as asked:
        releasing.release(unsourced, by=None, at=AT, on=ON)
    assert asked.value.needs_reason
    assert Revision.objects.count() == 0
    releasing.release(unsourced, by=None, at=AT, on=ON, reason="Mündlich bestätigt.")
    assert AuditEntry.objects.latest("pk").action == "contactpoint.release"


def test_a_day_in_the_future(point):
    user = staff("anna")
    # The state before the first release bears the time it was saved: that of this row lies before the release.
    ContactPoint.objects.update(updated_at=AT)
    change = propose(point, rename("Jugendhaus"), by=user)
    Change.objects.update(release_on=date(2026, 12, 1))
    releasing.release(change, by=user, at=AT, on=ON, previewed=looked(point, change))
    assert Change.objects.get().state == "scheduled"
    assert releasing.release_due(on=date(2026, 11, 30), at=AT) == (0, 0)
    out = StringIO()
    with time_machine.travel("2026-12-01 00:10+01:00", tick=False):
        call_command("release_changes", stdout=out)
    assert (ContactPoint.objects.get(pk=point.pk).name, Change.objects.get().state) == ("Jugendhaus", "released")
    assert out.getvalue() == "1 veröffentlicht, 0 zurück in die Prüfung, 0 verworfen.\n"
    assert Revision.objects.first().released_by == user


def test_what_clashes_on_its_day_is_looked_at_again(point):
    user = staff("anna")
    change = propose(point, rename("Jugendhaus"), by=user)
    Change.objects.update(release_on=date(2026, 12, 1))
    releasing.release(change, by=user, at=AT, on=ON, previewed=looked(point, change))
    ContactPoint.objects.filter(pk=point.pk).update(name="Jugendclub")
    assert releasing.release_due(on=date(2026, 12, 2), at=AT) == (0, 1)
    assert (ContactPoint.objects.get(pk=point.pk).name, Change.objects.get().state) == ("Jugendclub", "review")


def test_forgotten_changes_are_given_up_and_hold_no_names(point):
    propose(point, lambda item: item.persons.create(name="Karla Kolumna"))
    assert releasing.give_up_forgotten(at=AT + timedelta(days=89)) == 0
    assert releasing.give_up_forgotten(at=AT + timedelta(days=91)) == 1
    assert not any(name in str(list(Change.objects.values())) for name in ("Kolumna", "Muster"))


def test_amend_saves_what_is_not_public(point):
    ContactPoint.objects.update(status="draft")
    assert releasing.amend(point, edit=rename("Jugendhaus"), by=None, origin="import", at=AT) is None
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus"
    ContactPoint.objects.update(status="published")
    assert releasing.amend(point, edit=rename("Jugendclub"), by=None, origin="import", at=AT)
    assert ContactPoint.objects.get(pk=point.pk).name == "Jugendhaus"


def test_restore_keeps_persons_and_brings_back_the_rest(point):
    releasing.release(propose(point, rename("Jugendhaus")), by=None, at=AT, on=ON)
    releasing.release(propose(point, lambda item: item.phones.all().delete()), by=None, at=AT, on=ON)
    first = Revision.objects.earliest("pk")
    assert not any(name in str(first.snapshot) for name in ("Muster", "+493904111111", "erika@"))
    user = staff("anna")
    change = releasing.restore(first, by=user, at=AT)
    assert {line.name for line in diff(change)} == {"name", "phone"}
    releasing.release(change, by=user, at=AT, on=ON, previewed=looked(point, change))
    assert (ContactPoint.objects.get(pk=point.pk).name, point.phones.count(), point.persons.count()) == (
        "Jugendbüro",
        1,
        2,
    )
    assert point.schedules.filter(person__isnull=False).count() == 1


def test_a_diff_speaks_the_language_of_the_form(point):
    def edit(item):
        item.step_free, item.summary = "no", "Komm mit <b>allen</b> Fragen her."
        item.languages.clear()
        item.schedules.filter(weekday=0).update(opens_at=time(10))
        item.persons.get(name="Erika Muster").delete()

    lines = {line.label: line for line in diff(propose(point, edit))}
    assert (lines["Ohne Stufen"].before, lines["Ohne Stufen"].after) == ("ja", "nein")
    assert lines["Sprachen"].before == "Deutsch"
    marks = lines["Was hier passiert"].marks
    assert "Komm mit <del>" in marks
    assert "&lt;b&gt;allen&lt;/b&gt;" in marks
    assert "<b>" not in marks
    assert "Wochentag: Montag" in lines["Zeit in der Woche (geändert)"].after
    assert "Erika Muster" in lines["Ansprechperson (gelöscht)"].before


@given(old=st.text(max_size=60), new=st.text(max_size=60))
def test_marks_hold_both_texts_and_nothing_else(old, new):
    text = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", marked(old, new))

    def plain(without: str) -> str:
        kept = re.sub(rf"<{without}>[^<]*</{without}>", "", text)
        return html.unescape(re.sub("</?(ins|del)>", "", kept))

    assert (plain("ins"), plain("del")) == (old, new)


def test_the_queue_shows_each_what_is_theirs(point, django_assert_max_num_queries):
    Agency.objects.filter(pk=point.owner_id).update(four_eyes=True)
    owner = Agency.objects.get(pk=point.owner_id)
    anna, lead, other = staff("anna", agency=owner), staff("lena", role="lead", agency=owner), staff("ott", role="lead")
    change = propose(point, rename("Jugendhaus"), by=anna)
    changes.submit(change, by=anna, at=AT)

    def titles(user, agencies):
        with django_assert_max_num_queries(4):
            return [item.title for item in REVIEWS.waiting(user=user, agencies=agencies, on=ON, limit=5)]

    assert titles(lead, frozenset({owner.pk})) == ["Jugendbüro – bitte prüfen"]
    assert (titles(anna, frozenset({owner.pk})), titles(other, frozenset({other.membership.agency_id}))) == ([], [])
    changes.send_back(Change.objects.get(), by=lead, at=AT, comment="Wo?")
    assert titles(anna, frozenset({owner.pk})) == ["Jugendbüro – zurückgegeben"]
    assert REVIEWS.counts(agencies=None, on=ON) == {owner.pk: 1}
    with pytest.raises(ValueError, match="word"):
        changes.send_back(Change.objects.get(), by=lead, at=AT, comment=" ")


def test_what_does_not_fit_together_is_refused_and_changes_nothing(point):
    change = propose(point, lambda item: (setattr(item, "latitude", None), setattr(item, "longitude", None)))
    ContactPoint.objects.filter(pk=point.pk).update(latitude=52.5)
    Change.objects.update(base={**change.base, "fields": {**change.base["fields"], "longitude": None}})
    saved = state(point)
    with pytest.raises(Unfit):
        releasing.release(Change.objects.get(), by=None, at=AT, on=ON)
    assert (state(point), Change.objects.get().state) == (saved, "draft")


def test_a_short_name_that_another_took_is_left_out(point):
    change = propose(point, lambda item: (setattr(item, "slug", "haus"), setattr(item, "name", "Jugendhaus")))
    ContactPointFactory(slug="haus")
    releasing.release(change, by=None, at=AT, on=ON)
    point.refresh_from_db()
    assert (point.slug, point.name) == ("buero", "Jugendhaus")


def test_a_deleted_person_is_struck_out_of_the_open_change(point):
    person = point.persons.get(name="Max Muster")
    propose(point, lambda item: item.persons.filter(pk=person.pk).update(topic="Geld"))
    changes.forget_rows(ContactPerson, [person.pk], [point])
    person.delete()
    assert "Max Muster" not in str(Change.objects.values("base", "snapshot").get())
    releasing.release(Change.objects.get(), by=None, at=AT, on=ON)
    assert list(point.persons.values_list("name", flat=True)) == ["Erika Muster"]
