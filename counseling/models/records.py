"""Rows and finder records: the one place where one becomes the other.

A record is the mapping that stands in the region folder and in exports. The
finder reads it (``parse_rule``) and so defines what a row may hold.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from counseling.finder import Rule, Scenario, parse_rule, parse_scenario, rule_to_dict, scenario_to_dict
from counseling.finder.grammar import GrammarError

Record = dict[str, Any]

# Record keys that are columns of the same name.
_RULE_COLUMNS = (
    "key", "role", "concerns", "condition", "body", "overrides", "priority", "bodies", "place_fact", "sentence",
    "view", "legal_basis", "source", "legal_state", "checked_on", "valid_from", "valid_to", "under_review",
    "is_active", "act_alone", "also", "deadlines", "offers",
)  # fmt: skip
_TWICE = ("title", "what_for", "why", "bring", "steps")
_SCENARIO_COLUMNS = ("name", "note", "view", "on", "facts", "door", "also", "rules", "protective", "probable")
_RENAMED = {"not": "not_responsible", "Bedingung": "condition"}
_DATES = ("checked_on", "valid_from", "valid_to", "on")
NO_QUESTION = "none"


class BrokenRecordError(Exception):
    """A stored row that the finder cannot read; ``errors`` say where and why."""

    def __init__(self, errors: Iterable[GrammarError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(map(str, self.errors)))


def rule_record(row: Any) -> Record:
    """Return a rule row as a record; empty values are left out."""
    record = {name: getattr(row, name) for name in _RULE_COLUMNS}
    record["not"] = row.not_responsible
    record["owner"] = row.owner.slug if row.owner_id else ""
    for name in _TWICE:
        pair = {reader: getattr(row, f"{name}_{reader}") for reader in ("youth", "parents")}
        record[name] = {reader: value for reader, value in pair.items() if value}
    return _filled(record)


def rule_values(rule: Rule) -> Record:
    """Return the columns of a rule; the owner is the caller's, who knows the agencies."""
    record = rule_to_dict(rule)
    empty: Record = {"priority": 0, "is_active": True, "under_review": False}
    values = {name: record.get(name, empty.get(name, _empty(name))) for name in _RULE_COLUMNS}
    values |= {name: getattr(rule, name) for name in _DATES if name in values}
    values["not_responsible"] = record.get("not", [])
    for name in _TWICE:
        pair = record.get(name, {})
        default: object = [] if name in ("bring", "steps") else ""
        for reader in ("youth", "parents"):
            values[f"{name}_{reader}"] = pair.get(reader, default) if isinstance(pair, Mapping) else default
    return values


def rule_of(row: Any) -> Rule:
    """Return the finder's rule of a row; raises BrokenRecordError."""
    rule, errors = parse_rule(rule_record(row), row.key)
    if rule is None:
        raise BrokenRecordError(errors)
    return rule


def rule_errors(row: Any) -> dict[str, list[str]]:
    """Return what is wrong with a rule row, by column."""
    return _by_column(parse_rule(rule_record(row), "")[1], twice=_TWICE)


def rule_print(rule: Rule) -> str:
    """Return a fingerprint of everything a rule says; equal exactly for equal rules."""
    return _print(rule_to_dict(rule))


def scenario_record(row: Any) -> Record:
    """Return a scenario row as a record; empty values are left out."""
    record = {name: getattr(row, name) for name in _SCENARIO_COLUMNS}
    record["not"] = row.not_responsible
    filled = _filled(record)
    if row.next_question:
        filled["next_question"] = "" if row.next_question == NO_QUESTION else row.next_question
    return filled


def scenario_values(scenario: Scenario) -> Record:
    """Return the columns of a scenario."""
    record = scenario_to_dict(scenario)
    values = {name: record.get(name, _empty(name)) for name in _SCENARIO_COLUMNS}
    values |= {"on": scenario.on, "facts": dict(scenario.facts), "probable": scenario.probable}
    values["not_responsible"] = record.get("not", [])
    question = scenario.next_question
    values["next_question"] = "" if question is None else question or NO_QUESTION
    return values


def scenario_of(row: Any) -> Scenario:
    """Return the finder's scenario of a row; raises BrokenRecordError."""
    scenario, errors = parse_scenario(scenario_record(row), row.name)
    if scenario is None:
        raise BrokenRecordError(errors)
    return scenario


def scenario_errors(row: Any) -> dict[str, list[str]]:
    """Return what is wrong with a scenario row, by column."""
    return _by_column(parse_scenario(scenario_record(row), "")[1])


def content_print(rules: Iterable[Rule], scenarios: Iterable[Scenario]) -> str:
    """Return a fingerprint of a whole set; the order of the parts does not matter."""
    return _print([sorted(map(rule_print, rules)), sorted(_print(scenario_to_dict(item)) for item in scenarios)])


def _print(data: object) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _filled(record: Record) -> Record:
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}


def _empty(name: str) -> object:
    if name in (*_DATES, "probable"):
        return None
    if name in ("condition", "facts"):
        return {}
    return [] if name in _LISTS else ""


_LISTS = ("concerns", "overrides", "bodies", "source", "also", "deadlines", "offers", "rules", "protective")


def _by_column(errors: Iterable[GrammarError], twice: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Sort errors by the column they belong to; the rest of the path leads the message."""
    found: dict[str, list[str]] = defaultdict(list)
    for error in errors:
        parts = [part for part in error.path.split(" › ") if part]
        column = parts[0] if parts else "key"
        rest = parts[1:]
        if column in twice:
            reader = rest[0] if rest else "youth"
            column, rest = f"{column}_{reader}", rest[1:]
        message = f"{' › '.join(rest)}: {error.message}" if rest else error.message
        found[_RENAMED.get(column, column)].append(message)
    return dict(found)
