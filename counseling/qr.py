"""A QR code as the path of an SVG drawing, to be set into the page itself.

An image of its own would need an address, and an address may say too much.
"""

from dataclasses import dataclass
from functools import lru_cache

import segno

BORDER = 4
MASK = 2
"""One fixed pattern: every reader knows all eight, and trying them out takes half the time of the page."""


@dataclass(frozen=True)
class QrDrawing:
    """Side length in modules, border included, and the dark modules as path data."""

    size: int
    path: str


@lru_cache(maxsize=256)
def qr_drawing(text: str) -> QrDrawing:
    """Return the drawing of a text (an address) with medium error correction. Few addresses are drawn, each over and over."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False, mask=MASK).matrix_iter(border=BORDER)]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return QrDrawing(len(rows), "".join(parts))
