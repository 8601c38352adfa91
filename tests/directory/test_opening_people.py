"""Opening hours of people and offers in a house, clock changes, caching, refusals."""

from datetime import UTC, date, datetime, timedelta

import pytest

from directory.opening import (
    Absence,
    Calendar,
    Hours,
    Kind,
    OnPublicHoliday,
    Owner,
    Person,
    Reason,
    State,
    Subject,
    TermTime,
    WeeklySlot,
    day_plan,
    next_change,
    next_opening,
    open_at,
    week,
)
from tests.factories.opening import (
    CALENDAR,
    FRIDAY,
    MONDAY,
    OFFICE,
    SILENT,
    at,
    clock,
    closed,
    message,
    other,
    place,
    same_instant,
    slot,
    term_rows,
)

OPEN, CLOSED, UNKNOWN = State.OPEN, State.CLOSED, State.UNKNOWN
BY_APPOINTMENT, HOLIDAY_UNKNOWN = State.BY_APPOINTMENT, State.HOLIDAY_UNKNOWN
ASK = OnPublicHoliday.UNKNOWN

# ---------------------------------------------------------------- people and offers

CONSULTATION = Kind.CONSULTATION
HOUSE = Hours(
    (*OFFICE, slot(MONDAY, "08:00", "10:00", kind=CONSULTATION), slot(MONDAY, "08:00", "15:00", kind=Kind.PHONE))
)
OWN = (slot(MONDAY, "14:00", "15:00", kind=CONSULTATION),)
DEPUTY = Person(Hours((slot(MONDAY, "11:00", "12:00", kind=CONSULTATION),)))
AWAY = date(2026, 11, 16), date(2026, 11, 30)


def in_house(person=None, exceptions=(), offer=None):
    return Subject(place=Hours(HOUSE.slots, tuple(exceptions)), offer=offer, person=person)


def me(*exceptions, slots=OWN, absences=()):
    return Person(Hours(slots, tuple(exceptions)), tuple(absences))


PEOPLE = [
    ("own rows win over the house's", in_house(me()), [("14:00", "15:00")], Reason.WEEKLY, Owner.PERSON, False),
    ("without own rows those of the house", in_house(me(slots=())), [("08:00", "10:00")], Reason.WEEKLY, Owner.PLACE, False),
    (
        "the offer's rows win over the house's",
        in_house(offer=Hours((slot(MONDAY, "16:00", "17:00", kind=CONSULTATION),))),
        [("16:00", "17:00")], Reason.WEEKLY, Owner.OFFER, False,
    ),
    (
        "own rows win over the offer's",
        in_house(me(), offer=Hours((slot(MONDAY, "16:00", "17:00", kind=CONSULTATION),))),
        [("14:00", "15:00")], Reason.WEEKLY, Owner.PERSON, False,
    ),
    ("closed house", in_house(me(), [closed("2026-11-23")]), [], Reason.PLACE_EXCEPTION, Owner.PLACE, False),
    ("own day off", in_house(me(closed("2026-11-23"))), [], Reason.PERSON_EXCEPTION, Owner.PERSON, False),
    (
        "own other hours", in_house(me(other("2026-11-23", ("09:00", "10:00")))),
        [("09:00", "10:00")], Reason.PERSON_EXCEPTION, Owner.PERSON, False,
    ),
    (
        "own other hours inside a closed house",
        in_house(me(other("2026-11-23", ("09:00", "10:00"))), [closed("2026-11-23")]),
        [], Reason.PLACE_EXCEPTION, Owner.PLACE, True,
    ),
    (
        "own other hours elsewhere while the house is closed",
        in_house(me(other("2026-11-23", ("09:00", "10:00"), elsewhere="Rathaus Wanzleben")), [closed("2026-11-23")]),
        [("09:00", "10:00")], Reason.PERSON_EXCEPTION, Owner.PERSON, False,
    ),
    (
        "shorter hours of the house cut own rows",
        in_house(me(), [other("2026-11-23", ("08:00", "14:30"))]),
        [("14:00", "14:30")], Reason.PLACE_EXCEPTION, Owner.PERSON, False,
    ),
    (
        "shorter hours of the house leave nothing",
        in_house(me(), [other("2026-11-23", ("08:00", "12:00"))]),
        [], Reason.PLACE_EXCEPTION, Owner.PERSON, True,
    ),
    (
        "longer hours of the house do not lengthen own rows",
        in_house(me(), [other("2026-11-23", ("08:00", "20:00"))]),
        [("14:00", "15:00")], Reason.WEEKLY, Owner.PERSON, False,
    ),
    (
        "other hours of the offer", in_house(offer=Hours((), (other("2026-11-23", ("09:00", "09:30")),))),
        [("09:00", "09:30")], Reason.OFFER_EXCEPTION, Owner.OFFER, False,
    ),
    (
        "closed offer closes the person in it", in_house(me(), offer=Hours((), (closed("2026-11-23"),))),
        [], Reason.OFFER_EXCEPTION, Owner.OFFER, False,
    ),
    (
        "the offer's exception comes before the place's",
        in_house(
            exceptions=[other("2026-11-23", ("08:00", "09:00"))],
            offer=Hours((), (other("2026-11-23", ("09:00", "09:30")),)),
        ),
        [("09:00", "09:30")], Reason.OFFER_EXCEPTION, Owner.OFFER, False,
    ),
    (
        "the offer's other hours in a closed house",
        in_house(exceptions=[closed("2026-11-23")], offer=Hours((), (other("2026-11-23", ("09:00", "09:30")),))),
        [], Reason.PLACE_EXCEPTION, Owner.PLACE, True,
    ),
    (
        "absent with substitute", in_house(me(absences=[Absence(*AWAY, "Frau Beispiel", DEPUTY)])),
        [("11:00", "12:00")], Reason.ABSENT_SUBSTITUTE, Owner.PERSON, False,
    ),
    (
        "absent with substitute in a closed house",
        in_house(me(absences=[Absence(*AWAY, "Frau Beispiel", DEPUTY)]), [closed("2026-11-23")]),
        [], Reason.PLACE_EXCEPTION, Owner.PLACE, False,
    ),
    (
        "absent with a substitute whose hours nobody knows",
        in_house(me(absences=[Absence(*AWAY, "Frau Beispiel", Person())])),
        [("08:00", "10:00")], Reason.ABSENT_SUBSTITUTE, Owner.PLACE, False,
    ),
    (
        "absent without substitute: general line of the place", in_house(me(absences=[Absence(*AWAY)])),
        [("08:00", "10:00")], Reason.ABSENT, Owner.PLACE, False,
    ),
    (
        "the substitute is absent, too",
        in_house(
            me(absences=[Absence(*AWAY, "Frau Beispiel", Person(DEPUTY.hours, (Absence(*AWAY, "Herr Muster", me()),)))])
        ),
        [("14:00", "15:00")], Reason.ABSENT_SUBSTITUTE, Owner.PERSON, False,
    ),
    (
        "own exception comes before the absence",
        in_house(me(other("2026-11-23", ("09:00", "10:00")), absences=[Absence(*AWAY)])),
        [("09:00", "10:00")], Reason.PERSON_EXCEPTION, Owner.PERSON, False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "subject", "spans", "reason", "owner", "conflict"),
    PEOPLE,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_person_and_offer(name, subject, spans, reason, owner, conflict):
    plan = day_plan(subject, date(2026, 11, 23), CALENDAR, CONSULTATION)
    assert clock(plan.spans) == spans
    assert (plan.state, plan.reason, plan.owner, plan.conflict) == (OPEN if spans else CLOSED, reason, owner, conflict)


def test_absence_names_the_substitute():
    chain = Person(DEPUTY.hours, (Absence(*AWAY, "Herr Muster", me()),))
    plan = day_plan(
        in_house(me(absences=[Absence(*AWAY, "Frau Beispiel", chain)])), date(2026, 11, 23), CALENDAR, CONSULTATION
    )
    assert (plan.absent, plan.substitute, plan.text, plan.differs) == (True, "Herr Muster", "Herr Muster", False)


@pytest.mark.parametrize(("on", "absent"), [(15, False), (16, True), (30, True)])
def test_absence_counts_both_ends(on, absent):
    subject = in_house(me(absences=[Absence(*AWAY)]))
    assert day_plan(subject, date(2026, 11, on), CALENDAR, CONSULTATION).absent is absent


def test_absent_person_and_unknown_place_is_unknown():
    plan = day_plan(Subject(person=me(absences=[Absence(*AWAY)])), date(2026, 11, 23), CALENDAR, CONSULTATION)
    assert (plan.state, plan.reason, plan.spans) == (UNKNOWN, Reason.ABSENT, ())


def test_long_absence_does_not_cut_the_substitutes_night():
    deputy = Person(Hours((slot(MONDAY, "22:00", "02:00"),)))
    subject = Subject(person=Person(absences=(Absence(*AWAY, "Frau Beispiel", deputy),)))
    assert clock(day_plan(subject, date(2026, 11, 23), CALENDAR).spans) == [("22:00", "02:00")]


def test_absence_from_tomorrow_cuts_tonight():
    absence = Absence(date(2026, 11, 24), date(2026, 11, 25))
    subject = Subject(person=Person(Hours((slot(MONDAY, "22:00", "02:00"),)), (absence,)))
    plan = day_plan(subject, date(2026, 11, 23), CALENDAR)
    assert (clock(plan.spans), plan.reason, plan.differs) == ([("22:00", "00:00")], Reason.ABSENT, True)


@pytest.mark.parametrize(
    ("exception", "state", "spans"),
    [
        (closed("2026-11-23"), CLOSED, []),
        (other("2026-11-23", ("09:00", "12:00")), OPEN, [("09:00", "12:00")]),
        (other("2026-11-23", ("17:00", "19:00")), CLOSED, []),
        (message("2026-11-23"), OPEN, [("08:00", "15:00")]),
    ],
)
def test_phone_follows_the_house_only_downwards(exception, state, spans):
    plan = day_plan(in_house(exceptions=[exception]), date(2026, 11, 23), CALENDAR, Kind.PHONE)
    assert (plan.state, clock(plan.spans)) == (state, spans)


def test_other_hours_invent_no_phone_line():
    subject = place(exceptions=[other("2026-11-23", ("09:00", "12:00"))])
    assert day_plan(subject, date(2026, 11, 23), CALENDAR).state == OPEN
    assert day_plan(subject, date(2026, 11, 23), CALENDAR, Kind.PHONE).state == UNKNOWN


def test_other_hours_without_times_are_unknown():
    plan = day_plan(place(*OFFICE, exceptions=[other("2026-11-23")]), date(2026, 11, 23), CALENDAR)
    assert (plan.state, plan.reason, plan.text, plan.spans) == (UNKNOWN, Reason.PLACE_EXCEPTION, "Teamtag", ())


def test_unknown_other_hours_of_the_house_make_own_rows_unknown():
    plan = day_plan(in_house(me(), [other("2026-11-23")]), date(2026, 11, 23), CALENDAR, CONSULTATION)
    assert (plan.state, plan.reason, plan.conflict) == (UNKNOWN, Reason.PLACE_EXCEPTION, False)


def test_public_holiday_in_the_school_holidays_is_named_as_such():
    subject = place(
        slot(FRIDAY, "08:00", "10:00", on_public_holiday=OnPublicHoliday.OPEN, term_time=TermTime.HOLIDAYS),
        slot(FRIDAY, "13:00", "16:00"),
    )
    plan = day_plan(subject, date(2026, 12, 25), CALENDAR)
    assert (clock(plan.spans), plan.reason, plan.text) == (
        [("08:00", "10:00")], Reason.PUBLIC_HOLIDAY, "1. Weihnachtstag",
    )  # fmt: skip


def test_overlapping_school_holidays_bear_the_name_of_the_earlier():
    late, early = (date(2026, 10, 26), date(2026, 10, 30), "A"), (date(2026, 10, 19), date(2026, 10, 30), "B")
    assert Calendar(school_holidays=(late, early)).school_holiday(date(2026, 10, 26)) == "B"


def test_holiday_keeps_the_rows_that_stay_open():
    subject = place(
        slot(FRIDAY, "08:00", "10:00", on_public_holiday=OnPublicHoliday.OPEN), slot(FRIDAY, "13:00", "16:00")
    )
    plan = day_plan(subject, date(2026, 5, 1), CALENDAR)
    assert (clock(plan.spans), plan.reason, plan.text) == (
        [("08:00", "10:00")],
        Reason.PUBLIC_HOLIDAY,
        "Tag der Arbeit",
    )


def test_appointments_are_shown_apart():
    subject = place(
        slot(MONDAY, "08:00", "10:00", note="3. Etage, Glastür"),
        slot(MONDAY, "14:00", "16:00", by_appointment=True),
        WeeklySlot(MONDAY, None, None, by_appointment=True),
    )
    plan = day_plan(subject, date(2026, 11, 23), CALENDAR)
    assert (plan.state, clock(plan.spans), clock(plan.appointments), plan.on_request) == (
        OPEN, [("08:00", "10:00")], [("14:00", "16:00")], True,
    )  # fmt: skip
    assert plan.spans[0].notes == ("3. Etage, Glastür",)


def test_messages_most_specific_owner_first():
    person = Person(Hours(exceptions=(message("2026-11-23", reason="Heute Zimmer 4"),)))
    subject = in_house(
        person, [message("2026-11-23", reason="Aufzug steht"), message("2026-11-20", "2026-11-23", "Baustelle")]
    )
    assert day_plan(subject, date(2026, 11, 23), CALENDAR).messages == ("Heute Zimmer 4", "Baustelle", "Aufzug steht")


def test_several_reasons_of_one_date_are_all_told():
    subject = place(exceptions=[closed("2026-11-23", reason="Umzug"), closed("2026-11-23", reason="Inventur")])
    assert day_plan(subject, date(2026, 11, 23), CALENDAR).text == "Inventur; Umzug"


# ---------------------------------------------------------------- clock changes in real hours


@pytest.mark.parametrize(
    ("on", "opens", "closes", "hours"),
    [
        (date(2026, 3, 29), "01:00", "05:00", 3),
        (date(2026, 3, 29), "02:00", "03:00", 0),
        (date(2026, 3, 29), "00:00", "00:00", 23),
        (date(2026, 3, 28), "22:00", "06:00", 7),
        (date(2026, 10, 25), "01:00", "05:00", 5),
        (date(2026, 10, 25), "02:00", "03:00", 2),
        (date(2026, 10, 25), "01:00", "02:00", 1),
        (date(2026, 10, 25), "00:00", "00:00", 25),
        (date(2026, 10, 24), "22:00", "06:00", 9),
        (date(2026, 11, 22), "02:00", "03:00", 1),
    ],
)
def test_real_length_of_a_slot(on, opens, closes, hours):
    plan = day_plan(place(slot(on.weekday(), opens, closes)), on, CALENDAR)
    length = sum((span.end.astimezone(UTC) - span.start.astimezone(UTC) for span in plan.spans), timedelta())
    assert length == timedelta(hours=hours)


# ---------------------------------------------------------------- week, caching, refusals


def test_week_says_what_differs_and_why():
    subject = place(*OFFICE, exceptions=[closed("2026-12-22", reason="Teamtag"), message("2026-12-23")])
    plans = week(subject, date(2026, 12, 21), CALENDAR)
    assert [(plan.on.day, plan.state, plan.differs, plan.reason, plan.text) for plan in plans] == [
        (21, OPEN, False, Reason.WEEKLY, ""),
        (22, CLOSED, True, Reason.PLACE_EXCEPTION, "Teamtag"),
        (23, OPEN, False, Reason.WEEKLY, ""),
        (24, OPEN, False, Reason.WEEKLY, ""),
        (25, CLOSED, True, Reason.PUBLIC_HOLIDAY, "1. Weihnachtstag"),
        (26, CLOSED, False, Reason.NOT_THAT_DAY, ""),
        (27, CLOSED, False, Reason.NOT_THAT_DAY, ""),
    ]
    assert [len(plan.messages) for plan in plans] == [0, 0, 1, 0, 0, 0, 0]


def test_week_differs_in_the_school_holidays():
    plan = week(term_rows(TermTime.SCHOOL_DAYS), date(2026, 10, 19), CALENDAR)[0]
    assert (plan.differs, plan.reason, plan.text) == (True, Reason.SCHOOL_HOLIDAYS, "Herbstferien")


def test_other_hours_equal_to_the_usual_ones_do_not_differ():
    subject = place(slot(MONDAY, "08:00", "12:00"), exceptions=[other("2026-11-23", ("08:00", "12:00"))])
    assert day_plan(subject, date(2026, 11, 23), CALENDAR).differs is False


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        ("2026-11-23T00:00", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "2026-11-23T12:00"),
        ("2026-11-23T12:00", "2026-11-23T13:00"),
        ("2026-11-23T16:00", "2026-11-24T00:00"),
        ("2026-11-28T10:00", "2026-11-29T00:00"),
    ],
)
def test_next_change(moment, change):
    assert same_instant(next_change(place(*OFFICE), at(moment), CALENDAR), at(change))


def test_next_change_is_blind_to_appointments_behind_an_open_door():
    subject = place(slot(MONDAY, "08:00", "12:00"), slot(MONDAY, "09:00", "10:00", by_appointment=True))
    assert same_instant(next_change(subject, at("2026-11-23T08:30"), CALENDAR), at("2026-11-23T12:00"))


def test_open_day_and_night_has_no_end():
    subject = place(*(slot(day, "00:00", "00:00", on_public_holiday=OnPublicHoliday.OPEN) for day in range(7)))
    assert open_at(subject, at("2026-11-23T09:00"), CALENDAR).until is None
    assert same_instant(next_change(subject, at("2026-11-23T09:00"), CALENDAR), at("2026-11-24T00:00"))


def test_open_for_days_ends_at_the_holiday():
    subject = place(*(slot(day, "00:00", "00:00") for day in range(7)))
    assert same_instant(open_at(subject, at("2026-12-22T09:00"), CALENDAR).until, at("2026-12-25T00:00"))


def test_next_opening_after_the_current_one():
    until = open_at(place(*OFFICE), at("2026-11-27T15:00"), CALENDAR).until
    assert same_instant(next_opening(place(*OFFICE), until, CALENDAR), at("2026-11-30T08:00"))


@pytest.mark.parametrize(("days", "found"), [(6, False), (7, True)])
def test_next_opening_looks_no_further_than_asked(days, found):
    subject = place(slot(MONDAY, "08:00", "12:00"))
    assert (next_opening(subject, at("2026-11-23T12:00"), CALENDAR, horizon_days=days) is not None) is found


def test_answers_come_in_berlin_time():
    moment = datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
    assert open_at(place(*OFFICE), moment, CALENDAR).until.isoformat() == "2026-07-06T12:00:00+02:00"
    assert next_opening(place(*OFFICE), moment, CALENDAR).isoformat() == "2026-07-06T09:00:00+02:00"
    assert next_change(place(*OFFICE), moment, CALENDAR).isoformat() == "2026-07-06T12:00:00+02:00"


@pytest.mark.parametrize("ask", [open_at, next_opening, next_change])
def test_naive_instant_is_refused(ask):
    with pytest.raises(ValueError, match="aware"):
        ask(SILENT, datetime(2026, 11, 23, 9, 0), CALENDAR)  # noqa: DTZ001
