"""What must be shown, as the table of the project's goals says it, and whether it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure with its limit; ``at_least``: the figure may not be smaller, else not larger.

    Not a number: it was asked for and nothing came. No such goal is met.
    """

    name: str
    value: float
    limit: float
    at_least: bool = True
    unit: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool:
        """True when the figure is on the right side of its limit, or on it."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def as_rows(goals: Sequence[Goal]) -> list[list[str]]:
    """Return the rows of the table: what, goal, measured, met or missed, note."""
    return [
        [
            goal.name,
            f"{'≥' if goal.at_least else '≤'} {number(goal.limit)}{goal.unit}",
            f"{number(goal.value)}{goal.unit}",
            "met" if goal.is_met else "**missed**",
            goal.note,
        ]
        for goal in goals
    ]


def number(value: float) -> str:
    """Write a figure with three digits that say something; whole when it is large."""
    if isnan(value):
        return "no answer"
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
