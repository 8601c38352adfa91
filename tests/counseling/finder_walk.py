"""Reads pages of the finder in tests as a visitor would: what is asked, where one can go."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from tools.markup import Node, parse

FINDER = "/zustaendigkeit/"


@dataclass
class Seen:
    """One answer of the finder."""

    response: Any

    @property
    def tree(self) -> Node:
        return parse(self.response.content.decode())

    @property
    def title(self) -> str:
        return next(self.tree.all("title")).text()

    @property
    def heading(self) -> str:
        return next(self.tree.all("h1")).text()

    @property
    def text(self) -> str:
        return " ".join(next(self.tree.all("main")).text().split())

    @property
    def is_result(self) -> bool:
        return "Ergebnis" in self.title

    @property
    def is_private(self) -> bool:
        return self.response["Cache-Control"] == "no-store"

    @property
    def stand(self) -> str:
        """The sealed answers, as the forms of the page carry them."""
        return next(
            node.attributes["value"] for node in self.tree.all("input") if node.attributes.get("name") == "stand"
        )

    def links(self) -> dict[str, str]:
        """Addresses by the words of the link, as a browser would follow them."""
        found = {}
        for node in self.tree.all("a"):
            found.setdefault(" ".join(node.text().split()), unescape(node.attributes.get("href", "")))
        return found

    def buttons(self) -> dict[str, tuple[str, str]]:
        """Name and value by the words of the button."""
        found = {}
        for node in self.tree.all("button"):
            if "name" in node.attributes:
                words = " ".join(node.text().split())
                found.setdefault(words, (node.attributes["name"], node.attributes["value"]))
        return found


def look(client: Any, address: str) -> Seen:
    """Open an address, following redirects."""
    return Seen(client.get(address, follow=True))


def press(client: Any, seen: Seen, words: str) -> Seen:
    """Press what says these words (or begins with them): a link or a button of the form."""
    for label, href in seen.links().items():
        if label.startswith(words):
            return look(client, href)
    for label, (name, value) in seen.buttons().items():
        if label.startswith(words):
            return Seen(client.post(FINDER, {"stand": seen.stand, name: value}, follow=True))
    raise AssertionError(f"{words!r} is not on the page {seen.heading!r}: {[*seen.links(), *seen.buttons()]}")


def write(client: Any, seen: Seen, **typed: str) -> Seen:
    """Send a typed value the way the form of the page sends it."""
    for form in seen.tree.all("form"):
        names = {node.attributes.get("name") for node in form.all("input")}
        if set(typed) <= names:
            fields = {
                node.attributes["name"]: node.attributes.get("value", "")
                for node in form.all("input")
                if "disabled" not in node.attributes
            }
            fields |= typed
            if form.attributes.get("method") == "post":
                return Seen(client.post(FINDER, fields, follow=True))
            return Seen(client.get(FINDER, fields, follow=True))
    raise AssertionError(f"no form takes {typed}")


def walk(client: Any, seen: Seen, *words: str) -> Seen:
    """Press one thing after the other."""
    for word in words:
        seen = press(client, seen, word)
    return seen


def without_seal(html: str) -> str:
    """Return the page without the sealed answers, whose signature holds the time."""
    return re.sub(r'name="stand" value="[^"]*"', "", html)
