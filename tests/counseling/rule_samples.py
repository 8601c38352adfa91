"""A small set of rules in which everything holds, and ways to break it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from counseling.actions.rule_import import load_first
from counseling.finder import parse_records
from counseling.finder.facts import CONCERNS
from counseling.models import RuleSet
from counseling.rule_files import Content
from directory.models import Agency
from tests.factories.accounts import staff

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=BERLIN)
TODAY = date(2026, 11, 22)

LAW = {"legal_basis": "§ 22 SGB III", "source": ["https://example.org/gesetz"]}


def both(text: str) -> dict[str, str]:
    return {"youth": text, "parents": text}


def rule(key: str, **changes: Any) -> dict[str, Any]:
    return {"key": key, "owner": "aa", "body": "aa", "what_for": both(f"Hier hilft man dir: {key}."), **LAW, **changes}


def records() -> dict[str, list[dict[str, Any]]]:
    """Return rules and examples as they stand in a file."""
    others = [key for key in CONCERNS if key != "seeking_training"]
    return {
        "rule": [
            rule("R-rest", concerns=others, body="coordination", owner="koordination"),
            rule("R-seek-1", concerns=["seeking_training"]),
            rule(
                "R-seek-2",
                concerns=["seeking_training"],
                body="jobcenter",
                owner="jobcenter",
                condition={"fact": "benefit", "in": ["sgb2", "alg1_and_sgb2"]},
                overrides=["R-seek-1"],
                under_review=True,
                title=both("Ich suche eine Ausbildung"),
                bring={"youth": ["dein Zeugnis", "deinen Lebenslauf"], "parents": ["das Zeugnis", "den Lebenslauf"]},
                also=[
                    {"body": "aa", **both("Berät dich zu Berufen.")},
                    {"body": "traeger", "name": "Lotse", **both("Geht mit.")},
                ],
                **{"not": [{"body": "school", **both("Die Schule vermittelt keine Plätze.")}]},
                deadlines=[{**both("Melde dich bis zum 15. März an."), "month": 3, "day": 15}],
                offers=[{"key": "eq", **both("Ein Praktikum mit Geld.")}],
            ),
        ],
        "scenario": [
            {"name": "Ohne Geld vom Amt", "facts": {"concern": "seeking_training", "benefit": "none"}, "door": "aa"},
            {
                "name": "Mit Geld vom Jobcenter",
                "facts": {"concern": "seeking_training", "age": 17, "benefit": "sgb2"},
                "door": "jobcenter",
                "also": ["aa", "Lotse"],
                "not": ["school"],
                "rules": ["R-seek-2"],
                "probable": False,
                "on": "2026-11-22",
            },
            {"name": "Nur reden", "facts": {"concern": "just_talk"}, "door": "coordination", "next_question": ""},
        ],
    }


def content(data: dict[str, Any] | None = None) -> Content:
    parsed = parse_records(data or records())
    assert parsed.errors == ()
    return Content(parsed.rules, parsed.scenarios)


def agencies() -> dict[str, Agency]:
    found = {
        "aa": ("Agentur", Agency.Kind.EMPLOYMENT_AGENCY),
        "jobcenter": ("Jobcenter", Agency.Kind.JOB_CENTRE),
        "koordination": ("Koordination", Agency.Kind.COORDINATION),
    }
    return {
        slug: Agency.objects.get_or_create(slug=slug, defaults={"name": name, "kind": kind})[0]
        for slug, (name, kind) in found.items()
    }


def loaded() -> RuleSet:
    """Return the first set, in force since today."""
    agencies()
    load_first(content=content(), at=NOW)
    return RuleSet.objects.get()


def user(name: str, role: str = "counselor", agency: str = "aa") -> Any:
    """Return somebody with a role at one of the agencies above."""
    return staff(name, role=role, agency=agencies()[agency])
