"""Log lines without personal data: no query string, no address, no form content."""

import logging
import re

_QUERY = re.compile(r"\?[^\s\"']*")


class PathOnlyFormatter(logging.Formatter):
    """Formats a record as one line and cuts every query string out of it."""

    def __init__(self) -> None:
        super().__init__("{levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what follows a question mark in a path is dropped."""
        return _QUERY.sub("", super().format(record))
