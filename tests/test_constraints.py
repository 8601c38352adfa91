"""Every named constraint: the form shows its German sentence, and the database refuses the row.

A constraint without an entry in ``VIOLATIONS`` fails the test below.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import OneTimeLink, OutboxMessage, User
from counseling.models import (
    AgencyKey,
    Booking,
    DeskAbsence,
    Enquiry,
    EnquiryDesk,
    FinderGap,
    Message,
    ResponsibilityRule,
    RuleSet,
    Scenario,
    SlotBlock,
    SlotRule,
)
from directory.models import (
    Absence,
    Agency,
    Change,
    ConfirmationLink,
    ConfirmationRequest,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    GroupCheck,
    Import,
    ImportRow,
    LinkCheck,
    Locality,
    Membership,
    MovedAddress,
    Municipality,
    NeighbourPlace,
    Schedule,
    ScheduleException,
    SchoolHoliday,
    SearchEntry,
    SynonymGroup,
    VisitorReport,
)
from offers.models import Deadline, LegalBasis, Offer, OfferAgency, SearchGap

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OWN_APPS = ("accounts", "directory", "offers", "counseling")


def account() -> User:
    return User.objects.get_or_create(username="person")[0]


def another_account() -> User:
    return User.objects.get_or_create(username="andere")[0]


def agency() -> Agency:
    return Agency.objects.get_or_create(slug="amt", defaults={"name": "Amt", "kind": Agency.Kind.COUNTY})[0]


def municipality() -> Municipality:
    values = {"name": "Haldensleben", "kind": "einheitsgemeinde", "latitude": 52.3, "longitude": 11.4}
    return Municipality.objects.get_or_create(ags="15083270", defaults=values)[0]


def point(**changes: Any) -> ContactPoint:
    return ContactPoint(**{"slug": "tuer", "name": "Tür", "owner": agency(), **changes})


def saved_point() -> ContactPoint:
    return ContactPoint.objects.get_or_create(slug="tuer", defaults={"name": "Tür", "owner": agency()})[0]


def offer(**changes: Any) -> Offer:
    return Offer(**{"slug": "kurs", "title": "Kurs", "summary": "Lern etwas.", "kind": "beratung", **changes})


def saved_offer() -> Offer:
    values = {"title": "Kurs", "summary": "Lern etwas.", "kind": "beratung"}
    return Offer.objects.get_or_create(slug="kurs", defaults=values)[0]


def schedule(**changes: Any) -> Schedule:
    values = {"contact_point": saved_point(), "weekday": 0, "opens_at": time(9), "closes_at": time(12)}
    return Schedule(**{**values, **changes})


def dated(**changes: Any) -> ScheduleException:
    values = {"contact_point": saved_point(), "starts_on": date(2026, 12, 24), "ends_on": date(2026, 12, 24)}
    return ScheduleException(**{**values, **changes})


def check_values() -> dict[str, Any]:
    return {"record": "offers.offer", "object_id": 1, "group": "text", "title": "Kurs"}


def request_values() -> dict[str, Any]:
    day = date(2026, 11, 2)
    record = {"record": "offers.offer", "object_id": 1, "groups": "text"}
    return {**record, "agency": agency(), "opened_on": day, "stage": "ask", "stage_on": day}


def synonyms(**changes: Any) -> SynonymGroup:
    return SynonymGroup(**{"name": "Ausbildung", "words": "Lehre\nAusbildung", **changes})


def saved_import() -> Import:
    return Import.objects.get_or_create(key=UUID(int=1), defaults={"kind": "contact_points", "at": NOW})[0]


def own_parent() -> Agency:
    row = agency()
    row.parent = row
    return row


def own_substitute() -> ContactPerson:
    row = ContactPerson.objects.create(contact_point=saved_point(), name="Beratung")
    row.substitute = row
    return row


def rule_set(**changes: Any) -> RuleSet:
    return RuleSet(**{"number": 1, "created_at": NOW, **changes})


def saved_rule_set() -> RuleSet:
    return RuleSet.objects.get_or_create(number=1, defaults={"created_at": NOW})[0]


def rule(**changes: Any) -> ResponsibilityRule:
    values = {"rule_set": saved_rule_set(), "key": "R-1", "concerns": ["truancy"], "body": "school"}
    return ResponsibilityRule(**{**values, **changes})


def rule_twice(**values: Any) -> ResponsibilityRule:
    rule(**values).save()
    return rule(**values)


def enquiry(**changes: Any) -> Enquiry:
    values = {
        "public_id": "7KQ4",
        "agency": agency(),
        "topic": "reden",
        "about_sealed": b"1",
        "token_hash": "a" * 64,
        "code_hash": "b" * 64,
        "code_key": "1",
        "notice_version": "1",
        "received_at": NOW,
        "due_at": NOW,
        "active_at": NOW,
    }
    return Enquiry(**{**values, **changes})


def slot_rule(**changes: Any) -> SlotRule:
    values = {"agency": agency(), "contact_point": saved_point(), "weekday": 1, "starts_at": time(9)}
    return SlotRule(**{**values, "ends_at": time(12), **changes})


def booking(**changes: Any) -> Booking:
    rule, _new = SlotRule.objects.get_or_create(
        agency=agency(), contact_point=saved_point(), weekday=1, starts_at=time(9), ends_at=time(12)
    )
    kept = enquiry()
    coded = ("public_id", "agency", "topic", "about_sealed", "token_hash", "code_hash", "code_key", "notice_version")
    values = {name: getattr(kept, name) for name in coded}
    when = {"starts_at": NOW, "ends_at": NOW + timedelta(minutes=30), "booked_at": NOW, "changed_at": NOW}
    return Booking(**{**values, **when, "rule": rule, "word_sealed": b"1", "channel": "phone", "seat": 1, **changes})


def booking_twice() -> Booking:
    booking().save()
    return booking(public_id="7KQ5", token_hash="c" * 64)


def message_twice() -> Message:
    row = enquiry()
    row.save()
    return twice(Message, enquiry=row, kind="person", text_sealed=b"1", position=1, written_at=NOW)  # type: ignore[return-value]


def twice(model: type[models.Model], **values: Any) -> models.Model:
    model._default_manager.create(**values)
    return model(**values)


def report(**changes: Any) -> VisitorReport:
    values = {"kind": "seite", "key": "impressum", "title": "Impressum", "reason": "veraltet", "created_at": NOW}
    return VisitorReport(**{**values, "token": "a", **changes})


def change_values() -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(ContactPoint)
    return {"content_type": kind, "object_id": 1, "state": "review", "created_at": NOW, "updated_at": NOW}


VIOLATIONS: dict[str, list[Callable[[], models.Model]]] = {
    "findergap_once_a_week": [lambda: twice(FinderGap, week=date(2026, 11, 16), concern="truancy", reason="no_rule")],
    "membership_role_is_known": [lambda: Membership(user=account(), agency=agency(), role="nix")],
    "onetimelink_ends_after_start": [
        lambda: OneTimeLink(
            user=account(), purpose="reset", token_hash="a" * 64, created_at=NOW, expires_at=NOW, used_at=NOW
        )
    ],
    "outboxmessage_end_has_a_time": [
        lambda: OutboxMessage(kind="x", created_at=NOW, first_due_at=NOW, due_at=NOW, state="sent"),
        lambda: OutboxMessage(kind="x", created_at=NOW, first_due_at=NOW, due_at=NOW, done_at=NOW),
    ],
    "groupcheck_once": [lambda: twice(GroupCheck, **check_values())],
    "groupcheck_interval_in_bounds": [
        lambda: GroupCheck(**check_values(), interval_months=0),
        lambda: GroupCheck(**check_values(), interval_months=37),
    ],
    "groupcheck_confirmed_by_somebody": [
        lambda: GroupCheck(**check_values(), confirmed_on=date(2026, 11, 2)),
        lambda: GroupCheck(**check_values(), confirmed_by="link"),
    ],
    "confirmationrequest_open_once": [lambda: twice(ConfirmationRequest, **request_values())],
    "confirmationlink_ends_after_start": [
        lambda: ConfirmationLink(
            request=ConfirmationRequest.objects.create(**request_values()),
            token_hash="a" * 64,
            created_at=NOW,
            expires_at=NOW,
        )
    ],
    "change_open_once": [lambda: twice(Change, **change_values())],
    "agency_is_not_its_own_parent": [own_parent],
    "contactpoint_coordinates_come_in_pairs": [lambda: point(latitude=52.0), lambda: point(longitude=11.0)],
    "contactpoint_has_a_channel": [lambda: point(has_in_person=False)],
    "contactpointagency_once": [
        lambda: twice(ContactPointAgency, contact_point=saved_point(), agency=agency(), role="berät")
    ],
    "contactperson_is_not_its_own_substitute": [own_substitute],
    "absence_ends_after_start": [
        lambda: Absence(
            person=ContactPerson.objects.create(contact_point=saved_point(), name="Beratung"),
            starts_on=date(2026, 12, 2),
            ends_on=date(2026, 12, 1),
        )
    ],
    "schedule_has_times_unless_by_appointment": [
        lambda: schedule(opens_at=None),
        lambda: schedule(closes_at=None),
        lambda: schedule(opens_at=None, closes_at=None),
    ],
    "schedule_is_not_empty": [lambda: schedule(closes_at=time(9))],
    "schedule_valid_to_after_from": [lambda: schedule(valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 31))],
    "scheduleexception_ends_after_start": [lambda: dated(ends_on=date(2026, 12, 23))],
    "scheduleexception_hours_have_times": [
        lambda: dated(kind="hours"),
        lambda: dated(kind="hours", opens_at=time(9)),
        lambda: dated(kind="hours", closes_at=time(9)),
    ],
    "scheduleexception_is_not_empty": [lambda: dated(kind="hours", opens_at=time(9), closes_at=time(9))],
    "locality_unique_in_municipality": [
        lambda: twice(
            Locality,
            municipality=municipality(),
            name="Althaldensleben",
            postal_code="39340",
            latitude=52.3,
            longitude=11.4,
        )
    ],
    "neighbourplace_unique": [lambda: twice(NeighbourPlace, name="Magdeburg", county="Magdeburg")],
    "schoolholiday_ends_after_start": [
        lambda: SchoolHoliday(name="Ferien", starts_on=date(2026, 7, 2), ends_on=date(2026, 7, 1))
    ],
    "offer_age_max_not_below_min": [lambda: offer(age_state="known", age_min=18, age_max=17)],
    "offer_age_numbers_match_state": [
        lambda: offer(age_state="known"),
        lambda: offer(age_state="none", age_min=15),
        lambda: offer(age_state="unknown", age_max=25),
    ],
    "offer_price_only_when_paid": [lambda: offer(cost="free", cost_amount=50), lambda: offer(cost_amount=50)],
    "offeragency_once_per_role": [lambda: twice(OfferAgency, offer=saved_offer(), agency=agency(), role="provider")],
    "legalbasis_unique": [lambda: twice(LegalBasis, statute="SGB III", paragraph="§ 51")],
    "deadline_has_its_date": [
        lambda: Deadline(offer=saved_offer(), kind="fixed", text="Melde dich."),
        lambda: Deadline(offer=saved_offer(), kind="fixed", month=3, day=15, text="Melde dich."),
        lambda: Deadline(offer=saved_offer(), kind="yearly", month=3, text="Melde dich."),
        lambda: Deadline(offer=saved_offer(), kind="yearly", day=15, text="Melde dich."),
        lambda: Deadline(offer=saved_offer(), kind="before_event", offset_days=90, text="Melde dich."),
        lambda: Deadline(offer=saved_offer(), kind="before_event", anchor="Ende", text="Melde dich."),
    ],
    "searchentry_once": [
        lambda: twice(SearchEntry, kind="offer", object_id=1, key="kurs", title="Kurs", words=" kurs ", fingerprint="1")
    ],
    "searchgap_once_a_week_and_place": [
        lambda: twice(SearchGap, week=date(2026, 11, 16), query="drachen", municipality=municipality())
    ],
    "searchgap_once_a_week_without_place": [lambda: twice(SearchGap, week=date(2026, 11, 16), query="drachen")],
    "importrow_once": [lambda: twice(ImportRow, batch=saved_import(), number=2)],
    "movedaddress_once": [lambda: twice(MovedAddress, kind="directory.contactpoint", slug="tuer", target=1, at=NOW)],
    "visitorreport_closed_has_a_day": [lambda: report(state="done"), lambda: report(closed_at=NOW)],
    "visitorreport_note_has_a_day": [lambda: report(state="done", closed_at=NOW, note="Berichtigt.")],
    "linkcheck_confirmed_has_a_start": [lambda: LinkCheck(address="https://example.org/", is_confirmed=True)],
    "synonymgroup_means_only_one_way": [
        lambda: synonyms(means="Berufsausbildung"),
        lambda: synonyms(is_one_way=True),
    ],
    "ruleset_active_has_a_day": [lambda: rule_set(status="active")],
    "ruleset_draft_has_no_day": [
        lambda: rule_set(status="draft", active_from=date(2026, 12, 1)),
        lambda: rule_set(status="checked", active_from=date(2026, 12, 1)),
    ],
    "responsibilityrule_once_from_a_day": [lambda: rule_twice(valid_from=date(2026, 12, 1))],
    "responsibilityrule_once_without_start": [rule_twice],
    "responsibilityrule_valid_to_after_from": [lambda: rule(valid_from=date(2026, 12, 2), valid_to=date(2026, 12, 1))],
    "responsibilityrule_door_has_a_body": [lambda: rule(body=""), lambda: rule(role="view", view="kind", body="")],
    "responsibilityrule_switched_off_is_off": [lambda: rule(switched_off_at=NOW)],
    "agencykey_one_in_use": [
        lambda: twice(AgencyKey, agency=agency(), wrapped=b"1", master="1", created_at=NOW),
    ],
    "enquirydesk_answers_in_time": [
        lambda: EnquiryDesk(agency=agency(), answer_within_days=0),
        lambda: EnquiryDesk(agency=agency(), answer_within_days=11),
    ],
    "enquiry_closed_has_an_outcome": [
        lambda: enquiry(status="closed"),
        lambda: enquiry(status="closed", closed_at=NOW),
        lambda: enquiry(status="closed", outcome="talked"),
        lambda: enquiry(outcome="talked"),
        lambda: enquiry(closed_at=NOW),
    ],
    "deskabsence_ends_after_start": [
        lambda: DeskAbsence(
            user=account(), substitute=another_account(), starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1)
        )
    ],
    "deskabsence_substitute_is_somebody_else": [
        lambda: DeskAbsence(
            user=account(), substitute=account(), starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1)
        )
    ],
    "enquiry_deputy_is_somebody_else": [lambda: enquiry(assigned_to=account(), deputy=account())],
    "slotrule_ends_after_start": [lambda: slot_rule(ends_at=time(9)), lambda: slot_rule(ends_at=time(8))],
    "slotrule_minutes": [lambda: slot_rule(minutes=4), lambda: slot_rule(minutes=241, ends_at=time(14))],
    "slotrule_places": [lambda: slot_rule(places=0), lambda: slot_rule(places=51)],
    "slotrule_reach": [
        lambda: slot_rule(lead_hours=337),
        lambda: slot_rule(horizon_weeks=0),
        lambda: slot_rule(horizon_weeks=27),
    ],
    "slotblock_ends_after_start": [
        lambda: SlotBlock(agency=agency(), on=date(2026, 12, 1), starts_at=time(9), ends_at=time(9), reason="x"),
        lambda: SlotBlock(agency=agency(), on=date(2026, 12, 1), starts_at=time(9), reason="x"),
        lambda: SlotBlock(agency=agency(), on=date(2026, 12, 1), ends_at=time(9), reason="x"),
    ],
    "slotrule_valid_to_after_from": [
        lambda: slot_rule(valid_from=date(2026, 12, 2), valid_to=date(2026, 12, 1)),
    ],
    "slotrule_video_has_a_link": [lambda: slot_rule(channel="video")],
    "booking_one_a_seat": [booking_twice],
    "booking_seat_until_cancelled": [
        lambda: booking(seat=None),
        lambda: booking(seat=0),
        lambda: booking(state="cancelled"),
        lambda: booking(state="called_off", seat=None),
    ],
    "booking_ends_after_start": [lambda: booking(ends_at=NOW)],
    "booking_deputy_is_somebody_else": [lambda: booking(assigned_to=account(), deputy=account())],
    "message_one_after_the_other": [message_twice],
    "scenario_name_once_in_a_set": [
        lambda: twice(Scenario, rule_set=saved_rule_set(), name="Fall", door="aa", facts={"concern": "truancy"})
    ],
}

# The nearest row that is allowed, for constraints where a too strict one would go unnoticed.
ALLOWED: list[Callable[[], models.Model]] = [
    lambda: point(),
    lambda: point(latitude=52.0, longitude=11.0),
    lambda: point(has_in_person=False, has_written=True),
    lambda: schedule(),
    lambda: schedule(opens_at=None, closes_at=None, by_appointment=True),
    lambda: schedule(opens_at=time(18), closes_at=time(0)),
    lambda: schedule(valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 1)),
    lambda: dated(),
    lambda: dated(kind="hours", opens_at=time(9), closes_at=time(11)),
    lambda: offer(),
    lambda: offer(age_state="known", age_min=18),
    lambda: offer(age_state="known", age_min=18, age_max=18),
    lambda: offer(cost="paid", cost_amount=50),
    lambda: Deadline(offer=saved_offer(), kind="fixed", date=date(2027, 3, 15), text="Melde dich."),
    lambda: Deadline(offer=saved_offer(), kind="yearly", month=3, day=15, text="Melde dich."),
    lambda: Deadline(offer=saved_offer(), kind="before_event", offset_days=90, anchor="Ende", text="Melde dich."),
    lambda: synonyms(),
    lambda: synonyms(is_one_way=True, words="Stütze", means="Jobcenter"),
    lambda: rule_set(status="active", active_from=date(2026, 12, 1)),
    lambda: rule_set(status="archived"),
    lambda: rule(valid_from=date(2026, 12, 1), valid_to=date(2026, 12, 1)),
    lambda: rule(is_active=False, switched_off_at=NOW),
    lambda: rule(role="place", body="", concerns=[], bodies=["aa"]),
    lambda: enquiry(assigned_to=account()),
    lambda: enquiry(status="closed", outcome="talked", closed_at=NOW),
    lambda: slot_rule(minutes=180, places=50, lead_hours=336, horizon_weeks=26),
    lambda: slot_rule(channel="video", video_link="https://gespraech.example/raum", valid_to=date(2026, 12, 1)),
    lambda: booking(state="cancelled", seat=None),
    lambda: booking(state="called_off"),
]


def constraints() -> dict[str, models.BaseConstraint]:
    """Return every named constraint of our own models."""
    found = [
        constraint
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
        for constraint in model._meta.constraints
    ]
    return {constraint.name: constraint for constraint in found}


def test_every_constraint_is_violated_here() -> None:
    assert sorted(constraints()) == sorted(VIOLATIONS)


def test_every_constraint_has_a_sentence_of_its_own() -> None:
    default = str(models.BaseConstraint.default_violation_error_message)
    messages = [str(constraint.violation_error_message) for constraint in constraints().values()]
    assert [message for message in messages if message == default or not message.endswith((".", "!"))] == []


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, rows in VIOLATIONS.items() for number in range(len(rows))]
)
def test_constraint_speaks_in_the_form_and_holds_in_the_database(db: None, name: str, number: int) -> None:
    row = VIOLATIONS[name][number]()
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert str(constraints()[name].violation_error_message) in refused.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("number", range(len(ALLOWED)))
def test_neighbouring_row_is_allowed(db: None, number: int) -> None:
    row = ALLOWED[number]()
    row.full_clean()
    row.save()
    assert type(row)._default_manager.filter(pk=row.pk).count() == 1
