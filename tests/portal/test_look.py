"""Figures of the look: contrast in both schemes, size of what every visitor loads, icons that exist."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
TEXT, PART = 4.5, 3.0

# (foreground, background, least contrast): every pair that the style sheets put together.
PAIRS = [
    ("text", "page", TEXT),
    ("text", "surface", TEXT),
    ("text", "sky", TEXT),
    ("text", "sky-high", TEXT),
    ("text", "brand-soft", TEXT),
    ("text", "info-soft", TEXT),
    ("text", "warn-soft", TEXT),
    ("text", "error-soft", TEXT),
    ("text", "leaf", TEXT),
    ("text-soft", "page", TEXT),
    ("text-soft", "surface", TEXT),
    ("text-soft", "brand-soft", TEXT),
    ("text-soft", "warn-soft", TEXT),
    ("link", "page", TEXT),
    ("link", "surface", TEXT),
    ("link", "brand-soft", TEXT),
    ("link", "info-soft", TEXT),
    ("link", "warn-soft", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-door", "door", TEXT),
    ("on-door", "door-light", TEXT),
    ("on-field", "field", TEXT),
    ("on-field", "field-dark", TEXT),
    ("on-soil", "soil", TEXT),
    ("error", "page", TEXT),
    ("error", "surface", TEXT),
    ("page", "error", TEXT),
    ("ok", "page", TEXT),
    ("line", "page", PART),
    ("line", "surface", PART),
    ("brand", "page", PART),
    ("brand", "sky", PART),
    ("brand", "surface", PART),
    ("focus", "page", PART),
    ("focus", "surface", PART),
    ("focus", "sky", PART),
    ("door", "field", PART),
    ("door", "soil", PART),
]


def blocks() -> dict[str, dict[str, str]]:
    css = (STATIC / "css" / "tokens.css").read_text()
    light = css[: css.index("@media")]
    dark = css[css.index("prefers-color-scheme: dark") : css.index("prefers-contrast")]
    pattern = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6});")
    return {"light": dict(pattern.findall(light)), "dark": dict(pattern.findall(light)) | dict(pattern.findall(dark))}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_has_enough_contrast(scheme: str) -> None:
    colours = blocks()[scheme]
    weak = {
        f"{front} on {back}": round(contrast(colours[front], colours[back]), 2)
        for front, back, least in PAIRS
        if contrast(colours[front], colours[back]) < least
    }
    assert weak == {}


def test_contrast_formula_knows_black_and_white() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("folder", "limit"), [("css", 20_000), ("js", 8_000)])
def test_all_styles_and_scripts_together_stay_small(folder: str, limit: int) -> None:
    files = [
        path
        for path in (STATIC / folder).rglob("*.*")
        if path.name not in ("admin.css", "admin_rules.css", "exchange.css")
    ]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= limit


def test_preview_picture_and_sprite_stay_small() -> None:
    assert (STATIC / "img" / "preview.png").stat().st_size <= 20_000
    assert len(gzip.compress((STATIC / "img" / "icons.svg").read_bytes(), 9)) <= 3_000


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"\{% icon \"([\w-]+)\" %\}|\bicon=\"([\w-]+)\"", path.read_text())
        for name in name
        if name
    }
    assert named - sprite == set()


def test_styles_use_logical_sides_only() -> None:
    sides = re.compile(r"^\s*(?:margin|padding|border|inset)?-?(?:left|right|top|bottom)(?:-[\w-]+)?:", re.MULTILINE)
    widths = re.compile(r"^\s*(?:min-|max-)?(?:width|height):", re.MULTILINE)
    found = [
        f"{path.name}: {hit.group().strip()}"
        for path in (STATIC / "css").rglob("*.css")
        if path.name != "admin.css"
        for pattern in (sides, widths)
        for hit in pattern.finditer(path.read_text())
    ]
    assert found == []
