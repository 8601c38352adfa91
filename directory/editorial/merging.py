"""Two edits of one item that started from the same state: what each did is kept, what both did is named."""

from dataclasses import dataclass
from typing import Any

from directory.editorial.shapes import Shape
from directory.editorial.snapshot import Row, Snapshot

MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Merged:
    """``clashes`` names what both changed to something else: ``(field, "")`` or ``(part, key of the row)``."""

    snapshot: Snapshot
    clashes: tuple[tuple[str, Any], ...]


def merge(shape: Shape, base: Snapshot, mine: Snapshot, theirs: Snapshot, *, prefer_mine: bool = True) -> Merged:
    """Bring two edits together. What the others deleted stays deleted."""
    clashes: list[tuple[str, Any]] = []
    fields, both = _merge_row(base.get("fields", {}), mine.get("fields", {}), theirs["fields"], prefer_mine)
    clashes += [(name, "") for name in both]
    many = {
        name: _merge_keys(base.get("many", {}).get(name, []), mine.get("many", {}).get(name, keys), keys)
        for name, keys in theirs["many"].items()
    }
    parts = {}
    for part in shape.parts:
        before, my, their = (_by_key(item.get("parts", {}).get(part.key)) for item in (base, mine, theirs))
        parts[part.key], rows = _merge_rows(before, my, their, prefer_mine)
        clashes += [(part.key, key) for key in rows]
    return Merged({"fields": fields, "many": many, "parts": parts}, tuple(clashes))


def _merge_row(base: Row, mine: Row, theirs: Row, prefer_mine: bool) -> tuple[Row, list[str]]:
    found, clashes = dict(theirs), []
    for name, value in mine.items():
        if name not in theirs or value == theirs[name] or value == base.get(name, MISSING):
            continue
        if theirs[name] != base.get(name, MISSING):
            clashes.append(name)
            if not prefer_mine:
                continue
        found[name] = value
    return found, clashes


def _merge_keys(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    came, went = set(mine) - set(base), set(base) - set(mine)
    return sorted((set(theirs) | came) - went, key=str)


def _by_key(lines: list[Row] | None) -> dict[Any, Row]:
    return {line["id"]: line for line in lines or []}


def _merge_rows(
    base: dict[Any, Row], mine: dict[Any, Row], theirs: dict[Any, Row], prefer_mine: bool
) -> tuple[list[Row], list[Any]]:
    found, clashes = [], []
    for key in [*theirs, *(key for key in mine if key not in theirs)]:
        before, my, their = base.get(key), mine.get(key), theirs.get(key)
        if my is None and before is not None:  # I deleted it
            if their != before:
                clashes.append(key)
                if not prefer_mine and their is not None:
                    found.append(their)
        elif their is None and before is not None:  # they deleted it
            if my != before:
                clashes.append(key)
        elif my is None or their is None:  # one of us added it
            found.append(my or their or {})
        else:
            row, both = _merge_row(before or {}, my, their, prefer_mine)
            found.append(row)
            clashes += [key] if both else []
    return found, clashes
