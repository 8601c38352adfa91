"""Typed reading of one TOML table or one CSV row. Every wrong value becomes a problem, none stops the reading."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from offers.region.problems import Problems
from offers.region.toml_lines import Path

T = TypeVar("T")
FLAGS = {"yes": True, "no": False}
SHOWN = 60  # characters of a wrong value that a message quotes


@dataclass(frozen=True)
class Source:
    """The file a value stands in, as shown to people, and how to find its line."""

    file: str
    problems: Problems
    line_of: Callable[[Path], int | None]


class Table:
    """Keys and values of one place. ``from_csv`` says that all values are strings."""

    def __init__(self, data: Mapping[str, Any], source: Source, *, path: Path = (), from_csv: bool = False) -> None:
        self.data = data
        self.source = source
        self.path = path
        self.from_csv = from_csv
        self._asked: set[str] = set()
        self._wrong_keys: set[str] = set()
        self._children: list[Table] = []
        self._tables: dict[str, Table] = {}

    def line(self, key: str = "") -> int:
        """Line of the key, else of the table, else of what encloses it."""
        path: Path = (*self.path, key) if key else self.path
        while True:
            line = self.source.line_of(path)
            if line is not None or not path:
                return line or 1
            path = path[:-1]

    def problem(self, key: str, message: str) -> None:
        """Note what is wrong with a key of this table, or with the table itself (key "")."""
        self._wrong_keys.add(key)
        label = ".".join(part for part in (*self.path, key) if isinstance(part, str) and part)
        self.source.problems.add(self.source.file, self.line(key), f"{label}: {message}" if label else message)

    def has_problem(self, key: str) -> bool:
        """Whether something was noted for the key already."""
        return bool(key) and key in self._wrong_keys

    def has(self, key: str) -> bool:
        """Whether there is a value; an empty CSV cell is none."""
        self._asked.add(key)
        return key in self.data and not (self.from_csv and self.data[key] == "")

    def text(self, key: str) -> str:
        """A string without control characters, trimmed; "" when left out."""
        if not self.has(key):
            return ""
        value = self.data[key]
        if not isinstance(value, str):
            return self._wrong(key, "Text in Anführungszeichen", "")
        return self._clean(key, value)

    def flag(self, key: str) -> bool:
        """A truth value; False when left out."""
        if not self.has(key):
            return False
        value = FLAGS.get(self.data[key]) if self.from_csv else self.data[key]
        if not isinstance(value, bool):
            return self._wrong(key, "yes oder no" if self.from_csv else "true oder false", False)
        return value

    def whole(self, key: str) -> int | None:
        """A whole number ≥ 0; None when left out."""
        if not self.has(key):
            return None
        value = self.data[key]
        if self.from_csv and value.isdecimal():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return self._wrong(key, "eine ganze Zahl", None)
        return value

    def number(self, key: str) -> float | None:
        """A number with a decimal point; None when left out."""
        if not self.has(key):
            return None
        value = self.data[key]
        try:
            number = float(value) if self.from_csv or type(value) in (int, float) else None
        except ValueError:
            number = None
        if number is None or not abs(number) < 1e9:
            return self._wrong(key, "eine Zahl mit Punkt", None)
        return number

    def amount(self, key: str) -> Decimal | None:
        """An amount of money as exact decimal, written as string; None when left out."""
        if not self.has(key):
            return None
        try:
            amount = Decimal(self.text(key))
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite() or amount < 0:
            return self._wrong(key, 'ein Betrag wie "12.50"', None)
        return amount

    def day(self, key: str) -> date | None:
        """A date, bare or as string; None when left out or ""."""
        if not self.has(key) or self.data[key] == "":
            return None
        value = self.data[key]
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, date) or isinstance(value, datetime):
            return self._wrong(key, "ein Datum wie 2027-03-15", None)
        return value

    def clock(self, key: str) -> time | None:
        """A wall time (Europe/Berlin), minutes precise; None when left out."""
        return self.as_clock(key, self.data[key]) if self.has(key) else None

    def as_clock(self, key: str, value: object) -> time | None:
        """Read one value of the key as wall time."""
        try:
            clock = value if isinstance(value, time) else datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 wall time
        except ValueError:
            return self._wrong(key, 'eine Uhrzeit wie "09:30"', None)
        return clock

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """One of the allowed values; the default when left out or empty."""
        return self._checked(key, self.text(key), allowed) or default

    def _checked(self, key: str, value: str, allowed: Collection[str]) -> str:
        if value and value not in allowed:
            self.problem(key, f"„{value}“ ist nicht erlaubt. Erlaubt: {', '.join(map(str, allowed))}.")
            return ""
        return value

    def words(self, key: str, allowed: Collection[str] | None = None) -> list[str]:
        """A list of different strings; [] when left out. A CSV cell separates them with ";"."""
        if not self.has(key):
            return []
        value = self.data[key].split(";") if self.from_csv else self.data[key]
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            return self._wrong(key, "eine Liste von Texten", [])
        words = [self._clean(key, item) for item in value]
        for word in sorted({word for word in words if words.count(word) > 1}):
            self.problem(key, f"„{word}“ steht doppelt da.")
        return [word for word in words if allowed is None or self._checked(key, word, allowed)]

    def table(self, key: str) -> "Table":
        """The table below the key, always the same object; an empty one when left out."""
        if key not in self._tables:
            value = self.data[key] if self.has(key) else {}
            if not isinstance(value, dict):
                value = self._wrong(key, f"ein Abschnitt [{key}]", {})
            self._tables[key] = self._child(value, (*self.path, key))
        return self._tables[key]

    def tables(self, key: str) -> list["Table"]:
        """The tables of an array of tables; [] when left out."""
        value = self.data[key] if self.has(key) else []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            value = self._wrong(key, f"Abschnitte [[{key}]]", [])
        return [self._child(item, (*self.path, key, index)) for index, item in enumerate(value)]

    def _child(self, data: Mapping[str, Any], path: Path) -> "Table":
        child = Table(data, self.source, path=path)
        self._children.append(child)
        return child

    def finish(self) -> None:
        """Note every key that nobody asked for, here and below."""
        for key in self.data:
            if key not in self._asked:
                self.problem(key, "diesen Schlüssel kennt das Portal nicht.")
        for child in self._children:
            child.finish()

    def _wrong(self, key: str, wanted: str, fallback: T) -> T:
        self.problem(key, f"„{str(self.data[key])[:SHOWN]}“ passt nicht; gebraucht wird {wanted}.")
        return fallback

    def _clean(self, key: str, value: str) -> str:
        value = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in value):
            self.problem(key, "enthält ein Steuerzeichen.")
            return ""
        return value
