"""JSON from outside: what no database can hold never gets in."""

import json
from typing import Any


def read_json(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError (``json.JSONDecodeError`` knows the line)."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("zu tief verschachtelt") from error
    if not is_storable(value):
        raise ValueError("Zeichen, die keine Datenbank speichert")
    return value


def is_storable(value: object) -> bool:
    """Say whether both databases can store every text inside: no NUL, no half of a character."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
        text.encode("utf-8")
    except (RecursionError, UnicodeEncodeError):
        return False
    return "\\u0000" not in text.replace("\\\\", "")


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} ist keine Zahl")
