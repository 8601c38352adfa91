"""Reads what people bring: CSV in any usual encoding, or XLSX. What is no plain table is refused in words.

Nothing here trusts the file: its size, its number of rows and columns and the length of its cells are
bounded before they are believed.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.csv_cells import DANGEROUS
from directory.text import fold

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2000
MAX_LINES = 20_000  # with the empty ones
MAX_COLUMNS = 120
MAX_CELL = 32_767  # characters, as in Excel
DELIMITERS = ";\t,"
SAMPLE = 20  # rows that tell the delimiter
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
EMPTY = "leer"  # an empty cell leaves a value as it is; this word takes it away
BROKEN = "\ufffd"  # stands where a character could not be read


class FileRefused(Exception):
    """The file is not read; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first row as header, the others with the number the spreadsheet shows beside them."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def table_of(lines: Iterable[Sequence[str]]) -> Sheet:
    """Return header and rows; empty rows are left out. Raises FileRefused when there are too many of anything."""
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines, 1):
        if number > MAX_LINES:
            raise FileRefused(
                _("Die Tabelle hat mehr als %(n)s Zeilen, auch leere zählen mit. Bitte leere Zeilen am Ende löschen.")
                % {"n": MAX_LINES}
            )
        cells = [clean(cell) for cell in _trimmed(line)]
        if not cells:
            continue
        _check_size(number, cells)
        if not header:
            header = cells
            continue
        rows.append((number, cells))
        if len(rows) > MAX_ROWS:
            raise FileRefused(
                _("Die Tabelle hat mehr als %(n)s gefüllte Zeilen. Bitte auf mehrere Dateien aufteilen.")
                % {"n": MAX_ROWS}
            )
    if not header:
        raise FileRefused(_("Die Tabelle ist leer."))
    if not rows:
        raise FileRefused(_("Die Tabelle hat nur eine Kopfzeile."))
    return Sheet(header, rows)


def _check_size(number: int, cells: Sequence[str]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise FileRefused(
            _("Zeile %(row)s hat mehr als %(n)s Spalten. Bitte nur die Spalten behalten, die gebraucht werden.")
            % {"row": number, "n": MAX_COLUMNS}
        )
    if any(len(cell) > MAX_CELL for cell in cells):
        raise FileRefused(
            _("In Zeile %(row)s ist eine Zelle länger als %(n)s Zeichen. Fehlt dort ein Anführungszeichen?")
            % {"row": number, "n": MAX_CELL}
        )


def _trimmed(line: Sequence[str]) -> Sequence[str]:
    end = len(line)
    while end and not line[end - 1].strip():
        end -= 1
    return line[:end]


def clean(cell: str) -> str:
    """Return the text of a cell in one spelling; characters no text holds become a mark the check finds."""
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if text.isprintable():
        return text
    return "".join(BROKEN if _is_broken(char) else char for char in text)


def _is_broken(char: str) -> bool:
    """Whether no text and no XML holds the character."""
    return char in "\ufffe\uffff" or (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t")


def protect(text: str) -> str:
    """Return a text so that ``unprotect`` gives it back after ``safe_cell`` put a ' in front of a formula."""
    rest = text.lstrip("'")
    is_guarded = text != rest and (_looks_like_formula(rest) or is_empty_word(rest))
    return f"'{text}" if is_guarded or is_empty_word(text) else text


def unprotect(text: str) -> str:
    """Take away the ' by which an export kept a cell from being a formula, or from meaning something else."""
    rest = text.lstrip("'")
    return text[1:] if text != rest and (_looks_like_formula(rest) or is_empty_word(rest)) else text


def is_empty_word(text: str) -> bool:
    """Whether a cell says that a value is to go."""
    return fold(text) == EMPTY


def _looks_like_formula(text: str) -> bool:
    return text.lstrip(" \u00a0\u3000\ufeff").startswith(DANGEROUS)


def read_csv(data: bytes) -> Sheet:
    """Read a table written as text. Raises FileRefused."""
    text = decoded(data)
    if text.count("\0") or _share_of_controls(text) > 0.01:
        raise FileRefused(_("Diese Datei ist keine Tabelle. Gebraucht wird eine Datei .xlsx oder .csv."))
    separator = re.match(r"sep=(.)\r?\n", text)
    if separator:
        text = text[separator.end() :]
    try:
        return table_of(_records(text, separator[1] if separator else _delimiter(text)))
    except csv.Error as error:
        raise FileRefused(_("Eine Zelle ist zu lang. Fehlt irgendwo ein Anführungszeichen?")) from error


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The sign that cuts the head into most cells and the rows below alike."""
    best, most = DELIMITERS[0], 0.0
    for delimiter in DELIMITERS:
        lengths: list[int] = []
        for record in _records(text, delimiter):
            if any(cell.strip(DELIMITERS + " ") for cell in record):
                lengths.append(len(record))
            if len(lengths) == SAMPLE:
                break
        # One cell a row is no sign of a delimiter.
        score = lengths[0] * lengths.count(lengths[0]) / len(lengths) if lengths and lengths[0] > 1 else 0
        if score > most:
            best, most = delimiter, score
    return best


def decoded(data: bytes) -> str:
    """Return the text of UTF-8 or UTF-16 (with or without mark) or Windows-1252. Raises FileRefused."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return _decode(data[len(mark) :], name)
    head = data[:2000]
    if len(head) >= 4 and head.count(0) > len(head) // 4:
        # Latin letters in UTF-16 are every second byte zero.
        return _decode(data, "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, "cp1252")


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("Die Schriftzeichen dieser Datei sind nicht lesbar. Bitte als „CSV UTF-8“ oder .xlsx speichern.")
        ) from error


def _share_of_controls(text: str) -> float:
    controls = sum(char < " " and char not in "\t\r\n" for char in text[:20_000])
    return controls / max(1, min(len(text), 20_000))
