"""What the groups of synonyms say for the words of a text, alone and as expressions of several words."""

from collections.abc import Iterator

from directory.index.query import Alternative
from directory.index.reading import Draft, Reading
from directory.index.vocabulary import FIRST_MEANT, SAME, Meant, Phrase
from directory.index.weak import NEGATIONS

MENTIONED = 30  # what only speaks of a thing, beside the thing that is called so, in per cent
SUBSUMED = 30  # what part of a known expression says alone, in per cent: „Reife“ in „mittlere Reife“


def add_synonyms(drafts: list[Draft], reading: Reading) -> None:
    """Add to each slot what the groups say for it, alone or together with other slots."""
    groups = reading.synonyms
    for draft in drafts:
        for key, factor in draft.keys.items():
            for other, counts in reading.kin(key).items():
                draft.kin[other] = max(counts * factor // 100, draft.kin.get(other, 0))
        draft.kin |= draft.keys
    found = groups.said_in(
        {key for draft in drafts for key in draft.keys}, {key for draft in drafts for key in draft.kin}
    )
    reading.universe.terms(reading.meant_by(found))
    used = {phrase: frozenset(i for i, draft in enumerate(drafts) if draft.factor_in(phrase)) for phrase in found}
    used = {phrase: own for phrase, own in used.items() if _is_close(phrase, own, drafts)}
    for phrase, own in used.items():
        share = SUBSUMED if any(own < other for other in used.values()) else 100
        for draft in (drafts[i] for i in sorted(own)):
            for meant in groups.meant_by(phrase):
                draft.alternatives += _meant(meant, phrase, draft.factor_in(phrase), share, reading)


def _is_close(phrase: Phrase, used: frozenset[int], drafts: list[Draft]) -> bool:
    """Whether a negation stands beside what it denies: „kein Bock auf Ausbildung“ is not „keine Ausbildung“."""
    if len(phrase) == 1 or NEGATIONS.isdisjoint(phrase):
        return True
    denials = {i for i in used if NEGATIONS & drafts[i].keys.keys()}
    return any(abs(i - other) == 1 for i in denials for other in used - denials)


def _meant(meant: Meant, said: Phrase, factor: int, share: int, reading: Reading) -> Iterator[Alternative]:
    """Yield what carries this name, and what has its words: only aside when there is something of that name.

    Whatever a group leads to covers the word alike; which of it comes first is a matter of order. What is left of
    a name without its little words is none of it: „Zukunft“ alone says nothing of „Deine Zukunft und wir“.
    """
    covers = max(1, max(meant.counts, SAME if meant.is_same else FIRST_MEANT) * factor // 100)
    factor = max(1, meant.counts * factor // 100)
    is_name = bool(meant.name) and reading.has(meant.name)
    if is_name:
        yield Alternative((meant.name,), factor, is_synonym=True, share=share, covers=covers)
    is_rest = is_name and len(meant.phrase) == 1 and " " in meant.name
    if meant.phrase != said and not is_rest:
        aside = share * MENTIONED // 100 if is_name else share
        yield Alternative(meant.phrase, factor, is_synonym=True, share=aside, covers=covers)
