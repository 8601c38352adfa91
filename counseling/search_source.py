"""What the finder gives to the search index: its concerns, in the words of those who have them.

These texts come with the portal; nothing a visitor said is ever indexed.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from counseling.finder.facts import CONCERNS
from counseling.finder.tree import DOORS, ConcernChoice, ConcernDoor
from directory.index.sources import MAX_SUMMARY, Document
from directory.models import SearchEntry

WORDS_FILE = Path(__file__).parent / "concern_words.toml"
LABEL, OTHER_LABEL, EVERYDAY, DOOR = 30, 15, 20, 4


@cache
def concern_words() -> Mapping[str, tuple[str, ...]]:
    """Return the everyday phrases of each concern. Raises ImproperlyConfigured for a wrong file."""
    return read_concern_words(WORDS_FILE)


def read_concern_words(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Read ``key = ["phrase", …]``; every key is a concern. Raises ImproperlyConfigured."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ImproperlyConfigured(f"{path.name}: {error}") from error
    for key, phrases in data.items():
        if key not in CONCERNS:
            raise ImproperlyConfigured(f"{path.name}: {key} is no concern.")
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
            raise ImproperlyConfigured(f"{path.name}: {key} must be a list of texts.")
    return {key: tuple(phrases) for key, phrases in data.items()}


class ConcernSource:
    """Anliegen. The number of a concern is its place in the contract, counted from 1."""

    kind: str = SearchEntry.Kind.CONCERN

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        """Return each concern that a door of the first page leads to."""
        choices = {choice.concern: (door, choice) for door in DOORS for choice in door.choices}
        for number, key in enumerate(CONCERNS, start=1):
            if key in choices and (ids is None or number in ids):
                yield self._document(number, key, *choices[key])

    def _document(self, number: int, key: str, door: ConcernDoor, choice: ConcernChoice) -> Document:
        labels = [CONCERNS[key].label, choice.label.kind, choice.label.beruf]
        phrases = concern_words().get(key, ())
        return Document(
            kind=self.kind,
            object_id=number,
            key=key,
            title=choice.label.mich,
            summary=door.label.mich[:MAX_SUMMARY],
            fields=(
                (choice.label.mich, LABEL),
                *((label, OTHER_LABEL) for label in labels),
                # One text: a word that stands in many phrases is a repeat and counts little more.
                ("\n".join(phrases), EVERYDAY),
                (f"{door.label.mich} {door.hint.mich}", DOOR),
            ),
            names=(CONCERNS[key].label, *phrases),
        )

    def affected_by(self, rows: Sequence[Model]) -> Collection[int]:
        """None: concerns are part of the portal and change with a new version only."""
        return ()


CONCERN_SOURCE = ConcernSource()
