"""The few tags that are not an include. The only module that marks text as safe; never a query."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

import nh3
from django import template
from django.forms import BoundField
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.templatetags.static import static
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from directory import checklist
from directory.parts import Html, Shelf
from ruemsa_portal.page_weight import MARK
from ruemsa_portal.phones import readable_phone
from ruemsa_portal.stylesheet import sheets

register = template.Library()

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "code"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_HEADING = re.compile(r"(</?h)([1-6])(?=>)")
_TAG = re.compile(r"(<[^>]*>)")
_NO_LINKS_INSIDE = re.compile(r"<(/?)(a|h[1-6]|code)\b")
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class Term(Protocol):
    """What the glossary filter needs to know of a word."""

    term: str
    also: str

    def get_absolute_url(self) -> str: ...


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Return a decorative icon of the sprite; the text beside it says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false" width="24" height="24"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def styles(*names: str) -> SafeString:
    """Return the links of a page's style sheets, those of the frame without names; none for what the one file holds."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in sheets(*names)))


@register.filter
def phone(number: str) -> str:
    """Return an E.164 number as people in Germany write it, in one line: ``+493904724014`` → ``03904 724 014``."""
    return readable_phone(number).replace(" ", "\u00a0")


@register.filter
def german_date(value: date | datetime | None) -> str:
    """Return ``22. November 2026``; nothing for a missing date."""
    return date_format(value, "j. F Y") if value else ""


@register.filter
def dayname(value: int | date) -> str:
    """Return the German weekday of a date, or of a number with Monday = 0."""
    return str(WEEKDAYS[value.weekday() if isinstance(value, date) else value])


@register.filter
def markdown(text: str, top_level: int = 2) -> SafeString:
    """Return an editor's text as HTML: a small CommonMark subset, raw HTML shown as text.

    The highest heading becomes ``top_level`` so that the page keeps its one ``h1``. Links may use
    http, https, mailto and tel, or stay on the site; whatever else slips through is cut at output.
    """
    html = _MARKDOWN.render(text or "")
    levels = [int(level) for _, level in _HEADING.findall(html)]
    shift = top_level - min(levels) if levels else 0
    html = _HEADING.sub(lambda hit: f"{hit[1]}{min(int(hit[2]) + shift, 6)}", html)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return mark_safe(clean)  # noqa: S308 cleaned against an allow-list one line above


@register.filter
def glossary(text: str, terms: Iterable[Term]) -> SafeString:
    """Link the first occurrence of every term; plain text is escaped first, HTML from ``markdown`` is kept.

    ``terms`` comes from the view. Nothing is linked inside links, headings or code, and a longer
    word wins over a shorter one that is part of it.
    """
    words: dict[str, Term] = {}
    for entry in terms:
        for word in (entry.term, *entry.also.split(";")):
            if word.strip():
                words.setdefault(str(escape(word.strip())), entry)
    if not words:
        return conditional_escape(text)
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    linked: set[str] = set()

    def link(hit: re.Match[str]) -> str:
        entry = words[hit[1]]
        if entry.term in linked:
            return hit[1]
        linked.add(entry.term)
        return f'<a class="term" href="{escape(entry.get_absolute_url())}">{hit[1]}</a>'

    parts: list[str] = []
    depth = 0
    for part in _TAG.split(conditional_escape(text)):
        if part.startswith("<"):
            if hit := _NO_LINKS_INSIDE.match(part):
                depth += -1 if hit[1] else 1
            parts.append(part)
        else:
            parts.append(part if depth else pattern.sub(link, part))
    return mark_safe("".join(parts))  # noqa: S308 input was escaped or safe, only own links were added


@register.filter
def is_easy(record: Any) -> bool:
    """Say whether every text of a record is easy enough for its readers; without a query."""
    return checklist.is_easy(record)


@register.simple_tag
def page_weight() -> SafeString:
    """Return the place where the page says how many kilobytes it has."""
    return mark_safe(MARK.decode())  # noqa: S308 a constant


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """Return a schema.org data block; a browser never runs it, and no value can close it."""
    text = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 < > & escaped above


@register.filter
def input_id(field: BoundField) -> str:
    """Return the id of the first control of a field: where an error link must lead."""
    if field.use_fieldset and field.auto_id:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """Return the block without space around it; with ``as name`` one text serves in several places."""
    return mark_safe(content.strip())  # noqa: S308 rendered by the template engine, hence escaped already


@register.filter
def prepared(html: Html) -> SafeString:
    """Return HTML made from parts, where every value was escaped when it was put in; TypeError for anything else."""
    if not isinstance(html, Html):
        raise TypeError("only what directory.parts has made")
    return mark_safe(html.__html__())  # noqa: S308 rendered by the template engine, values escaped


KEPT: Shelf[SafeString] = Shelf(2_000_000)
"""What ``{% kept %}`` has rendered in this process; it depends on no content, only on templates and settings."""


@register.tag
def kept(parser: Parser, token: Token) -> "KeptNode":
    """Render a block once per process: ``{% kept path=request.path %}…{% endkept %}``.

    Inside, only the named values are known, so the block cannot show what it is not kept under. For the
    frame of pages, which no content and no day changes.
    """
    name, *given = token.split_contents()
    values = token_kwargs(given, parser)
    if given:
        raise TemplateSyntaxError(f"{name}: {given[0]} needs a name, as in path=request.path")
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodes, values)


class KeptNode(Node):
    """The block of ``kept``."""

    def __init__(self, nodelist: NodeList, values: Mapping[str, FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values

    def render(self, context: Context) -> SafeString:
        """Return what was rendered for the same values in the same language; a safe text is another value."""
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (self, get_language(), *((type(value), value) for value in values.values()))
        found = KEPT.get(key)
        if found is None:
            found = self.nodelist.render(context.new(values))
            KEPT.put(key, found, size=sys.getsizeof(found) + 200)
        return found
