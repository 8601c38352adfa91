"""What holds for any opening hours at any instant, clock changes included."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from directory.opening import (
    BERLIN,
    HORIZON_DAYS,
    Absence,
    Calendar,
    DatedException,
    ExceptionKind,
    Hours,
    Kind,
    OnPublicHoliday,
    Person,
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

BOUNDED = settings(max_examples=120, deadline=None, derandomize=True)
FIRST = date(2026, 3, 26)
HALF_HOUR = timedelta(minutes=30)

# Three windows with all that is special: clock to summer, clock to winter, turn of the year.
ANCHORS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1))
days = st.builds(lambda anchor, offset: anchor + timedelta(days=offset), st.sampled_from(ANCHORS), st.integers(-9, 9))
clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
maybe_time = st.none() | clock_times
seconds = st.integers(0, 86399)
moments = st.builds(
    lambda on, second: datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(seconds=second), days, seconds
)
calendars = st.builds(
    Calendar,
    public_holidays=st.dictionaries(days, st.just("Feiertag"), max_size=4),
    school_holidays=st.lists(st.tuples(days, days, st.just("Ferien")), max_size=2).map(tuple),
    school_known_until=st.none() | days,
)
slots = st.builds(
    WeeklySlot,
    weekday=st.integers(0, 6),
    opens_at=maybe_time,
    closes_at=maybe_time,
    kind=st.sampled_from(Kind),
    by_appointment=st.booleans(),
    term_time=st.sampled_from(TermTime),
    on_public_holiday=st.sampled_from(OnPublicHoliday),
    valid_from=st.none() | days,
    valid_to=st.none() | days,
    note=st.sampled_from(["", "Glastür"]),
)
exceptions = st.builds(
    DatedException,
    starts_on=days,
    ends_on=days,
    kind=st.sampled_from(ExceptionKind),
    slots=st.lists(st.tuples(clock_times, clock_times), max_size=2).map(tuple),
    reason=st.sampled_from(["", "Umzug", "Teamtag"]),
    elsewhere=st.sampled_from(["", "Rathaus"]),
)
hours = st.builds(
    Hours, slots=st.lists(slots, max_size=8).map(tuple), exceptions=st.lists(exceptions, max_size=3).map(tuple)
)
substitutes = st.builds(Person, hours=hours)
absences = st.builds(
    Absence,
    starts_on=days,
    ends_on=days,
    substitute_name=st.none() | st.just("Frau Beispiel"),
    substitute=st.none() | substitutes,
)
people = st.builds(Person, hours=hours, absences=st.lists(absences, max_size=2).map(tuple))
subjects = st.builds(Subject, place=hours, offer=st.none() | hours, person=st.none() | people)
kinds = st.sampled_from(Kind)
weekly_rows = st.lists(
    st.builds(WeeklySlot, weekday=st.integers(0, 6), opens_at=clock_times, closes_at=clock_times),
    min_size=1,
    max_size=10,
).map(tuple)


def messages_on(on):
    return DatedException(on - timedelta(days=400), on + timedelta(days=400), ExceptionKind.MESSAGE, reason="Hinweis")


def with_messages(subject, on):
    def add(one):
        return replace(one, exceptions=(messages_on(on), *one.exceptions))

    person = subject.person and replace(subject.person, hours=add(subject.person.hours))
    return Subject(place=add(subject.place), offer=subject.offer and add(subject.offer), person=person)


def turned(subject):
    """The same rows in reverse order, everywhere."""

    def turn(one):
        return Hours(one.slots[::-1], one.exceptions[::-1])

    person = subject.person and Person(turn(subject.person.hours), subject.person.absences[::-1])
    return Subject(place=turn(subject.place), offer=subject.offer and turn(subject.offer), person=person)


@BOUNDED
@given(subjects, moments, calendars, kinds)
def test_every_question_has_an_answer(subject, moment, calendar, kind):
    plan = day_plan(subject, moment.date(), calendar, kind)
    assert (plan.state == State.OPEN) == bool(plan.spans)
    assert plan.state == State.BY_APPOINTMENT or plan.spans or not (plan.appointments or plan.on_request)
    assert [one.on for one in week(subject, FIRST, calendar, kind)] == [FIRST + timedelta(days=n) for n in range(7)]
    assert open_at(subject, moment, calendar, kind).state in State


@BOUNDED
@given(subjects, days, calendars, kinds)
def test_spans_are_sorted_apart_and_start_on_their_day(subject, on, calendar, kind):
    plan = day_plan(subject, on, calendar, kind)
    for spans in (plan.spans, plan.appointments):
        edges = [edge.astimezone(UTC) for one in spans for edge in (one.start, one.end)]
        assert edges == sorted(set(edges))
        assert all(one.start.date() == on and one.start.tzinfo is BERLIN for one in spans)


@BOUNDED
@given(subjects, moments, calendars, kinds)
def test_next_opening_is_open_and_nothing_before_it_is(subject, moment, calendar, kind):
    opens = next_opening(subject, moment, calendar, kind)
    if opens is None:
        assert open_at(subject, moment, calendar, kind).state != State.OPEN
        return
    assert opens.astimezone(UTC) >= moment
    assert open_at(subject, opens, calendar, kind).state == State.OPEN
    if opens.astimezone(UTC) > moment:
        just_before = opens.astimezone(UTC) - timedelta(microseconds=1)
        assert open_at(subject, just_before, calendar, kind).state != State.OPEN
        middle = moment + (opens.astimezone(UTC) - moment) / 2
        assert open_at(subject, middle, calendar, kind).state != State.OPEN


@BOUNDED
@given(st.builds(Subject, place=st.builds(Hours, slots=weekly_rows)), moments)
@example(Subject(place=Hours((WeeklySlot(6, time(1), time(2, 30)),))), datetime(2026, 10, 25, 0, 40, tzinfo=UTC))
@example(Subject(place=Hours((WeeklySlot(6, time(1), time(2, 30)),))), datetime(2026, 3, 29, 0, 40, tzinfo=UTC))
def test_open_ends_when_it_says(subject, moment):
    opens = next_opening(subject, moment, Calendar())
    assume(opens is not None)
    until = open_at(subject, opens, Calendar()).until
    if until is None:
        a_later_day = opens + timedelta(days=HORIZON_DAYS - 1)
        assert open_at(subject, a_later_day, Calendar()).state == State.OPEN
        return
    assert until.astimezone(UTC) > opens.astimezone(UTC)
    assert open_at(subject, until, Calendar()).state != State.OPEN
    just_before = until.astimezone(UTC) - timedelta(microseconds=1)
    assert open_at(subject, just_before, Calendar()).state == State.OPEN


@BOUNDED
@given(subjects, moments, calendars, kinds)
def test_open_ends_when_it_says_with_exceptions(subject, moment, calendar, kind):
    answer = open_at(subject, moment, calendar, kind)
    if answer.state == State.OPEN and answer.until is not None:
        assert answer.until.astimezone(UTC) > moment
        assert open_at(subject, answer.until, calendar, kind).state != State.OPEN


@BOUNDED
@given(subjects, moments, calendars, kinds, st.floats(0, 1, exclude_max=True))
def test_answer_holds_until_next_change(subject, moment, calendar, kind, share):
    change = next_change(subject, moment, calendar, kind).astimezone(UTC)
    assert moment < change <= moment + timedelta(hours=25)
    between = moment + (change - moment) * share
    assume(between < change)
    assert open_at(subject, between, calendar, kind) == open_at(subject, moment, calendar, kind)
    assert change.astimezone(BERLIN).date() <= moment.astimezone(BERLIN).date() + timedelta(days=1)


@BOUNDED
@given(subjects, moments, calendars, kinds)
def test_order_of_rows_does_not_matter(subject, moment, calendar, kind):
    back = turned(subject)
    assert day_plan(back, moment.date(), calendar, kind) == day_plan(subject, moment.date(), calendar, kind)
    assert open_at(back, moment, calendar, kind) == open_at(subject, moment, calendar, kind)


@BOUNDED
@given(subjects, moments, calendars, kinds)
def test_message_never_changes_hours(subject, moment, calendar, kind):
    told = with_messages(subject, moment.date())
    plan = day_plan(subject, moment.date(), calendar, kind)
    told_plan = day_plan(told, moment.date(), calendar, kind)
    assert "Hinweis" in told_plan.messages
    assert replace(told_plan, messages=()) == replace(plan, messages=())
    assert open_at(told, moment, calendar, kind) == open_at(subject, moment, calendar, kind)


@BOUNDED
@given(moments, calendars, kinds)
def test_unknown_stays_unknown(moment, calendar, kind):
    told = with_messages(Subject(offer=Hours(), person=Person()), moment.date())
    for subject in (Subject(), told):
        assert open_at(subject, moment, calendar, kind).state == State.UNKNOWN
        assert next_opening(subject, moment, calendar, kind) is None


@BOUNDED
@given(subjects, days, calendars, kinds)
def test_closed_house_closes_all_but_what_is_kept_elsewhere(subject, on, calendar, kind):
    shut = DatedException(on, on, ExceptionKind.CLOSED, reason="Umzug")
    subject = replace(subject, place=replace(subject.place, exceptions=(shut, *subject.place.exceptions)))
    plan = day_plan(subject, on, calendar, kind)
    assert plan.state == State.CLOSED or plan.elsewhere


@BOUNDED
@given(weekly_rows, days, seconds)
def test_agrees_with_the_clock_on_the_wall(rows, on, second):
    """Away from the clock changes: open iff some row of today or yesterday shows it on the wall."""
    assume(all(abs((on - change).days) > 1 for change in ANCHORS))
    wall = datetime(on.year, on.month, on.day, tzinfo=BERLIN) + timedelta(seconds=second)
    clock = wall.time()

    def shows(row):
        over = row.closes_at <= row.opens_at
        if row.weekday == on.weekday() and row.opens_at <= clock and (over or clock < row.closes_at):
            return True
        return over and row.weekday == (on - timedelta(days=1)).weekday() and clock < row.closes_at

    expected = State.OPEN if any(shows(row) for row in rows) else State.CLOSED
    assert open_at(Subject(place=Hours(rows)), wall, Calendar()).state == expected


@BOUNDED
@given(clock_times, clock_times, st.sampled_from(ANCHORS[:2]), st.integers(0, 100))
def test_open_whenever_the_clock_shows_it_on_clock_change_days(opens_at, closes_at, on, step):
    """Whatever the wall clock shows within the slot is open; only the repeated hour may add to it."""
    assume(opens_at < closes_at)
    subject = Subject(place=Hours((WeeklySlot(on.weekday(), opens_at, closes_at),)))
    moment = datetime(on.year, on.month, on.day, tzinfo=UTC) - 2 * HALF_HOUR + step * timedelta(minutes=14)
    wall = moment.astimezone(BERLIN)
    shown = wall.date() == on and opens_at <= wall.time() < closes_at
    is_open = open_at(subject, moment, Calendar()).state == State.OPEN
    if shown:
        assert is_open
    elif is_open:
        assert wall.hour == (3 if on.month == 3 else 2)


@BOUNDED
@given(subjects, days, kinds)
def test_without_holiday_exception_or_absence_nothing_differs(subject, on, kind):
    def bare(one):
        kept = tuple(row for row in one.slots if row.term_time != TermTime.HOLIDAYS)
        return Hours(kept)

    person = subject.person and Person(bare(subject.person.hours))
    plain = Subject(place=bare(subject.place), offer=subject.offer and bare(subject.offer), person=person)
    assert day_plan(plain, on, Calendar(), kind).differs is False
