"""Records as rows of text, with the columns somebody chose."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from directory.exchange.columns import Column
from directory.exchange.kinds import Kind
from directory.exchange.known import Known
from directory.rights import Reach

BATCH = 500
# What leaves by itself when nobody chose: all that can come back, and where a record stands.
UNCHOSEN = ("is_example", "updated_at", "review_due_on")


def chosen_columns(kind: Kind, names: Sequence[str]) -> list[Column]:
    """Return the columns with these names in our order; unknown names are ignored, none means the usual ones."""
    chosen = [column for column in kind.columns if column.name in names]
    return chosen or [column for column in kind.columns if column.name not in UNCHOSEN]


def export_rows(
    kind: Kind, columns: Sequence[Column], rows: QuerySet[Any], *, reach: Reach, on: date
) -> Iterator[list[str]]:
    """Yield the head and one row of texts for each record."""
    known = Known(reach, on)
    yield [str(column.label) for column in columns]
    for record in rows.iterator(chunk_size=BATCH):
        yield [column.show(column.stored(record), known) for column in columns]
