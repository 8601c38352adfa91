"""Reading conditions from JSON, with messages an editor understands.

Everything wrong is collected with its path ("Bedingung › all › 2"), so a
form or an import can show all of it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counseling.finder.conditions import All, AnyOf, Between, Condition, In, Not
from counseling.finder.facts import AGE_MAX, AGE_MIN, FACTS, Fact, FactKind

MAX_DEPTH = 8
MAX_PARTS = 60
_GROUPS = ("all", "any", "not")
_TESTS = ("eq", "in", "between", "at_least", "at_most")


@dataclass(frozen=True, slots=True)
class GrammarError:
    """One thing that is wrong: where, and what to do, in German."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def parse(raw: object, path: str = "Bedingung") -> tuple[Condition | None, tuple[GrammarError, ...]]:
    """Read one condition; ``(None, errors)`` as soon as any part is wrong."""
    reader = _Reader()
    condition = reader.read(raw, path, 1)
    return (None if reader.errors else condition), tuple(reader.errors)


class _Reader:
    """Collects errors while it walks through the JSON."""

    def __init__(self) -> None:
        self.errors: list[GrammarError] = []
        self.tests = 0

    def fail(self, path: str, message: str) -> None:
        self.errors.append(GrammarError(path, message))

    def read(self, raw: object, path: str, depth: int) -> Condition | None:
        if depth > MAX_DEPTH:
            self.fail(path, f"Die Bedingung ist zu tief verschachtelt. Erlaubt sind {MAX_DEPTH} Ebenen.")
            return None
        if not isinstance(raw, Mapping):
            self.fail(path, "Hier muss eine Bedingung stehen: „all“, „any“, „not“ oder „fact“.")
            return None
        keys = set(raw)
        if "fact" in keys:
            return self._test(raw, path)
        if len(keys) == 1 and keys <= set(_GROUPS):
            (name,) = keys
            return (
                self._negation(raw[name], path, depth) if name == "not" else self._group(name, raw[name], path, depth)
            )
        wrong = ", ".join(f"„{key}“" for key in sorted(map(str, keys))) or "nichts"
        self.fail(path, f"Hier steht {wrong}. Erlaubt ist genau eines: „all“, „any“, „not“ oder „fact“.")
        return None

    def _negation(self, raw: object, path: str, depth: int) -> Condition | None:
        part = self.read(raw, f"{path} › not", depth + 1)
        return None if part is None else Not(part)

    def _group(self, name: str, raw: object, path: str, depth: int) -> Condition | None:
        here = f"{path} › {name}"
        if not isinstance(raw, list | tuple):
            self.fail(here, "Hier muss eine Liste von Bedingungen stehen.")
            return None
        if name == "any" and not raw:
            self.fail(here, "„any“ braucht mindestens eine Bedingung.")
            return None
        parts = [self.read(part, f"{here} › {number}", depth + 1) for number, part in enumerate(raw, 1)]
        good = tuple(part for part in parts if part is not None)
        return AnyOf(good) if name == "any" else All(good)

    def _test(self, raw: Mapping[object, object], path: str) -> Condition | None:
        self.tests += 1
        if self.tests == MAX_PARTS + 1:
            self.fail(path, f"Die Bedingung ist zu lang. Erlaubt sind {MAX_PARTS} Prüfungen.")
            return None
        fact = FACTS.get(raw["fact"]) if isinstance(raw["fact"], str) else None
        if fact is None:
            self.fail(path, f"Die Angabe „{raw['fact']}“ gibt es nicht. Erlaubt: {', '.join(FACTS)}.")
            return None
        tests = [key for key in raw if key != "fact"]
        if len(tests) != 1 or tests[0] not in _TESTS:
            self.fail(path, f"Zu „{fact.label}“ gehört genau eine Prüfung: {', '.join(_TESTS)}.")
            return None
        test = str(tests[0])
        if fact.kind is FactKind.AGE:
            return self._age(fact, test, raw[test], path)
        return self._values(fact, test, raw[test], path)

    def _age(self, fact: Fact, test: str, raw: object, path: str) -> Condition | None:
        low: object
        high: object
        if test == "in":
            self.fail(path, "Beim Alter nimm „between“, zum Beispiel [15, 24].")
            return None
        if test == "between":
            if not isinstance(raw, list | tuple) or len(raw) != 2:
                self.fail(path, "„between“ braucht zwei Zahlen, zum Beispiel [15, 24].")
                return None
            low, high = raw
        else:
            low = None if test == "at_most" else raw
            high = None if test == "at_least" else raw
        if low is None and high is None:
            self.fail(path, "Mindestens ein Ende der Spanne muss eine Zahl sein.")
            return None
        for value in (low, high):
            if value is not None and not _is_age(value):
                self.fail(path, f"„{value}“ ist kein Alter. Erlaubt: ganze Zahlen von {AGE_MIN} bis {AGE_MAX}.")
                return None
        start = low if isinstance(low, int) else None
        end = high if isinstance(high, int) else None
        if start is not None and end is not None and start > end:
            self.fail(path, f"Die Spanne {start} bis {end} ist leer. Die kleinere Zahl steht vorn.")
            return None
        return Between(fact.name, start, end)

    def _values(self, fact: Fact, test: str, raw: object, path: str) -> Condition | None:
        if test not in ("eq", "in"):
            self.fail(path, f"„{test}“ gibt es nur beim Alter. Für „{fact.label}“ nimm „eq“ oder „in“.")
            return None
        given = raw if test == "in" else [raw]
        if not isinstance(given, list | tuple) or not given:
            self.fail(path, "„in“ braucht eine Liste mit mindestens einem Wert.")
            return None
        bad = [value for value in given if not _fits(fact, value)]
        for value in bad:
            self.fail(path, f"Der Wert „{value}“ gehört nicht zu „{fact.label}“. Erlaubt: {_allowed(fact)}.")
        if bad:
            return None
        wanted = [value for value in given if isinstance(value, str)]
        # One order of the values, so that the same condition is stored the same way.
        order = list(fact.values) if fact.values else sorted(wanted)
        return In(fact.name, tuple(value for value in order if value in wanted))


def _is_age(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and AGE_MIN <= value <= AGE_MAX


def _fits(fact: Fact, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if fact.kind is FactKind.PLACE:
        return value.isascii() and value.isdigit() and 2 <= len(value) <= 8
    return value in fact.values


def _allowed(fact: Fact) -> str:
    if fact.kind is FactKind.PLACE:
        return "der Anfang eines Gemeindeschlüssels, 2 bis 8 Ziffern"
    return ", ".join(fact.values)
