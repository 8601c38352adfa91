"""Reads the files of a region folder: CSV, TOML and Markdown pages."""

import csv
import io
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from offers.region.problems import Problems
from offers.region.table import Source, Table
from offers.region.toml_lines import key_lines

TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Folder:
    """A region folder. ``shown`` is its name in messages."""

    path: Path
    shown: str
    problems: Problems

    def name_of(self, file: Path) -> str:
        """The file as messages call it."""
        return f"{self.shown}/{file.relative_to(self.path).as_posix()}"


def read_text(folder: Folder, file: Path) -> str | None:
    """Return the text of a UTF-8 file, or None after noting why there is none."""
    name = folder.name_of(file)
    raw = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        folder.problems.add(name, 1, "die Datei ist leer.")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        folder.problems.add(name, line, "die Datei ist nicht in UTF-8 gespeichert.")
        return None
    if "\0" in text:
        folder.problems.add(name, text[: text.index("\0")].count("\n") + 1, "die Datei enthält ein NUL-Zeichen.")
        return None
    return text.replace("\r\n", "\n")


def read_toml(folder: Folder, file: Path) -> Table | None:
    """Return the top table of a TOML file, or None after noting why there is none."""
    text = read_text(folder, file)
    if text is None:
        return None
    name = folder.name_of(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = TOML_LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        folder.problems.add(name, line, f"kein gültiges TOML: {TOML_LINE.sub('', str(error)).strip()}.")
        return None
    return Table(data, Source(name, folder.problems, key_lines(text).get))


def read_csv(folder: Folder, file: Path, columns: Collection[str]) -> list[Table]:
    """Return the rows of a CSV file that has exactly these columns, in any order."""
    text = read_text(folder, file)
    if text is None:
        return []
    name = folder.name_of(file)
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[Table] = []
    try:
        header = next(reader)
        if not _header_fits(folder, name, header, columns):
            return []
        first = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                rows.append(_row(folder, name, dict(zip(header, cells, strict=True)), first))
            elif cells:
                folder.problems.add(name, first, f"{len(cells)} Spalten statt {len(header)}.")
            first = reader.line_num + 1
    except csv.Error as error:
        folder.problems.add(name, reader.line_num or 1, f"kein gültiges CSV: {error}.")
    return rows


def _header_fits(folder: Folder, name: str, header: list[str], columns: Collection[str]) -> bool:
    messages = [f"{column}: diese Spalte kennt das Portal nicht." for column in header if column not in columns]
    messages += [f"{column}: diese Spalte fehlt." for column in columns if column not in header]
    messages += [f"{column}: diese Spalte steht doppelt da." for column in set(header) if header.count(column) > 1]
    for message in messages:
        folder.problems.add(name, 1, message)
    return not messages


def _row(folder: Folder, name: str, cells: dict[str, str], line: int) -> Table:
    return Table(cells, Source(name, folder.problems, lambda path: line), from_csv=True)


def read_page(folder: Folder, file: Path) -> Table | None:
    """Return title and body of a Markdown page, which begins with ``# Title``."""
    text = read_text(folder, file)
    if text is None:
        return None
    name = folder.name_of(file)
    title, _, body = text.strip().partition("\n")
    if not title.startswith("# "):
        folder.problems.add(name, 1, "die Seite muss mit „# Überschrift“ beginnen.")
        return None
    values = {"title": title[2:].strip(), "body": body.strip()}
    return Table(values, Source(name, folder.problems, lambda path: 2 if path[-1:] == ("body",) else 1), from_csv=True)
