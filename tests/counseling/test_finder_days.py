"""From when to when a rule counts, to the day and to the midnight in Berlin."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from counseling.actions.rule_import import load_first
from counseling.finder import RuleSet, resolve
from counseling.finder.facts import FALLBACK
from counseling.finder.rules import Rule, Text
from counseling.finder.situation import Situation
from tests.counseling.rule_samples import NOW, agencies, content, records

SEEKING = Situation(concern="seeking_training")
DAYS = st.dates(date(2024, 2, 1), date(2028, 3, 31))


def rule(key: str, body: str, first: date | None, last: date | None) -> Rule:
    return Rule(
        key=key, concerns=("seeking_training",), body=body, valid_from=first, valid_to=last, what_for=Text(key, key)
    )


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(0, 800), st.integers(-2, 2), st.booleans())
def test_rule_counts_from_its_first_day_through_its_last(start, length, step, at_the_end):
    end = start + timedelta(days=length)
    on = (end if at_the_end else start) + timedelta(days=step)
    expected = "aa" if start <= on <= end else FALLBACK
    assert resolve(SEEKING, [rule("R-a", "aa", start, end)], on).body == expected


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(-400, 400))
def test_law_changes_overnight_without_a_gap_or_two_doors(change, step):
    rules = RuleSet([rule("R-a", "aa", None, change - timedelta(days=1)), rule("R-a", "jobcenter", change, None)])
    on = change + timedelta(days=step)
    finding = resolve(SEEKING, rules, on)
    assert (finding.body, finding.probable) == ("jobcenter" if on >= change else "aa", False)
    assert rules.change_dates(change - timedelta(days=2)) == (change,)


def test_a_moment_is_no_day():
    with pytest.raises(TypeError, match="date"):
        resolve(SEEKING, [], datetime(2026, 7, 1, 0, 0))  # noqa: DTZ001


# Winter time, summer time, and the two nights in which the clock is changed: UTC is one or two hours behind.
@pytest.mark.django_db
@pytest.mark.parametrize("change", ["2026-12-01", "2027-07-01", "2027-03-28", "2027-10-31", "2027-01-01"])
def test_new_law_answers_from_midnight_in_berlin(change, fix_time):
    day = date.fromisoformat(change)
    data = records()
    old = data["rule"][1] | {"valid_to": (day - timedelta(days=1)).isoformat()}
    new = data["rule"][1] | {"valid_from": change, "body": "traeger"}
    agencies()
    load_first(content=content({"rule": [data["rule"][0], old, new]}), at=NOW)
    doors = []
    for moment in (f"{day - timedelta(days=1)} 23:59:59", f"{change} 00:00:00", f"{change} 23:59:59"):
        fix_time(moment)
        answer = (
            Client()
            .post("/api/zustaendigkeit", json.dumps({"concern": "seeking_training"}), content_type="application/json")
            .json()
        )
        doors.append((answer["on"], answer["door"]["body"]))
    assert doors == [((day - timedelta(days=1)).isoformat(), "aa"), (change, "traeger"), (change, "traeger")]
