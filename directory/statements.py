"""Queries that are asked again and again: the ORM puts each together once, then only its values change.

For a few rows the ORM takes several times as long as the database. Nothing here is SQL of our own. ADR 0050.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Rows that ``iterator`` reads at a time where something is made of all of them: ten thousand at once leave holes in
# the memory of the process that nobody fills again.
CHUNK = 500

Convert = tuple[int, Sequence[Callable[..., Any]], Any]
Made = tuple[str, tuple[Convert, ...]]


class Statement:
    """A query for the rows that have one of several values.

    ``of`` returns it for a list of values. These are its only parameters, and it names its columns (``values_list``).
    """

    def __init__(self, of: Callable[[Sequence[Any]], QuerySet[Any, Any]]) -> None:
        self._of = of
        self._made: dict[tuple[str, int], Made] = {}

    def rows(self, values: Sequence[Any]) -> list[Any]:
        """Return the rows as the ORM would, each a sequence; none for no values. One query."""
        if not values:
            return []
        # The last value again and again up to a power of two, so that few statements do for all numbers of values.
        values = [*values, *[values[-1]] * ((1 << (len(values) - 1).bit_length()) - len(values))]
        key = connection.vendor, len(values)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(len(values))
        sql, converts = made
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows: list[Any] = cursor.fetchall()
        return [_converted(row, converts) for row in rows] if converts else rows

    def _make(self, number: int) -> Made:
        marks = list(range(1, number + 1))
        compiler = self._of(marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if list(map(int, parameters)) != marks:
            raise ValueError(f"{sql}: its parameters are not the values alone")
        columns = [column for column, _sql, _name in compiler.select or ()]
        converters = compiler.get_converters(columns)
        return sql, tuple((at, tuple(found), column) for at, (found, column) in converters.items())


def _converted(row: Sequence[Any], converts: Sequence[Convert]) -> list[Any]:
    """Return a row with the values that a database keeps in another form, such as JSON."""
    found = list(row)
    for at, converters, column in converts:
        for convert in converters:
            found[at] = convert(found[at], column, connection)
    return found
