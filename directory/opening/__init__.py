"""Opening hours as plain values: who can be reached when, and why.

No database and no Django in here. The caller turns its rows into the values of
``data``, asks one of the functions of ``answers`` and words the result.

Wall times are Europe/Berlin. Every instant passed in must be aware (a naive one
raises ``ValueError``); every instant that comes out is aware and in Europe/Berlin.
Compare instants in UTC: Python compares two times of one zone by the clock on the
wall and so confuses the two passes of the night in October.

**Precedence** for one date and one kind of hours (opening, consultation, phone).
The first rule that fits decides:

1. *The contact.* An exception of the person, else an absence: then the hours of the
   substitute, and without a substitute, or if theirs are not known, the general
   hours of the offer or the place.
2. *The house.* An exception of the offer at the place, then one of the place. A
   closed house closes everything in it, phones included. Hours that somebody set for
   a day on which the house is closed are a ``conflict`` for staff, unless they are
   kept ``elsewhere``.
3. *Public holiday of the Land.* Each weekly row says what it does: ``closed``,
   ``open`` (go on with rule 4) or ``unknown`` ("Feiertag – ruf vorher an").
4. *Weekly rows* in force on that date whose term time fits. The most specific owner
   that has rows of this kind wins: person, then offer at the place, then place.
5. *Nothing* is ``unknown``, never closed.

A message is shown and never changes hours. What the rules leave open, settled here:

- Several exceptions of one owner on one date: the shortest wins, so that other hours
  inside a long closure count; then the later start; then closed beats other hours.
  Other hours with the same dates add up.
- Other hours replace the on-site hours of their owner. Whatever has rows of its own
  and stands under that owner (a person in the house, the phone line) is cut to them
  and never widened: a house open late does not mean that everybody stays late.
- An owner whose rows have all run out is not closed: the next owner is asked, and
  after the last one the answer is unknown. Rows in force, but none on this weekday:
  closed.
- A row by appointment is known and shown, but never "open" for walking in.
- A slot over midnight belongs to the date it starts on, with that date's holiday and
  term time. An exception or absence on the next date cuts it at midnight.
- Opening is inclusive, closing exclusive. Spans that touch or overlap are one.
- March: a wall time inside the gap moves forward to its end (02:30 becomes 03:00).
  October: a span runs from the first time the clock shows its start to the last time
  it shows a time before its end, so 02:00–03:00 lasts two real hours and 01:00–02:00
  one.
"""

from directory.opening.answers import (
    HORIZON_DAYS,
    day_plan,
    next_change,
    next_opening,
    open_at,
    week,
)
from directory.opening.data import (
    Absence,
    Calendar,
    DatedException,
    DayPlan,
    ExceptionKind,
    Hours,
    Kind,
    OnPublicHoliday,
    OpenState,
    Owner,
    Person,
    Reason,
    Span,
    State,
    Subject,
    TermTime,
    WeeklySlot,
)
from directory.opening.walltime import BERLIN

__all__ = [
    "BERLIN",
    "HORIZON_DAYS",
    "Absence",
    "Calendar",
    "DatedException",
    "DayPlan",
    "ExceptionKind",
    "Hours",
    "Kind",
    "OnPublicHoliday",
    "OpenState",
    "Owner",
    "Person",
    "Reason",
    "Span",
    "State",
    "Subject",
    "TermTime",
    "WeeklySlot",
    "day_plan",
    "next_change",
    "next_opening",
    "open_at",
    "week",
]
