"""Texts of the generated example offers: a small grammar of patterns, filled with words that go together.

One offer has one subject: its course, occupation, house and tools come back in every
sentence. Common words are picked often and rare ones seldom, as in real texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

import directory
from offers.generated_parts import (
    ADJECTIVES,
    HEADS,
    HOUSE_HEADS,
    HOUSE_TAILS,
    LINKS,
    MATERIALS,
    PREFIXES,
    STEMS,
    STREET_TAILS,
    TAILS,
    TOOLS,
    Noun,
)
from offers.generated_words import (
    CLOSINGS,
    DETAILS,
    DURATIONS,
    GROUPS,
    MOMENTS,
    OPENINGS,
    POINTS,
    STEPS,
    THINGS,
    TITLES,
    TOPICS,
    WISHES,
    Recipe,
)

OCCUPATIONS_FILE = Path(directory.__file__).parent / "words" / "occupations.txt"
SKEW = 2.2  # the larger, the more often the first entries of a list are picked
MAX_TITLE, MAX_SUMMARY = 120, 280
# gender: a, a (as object), the, in the, with a
ARTICLES = {
    "m": ("ein", "einen", "der", "im", "einem"),
    "f": ("eine", "eine", "die", "in der", "einer"),
    "n": ("ein", "ein", "das", "im", "einem"),
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wording:
    """The running texts of one offer."""

    title: str
    summary: str
    description: str
    for_whom: str
    steps: str
    to_bring: str
    duration: str


@cache
def occupations() -> tuple[str, ...]:
    """Names of occupations from the search's word list, well mixed; what follows # is a remark."""
    lines = OCCUPATIONS_FILE.read_text(encoding="utf-8").splitlines()
    names = [name for name in (line.partition("#")[0].strip() for line in lines) if name]
    Random(0).shuffle(names)  # noqa: S311 the list is in order of the alphabet, the common ones are not
    return tuple(name[0].upper() + name[1:] for name in names)


def write(recipe: Recipe, town: str, pick: Random) -> Wording:
    """Return the texts of one offer in ``town``; the same ``pick`` writes the same texts."""
    words = _words(recipe, town, pick)
    deeds = pick.sample(recipe.deeds, 2)
    sentences = [_fill(pattern, words) for pattern in pick.sample(DETAILS, pick.randrange(3, 6))]
    half = len(sentences) // 2
    paragraphs = (
        " ".join([deeds[1], *sentences[:half]]),
        " ".join(sentences[half:]),
        "\n".join(f"- {_fill(point, words)}" for point in pick.sample(POINTS, pick.randrange(2, 5))),
        _fill(_common(CLOSINGS, pick), words),
    )
    return Wording(
        title=_fill(_common(TITLES, pick), words)[:MAX_TITLE].rstrip(),
        summary=f"{deeds[0]} {_fill(_common(OPENINGS, pick), words)}"[:MAX_SUMMARY],
        description="\n\n".join(paragraphs),
        for_whom=_fill(_common(WISHES, pick), words),
        steps="\n".join(_fill(step, words) for step in pick.sample(STEPS, pick.randrange(2, 5))),
        to_bring="\n".join(pick.sample(THINGS, pick.randrange(4))),
        duration=words["duration"],
    )


def _fill(pattern: str, words: dict[str, str]) -> str:
    """The sentence with its words; it begins with a capital whatever its first word is."""
    text = pattern.format_map(words)
    return text[0].upper() + text[1:]


def _words(recipe: Recipe, town: str, pick: Random) -> dict[str, str]:
    """Choose what this offer is about; every pattern draws from these words."""
    jobs = occupations()
    words = {
        "name": pick.choice(recipe.names),
        "topic": _common(TOPICS, pick),
        "group": _common(GROUPS, pick),
        "town": town,
        "job": _common(jobs, pick),
        "other_job": pick.choice(jobs),
        "house": _common(HOUSE_HEADS, pick) + pick.choice(HOUSE_TAILS),
        "street": f"{pick.choice(HOUSE_HEADS)}{_common(STREET_TAILS, pick)} {pick.randrange(1, 90)}",
        "tool": _common(MATERIALS, pick) + _common(TOOLS, pick),
        "other_tool": pick.choice(MATERIALS) + pick.choice(TOOLS),
        "deed": _common(PREFIXES, pick) + _common(STEMS, pick),
        "other_deed": pick.choice(PREFIXES) + pick.choice(STEMS),
        "quality": _common(ADJECTIVES, pick),
        "other_quality": pick.choice(ADJECTIVES),
        "moment": _common(MOMENTS, pick),
        "duration": _common(DURATIONS, pick),
        "number": str(pick.randrange(3, 25)),
        "hour": str(pick.randrange(8, 19)),
    }
    _put_noun(words, "course", _common(HEADS, pick), "", _common(TAILS, pick))
    _put_noun(words, "other_course", pick.choice(HEADS), _common(LINKS, pick), pick.choice(TAILS))
    words["subject"] = _common(HEADS, pick) + "themen"
    return words


def _put_noun(words: dict[str, str], name: str, head: str, link: str, tail: Noun) -> None:
    """Add a compound such as „Holzwerkstattwoche“ and its forms with an article."""
    end, gender = tail
    noun = head + end if end.startswith(link.rstrip("s")) else head + link + end
    a, object_a, the, in_the, with_a = ARTICLES[gender]
    words |= {
        name: noun,
        f"a_{name}": f"{a} {noun}",
        f"object_{name}": f"{object_a} {noun}",
        f"the_{name}": f"{the} {noun}",
        f"in_{name}": f"{in_the} {noun}",
        f"with_{name}": f"{with_a} {noun}",
    }


def _common(items: Sequence[T], pick: Random) -> T:
    """One of the items, the first ones much more often than the last ones."""
    return items[int(len(items) * pick.random() ** SKEW)]
