"""Spreadsheets for tests: well-meant ones, and those that somebody built to do harm."""

import io
import zipfile
from typing import Any

from openpyxl import Workbook

HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
SHARED_STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def xlsx(rows: list[list[Any]]) -> bytes:
    """Return a workbook as Excel would save it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """Return a workbook in which one part of the zip is replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([["Name"], ["Haus"]]))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename == "[Content_Types].xml":
                new.writestr(part.filename, old.read(part.filename).replace(b"</Types>", SHARED + b"</Types>"))
            elif part.filename != name:
                new.writestr(part.filename, old.read(part.filename))
        new.writestr(name, content)
        if name != "xl/sharedStrings.xml":
            new.writestr("xl/sharedStrings.xml", SHARED_STRINGS)
    return file.getvalue()


def with_sheet(body: str) -> bytes:
    """Return a workbook whose sheet has this XML between the rows' beginning and end."""
    return with_part("xl/worksheets/sheet1.xml", (HEAD + body + TAIL).encode())


def cells(*texts: str) -> str:
    """Return a row of XML."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + ']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + cells("Name")
    + cells("&lol9;")
    + TAIL
)
EXTERNAL_ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + cells("Name")
    + cells("&file;")
    + TAIL
)
