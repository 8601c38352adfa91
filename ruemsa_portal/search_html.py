"""The page of the search: filled into what was prepared, or rendered whole when there is something rare to say."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.pages import Page, filled, open_html, whole
from directory.parts import Html, Part, hole, joined, kept_part
from offers.cards import marked
from offers.list_html import notices_html
from ruemsa_portal.search import Answer, Group, Line

TEMPLATE = "ruemsa_portal/search.html"
BLOCKS = ("notices", "answer", "groups")


def search_page(request: HttpRequest, found: Mapping[str, Any], *, version: str) -> Page:
    """Return the page. ``found``: the query; with one also notices, answer, groups, total and contact."""
    answer, groups = found.get("answer"), found.get("groups", ())
    html: Mapping[str, Any] = {
        "notices": notices_html(found.get("notices")),
        "answer": _answer_html(answer, version) if answer else None,
        "groups": joined(map(_group_html, groups)) if groups else None,
    }
    context = {**found, "is_private": bool(answer and answer.is_private)}
    if not groups:
        page = whole(request, TEMPLATE, {**context, **html})
        page.context_data = context
        return page
    has = {name: bool(html[name]) for name in BLOCKS}

    def fixed() -> dict[str, Any]:
        blocks = {name: open_html(name) for name, is_there in has.items() if is_there}
        return {"query": hole("query"), "results": hole("results"), "is_private": context["is_private"], **blocks}

    total = found["total"]
    results = ngettext("%(total)s Treffer", "%(total)s Treffer", total) % {"total": total}
    return filled(
        request,
        TEMPLATE,
        version=version,
        key=(*has.values(), context["is_private"]),
        fixed=fixed,
        values={"query": found["query"], "results": results, **html},
        context=context,
    )


def _answer_html(answer: Answer, version: str) -> Html:
    """The door that the words sound like: the same for everybody whose words do."""
    context = {"answer": answer}
    part = kept_part("search-answers", version, answer, lambda: Part.of("ruemsa_portal/_answer.html", context))
    return part.fill({})


def _group_html(group: Group) -> Html:
    names = ("key", "title", "lines", "more", *(("more_url",) if group.more_url else ()))
    context = {name: hole(name) for name in names} | {"lines": open_html("lines")}
    look = kept_part("search-group-look", "", names, lambda: Part.of("ruemsa_portal/_group.html", context))
    return look.fill(
        {
            "key": group.key,
            "title": group.title,
            "lines": joined(map(_line_html, group.lines)),
            "more": _("Alle %(total)s Angebote") % {"total": group.total},
            "more_url": group.more_url,
        }
    )


def _line_html(line: Line) -> Html:
    """One hit: its texts with the words that led to it marked."""
    has = {"text": bool(line.text), "reason": bool(line.reason), "place": bool(line.place)}
    key = (line.is_example, *has.values())

    def cut() -> Part:
        names = ("kind", "url", "title", *(name for name, is_there in has.items() if is_there))
        return Part.of("ruemsa_portal/_hit.html", {"is_example": line.is_example, **{n: hole(n) for n in names}})

    return kept_part("search-hit-look", "", key, cut).fill(
        {
            "kind": line.kind,
            "url": line.url,
            "title": marked(line.title),
            "text": marked(line.text),
            "reason": line.reason,
            "place": line.place,
        }
    )
