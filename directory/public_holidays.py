"""The public holidays of the sixteen Länder, from the words of their laws.

They are eleven days a year, and every process that serves pages needs them. A library for all countries
costs each process 16 MiB (docs/adr/0049); so it stands beside this table in the tests and checks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

LAENDER = frozenset(["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"])
FIRST_YEAR = 2019
"""Before it some days were holidays in other Länder than today."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A holiday on a fixed day (month, day), or so many days after Easter Sunday; ``first`` to ``last`` are years."""

    name: str
    laender: frozenset[str] = LAENDER
    on: tuple[int, int] | None = None
    after_easter: int = 0
    first: int = FIRST_YEAR
    last: int = 9999

    def day(self, year: int) -> date:
        """Return the day in a year."""
        return date(year, *self.on) if self.on else easter(year) + timedelta(days=self.after_easter)


def _some(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


# Sachsen-Anhalt: § 2 FeiertG LSA. The German Unity Day is federal law: Art. 2 Einigungsvertrag.
RULES = (
    Rule("Neujahr", on=(1, 1)),
    Rule("Heilige Drei Könige", _some("BW BY ST"), on=(1, 6)),
    Rule("Frauentag", _some("BE"), on=(3, 8)),
    Rule("Frauentag", _some("MV"), on=(3, 8), first=2023),
    Rule("Karfreitag", after_easter=-2),
    Rule("Ostersonntag", _some("BB")),
    Rule("Ostermontag", after_easter=1),
    Rule("Erster Mai", on=(5, 1)),
    Rule("Tag der Befreiung", _some("BE"), on=(5, 8), first=2020, last=2020),
    Rule("Tag der Befreiung", _some("BE"), on=(5, 8), first=2025, last=2025),
    Rule("Christi Himmelfahrt", after_easter=39),
    Rule("Pfingstsonntag", _some("BB"), after_easter=49),
    Rule("Pfingstmontag", after_easter=50),
    Rule("Fronleichnam", _some("BW BY HE NW RP SL"), after_easter=60),
    Rule("Jahrestag des 17. Juni 1953", _some("BE"), on=(6, 17), first=2028, last=2028),
    Rule("Mariä Himmelfahrt", _some("SL"), on=(8, 15)),
    Rule("Weltkindertag", _some("TH"), on=(9, 20)),
    Rule("Tag der Deutschen Einheit", on=(10, 3)),
    Rule("Reformationstag", _some("BB HB HH MV NI SH SN ST TH"), on=(10, 31)),
    Rule("Allerheiligen", _some("BW BY NW RP SL"), on=(11, 1)),
    Rule("Erster Weihnachtstag", on=(12, 25)),
    Rule("Zweiter Weihnachtstag", on=(12, 26)),
)


@lru_cache(maxsize=64)
def public_holidays(land: str, year: int) -> dict[date, str]:
    """Return the public holidays of one year by date, with their German names.

    ``land`` is the two letters of ISO 3166-2:DE ("ST"); KeyError for another. Days that are holidays in
    some municipalities only (Fronleichnam in parts of Sachsen) are not among them.
    """
    if land not in LAENDER:
        raise KeyError(land)
    return dict(sorted(_days(land, year)))


def _days(land: str, year: int) -> Iterator[tuple[date, str]]:
    for rule in RULES:
        if land in rule.laender and rule.first <= year <= rule.last:
            yield rule.day(year), rule.name
    if land == "SN":
        # § 1 SächsSFG: the Wednesday before the last Sunday after Trinity, which is the one before 23 November.
        before = date(year, 11, 22)
        yield before - timedelta(days=(before.weekday() - 2) % 7), "Buß- und Bettag"
