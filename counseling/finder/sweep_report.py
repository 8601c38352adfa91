"""What a sweep found: problems as concrete cases, and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from counseling.finder.facts import CONCERNS

# These are shown but do not block an activation.
HINTS = frozenset({"no_rule", "idle_fact"})

KINDS = {
    "two_doors": "Zwei Türen",
    "dead_end": "Sackgasse",
    "wrong_door": "Falsche Tür",
    "contradiction": "Widerspruch",
    "unreachable": "Regel ohne Fall",
    "too_many_questions": "Zu viele Fragen",
    "too_wide": "Zu viele Fälle",
    "late_human": "Der Mensch kommt zu spät",
    "useless_question": "Frage ohne Folge",
    "missing_text": "Text fehlt",
    "unreadable": "Text zu schwer",
    "unknown_override": "Unbekannte Regel",
    "override_circle": "Regeln im Kreis",
    "duplicate": "Regel doppelt",
    "no_rule": "Keine Regel",
    "idle_fact": "Angabe ohne Wirkung",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, shown as its first case; ``times`` counts the like cases."""

    kind: str
    concern: str
    case: str
    rules: tuple[str, ...]
    on: date
    message: str
    detail: str = ""
    times: int = 1

    @property
    def blocking(self) -> bool:
        """Whether the rule set must not become active."""
        return self.kind not in HINTS

    @property
    def title(self) -> str:
        """The kind of problem in two or three words."""
        return KINDS[self.kind]

    def __str__(self) -> str:
        concern = CONCERNS[self.concern].label if self.concern in CONCERNS else ""
        case = ", ".join(part for part in (concern, self.case) if part)
        return f"{case}: {self.message}" if case else self.message


@dataclass(frozen=True, slots=True)
class Report:
    """Problems and figures of one sweep."""

    problems: tuple[Problem, ...]
    rules: int
    cases: int
    fallbacks: int
    paths: int
    questions_median: float
    questions_max: int
    seconds: float

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The problems that block an activation."""
        return tuple(problem for problem in self.problems if problem.blocking)

    @property
    def hints(self) -> tuple[Problem, ...]:
        """The problems that are only shown."""
        return tuple(problem for problem in self.problems if not problem.blocking)

    @property
    def passed(self) -> bool:
        """Whether nothing blocks an activation."""
        return not self.blocking
