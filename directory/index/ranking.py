"""Which entries answer a query, best first. Signatures first; the body follows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from directory.index.understanding import Query


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that is not an offer, ready to show."""

    kind: str
    object_id: int
    key: str
    title: str
    summary: str
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds: the understood query (after correction), and what to say about it.

    ``corrected`` is the text that was searched instead of the typed one, ``suggestion`` a text
    that would find clearly more. None where there is none.
    """

    query: Query
    corrected: str | None
    suggestion: str | None


def find_entries(found: Found, kinds: Collection[str], limit: int) -> list[Hit]:
    """Return the best public entries of these kinds (``contact_point``, ``agency``, ``concern``, ``term``)."""
    raise NotImplementedError


def pieces(text: str, query: Query) -> Sequence[tuple[str, bool]]:
    """Split a text into (piece, is a hit), for ``<mark>``; joined again it is the text."""
    raise NotImplementedError
