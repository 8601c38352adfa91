"""From a body to the door one can walk through: the contact point for a place.

Which kind of agency stands behind a body key of the finder is said here and
nowhere else. A body without a public contact point is named all the same,
with the next best person to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from django.conf import settings

from counseling.finder.facts import BODIES, FALLBACK, PLACELESS_BODIES
from counseling.finder.wording import Wording, w
from directory.contact import (
    ContactCard,
    PublicPoints,
    agencies_of,
    fallback_of,
    nearest_first,
    public_points,
)
from directory.hours import calendar_around
from directory.models import Agency, ContactPoint
from directory.moments import moment_end
from directory.opening import BERLIN, Calendar
from directory.places import Place
from directory.search import cards_now

Kind = Agency.Kind

AGENCY_KINDS: Mapping[str, Kind] = {
    "aa": Kind.EMPLOYMENT_AGENCY,
    "aa_reha": Kind.EMPLOYMENT_AGENCY,
    "jobcenter": Kind.JOB_CENTRE,
    "jugendamt": Kind.YOUTH_WELFARE_OFFICE,
    "bbs": Kind.VOCATIONAL_SCHOOL,
    "landkreis_bafoeg": Kind.STUDENT_GRANTS,
    "familienkasse": Kind.FAMILY_BENEFITS,
    "ombud": Kind.OMBUDS,
}
"""Bodies with offices of their own. The others have no record of one kind: the next best person answers."""
OWN_BODIES = frozenset({"school", "employer"})
"""Bodies one knows oneself: nobody else can name the room."""

BODY_NAMES: Mapping[str, Wording] = {key: w(label) for key, label in BODIES.items()} | {
    "aa_reha": w("Agentur für Arbeit, Team Reha"),
    "school": w("Deine Schule", "Die Schule Ihres Kindes", "Die Schule"),
    "bbs": w("Berufsschule"),
    "employer": w("Dein Betrieb", "Der Betrieb"),
    "traeger": w("Träger vor Ort"),
    "ombud": w("Ombudsstelle"),
}


class Found(Enum):
    """How well the door is known."""

    OFFICE = "office"
    SEVERAL = "several"
    OWN = "own"
    OUTSIDE = "outside"
    GAP = "gap"


@dataclass(frozen=True)
class Office:
    """The door of a body: one office, a choice while the place is open, or an honest gap."""

    body: str
    found: Found
    card: ContactCard | None = None
    choices: tuple[ContactCard, ...] = ()
    next_best: ContactCard | None = None

    @property
    def is_gap(self) -> bool:
        """Whether nobody has entered an address for this body yet."""
        return self.found is Found.GAP

    @property
    def is_several(self) -> bool:
        """Whether the place decides between several offices."""
        return self.found is Found.SEVERAL

    @property
    def is_own(self) -> bool:
        """Whether the visitor knows the place: the own school, the own firm."""
        return self.found is Found.OWN

    @property
    def is_outside(self) -> bool:
        """Whether the place lies in another county."""
        return self.found is Found.OUTSIDE


@dataclass(frozen=True)
class Desk:
    """The public contact points at one moment, ready to be asked. No queries."""

    public: PublicPoints
    at: datetime
    calendar: Calendar
    cards: Mapping[int, ContactCard]

    def card(self, point: ContactPoint, km: float | None = None) -> ContactCard:
        """Return a contact point ready for showing."""
        return self.cards[point.pk] if km is None else replace(self.cards[point.pk], km=km)

    @property
    def coordination(self) -> ContactCard | None:
        """The office that listens when nothing else fits, if it is public."""
        point = fallback_of(self.public)
        return self.card(point) if point else None

    @property
    def youth_office(self) -> ContactCard | None:
        """The youth office of the county, if it is public."""
        point = self.public.by_slug.get(settings.REGION.get("youth_office_point", ""))
        return self.card(point) if point else None

    def office(self, body: str, place: Place | None = None, *, is_outside: bool = False) -> Office:
        """Return the door of a body for people from a place.

        With a place only offices count that serve it, the nearest first. Without
        one a single office is the answer, several are a choice.
        """
        if body == FALLBACK:
            card = self.coordination
            return Office(body, Found.OFFICE if card else Found.GAP, card)
        if body in OWN_BODIES:
            return Office(body, Found.OWN, next_best=self.coordination)
        kind = AGENCY_KINDS.get(body)
        if is_outside and kind is not None and body not in PLACELESS_BODIES:
            # In need any youth office helps (§§ 42, 87 SGB VIII); for the rest the human first contact.
            helper = self.youth_office if body == "jugendamt" else self.coordination
            return Office(body, Found.OUTSIDE, next_best=helper)
        pairs = self._points(kind, place) if kind else []
        cards = tuple(self.card(point, km) for point, km in pairs)
        if not cards:
            return Office(body, Found.GAP, next_best=self.coordination)
        if place is None and len(cards) > 1:
            return Office(body, Found.SEVERAL, choices=cards, next_best=self.coordination)
        return Office(body, Found.OFFICE, cards[0], next_best=None if cards[0].first_phone else self.coordination)

    def _points(self, kind: Kind, place: Place | None) -> list[tuple[ContactPoint, float | None]]:
        found = [point for point in self.public.points if any(agency.kind == kind for agency in agencies_of(point))]
        if place:
            found = [point for point in found if self.public.serves(point, place.ags)]
        own = [point for point in found if point.owner.kind == kind]
        return nearest_first(own or found, place)


def open_desk(at: datetime, *, version: str) -> Desk:
    """Return the desk for a moment. Queries only when the public content is new."""
    on = at.astimezone(BERLIN).date()
    public, calendar = public_points(on, version=version), calendar_around(at, version=version)
    moment = (version, moment_end(at=at, version=version))
    return Desk(public, at, calendar, cards_now(public, at=at, calendar=calendar, moment=moment))
