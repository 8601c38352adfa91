"""A person's situation as far as it is known.

Every fact may be missing; a missing fact is a value of its own ("unknown"),
never a guess. Whether somebody has not been asked yet or said "weiß ich
nicht" matters only for the flow of questions, not for matching.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

from counseling.finder.facts import (
    AGE_MAX,
    AGE_MIN,
    CONCERNS,
    FACTS,
    FactKind,
)

_AGE = re.compile(r"^(\d{1,2})(?:\s?[-–]\s?(\d{1,2}))?$", re.ASCII)
_AGS = re.compile(r"^\d{8}$", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class AgeRange:
    """An age in whole years, or a band of years (both ends inclusive)."""

    lo: int
    hi: int

    def __post_init__(self) -> None:
        if not AGE_MIN <= self.lo <= self.hi <= AGE_MAX:
            raise ValueError(f"age must be {AGE_MIN} to {AGE_MAX}: {self.lo}-{self.hi}")

    @classmethod
    def exactly(cls, years: int) -> AgeRange:
        """Return the range of one single year of age."""
        return cls(years, years)

    @classmethod
    def parse(cls, text: str) -> AgeRange | None:
        """Read ``17`` or ``15-17``; ``None`` when the text is neither."""
        match = _AGE.match(text.strip())
        if match is None:
            return None
        low = int(match[1])
        high = int(match[2]) if match[2] else low
        return cls(low, high) if low <= high else None

    def __str__(self) -> str:
        return str(self.lo) if self.lo == self.hi else f"{self.lo}-{self.hi}"


FactValue = str | AgeRange


@dataclass(frozen=True)
class Situation:
    """What is known about one person; ``None`` means unknown.

    Values are the keys of ``FACTS`` (see ``facts.py``); places are municipality
    keys of eight digits. Raises ``ValueError`` for a value no fact allows.
    """

    concern: str | None = None
    age: AgeRange | None = None
    place: str | None = None
    parents_place: str | None = None
    status: str | None = None
    certificate: str | None = None
    fulltime_school_done: str | None = None
    school_duty_done: str | None = None
    living_with_parents: str | None = None
    pregnant_or_parent: str | None = None
    married: str | None = None
    benefit: str | None = None
    disability: str | None = None
    residence: str | None = None

    def __post_init__(self) -> None:
        for name, value in self.given.items():
            if not is_allowed(name, value):
                raise ValueError(f"{name}: {value!r} is not allowed")
        if self.concern is not None and self.concern not in CONCERNS:
            raise ValueError(f"concern: {self.concern!r} is not known")

    @cached_property
    def given(self) -> Mapping[str, FactValue]:
        """The known facts without the concern, by name."""
        known = {}
        for name in FACT_NAMES:
            value = getattr(self, name)
            if value is not None:
                known[name] = value
        return known

    def answer(self, name: str, value: FactValue | None) -> Situation:
        """Return the situation with one fact set, changed or taken back."""
        if name != "concern" and name not in FACTS:
            raise ValueError(f"unknown fact {name!r}")
        return replace(self, **{name: value})  # type: ignore[arg-type]


FACT_NAMES = tuple(field.name for field in fields(Situation) if field.name != "concern")


def is_allowed(name: str, value: object) -> bool:
    """Say whether a value fits a fact of ``FACTS``."""
    spec = FACTS[name]
    if spec.kind is FactKind.AGE:
        return isinstance(value, AgeRange)
    if spec.kind is FactKind.PLACE:
        return isinstance(value, str) and _AGS.match(value) is not None
    return isinstance(value, str) and value in spec.values


@dataclass(frozen=True, slots=True)
class FactError:
    """One value that cannot be used: parameter, German message, allowed values."""

    parameter: str
    message: str
    allowed: tuple[str, ...] = ()


def situation_from_dict(data: Mapping[str, object]) -> tuple[Situation, tuple[FactError, ...]]:
    """Read a mapping of facts as JSON or form fields deliver them.

    Unknown keys are ignored, empty values are unknown. Every value that does
    not fit becomes a ``FactError`` and is left out of the situation, so a page
    can ask again and the JSON answer can name what is allowed.
    """
    values: dict[str, FactValue] = {}
    errors: list[FactError] = []
    for name in ("concern", *FACT_NAMES):
        raw = data.get(name)
        if raw is None or raw == "":
            continue
        value = _read(name, raw)
        if value is None:
            errors.append(FactError(name, _message(name), allowed_values(name)))
        else:
            values[name] = value
    return Situation(**values), tuple(errors)  # type: ignore[arg-type]


def situation_to_dict(situation: Situation) -> dict[str, str]:
    """Return the known facts as text, in the order of the contract."""
    known: dict[str, str] = {}
    if situation.concern is not None:
        known["concern"] = situation.concern
    for name, value in situation.given.items():
        known[name] = str(value)
    return known


def allowed_values(name: str) -> tuple[str, ...]:
    """List the values a parameter may have; ages and places as a pattern."""
    if name == "concern":
        return tuple(CONCERNS)
    spec = FACTS[name]
    if spec.kind is FactKind.AGE:
        return (f"{AGE_MIN}-{AGE_MAX}",)
    if spec.kind is FactKind.PLACE:
        return ("AGS",)
    return tuple(spec.values)


def _read(name: str, raw: object) -> FactValue | None:
    if name == "concern":
        return raw if isinstance(raw, str) and raw in CONCERNS else None
    if FACTS[name].kind is FactKind.AGE:
        return _read_age(raw)
    return raw if isinstance(raw, str) and is_allowed(name, raw) else None


def _read_age(raw: object) -> AgeRange | None:
    if isinstance(raw, AgeRange):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool):
        return AgeRange.exactly(raw) if AGE_MIN <= raw <= AGE_MAX else None
    return AgeRange.parse(raw) if isinstance(raw, str) else None


def _message(name: str) -> str:
    if name == "concern":
        return "Dieses Anliegen kennen wir nicht."
    spec = FACTS[name]
    if spec.kind is FactKind.AGE:
        return f"Das Alter ist eine ganze Zahl von {AGE_MIN} bis {AGE_MAX} oder eine Spanne wie 15-17."
    if spec.kind is FactKind.PLACE:
        return f"„{spec.label}“ ist ein Gemeindeschlüssel mit 8 Ziffern."
    return f"Dieser Wert gehört nicht zu „{spec.label}“."
