"""Why a door is the door: the rules behind it in words, and the sentences that protect.

Everything here is for one reader (``mich``, ``kind``, ``beruf``) and needs no query.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from counseling.finder import Finding, Rule
from counseling.finder.facts import AGE_MAX
from counseling.finder.situation import AgeRange
from counseling.finder.tree import concern_label
from counseling.finder.wording import QUESTIONS, UNKNOWN, Wording, w
from counseling.flow import CONCERN, OUTSIDE, PLACE_FACTS, Answers
from directory.places import Gazetteer

# The first three are on results even where no rule words them.
SENTENCES = {
    "wrong_door": w(
        "Falsche Tür? Das macht nichts. Gib deinen Antrag ab, wo du willst. Jedes Amt, das solche Hilfen zahlt, schickt ihn weiter. Der Tag zählt.",
        "Falsche Tür? Das macht nichts. Geben Sie den Antrag ab, wo Sie wollen. Jedes Amt, das solche Hilfen zahlt, schickt ihn weiter. Der Tag zählt.",
    ),
    "wrong_door_rehab": w(
        "Bei Reha prüft das Amt in 2 Wochen, ob es selbst dran ist. Sonst gibt es deinen Antrag weiter.",
        "Bei Reha prüft das Amt in 2 Wochen, ob es selbst zuständig ist. Sonst gibt es den Antrag weiter.",
    ),
    "confidential": w(
        "Unter 18 kannst du mit dem Jugendamt reden. Deine Eltern müssen davon nichts wissen, wenn dir das Gespräch sonst nichts bringt.",
        "Unter 18 darf Ihr Kind mit dem Jugendamt reden. Das geht auch allein und ohne Ihr Wissen.",
        "Unter 18 darf die Person mit dem Jugendamt reden. Das geht auch ohne das Wissen der Eltern.",
    ),
    "apply_alone": w(
        "Ab 15 darfst du selbst einen Antrag stellen.",
        "Ab 15 darf Ihr Kind selbst einen Antrag stellen.",
        "Ab 15 darf die Person selbst einen Antrag stellen.",
    ),
}
ACT_ALONE = {
    "alone": w(
        "Du kannst allein hingehen.", "Ihr Kind kann allein hingehen.", "Die Person kann allein hingehen."
    ),
    "from_15": w(
        "Ab 15 kannst du das selbst machen.", "Ab 15 kann Ihr Kind das selbst machen.", "Ab 15 geht das ohne die Eltern."
    ),
    "parents": w(
        "Das machen deine Eltern. Sprich mit ihnen.", "Das machen Sie als Eltern.", "Das machen die Eltern."
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ReasonLine:
    """One rule: what it says, by which law, since when, and which answers decided it."""

    key: str
    text: str
    because: tuple[str, ...]
    legal_basis: str
    sources: tuple[str, ...]
    legal_state: str
    valid_from: date | None
    checked_on: date | None
    under_review: bool


def reason_lines(finding: Finding, answers: Answers, places: Gazetteer | None) -> tuple[ReasonLine, ...]:
    """Return the rules that decided the door, then those about place and protection; each once."""
    found: dict[str, ReasonLine] = {}
    for reason in finding.reasons:
        because = tuple(
            f"{fact_label(name, answers.view)}: {answer_label(answers, name, places)}" for name in reason.facts
        )
        found.setdefault(reason.rule.key, _line(reason.rule, finding.view, because))
    for rule in _others(finding):
        found.setdefault(rule.key, _line(rule, finding.view))
    return tuple(found.values())


def _others(finding: Finding) -> Iterable[Rule]:
    if finding.place_rule is not None:
        yield finding.place_rule
    yield from finding.place_notes
    yield from finding.view_rules
    yield from finding.protective_rules


def _line(rule: Rule, view: str, because: tuple[str, ...] = ()) -> ReasonLine:
    return ReasonLine(
        key=rule.key,
        text=rule.why.for_view(view) or rule.what_for.for_view(view),
        because=because,
        legal_basis=rule.legal_basis,
        sources=rule.source,
        legal_state=rule.legal_state,
        valid_from=rule.valid_from,
        checked_on=rule.checked_on,
        under_review=rule.under_review,
    )


def protective_texts(finding: Finding) -> tuple[str, ...]:
    """Return every protective sentence of a finding, in the rule's words where there is a rule."""
    worded: dict[str, str] = {}
    for rule in finding.protective_rules:
        if rule.sentence:
            worded.setdefault(rule.sentence, rule.what_for.for_view(finding.view))
    return tuple(worded.get(key) or SENTENCES[key].for_view(finding.view) for key in finding.protective)


def act_alone_text(finding: Finding) -> str:
    """Say whether one may go alone, where the rule of the door knows it."""
    if finding.lead is None or "apply_alone" in finding.protective:
        return ""
    wording: Wording | None = ACT_ALONE.get(finding.lead.act_alone)
    return wording.for_view(finding.view) if wording else ""


def fact_label(fact: str, view: str) -> str:
    """Return the question an answer belongs to."""
    if fact == CONCERN:
        return _("Worum geht es?")
    return QUESTIONS[fact].label.for_view(view)


def answer_label(answers: Answers, fact: str, places: Gazetteer | None) -> str:
    """Return an answer in the words of its button."""
    if fact in answers.skipped:
        return UNKNOWN.for_view(answers.view)
    if fact == CONCERN:
        return concern_label(answers.concern or "", answers.view)
    value = getattr(answers.situation, fact)
    if fact in PLACE_FACTS:
        return _place_label(answers, fact, value, places)
    if isinstance(value, AgeRange):
        return age_label(value)
    choices = {choice.value: choice.label for choice in QUESTIONS[fact].choices}
    return choices[value].for_view(answers.view) if value in choices else str(value)


def _place_label(answers: Answers, fact: str, value: str | None, places: Gazetteer | None) -> str:
    if value is None:
        return QUESTIONS["parents_place"].choices[0].label.for_view(answers.view)
    name = answers.name_of(fact)
    if value == OUTSIDE:
        return name or _("nicht im Landkreis")
    known = places.by_ags.get(value) if places else None
    return name or (known.name if known else value)


def age_label(age: AgeRange) -> str:
    """Say an age or a band of ages."""
    if age.lo == age.hi:
        return _("%(age)s Jahre") % {"age": age.lo}
    if age.lo == 0:
        return _("unter %(age)s") % {"age": age.hi + 1}
    if age.hi == AGE_MAX:
        return _("%(age)s oder älter") % {"age": age.lo}
    return _("%(low)s bis %(high)s") % {"low": age.lo, "high": age.hi}
