"""Ways on from a page: an address while everything is harmless, a button of the form once it is not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from counseling.finder import AgeRange, RuleSet, age_bands
from counseling.finder.tree import DOORS, ConcernDoor
from counseling.finder.wording import QUESTIONS, Question
from counseling.flow import (
    AUDIENCE,
    CONCERN,
    OUTSIDE,
    Answers,
    address,
    apply_answer,
    is_sensitive,
    with_concern,
)
from counseling.reasons import age_label, answer_label, fact_label
from directory.places import Gazetteer, Place, PlaceAnswer

DOOR_ICONS = {
    "schule": "school",
    "naechster-schritt": "work",
    "ausbildung": "storm",
    "geld": "euro",
    "zuhause": "home",
    "gesundheit": "heart",
    "neu-hier": "globe",
    "nur-reden": "chat",
}


NOTHING_SAID = Answers()


@dataclass(frozen=True)
class Way:
    """One way on: ``url`` for a link, else ``name`` and ``value`` of a button in the posted form."""

    label: str
    url: str = ""
    name: str = ""
    value: str = ""
    hint: str = ""
    icon: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Given:
    """One answer so far, and the way to change it; ``decides`` marks those that can open another door."""

    question: str
    answer: str
    change: Way
    decides: bool = False


def entrance(label: str, icon: str, *, door: str = "", concern: str = "") -> Way:
    """Return the way from outside into the finder: to a door's choices, to a concern, or to the first page."""
    if concern:
        return replace(_concern(NOTHING_SAID, concern, label), icon=icon)
    known = next((row for row in DOORS if row.key == door), None)
    if known is None:
        return Way(label, address(NOTHING_SAID), icon=icon)
    return replace(_door(NOTHING_SAID, known), label=label, hint="", icon=icon)


def first_doors(answers: Answers) -> tuple[Way, ...]:
    """Return the doors of the first page; one with a single choice leads on at once."""
    return tuple(_door(answers, door) for door in DOORS)


def _door(answers: Answers, door: ConcernDoor) -> Way:
    label, hint, icon = (
        door.label.for_view(answers.view),
        door.hint.for_view(answers.view),
        DOOR_ICONS.get(door.key, "door"),
    )
    if len(door.choices) == 1:
        return replace(_concern(answers, door.choices[0].concern, label), hint=hint, icon=icon)
    if answers.is_sensitive or door.sensitive:
        return Way(label, name="tuer", value=door.key, hint=hint, icon=icon)
    return Way(label, address(answers, tuer=door.key), hint=hint, icon=icon)


def door_choices(answers: Answers, door: ConcernDoor) -> tuple[Way, ...]:
    """Return the concerns behind a door."""
    return tuple(_concern(answers, row.concern, row.label.for_view(answers.view)) for row in door.choices)


def _concern(answers: Answers, concern: str, label: str) -> Way:
    after = with_concern(answers, concern)
    is_chosen = answers.concern == concern
    if answers.is_sensitive or after.is_sensitive:
        return Way(label, name=CONCERN, value=concern, is_chosen=is_chosen)
    return Way(label, address(after), is_chosen=is_chosen)


def answer_way(answers: Answers, fact: str, text: str, label: str, *, is_chosen: bool = False) -> Way:
    """Return the way an answer leads."""
    after = apply_answer(answers, fact, text)
    if after is None or answers.is_sensitive or is_sensitive(fact) or after.is_sensitive:
        return Way(label, name="antwort", value=text, is_chosen=is_chosen)
    return Way(label, address(after), is_chosen=is_chosen)


def question_ways(answers: Answers, question: Question, rules: RuleSet, on: date) -> tuple[Way, ...]:
    """Return the big answers of a question; ages come in bands no rule cuts."""
    fact = question.fact
    chosen = getattr(answers.situation, fact)
    if fact == "age":
        bands = age_choices(rules, on, answers.concern)
        return tuple(answer_way(answers, fact, str(age), age_label(age), is_chosen=chosen == age) for age in bands)
    return tuple(
        answer_way(answers, fact, row.value, row.label.for_view(answers.view), is_chosen=chosen == row.value)
        for row in question.choices
    )


def age_choices(rules: RuleSet, on: date, concern: str | None) -> tuple[AgeRange, ...]:
    """Return the bands of the rules, cut once more where the portal's own readers begin and end."""
    cuts = (AUDIENCE.lo, AUDIENCE.hi + 1)
    return tuple(part for band in age_bands(rules, on, concern) for part in _cut(band, cuts))


def _cut(band: AgeRange, cuts: Iterable[int]) -> list[AgeRange]:
    starts = [band.lo, *(cut for cut in cuts if band.lo < cut <= band.hi)]
    ends = [*(start - 1 for start in starts[1:]), band.hi]
    return [AgeRange(low, high) for low, high in zip(starts, ends, strict=True)]


def skip_way(answers: Answers, fact: str) -> Way:
    """Return the way of "weiß ich nicht"."""
    label = QUESTIONS[fact].unknown.for_view(answers.view) if fact in QUESTIONS else _("Weiß ich nicht")
    after = answers.skip(fact)
    is_chosen = fact in answers.skipped
    if answers.is_sensitive or after.is_sensitive:
        return Way(label, name="weiss_nicht", value="1", is_chosen=is_chosen)
    return Way(label, address(after), is_chosen=is_chosen)


def ask_way(answers: Answers, fact: str, label: str) -> Way:
    """Return the way to a question that is to be asked (again)."""
    if answers.is_sensitive or is_sensitive(fact):
        return Way(label, name="frage", value=fact)
    return Way(label, address(answers, frage=fact))


def result_way(answers: Answers, label: str) -> Way:
    """Return the way to the result with what is known so far."""
    if answers.is_sensitive:
        return Way(label, name="ergebnis", value="1")
    return Way(label, address(answers, ergebnis="1"))


def view_ways(answers: Answers) -> tuple[Way, ...]:
    """Return the ways to ask for oneself, for one's child, or as a professional."""
    labels = (("mich", _("Für mich")), ("kind", _("Für mein Kind")), ("beruf", _("Als Fachkraft")))
    ways = []
    for view, label in labels:
        is_chosen = view == answers.view
        if answers.is_sensitive:
            ways.append(Way(label, name="fuer", value=view, is_chosen=is_chosen))
        else:
            ways.append(Way(label, address(replace(answers, view=view)), is_chosen=is_chosen))
    return tuple(ways)


def back_way(answers: Answers, asked: str) -> Way:
    """Return the way to the question before; from the first one to the start."""
    label = _("Zurück")
    earlier = [fact for fact in answers.said if _position(fact) < _position(asked)]
    if not earlier:
        return Way(label, reverse("counseling:finder"))
    return ask_way(answers, earlier[-1], label)


def number_of(answers: Answers, asked: str) -> int:
    """Return which question this is, counted from 1 with the concern as the first."""
    return 1 + sum(1 for fact in answers.said if _position(fact) < _position(asked))


def _position(fact: str) -> int:
    return -1 if fact == CONCERN else list(QUESTIONS).index(fact)


def given(answers: Answers, places: Gazetteer | None, deciding: Collection[str] = ()) -> tuple[Given, ...]:
    """Return every answer so far with the way to change it."""
    return tuple(
        Given(
            fact_label(fact, answers.view),
            answer_label(answers, fact, places),
            ask_way(answers, fact, _("Ändern")),
            fact in deciding,
        )
        for fact in answers.said
    )


def place_ways(answers: Answers, fact: str, found: Iterable[Place]) -> tuple[Way, ...]:
    """Return places as answers."""
    return tuple(answer_way(answers, fact, f"{place.ags} {place.name}", place.label) for place in found)


def outside_way(answers: Answers, fact: str, found: PlaceAnswer | None) -> Way:
    """Return the answer for a place that is not ours, by its name where it is known."""
    if found is not None and found.outside_name:
        label = _("Ja, %(name)s") % {"name": found.outside_name}
        return answer_way(answers, fact, f"{OUTSIDE} {found.outside_name}", label)
    return answer_way(answers, fact, OUTSIDE, _("Nicht im Landkreis"))
