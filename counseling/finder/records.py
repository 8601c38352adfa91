"""Rules and scenarios as plain records (TOML, JSON) and back.

Reading collects every mistake with its place and a German message, so that an
import can show a whole file's mistakes at once. Unknown keys are mistakes:
a misspelt key must not silently drop a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from counseling.finder.conditions import ALWAYS, to_json
from counseling.finder.facts import BODIES, CONCERNS, FACTS, SENTENCES, VIEWS
from counseling.finder.grammar import GrammarError, parse
from counseling.finder.possible import PLACES
from counseling.finder.rules import (
    ACT_ALONE,
    EVERY,
    ROLES,
    Deadline,
    Helper,
    NotResponsible,
    OfferHint,
    Rule,
    Text,
    Texts,
)
from counseling.finder.scenarios import Scenario
from counseling.finder.situation import situation_from_dict


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file held; use rules and scenarios only when there are no errors."""

    rules: tuple[Rule, ...]
    scenarios: tuple[Scenario, ...]
    errors: tuple[GrammarError, ...]


def parse_records(data: Mapping[str, object], where: str = "") -> Parsed:
    """Read the ``rule`` and ``scenario`` tables of one file."""
    errors: list[GrammarError] = []
    rules: list[Rule] = []
    scenarios: list[Scenario] = []
    for key in set(data) - {"rule", "scenario"}:
        errors.append(GrammarError(where, f"„{key}“ gibt es nicht. Erlaubt: rule, scenario."))
    for number, raw in enumerate(_list(data.get("rule")), 1):
        rule, found = parse_rule(raw, _place(where, raw, "key", f"Regel {number}"))
        errors += found
        rules += [rule] if rule is not None else []
    for number, raw in enumerate(_list(data.get("scenario")), 1):
        scenario, found = parse_scenario(raw, _place(where, raw, "name", f"Beispiel {number}"))
        errors += found
        scenarios += [scenario] if scenario is not None else []
    return Parsed(tuple(rules), tuple(scenarios), tuple(errors))


def parse_rule(raw: object, where: str = "Regel") -> tuple[Rule | None, tuple[GrammarError, ...]]:
    """Read one rule; ``(None, errors)`` when anything is wrong."""
    reader = _Record(raw, where, Rule)
    condition, found = parse(reader.take("condition", {"all": []}), f"{where} › Bedingung")
    reader.errors += found
    rule = Rule(
        key=reader.text("key", required=True),
        role=reader.one_of("role", ROLES, "door"),
        concerns=reader.texts("concerns", (*CONCERNS, EVERY)),
        condition=condition or ALWAYS,
        body=reader.one_of("body", tuple(BODIES), ""),
        overrides=reader.texts("overrides"),
        priority=reader.number("priority") or 0,
        valid_from=reader.day("valid_from"),
        valid_to=reader.day("valid_to"),
        is_active=reader.flag("is_active", True),
        bodies=reader.texts("bodies", (*BODIES, EVERY)),
        place_fact=reader.one_of("place_fact", tuple(PLACES), "") or None,
        sentence=reader.one_of("sentence", SENTENCES, "") or None,
        view=reader.one_of("view", VIEWS, "") or None,
    )
    rule = _with_texts(_with_evidence(rule, reader), reader)
    _check_role(rule, reader)
    return (None if reader.errors else rule), tuple(reader.errors)


def _with_evidence(rule: Rule, reader: _Record) -> Rule:
    return replace(
        rule,
        legal_basis=reader.text("legal_basis"),
        source=reader.texts("source"),
        legal_state=reader.text("legal_state"),
        checked_on=reader.day("checked_on"),
        owner=reader.text("owner"),
        under_review=reader.flag("under_review", False),
    )


def _with_texts(rule: Rule, reader: _Record) -> Rule:
    return replace(
        rule,
        also=reader.helpers("also"),
        not_=reader.exclusions("not"),
        title=reader.pair("title"),
        what_for=reader.pair("what_for"),
        why=reader.pair("why"),
        bring=reader.pairs("bring"),
        steps=reader.pairs("steps"),
        deadlines=reader.deadlines("deadlines"),
        offers=reader.offers("offers"),
        act_alone=reader.one_of("act_alone", ACT_ALONE, "unknown"),
    )


def parse_scenario(raw: object, where: str = "Beispiel") -> tuple[Scenario | None, tuple[GrammarError, ...]]:
    """Read one scenario; ``(None, errors)`` when anything is wrong."""
    reader = _Record(raw, where, Scenario)
    facts = reader.mapping("facts")
    for name in set(facts) - {"concern", *FACTS}:
        reader.fail("facts", f"Die Angabe „{name}“ gibt es nicht.")
    for error in situation_from_dict(facts)[1]:
        reader.fail(f"facts › {error.parameter}", f"{error.message} Erlaubt: {', '.join(error.allowed)}.")
    probable = reader.take("probable", None)
    question = reader.take("next_question", None)
    if question and question not in FACTS and question != "concern":
        reader.fail("next_question", f"Die Angabe „{question}“ gibt es nicht.")
    scenario = Scenario(
        name=reader.text("name", required=True),
        facts=facts,
        door=reader.one_of("door", tuple(BODIES), "", required=True),
        also=reader.texts("also"),
        not_=reader.texts("not", tuple(BODIES)),
        rules=reader.texts("rules"),
        protective=reader.texts("protective", SENTENCES),
        probable=probable if isinstance(probable, bool) else None,
        next_question=question if isinstance(question, str) else None,
        view=reader.one_of("view", VIEWS, "mich"),
        on=reader.day("on"),
        note=reader.text("note"),
    )
    return (None if reader.errors else scenario), tuple(reader.errors)


def _check_role(rule: Rule, reader: _Record) -> None:
    if rule.role == "door" and (not rule.body or not rule.concerns or EVERY in rule.concerns):
        reader.fail("role", "Eine Tür-Regel braucht „body“ und die Anliegen, für die sie gilt.")
    if rule.role == "place" and not rule.bodies:
        reader.fail("bodies", "Eine Orts-Regel braucht „bodies“: für welche Stellen sie gilt.")
    if rule.role == "protective" and rule.sentence is None:
        reader.fail("sentence", f"Eine Schutz-Regel braucht „sentence“. Erlaubt: {', '.join(SENTENCES)}.")
    if rule.role == "view" and (rule.view is None or not rule.body):
        reader.fail("view", "Eine Sicht-Regel braucht „view“ und „body“.")
    if rule.valid_from and rule.valid_to and rule.valid_from > rule.valid_to:
        reader.fail("valid_to", "Das Ende liegt vor dem Anfang.")


class _Record:
    """Reads the keys of one table and remembers what is wrong."""

    def __init__(self, raw: object, where: str, kind: type[Rule] | type[Scenario]) -> None:
        self.where = where
        self.errors: list[GrammarError] = []
        self.raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.fail("", "Hier muss ein Eintrag mit Feldern stehen.")
        known = {field.name.removesuffix("_") for field in fields(kind)}
        for key in set(self.raw) - known:
            self.fail(str(key), "Dieses Feld gibt es nicht.")

    def fail(self, key: str, message: str) -> None:
        self.errors.append(GrammarError(f"{self.where} › {key}" if key else self.where, message))

    def take(self, key: str, default: object) -> object:
        return self.raw.get(key, default)

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.take(key, "")
        if not isinstance(value, str):
            self.fail(key, "Hier muss ein Text stehen.")
            return ""
        if required and not value.strip():
            self.fail(key, "Dieses Feld darf nicht leer sein.")
        return value.strip()

    def one_of(self, key: str, allowed: tuple[str, ...], default: str, *, required: bool = False) -> str:
        value = self.take(key, default)
        if value == default and not required:
            return default
        if value not in allowed:
            self.fail(key, f"„{value}“ gibt es nicht. Erlaubt: {', '.join(allowed)}.")
            return default
        return str(value)

    def texts(self, key: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self.take(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list | tuple) or not all(isinstance(item, str) for item in listed):
            self.fail(key, "Hier muss eine Liste von Texten stehen.")
            return ()
        for item in listed:
            if allowed and item not in allowed:
                self.fail(key, f"„{item}“ gibt es nicht. Erlaubt: {', '.join(allowed)}.")
        return tuple(item for item in listed if item)

    def number(self, key: str) -> int | None:
        value = self.take(key, None)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.fail(key, "Hier muss eine ganze Zahl stehen.")
        return None

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            self.fail(key, "Hier steht true oder false.")
            return default
        return value

    def day(self, key: str) -> date | None:
        value = self.take(key, None)
        if value is None or value == "":
            return None
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(key, f"„{value}“ ist kein Datum. So geht es: 2026-07-01.")
            return None

    def mapping(self, key: str) -> dict[str, object]:
        value = self.take(key, {})
        if isinstance(value, Mapping):
            return {str(name): item for name, item in value.items()}
        self.fail(key, "Hier müssen Felder mit Werten stehen.")
        return {}

    def pair(self, key: str) -> Text:
        found = self._part(self.mapping(key), key, ("youth", "parents"))
        return Text(found.text("youth"), found.text("parents"))

    def pairs(self, key: str) -> Texts:
        found = self._part(self.mapping(key), key, ("youth", "parents"))
        return Texts(found.texts("youth"), found.texts("parents"))

    def parts(self, key: str, allowed: tuple[str, ...]) -> list[_Record]:
        value = self.take(key, [])
        if not isinstance(value, list | tuple):
            self.fail(key, "Hier muss eine Liste stehen.")
            return []
        return [self._part(item, f"{key} › {number}", allowed) for number, item in enumerate(value, 1)]

    def helpers(self, key: str) -> tuple[Helper, ...]:
        return tuple(
            Helper(part.one_of("body", tuple(BODIES), "", required=True), part.both(), part.text("name"))
            for part in self.parts(key, ("body", "name", "youth", "parents"))
        )

    def exclusions(self, key: str) -> tuple[NotResponsible, ...]:
        return tuple(
            NotResponsible(part.one_of("body", tuple(BODIES), "", required=True), part.both())
            for part in self.parts(key, ("body", "youth", "parents"))
        )

    def offers(self, key: str) -> tuple[OfferHint, ...]:
        return tuple(
            OfferHint(part.text("key", required=True), part.both())
            for part in self.parts(key, ("key", "youth", "parents"))
        )

    def deadlines(self, key: str) -> tuple[Deadline, ...]:
        found = []
        for part in self.parts(key, ("youth", "parents", "month", "day")):
            month, day = part.number("month"), part.number("day")
            if (month is None) != (day is None) or not _is_month_day(month, day):
                part.fail("day", "Monat und Tag gehören zusammen und müssen im Kalender stehen.")
            found.append(Deadline(part.both(), month, day))
        return tuple(found)

    def both(self) -> Text:
        return Text(self.text("youth"), self.text("parents"))

    def _part(self, raw: object, key: str, allowed: tuple[str, ...]) -> _Record:
        return _Part(raw, f"{self.where} › {key}", allowed, self.errors)


class _Part(_Record):
    """A nested table; its mistakes go to the record it belongs to."""

    def __init__(self, raw: object, where: str, allowed: tuple[str, ...], errors: list[GrammarError]) -> None:
        self.where = where
        self.errors = errors
        self.raw = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.fail("", "Hier muss ein Eintrag mit Feldern stehen.")
        for key in set(self.raw) - set(allowed):
            self.fail(str(key), "Dieses Feld gibt es nicht.")


def _is_month_day(month: int | None, day: int | None) -> bool:
    if month is None or day is None:
        return True
    try:
        date(2028, month, day)  # a leap year: 29 February is a date
    except ValueError:
        return False
    return True


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _place(where: str, raw: object, key: str, fallback: str) -> str:
    name = raw.get(key) if isinstance(raw, Mapping) else None
    label = name if isinstance(name, str) and name else fallback
    return f"{where} › {label}" if where else label


def rule_to_dict(rule: Rule) -> dict[str, object]:
    """Write a rule as a JSON-able record that ``parse_rule`` reads back."""
    record: dict[str, object] = {}
    for field in fields(Rule):
        value = getattr(rule, field.name)
        key = field.name.removesuffix("_")
        record[key] = to_json(value) if key == "condition" else _plain(value)
    return {key: value for key, value in record.items() if value not in (None, "", [], {})}


def scenario_to_dict(scenario: Scenario) -> dict[str, object]:
    """Write a scenario as a JSON-able record that ``parse_scenario`` reads back."""
    record = {field.name.removesuffix("_"): _plain(getattr(scenario, field.name)) for field in fields(Scenario)}
    record["facts"] = dict(scenario.facts)
    if scenario.next_question == "":
        record["next_question"] = ""
    return {key: value for key, value in record.items() if value not in (None, [], {}) and (value or key in _KEPT)}


_KEPT = ("probable", "next_question")


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Text):
        return {"youth": value.youth, "parents": value.parents} if value else None
    if isinstance(value, Texts):
        return {"youth": list(value.youth), "parents": list(value.parents)} if value.youth or value.parents else None
    if isinstance(value, Helper):
        record = {"body": value.body, "youth": value.text.youth, "parents": value.text.parents}
        return record | ({"name": value.name} if value.name else {})
    if isinstance(value, NotResponsible):
        return {"body": value.body, "youth": value.because.youth, "parents": value.because.parents}
    if isinstance(value, OfferHint):
        return {"key": value.key, "youth": value.because.youth, "parents": value.because.parents}
    if isinstance(value, Deadline):
        dates = {"month": value.month, "day": value.day} if value.month else {}
        return {"youth": value.text.youth, "parents": value.text.parents} | dates
    return value
