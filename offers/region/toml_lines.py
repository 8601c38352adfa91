"""In which line of a TOML file does a key stand? ``tomllib`` does not tell."""

import re
from itertools import count

Path = tuple[str | int, ...]

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
ASSIGNMENT = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
# Strings, comments and brackets: all that decides where a value ends.
TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]')


def key_lines(text: str) -> dict[Path, int]:
    """Map each key path of a valid TOML text to its line, counted from 1.

    Tables in arrays carry their index: ``("deadlines", 0, "month")``.
    """
    lines = text.split("\n")
    found: dict[Path, int] = {}
    sizes: dict[Path, int] = {}
    prefix: Path = ()
    index = 0
    while index < len(lines):
        header = HEADER.match(lines[index])
        assignment = ASSIGNMENT.match(lines[index])
        if header:
            prefix = _table_path(_parts(header[2]), sizes, is_array=header[1] == "[[")
            found[prefix] = index + 1
        elif assignment:
            found[prefix + _parts(assignment[1])] = index + 1
            index = _last_line_of_value(lines, index, assignment.end())
        index += 1
    return found


def _parts(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _table_path(parts: Path, sizes: dict[Path, int], *, is_array: bool) -> Path:
    """Insert the indexes of the arrays of tables that enclose the table."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if is_array and position == len(parts) - 1:
            sizes[path] = sizes.get(path, 0) + 1
        if path in sizes:
            path = (*path, sizes[path] - 1)
    return path


def _last_line_of_value(lines: list[str], first: int, column: int) -> int:
    """Return the index of the line in which the value that begins at ``column`` ends."""
    depth = 0
    closing = ""
    for number in count(first):
        if number >= len(lines):
            return number
        rest = lines[number][column:]
        column = 0
        while rest:
            if closing:
                end = rest.find(closing)
                if end < 0:
                    break
                rest = rest[end + 3 :]
                closing = ""
                continue
            token = TOKEN.search(rest)
            if not token:
                break
            rest = rest[token.end() :]
            if token[0] in ('"""', "'''"):
                closing = token[0]
            else:
                depth += (token[0] in "[{") - (token[0] in "]}")
        if not closing and depth <= 0:
            return number
    raise AssertionError("unreachable")
