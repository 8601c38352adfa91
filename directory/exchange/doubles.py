"""Records that may be one and the same, for the coordination to look at."""

from directory.exchange.kinds import Kind
from directory.exchange.similar import Likeness, entry_of
from directory.models import Status

MOST_RECORDS = 3000
"""Each is compared with each; beyond that the page would take too long."""
SHOWN = 50


def possible_doubles(kind: Kind) -> list[tuple[int, int]] | None:
    """Return pairs of keys that are alike, archived ones aside; None where there are too many to compare."""
    records = kind.model._default_manager.exclude(status=Status.ARCHIVED).order_by("pk")
    if records.count() > MOST_RECORDS:
        return None
    entries = [entry_of(pk, name, place) for pk, name, *place in records.values_list("pk", kind.title, *kind.place)]
    likeness = Likeness(entries)
    found = {
        (min(entry.pk, pk), max(entry.pk, pk)) for entry in entries for pk in likeness.alike(entry) if pk != entry.pk
    }
    return sorted(found)[:SHOWN]
