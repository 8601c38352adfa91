"""A growth curve as SVG: both axes in powers of ten, one line a page. No library, no script, no style inside."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
COLOURS = ("#1b5e9e", "#a33b00", "#2f7d32", "#7a1fa2", "#00695c", "#8d6e00", "#ad1457", "#455a64")
Points = Sequence[tuple[float, float]]


def place(value: float, low: float, high: float, start: float, end: float) -> float:
    """Return where a value stands between ``start`` and ``end`` when ``low`` … ``high`` are powers of ten."""
    share = (log10(value) - low) / ((high - low) or 1)
    return start + share * (end - start)


def decades(values: Sequence[float]) -> tuple[int, int]:
    """Return the exponents of the powers of ten that hold all values; at least one power apart."""
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def svg(title: str, unit: str, lines: Mapping[str, Points]) -> str:
    """Draw the lines: number of offers to the right, the unit upwards. Values must be larger than nothing."""
    across = decades([x for points in lines.values() for x, _y in points])
    up = decades([y for points in lines.values() for _x, y in points])
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>',
    ]
    for power in range(across[0], across[1] + 1):
        x = place(10.0**power, *across, LEFT, right)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(up[0], up[1] + 1):
        y = place(10.0**power, *up, bottom, TOP)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    parts.append(f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">offers</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 4}" text-anchor="end">{escape(unit)}</text>')
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        spots = [(place(x, *across, LEFT, right), place(y, *up, bottom, TOP)) for x, y in sorted(points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        row = TOP + 14 + number * 18
        parts.append(f'<text x="{right + 14}" y="{row}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
