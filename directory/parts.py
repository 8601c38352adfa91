"""Parts of pages that are the same for everybody, rendered once and kept in the process.

A part is what a template rendered, cut at its holes. Whatever belongs to one visitor or one
record (a query string, a count, a name) is a hole and is filled for each answer, escaped like any
variable of a template. So a part can be kept for all, and no value of one visitor stays in it.

Where parts are kept is bounded in bytes, and bound to the version of the content: ``shelf``.
Why, and what it brought: ADR 0035.
"""

import re
import secrets
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping
from html import escape
from threading import Lock
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from directory.versions import derived

T = TypeVar("T")
MOST_BYTES = 4_000_000

# New in every process, so that no text of an editor can hold it.
_MARK = f"hole{secrets.token_hex(8)}"
_HOLE = re.compile(rf"{_MARK}-([\w.-]*?)-{_MARK}")


def hole(name: str) -> str:
    """Return what stands in a template's context for a value that comes later; ``name``: letters, digits, - _ and dot."""
    return f"{_MARK}-{name}-{_MARK}"


def escaped(value: object) -> str:
    """Return a value as a template would show it: escaped, unless it is HTML already (``__html__``).

    The same as Django's ``conditional_escape`` in a third of the time; a page does this some hundred times.
    """
    if type(value) is str:
        return escape(value)
    html = getattr(value, "__html__", None)
    return str(html()) if html is not None else escape(str(value))


class Html:
    """HTML made from parts. In a template: ``{{ html|prepared }}``; as the value of a hole it is not escaped again."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __html__(self) -> str:
        """What Django asks for instead of escaping."""
        return self._text


NOTHING = Html("")


class Part:
    """HTML with holes, from a template: whatever is in it counts as escaped."""

    __slots__ = ("_names", "_pieces")

    def __init__(self, rendered: str) -> None:
        self._pieces = _HOLE.split(rendered)
        self._names = self._pieces[1::2]

    @classmethod
    def of(cls, template: str, context: Mapping[str, Any]) -> "Part":
        """Render a template that knows nothing but this context: no request, no context processor."""
        return cls(render_to_string(template, dict(context)))

    def fill(self, values: Mapping[str, Any]) -> Html:
        """Return the HTML with every hole filled, escaped where it is not safe. KeyError: a value is missing."""
        return Html(self._joined(values))

    def text(self, values: Mapping[str, Any]) -> str:
        """Return the same as a plain text, for whoever sends it."""
        return self._joined(values)

    def partly(self, values: Mapping[str, Any]) -> "Part":
        """Return the part with these holes filled; the others stay open."""
        return Part(self._joined({name: hole(name) for name in self._names} | dict(values)))

    def _joined(self, values: Mapping[str, Any]) -> str:
        pieces = self._pieces.copy()
        # Every second piece is a hole; one assignment to a slice is quicker than putting them in one by one.
        pieces[1::2] = [escaped(values[name]) for name in self._names]
        return "".join(pieces)

    @property
    def size(self) -> int:
        """Bytes in memory, nearly."""
        return sum(map(sys.getsizeof, self._pieces)) + 16 * len(self._pieces) + 250


def joined(pieces: Iterable[Html]) -> Html:
    """Return several as one."""
    return Html("".join([piece.__html__() for piece in pieces]))


class Shelf(Generic[T]):
    """Things by key; when they are more than ``most`` bytes, those asked for longest ago are forgotten."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.size = most, 0
        self._kept: dict[Hashable, tuple[int, T]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> T | None:
        """Return what lies there, and put it in front."""
        with self._lock:
            found = self._kept.pop(key, None)
            if found is None:
                return None
            self._kept[key] = found
        return found[1]

    def put(self, key: Hashable, value: T, *, size: int) -> None:
        """Lay something there."""
        with self._lock:
            before = self._kept.pop(key, None)
            self.size += size - (before[0] if before else 0)
            self._kept[key] = (size, value)
            while self.size > self.most:
                self.size -= self._kept.pop(next(iter(self._kept)))[0]


def shelf(name: str, version: Hashable) -> Shelf[Any]:
    """Return the shelf of this name for this version, in this language; of another version nothing is left.

    While rows are on trial (``directory.versions.on_trial``) it is an empty one that nobody keeps.
    """
    return derived(name, (version, get_language(), settings.SHOW_EXAMPLE_DATA), Shelf)


def kept_part(name: str, version: Hashable, key: Hashable, build: Callable[[], Part]) -> Part:
    """Return the part of this key from the shelf of this name, built when it is not there."""
    place: Shelf[Part] = shelf(name, version)
    found = place.get(key)
    if found is None:
        found = build()
        place.put(key, found, size=found.size)
    return found
