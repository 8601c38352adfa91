"""Walking every path of questions a reader can take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from counseling.finder.facts import FACTS, FactKind
from counseling.finder.questions import age_bands, choose_question
from counseling.finder.resolve import resolve
from counseling.finder.ruleset import LiveRules, RuleSet
from counseling.finder.scenarios import rules_at_work
from counseling.finder.situation import AgeRange, FactValue, Situation

# A place inside and one outside: the place never changes what is asked before it.
SAMPLE_PLACES = ("15083270", "03151009")
STEP_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the questions: answers given (``None`` = weiß ich nicht).

    ``questions`` counts the concern as the first. ``useless`` are facts that
    were asked although nothing could change any more.
    """

    situation: Situation
    answers: tuple[tuple[str, FactValue | None], ...]
    rules: frozenset[str]
    useless: tuple[str, ...]

    @property
    def questions(self) -> int:
        """The number of questions, the concern included."""
        return len(self.answers) + 1


def walk(concern: str, rule_set: RuleSet, on: date) -> Iterator[Path]:
    """Yield every path of a concern, one answer for each class of values."""
    live = rule_set.on(on)
    bands = age_bands(rule_set, on, concern)
    stack: list[tuple[Situation, tuple[tuple[str, FactValue | None], ...], tuple[str, ...]]] = [
        (Situation(concern=concern), (), ())
    ]
    while stack:
        situation, answers, useless = stack.pop()
        skipped = {name for name, value in answers if value is None}
        decision = live.table(concern).decide(situation)
        name = choose_question(situation, skipped, live, decision)
        if name is None or len(answers) >= STEP_LIMIT:
            finding = resolve(situation, rule_set, on, skipped=skipped)
            yield Path(situation, answers, rules_at_work(finding), useless)
            continue
        names_office = name in live.place_fact(decision.body, situation)[1] or FACTS[name].kind is FactKind.PLACE
        idle = decision.variants < 2 and not names_office
        for value in _answers(name, live, concern, bands):
            stack.append(
                (
                    situation if value is None else situation.answer(name, value),
                    (*answers, (name, value)),
                    (*useless, name) if idle else useless,
                )
            )


def _answers(name: str, live: LiveRules, concern: str, bands: tuple[AgeRange, ...]) -> tuple[FactValue | None, ...]:
    """Return one value of each class the rules tell apart, and not knowing."""
    for dimension in live.table(concern).dimensions:
        if dimension.fact == name and dimension.masks:
            return (None, *(bands if name == "age" else dimension.samples))
    kind = FACTS[name].kind
    if kind is FactKind.AGE:
        return (None, *bands)
    if kind is FactKind.PLACE:
        return (None, *SAMPLE_PLACES)
    return (None, *FACTS[name].values)
