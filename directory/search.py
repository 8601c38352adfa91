"""Which contact points fit what the visitor wants, nearest first.

A fact nobody knows is neither in nor out: such points come in a list of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.conf import settings

from directory.contact import (
    CHANNELS,
    ContactCard,
    PublicPoints,
    contact_card,
    fallback_of,
    nearest_first,
    stands_behind,
)
from directory.hours import facts_shown
from directory.models import ContactPoint, TriState
from directory.opening import Calendar
from directory.places import Place
from directory.versions import derived

CHANNEL_FIELDS = {value: field for value, field, _label, _icon in CHANNELS}


@dataclass(frozen=True, slots=True)
class PointFilters:
    """What the visitor wants of a contact point. Empty means: does not matter."""

    place: Place | None = None
    stelle: str = ""
    open_now: bool = False
    channel: str = ""
    step_free: bool = False
    language: str = ""

    def active(self) -> list[str]:
        """Names of the filters that leave something out; a place only sorts."""
        return [field.name for field in fields(self) if field.name != "place" and getattr(self, field.name)]


@dataclass(frozen=True, slots=True)
class Hit:
    """A card in the list; ``serves`` is None without a place."""

    card: ContactCard
    serves: bool | None


@dataclass(frozen=True, slots=True)
class PointList:
    """What fits, what may fit, and how many would fit without each filter."""

    hits: tuple[Hit, ...]
    maybe: tuple[Hit, ...]
    without: dict[str, int]

    @property
    def total(self) -> int:
        """How many certainly fit."""
        return len(self.hits)


def cards_now(
    public: PublicPoints, *, at: datetime, calendar: Calendar, moment: tuple[str, datetime]
) -> dict[int, ContactCard]:
    """Return the card of every public point by its key, from memory until a door opens or closes.

    ``moment`` is the version and the end of the moment ``at`` lies in.
    """
    fallback = fallback_of(public)
    return derived(
        "point-cards",
        (*moment, settings.SHOW_EXAMPLE_DATA),
        lambda: {point.pk: contact_card(point, at=at, calendar=calendar, fallback=fallback) for point in public.points},
    )


def find_points(filters: PointFilters, public: PublicPoints, cards: Mapping[int, ContactCard]) -> PointList:
    """Return the contact points for these filters; ``cards`` are those of ``cards_now``. No query."""
    active = filters.active()
    hits: list[Hit] = []
    maybe: list[Hit] = []
    without = dict.fromkeys(active, 0)
    for point, km in nearest_first(public.points, filters.place):
        card = cards[point.pk] if km is None else replace(cards[point.pk], km=km)
        verdicts = {name: _fits(name, filters, point, card) for name in active}
        hit = Hit(card, public.serves(point, filters.place.ags) if filters.place else None)
        if all(verdicts.values()):
            hits.append(hit)
        elif False not in verdicts.values():
            maybe.append(hit)
        for name in active:
            without[name] += all(verdict for other, verdict in verdicts.items() if other != name)
    return PointList(tuple(hits), tuple(maybe), without)


def _fits(name: str, filters: PointFilters, point: ContactPoint, card: ContactCard) -> bool | None:
    """Yes, no, or None when nobody knows."""
    if name == "stelle":
        return stands_behind(point, filters.stelle)
    if name == "channel":
        return bool(getattr(point, CHANNEL_FIELDS[filters.channel]))
    if name == "open_now":
        return card.open_line.open_now
    if not facts_shown(point):
        return None
    if name == "step_free":
        return {TriState.YES: True, TriState.NO: False}.get(TriState(point.step_free))
    spoken = {language.code for language in point.languages.all()}
    return filters.language in spoken if spoken else None
