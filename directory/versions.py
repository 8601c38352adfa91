"""What is derived from public content, kept in the process until the content changes.

One query asks for the version; everything else comes from memory. A restored or
rolled-back database has another stamp, so nothing derived from it can be stale.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from directory.models import ContentVersion

T = TypeVar("T")

_kept: dict[str, tuple[Hashable, object]] = {}


def content_version() -> str:
    """Return the version of the public content; "0" before anything was loaded. One query."""
    row = ContentVersion.objects.filter(pk=1).values_list("number", "stamp").first()
    return f"{row[0]}-{row[1]}" if row else "0"


def derived(name: str, version: Hashable, build: Callable[[], T]) -> T:
    """Return what ``build`` made for this version; only the newest version per name is kept."""
    kept = _kept.get(name)
    if kept is None or kept[0] != version:
        kept = (version, build())
        _kept[name] = kept
    return cast("T", kept[1])
