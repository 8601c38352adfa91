"""Log lines without personal data: no query string, no form content, no address of a visitor or of a mail.

What an exception says is left out unless its kind can only say names of our own code: the texts of database
errors quote the row, those of ``ValueError`` what somebody typed. Its kind, the places in the code and, for a
broken rule of the database, the name of the rule are enough to find the cause.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError

ROOT = str(Path(__file__).resolve().parent.parent) + "/"
FRAMES = 12
SPEAKS_OF_CODE_ONLY = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)
_SCRUBBED = (
    # Lines in which PostgreSQL quotes rows and statements.
    (re.compile(r"\s*^\s*(?:DETAIL|CONTEXT|HINT|STATEMENT|LINE \d+):.*", re.MULTILINE | re.DOTALL), ""),
    (re.compile(r"\?[^\s\"']*"), ""),
    (re.compile(r"[^\s<>\"'=:,;]+@[^\s<>\"',;]+"), "[mail]"),
    (re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"), "[ip]"),
    # Version 6: eight groups, or fewer with "::"; a time of day has two colons and no "::".
    (
        re.compile(r"(?<![\w:])(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|[0-9a-fA-F:]*::[0-9a-fA-F:]*)(?![\w:])"),
        "[ip]",
    ),
)


def scrubbed(text: str) -> str:
    """Return the text without query strings, addresses and what PostgreSQL quotes."""
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    return text


def one_line(text: str) -> str:
    """Return the text in one line; a line end in a path must not begin a line of its own."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def described(error: BaseException) -> dict[str, Any]:
    """Return kind, places in the code and cause of an exception, without what it says about data."""
    found: dict[str, Any] = {"kind": type(error).__name__}
    if isinstance(error, SPEAKS_OF_CODE_ONLY):
        found["text"] = scrubbed(str(error))
    rule = getattr(getattr(error, "diag", None), "constraint_name", None)
    if rule:
        found["rule"] = rule
    if code := getattr(error, "sqlstate", None):
        found["sqlstate"] = code
    frames = traceback.extract_tb(error.__traceback__)
    # Our own code, and where it broke at last; what lies between belongs to libraries.
    told = [frame for frame in frames[:-1] if is_ours(frame.filename)][-FRAMES:] + frames[-1:]
    found["places"] = [f"{frame.filename.removeprefix(ROOT)}:{frame.lineno} {frame.name}" for frame in told]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        found["cause"] = described(cause)
    return found


def is_ours(path: str) -> bool:
    """Say whether a file belongs to this code and not to a library beside it."""
    return path.startswith(ROOT) and "/site-packages/" not in path


class _Formatter(logging.Formatter):
    """Common to both forms: the message is scrubbed, the exception described, arguments never dumped."""

    def parts(self, record: logging.LogRecord) -> tuple[str, dict[str, Any] | None]:
        """Return the message and, if there is one, the exception."""
        error = record.exc_info[1] if record.exc_info else None
        return one_line(scrubbed(record.getMessage())), described(error) if error is not None else None


class JsonFormatter(_Formatter):
    """One line of JSON: time (UTC), level, logger, message, process, and the exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        message, error = self.parts(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            "process": record.process,
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if error is not None:
            line["error"] = error
        return json.dumps(line, ensure_ascii=False)


class PlainFormatter(_Formatter):
    """The same for people, in development: lines one can read."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message, and below it the exception."""
        message, error = self.parts(record)
        return "\n".join([f"{record.levelname} {record.name} {message}", *_told(error)])


def _told(error: dict[str, Any] | None) -> Iterator[str]:
    while error is not None:
        yield " ".join(str(error[key]) for key in ("kind", "rule", "text") if key in error)
        yield from (f"  {place}" for place in error["places"])
        error = error.get("cause")
