"""What a visitor has answered, and how it travels from page to page.

Harmless answers stand in the address: it can be shared, cached and kept. As
soon as one answer is sensitive, all of them travel sealed inside the form, by
POST only; nothing is stored on the server. A seal is signed and lasts two hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from counseling.finder import AgeRange, Situation, situation_from_dict, situation_to_dict
from counseling.finder.facts import CONCERNS, FACTS, FLOW, HARMLESS_FACTS, VIEWS, FactKind
from counseling.finder.situation import FactValue, is_allowed
from counseling.finder.wording import SAME_PLACE

SALT = "counseling.finder"
SEAL_SECONDS = 2 * 60 * 60
CONCERN = "concern"
OUTSIDE = "00000000"
"""The key of every place that is not one of ours: it begins with no county's number."""
NOTHING_KNOWN = Situation()
AUDIENCE = AgeRange(12, 26)
"""Whom the portal is made for (§ 7 Abs. 1 SGB VIII: young people are under 27). Younger and older get a hint."""
PLACE_FACTS = tuple(name for name, fact in FACTS.items() if fact.kind is FactKind.PLACE)
QUERY_FACTS = (CONCERN, *(name for name in FLOW if name in HARMLESS_FACTS))


def is_sensitive(fact: str) -> bool:
    """Say whether the answer to a question may only travel by POST."""
    return fact in FACTS and FACTS[fact].sensitive


@dataclass(frozen=True)
class Answers:
    """Everything said so far: facts, "weiß ich nicht", for whom, and the names of places.

    ``same_place`` remembers that the parents live where the person lives while
    that place itself is still to be asked.
    """

    situation: Situation = NOTHING_KNOWN
    skipped: frozenset[str] = frozenset()
    view: str = "mich"
    names: tuple[tuple[str, str], ...] = ()
    same_place: bool = False

    @property
    def concern(self) -> str | None:
        """The concern, if it is known."""
        return self.situation.concern

    @property
    def is_sensitive(self) -> bool:
        """Whether anything said may not stand in an address."""
        if self.same_place or (self.concern is not None and CONCERNS[self.concern].sensitive):
            return True
        return any(is_sensitive(name) for name in (*self.situation.given, *self.skipped))

    @property
    def said(self) -> tuple[str, ...]:
        """The questions that have an answer, "weiß ich nicht" included, in the order of the flow."""
        known = {*self.situation.given, *self.skipped} | ({CONCERN} if self.concern else set())
        if self.same_place:
            known.add("parents_place")
        return tuple(name for name in (CONCERN, *FLOW) if name in known)

    def name_of(self, fact: str) -> str:
        """The name of a place as the visitor chose it, else nothing."""
        return dict(self.names).get(fact, "")

    def answer(self, fact: str, value: FactValue, name: str = "") -> "Answers":
        """Return the answers with one more, or one changed. Others stay."""
        names = tuple((key, known) for key, known in self.names if key != fact)
        changed = replace(
            self,
            situation=self.situation.answer(fact, value),
            skipped=self.skipped - {fact},
            names=(*names, (fact, name)) if name else names,
        )
        if fact == "parents_place":
            return replace(changed, same_place=False)
        if fact == "place" and self.same_place:
            return replace(changed.answer("parents_place", value, name), same_place=True)
        return changed

    def live_together(self) -> "Answers":
        """Return the answers after "am gleichen Ort": the parents' place is the own one."""
        here = self.situation.place
        if here is None:
            return replace(self.forget("parents_place"), same_place=True)
        return replace(self.answer("parents_place", here, self.name_of("place")), same_place=True)

    def skip(self, fact: str) -> "Answers":
        """Return the answers after "weiß ich nicht"."""
        changed = self.forget(fact)
        left_open = {fact, "parents_place"} if fact == "place" and self.same_place else {fact}
        return replace(
            changed, skipped=self.skipped | left_open, same_place=self.same_place and fact not in PLACE_FACTS
        )

    def forget(self, fact: str) -> "Answers":
        """Return the answers without one fact, as if it had never been asked."""
        return replace(
            self,
            situation=self.situation.answer(fact, None),
            skipped=self.skipped - {fact},
            names=tuple((key, known) for key, known in self.names if key != fact),
        )

    @property
    def waits_for_place(self) -> bool:
        """Whether the parents live at the same place and that place has not been told."""
        return self.same_place and self.situation.place is None and "place" not in self.skipped


def read_value(fact: str, text: str) -> FactValue | None:
    """Return the typed value of an answer, or None when it is no answer to this question."""
    if fact not in FACTS:
        return None
    value: FactValue | None = AgeRange.parse(text) if FACTS[fact].kind is FactKind.AGE else text
    return value if value is not None and is_allowed(fact, value) else None


def apply_answer(answers: Answers, fact: str, text: str) -> Answers | None:
    """Return the answers with a button's value; None when it does not fit the question.

    A place comes as key and name: ``15083270 Haldensleben``.
    """
    if fact == CONCERN:
        return with_concern(answers, text) if text in CONCERNS else None
    if fact == "parents_place" and text == SAME_PLACE:
        return answers.live_together()
    key, _blank, name = text.partition(" ") if fact in PLACE_FACTS else (text, "", "")
    value = read_value(fact, key)
    return None if value is None else answers.answer(fact, value, name)


def with_concern(answers: Answers, concern: str) -> Answers:
    """Return the answers with another concern; all other answers stay."""
    situation = answers.situation.answer(CONCERN, concern)
    return replace(answers, situation=situation, skipped=answers.skipped - {CONCERN})


def query(answers: Answers, **extra: str) -> str:
    """Return the harmless answers as a query string: sensitive ones can never be in it."""
    known = situation_to_dict(answers.situation)
    if answers.concern is not None and CONCERNS[answers.concern].sensitive:
        known.pop(CONCERN)
    pairs = [(name, known[name]) for name in QUERY_FACTS if name in known]
    if "place" in known and answers.name_of("place"):
        pairs.append(("ort", answers.name_of("place")))
    pairs += [("skip", name) for name in QUERY_FACTS if name in answers.skipped]
    if answers.view != "mich":
        pairs.append(("fuer", answers.view))
    return urlencode([*pairs, *extra.items()])


def address(answers: Answers, *, to: str = "counseling:finder", **extra: str) -> str:
    """Return the address with the harmless answers."""
    text = query(answers, **extra)
    return reverse(to) + (f"?{text}" if text else "")


def seal(answers: Answers, asked: str = "") -> str:
    """Return the answers, and the question now asked, as one signed text for a hidden field."""
    data = {
        "facts": situation_to_dict(answers.situation),
        "skipped": sorted(answers.skipped),
        "view": answers.view,
        "names": dict(answers.names),
        "same": answers.same_place,
        "asked": asked,
    }
    return signing.dumps(data, salt=SALT, compress=True)


def unseal(text: str) -> tuple[Answers, str] | None:
    """Return answers and asked question; None when the seal is broken or too old."""
    try:
        data: dict[str, Any] = signing.loads(text, salt=SALT, max_age=SEAL_SECONDS)
    except signing.BadSignature:
        return None
    situation, _errors = situation_from_dict(data["facts"])
    answers = Answers(
        situation=situation,
        skipped=known_skips(data["skipped"]),
        view=data["view"] if data["view"] in VIEWS else "mich",
        names=tuple((str(key), str(name)) for key, name in data["names"].items() if key in PLACE_FACTS),
        same_place=bool(data["same"]),
    )
    # A seal may be older than the rules: a question that went away counts as none.
    asked = data["asked"]
    return answers, asked if asked in known_skips([asked]) else ""


def known_skips(names: Iterable[str]) -> frozenset[str]:
    """Keep the names of questions that exist."""
    return frozenset(name for name in names if name == CONCERN or name in FACTS)
