"""XLSX, read within bounds and written row by row.

A workbook is a zip of XML. What the zip says about itself is checked before anything is unpacked, and
the XML is counted in small pieces before a parser builds anything of it.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from importlib import import_module
from typing import IO, Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from directory.csv_cells import safe_cell
from directory.exchange.sheets import (
    ENCRYPTED,
    MAX_BYTES,
    OLE,
    FileRefused,
    Sheet,
    clean,
    protect,
    read_csv,
    table_of,
)

# 6 MiB and a tenth of a cold start: only in a process that reads or writes a workbook.
openpyxl: Any = SimpleLazyObject(lambda: import_module("openpyxl"))

MAX_PARTS = 500
MAX_UNPACKED = 15 * 1024 * 1024
MAX_TAGS = 600_000  # 2,000 rows of 60 cells need half of it
MAX_ATTRIBUTES = 900_000
PIECE = 64 * 1024


def read_upload(upload: IO[bytes]) -> Sheet:
    """Read a table from a file of whatever name. Raises FileRefused with a message for people."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FileRefused(_("Die Datei ist größer als 5 MB. Bitte auf mehrere Dateien aufteilen."))
    if not data.strip():
        raise FileRefused(_("Die Datei ist leer."))
    if data.startswith(OLE):
        raise FileRefused(
            _("Diese Datei ist mit einem Passwort geschützt. Bitte ohne Passwort speichern.")
            if ENCRYPTED in data
            else _("Das ist eine alte Excel-Datei (.xls). Bitte als .xlsx oder .csv speichern.")
        )
    if data.startswith(b"PK"):
        return table_of(_lines(data))
    return read_csv(data)


def _lines(data: bytes) -> Iterator[list[str]]:
    try:
        _check_zip(data)
        yield from _cells(data)
    except FileRefused:
        raise
    except Exception as error:  # a broken or malicious workbook fails in a hundred ways; all mean the same
        raise FileRefused(
            _("Diese Excel-Datei ist beschädigt oder enthält etwas Unerlaubtes. Bitte neu als .xlsx speichern.")
        ) from error


def _check_zip(data: bytes) -> None:
    """Refuse what would unpack to more than a table needs."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise FileRefused(_("Das ist keine Excel-Datei. Bitte die Tabelle als .xlsx oder .csv speichern."))
        if any(part.flag_bits & 0x1 for part in parts):
            raise FileRefused(_("Diese Datei ist mit einem Passwort geschützt. Bitte ohne Passwort speichern."))
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise FileRefused(_("Diese Datei wird ausgepackt zu groß. Bitte nur die Tabelle selbst schicken."))
        tags = attributes = 0
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    while piece := stream.read(PIECE):
                        tags, attributes = tags + piece.count(b"<"), attributes + piece.count(b"=")
                        if tags > MAX_TAGS or attributes > MAX_ATTRIBUTES:
                            raise FileRefused(
                                _("Diese Tabelle hat zu viele Zellen. Bitte auf mehrere Dateien aufteilen.")
                            )


def _cells(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet; links to other files are neither kept nor followed."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        # What the file says about its own size is not believed.
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield [_text(cell.value) for cell in row]
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)


def write_workbook(target: IO[bytes], rows: Iterable[Sequence[str]], *, title: str) -> None:
    """Write the rows as one sheet of texts, the first as header. No cell can become a formula."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title=title[:31])
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    book.save(target)


def _safe(cell: str) -> str:
    """Keep out what XML cannot hold: the whole file would be refused for one such character."""
    return safe_cell(protect(clean(cell)))


def csv_rows(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Return rows ready for ``write_csv``: what looks protected already stays as it is when read again."""
    return ([protect(cell) for cell in row] for row in rows)
