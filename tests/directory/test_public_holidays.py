"""The table of holidays says what the library for all countries says, for every Land and decades ahead."""

from datetime import date

import holidays
import pytest

from directory.public_holidays import FIRST_YEAR, LAENDER, public_holidays

YEARS = range(FIRST_YEAR, 2061)
# The library gives these days the whole title of their law.
LONG_TITLES = {date(2020, 5, 8), date(2025, 5, 8), date(2028, 6, 17)}


@pytest.mark.parametrize("land", sorted(LAENDER))
def test_days_and_names_are_those_of_the_library(land: str) -> None:
    for year in YEARS:
        theirs = holidays.country_holidays("DE", subdiv=land, years=year, language="de")
        ours = public_holidays(land, year)
        assert list(ours) == sorted(theirs), year
        assert {day: name for day, name in ours.items() if day not in LONG_TITLES} == {
            day: name for day, name in theirs.items() if day not in LONG_TITLES
        }, year


def test_another_land_has_other_days() -> None:
    assert public_holidays("ST", 2026)[date(2026, 1, 6)] == "Heilige Drei Könige"
    assert date(2026, 1, 6) not in public_holidays("NI", 2026)


def test_a_land_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError, match="XX"):
        public_holidays("XX", 2026)
