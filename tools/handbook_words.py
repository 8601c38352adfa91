"""What the pictures of the handbook show, in words: so that a test sees when a page has moved on, without a browser.

Kept are the words that lead through a page – headings, names of fields, buttons, columns, help – in their
order, each once, with every number as "#". How it looks and whose data is shown does not count, so a new
colour or another record leaves the picture as good as it was; another button or field does not.
"""

import re
from html.parser import HTMLParser

# Picture → page and the part of it that is shown; {…} are keys of rows.
SHOWN = {
    "start": ("/admin/", "#content"),
    "zeiten": ("/admin/directory/contactpoint/{point}/change/", "#schedules-group"),
    "liste": ("/admin/directory/contactpoint/{gap}/change/", ".checklist"),
    "text": ("/admin/offers/offer/{offer}/change/", ".field-summary"),
    "import": ("/admin/directory/import/add/", "#content"),
    "ueberblick": ("/admin/uebersicht/", "#content"),
    "termine": ("/admin/counseling/slotrule/add/", "#content"),
    "freigeben": ("/admin/offers/offer/{offer}/pruefung/", "#content"),
}
LEADING = {"h1", "h2", "h3", "label", "legend", "th", "dt", "summary", "button", "caption"}
HELP = {"help", "hint"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def words_of(html: str, selector: str) -> list[str]:
    """Return the leading words of the first part of a page that fits ``#id`` or ``.class``; [] when none does."""
    reader = _Reader(selector)
    reader.feed(html)
    return list(dict.fromkeys(filter(None, reader.found)))


class _Reader(HTMLParser):
    """Collects the words inside one element; elements that lead may stand inside each other."""

    def __init__(self, selector: str) -> None:
        super().__init__()
        self.attribute, self.value = ("id" if selector[0] == "#" else "class"), selector[1:]
        self.depth = 0
        self.is_done = False
        self.open: list[tuple[int, list[str]]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the part, or an element in it that leads."""
        given = {name: value or "" for name, value in attrs}
        if self.is_done:
            return
        if not self.depth and self.value not in given.get(self.attribute, "").split():
            return
        if tag == "input" and given.get("type") == "submit":
            self.found.append(_bare(given.get("value", "")))
        if tag in VOID:
            return
        self.depth += 1
        if tag in LEADING or HELP & set(given.get("class", "").split()):
            self.open.append((self.depth, []))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and the part with its last one."""
        if not self.depth or tag in VOID:
            return
        if self.open and self.open[-1][0] == self.depth:
            self.found.append(_bare(" ".join(self.open.pop()[1])))
        self.depth -= 1
        self.is_done = not self.depth

    def handle_data(self, data: str) -> None:
        """Keep words of the element that leads."""
        if self.open:
            self.open[-1][1].append(data)


def _bare(text: str) -> str:
    return re.sub(r"\d[\d.,:]*", "#", " ".join(text.split()))
