"""What people bring is read as they meant it, or refused with a reason; memory stays bounded."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from django.conf import settings

from directory.csv_cells import safe_cell
from directory.exchange.sheets import MAX_BYTES, OLE, FileRefused, Sheet, protect, unprotect
from directory.exchange.workbook import read_upload
from tests.exchange.files import BILLION_LAUGHS, EXTERNAL_ENTITY, cells, with_part, with_sheet, xlsx

TEXT = "Name;Straße;Größe\nJugendhaus „Süd“;Grüner Weg 5;12 m²\n"
READ = Sheet(["Name", "Straße", "Größe"], [(2, ["Jugendhaus „Süd“", "Grüner Weg 5", "12 m²"])])


def read(data: bytes) -> Sheet:
    return read_upload(io.BytesIO(data))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"], ids=lambda name: name
)
def test_every_usual_encoding_is_recognised(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == READ


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_is_recognised_though_others_stand_in_the_cells(delimiter: str) -> None:
    rows = [["Name", "Straße, Hausnummer", "Tel; Fax"], ["Haus", "Weg 5", "1; 2"], ["Hof", "Weg, 6", "3; 4"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert [cells for _number, cells in read(text.encode()).rows] == rows[1:]


def test_first_line_may_name_the_delimiter_and_blank_rows_keep_their_numbers() -> None:
    sheet = read(b'sep=,\r\n,,\r\nName,Ort\r\n\r\nHaus,"a\nb"\r\n,\r\nHof,c,,\r\n')
    assert sheet == Sheet(["Name", "Ort"], [(4, ["Haus", "a\nb"]), (6, ["Hof", "c"])])


def test_workbook_is_read_as_people_see_it() -> None:
    rows: list[list[Any]] = [["Name", "PLZ", "Tag", "Zeit", "ja?", "Zahl"]]
    rows.append(["Haus", 39340, datetime(2026, 11, 22), time(9, 30), True, 52.3])  # noqa: DTZ001 a workbook knows no zone
    rows.append([None] * 6)
    rows.append(["Hof", "06108", date(2026, 1, 2), None, False, 1.0])
    assert read(xlsx(rows)).rows == [
        (2, ["Haus", "39340", "2026-11-22", "09:30", "ja", "52.3"]),
        (4, ["Hof", "06108", "2026-01-02", "", "nein", "1"]),
    ]


def zipped(name: str, size: int, *, level: int = 9) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr(name, b" " * size)
    return file.getvalue()


def locked_zip() -> bytes:
    data = bytearray(xlsx([["Name"], ["Haus"]]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


HARMFUL = {
    "zip bomb": (lambda: zipped("xl/worksheets/sheet1.xml", 100_000_000), "ausgepackt zu groß"),
    "a million empty rows": (
        lambda: with_sheet(cells("Name") + '<row r="1048576"><c t="inlineStr"><is><t>Haus</t></is></c></row>'),
        "mehr als 20000 Zeilen",
    ),
    "empty rows written out": (lambda: with_sheet(cells("Name") + "<row/>" * 200_000), "mehr als 20000 Zeilen"),
    "too many tags": (lambda: with_sheet("<row>" + "<c/>" * 1_000_000 + "</row>"), "zu viele Zellen"),
    "too many attributes": (
        lambda: with_sheet("<row " + " ".join(f'a{n}=""' for n in range(950_000)) + "/>"),
        "zu viele Zellen",
    ),
    "10,000 columns": (lambda: with_sheet(cells(*["Name"] * 10_000)), "mehr als 120 Spalten"),
    "10,000 columns as text": (lambda: b"Name" + b";x" * 10_000 + b"\nHaus\n", "mehr als 120 Spalten"),
    "cell of a million characters": (
        lambda: with_sheet(cells("Name") + cells("x" * 1_000_000)),
        "länger als 32767 Zeichen",
    ),
    "the same as text": (lambda: b"Name;Ort\nHaus;" + b"x" * 1_000_000, "zu lang"),
    "entities": (lambda: with_part("xl/worksheets/sheet1.xml", BILLION_LAUGHS.encode()), "Unerlaubtes"),
    "file of the server": (lambda: with_part("xl/worksheets/sheet1.xml", EXTERNAL_ENTITY.encode()), "Unerlaubtes"),
    "entities in the texts": (
        lambda: with_part("xl/sharedStrings.xml", BILLION_LAUGHS.replace("worksheet", "sst").encode()),
        "Unerlaubtes",
    ),
    "password in the zip": (locked_zip, "Passwort"),
    "password by Excel": (lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "Passwort"),
    "old Excel": (lambda: OLE + b"\0" * 2000, "alte Excel-Datei"),
    "half a workbook": (lambda: xlsx([["Name"], ["Haus"]])[:3000], "beschädigt"),
    "another zip": (
        lambda: zipped("mimetype", 10).replace(b"xl/workbook.xml", b"xx/xxxxxxxx.xml"),
        "keine Excel-Datei",
    ),
    "a picture": (lambda: (settings.BASE_DIR / "static/img/preview.png").read_bytes(), "Schriftzeichen|keine Tabelle"),
    "a PDF": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "Schriftzeichen|keine Tabelle"),
    "undecodable": (lambda: b"Name;Ort\nH\x81us;\x8d\n", "Schriftzeichen"),
    "odd half of UTF-16": (lambda: b"\xff\xfeN\0a", "Schriftzeichen"),
    "6 MB": (lambda: b"x" * (MAX_BYTES + 1), "größer als 5 MB"),
    "nothing": (lambda: b" \n", "Datei ist leer"),
    "blank table": (lambda: b";;\n;;\n", "Tabelle ist leer"),
    "head only": (lambda: b"Name;Ort\n", "nur eine Kopfzeile"),
    "2001 rows": (lambda: b"Name\n" + b"Haus\n" * 2001, "mehr als 2000 gefüllte Zeilen"),
}


MEASURED = ("zip bomb", "too many tags", "too many attributes", "entities")


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_file_is_refused_with_a_reason(name: str) -> None:
    build, reason = HARMFUL[name]
    with pytest.raises(FileRefused, match=reason):
        read(build())


@pytest.mark.parametrize("name", MEASURED)
def test_harmful_file_is_refused_in_little_memory(name: str) -> None:
    data = HARMFUL[name][0]()
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused):
            read(data)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000


def test_ordinary_table_of_200_rows_needs_little_memory() -> None:
    data = xlsx([[f"Spalte {n}" for n in range(40)], *([["Text einer Zelle"] * 40] * 200)])
    tracemalloc.start()
    sheet = read(data)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(sheet.rows) == 200
    assert peak < 20_000_000


def test_links_to_other_files_are_not_followed_and_formulas_stay_text() -> None:
    body = cells("Name", "Ort") + '<row><c><f>[1]Blatt!A1</f><v>4</v></c><c><f>WEBSERVICE("x")</f><v>5</v></c></row>'
    assert read(with_sheet(body)).rows == [(2, ["=[1]Blatt!A1", '=WEBSERVICE("x")'])]


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-", "@x", "'=1", "''=1", "'", "'a", "a", " =1", "＝1", "leer", "'leer"]
)
def test_what_keeps_a_cell_from_being_a_formula_comes_off_again(text: str) -> None:
    assert unprotect(safe_cell(protect(text))) == text
