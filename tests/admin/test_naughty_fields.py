"""Hostile strings in every text field staff can fill in: stored through the form, shown as text everywhere."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from directory import actions
from directory.admin.forms import PhoneField
from directory.index.writing import affected, refresh
from directory.models import Agency, ContactPoint, GlossaryTerm, Page, SynonymGroup
from offers.models import Offer
from tests.admin.rows import form_data, make_rows
from tests.admin.test_pages import address
from tests.naughty import HOSTILE, NAUGHTY

MODELS = [Offer, ContactPoint, Agency, Page, GlossaryTerm, SynonymGroup]
ROUNDS = 2
LONG = 2_000


class Alive(HTMLParser):
    """Collects what a page would run, were it not for the policy: none of it is ever ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a script in the page, a handler, an address that is a program, and what we never use."""
        named = {name.lower(): (value or "").strip().lower() for name, value in attrs}
        inline = tag == "script" and "src" not in named and "json" not in named.get("type", "")
        address = re.sub(r"\s", "", named.get("href") or named.get("src") or named.get("action") or "")
        if (
            inline
            or tag in {"iframe", "animate", "object", "embed"}
            or any(name.startswith("on") or name == "srcdoc" for name in named)
            or address.startswith(("javascript:", "data:"))
            or (tag == "img" and address == "x")
        ):
            self.found.append(self.get_starttag_text() or tag)


def alive(html: str) -> list[str]:
    parser = Alive()
    parser.feed(html)
    return parser.found


def text_fields(response: Any) -> Iterator[tuple[str, int]]:
    """Yield name and longest text of every field of the form, and of the rows inside it, that takes words."""
    lines = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        lines += [form for form in inline.formset.forms if form.instance.pk]
    for form in lines:
        for bound in form:
            kinds = (forms.EmailField, forms.URLField, forms.SlugField, PhoneField)
            if isinstance(bound.field, forms.CharField) and not isinstance(bound.field, kinds):
                yield bound.html_name, bound.field.max_length or LONG


def poisoned(fields: list[tuple[str, int]], number: int) -> dict[str, str]:
    """Give every field another string in every round; long ones take several at once."""
    strings = [text for text in (*HOSTILE, *NAUGHTY) if text.strip()]
    found = {}
    for place, (name, longest) in enumerate(fields):
        start = (place * 7 + number * 29) % len(strings)
        some = strings[start:] + strings[:start]
        found[name] = ("\n\n".join([*some[:3], *HOSTILE]) if longest >= LONG else some[0])[:longest]
    return found


def wrong_fields(response: Any) -> set[str]:
    """Return the fields the form refused."""
    lines = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        lines += inline.formset.forms
    return {form.add_prefix(name) for form in lines for name in form.errors if name != "__all__"}


def store(desk: Client, url: str, number: int) -> list[str]:
    """Save what the form takes of a round and return the fields that hold it now."""
    page = desk.get(url)
    data = form_data(page)
    bad = poisoned(list(text_fields(page)), number)
    for attempt in range(3):
        answer = desk.post(url, {**data, **bad})
        if answer.status_code == 302:
            return sorted(bad)
        assert answer.status_code == 200, url
        assert alive(answer.content.decode()) == []
        refused = wrong_fields(answer) & set(bad)
        # A field of single words gets one line of them, then nothing.
        words = {name: f"Lehre\n{HOSTILE[0]}" for name in refused if attempt == 0 and "\n" in bad[name]}
        bad = {name: text for name, text in bad.items() if name not in refused} | words if refused else {}
    pytest.fail(f"{url}: {answer.context['errors']}")


def publish(row: Any) -> None:
    if hasattr(row, "status"):
        type(row).objects.filter(pk=row.pk).update(status="published", checked_on="2026-11-01")
    refresh(affected([row]))
    actions.raise_content_version()


def shown_on(model: type, row: Any) -> list[str]:
    """Return every page that shows words of the row."""
    found = [address(model, page) for page in ("changelist",)]
    found += [address(model, page, row.pk) for page in ("change", "history", "delete")]
    if model in (Offer, ContactPoint, Agency):
        found.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_preview", args=[row.pk]))
    public = {Offer: ["/angebote/"], ContactPoint: ["/anlaufstellen/"], GlossaryTerm: ["/glossar/"]}
    if hasattr(row, "get_absolute_url"):
        found.append(row.get_absolute_url().split("#")[0])
    return [*found, *public.get(model, []), "/suche/?q=alert", "/admin/"]


@pytest.mark.parametrize("text", HOSTILE[:5])
def test_what_would_run_is_seen(text: str) -> None:
    assert alive(f'<p title="{text}">{text}</p>')


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_hostile_strings_are_stored_and_shown_as_text(desk: Client, model: type) -> None:
    desk.raise_request_exception = False
    row = make_rows(1)[model]
    if model is Page:
        Page.objects.filter(pk=row.pk).update(slug="ueber")
    held: set[str] = set()
    for number in range(ROUNDS):
        type(row).objects.filter(pk=row.pk).update(**({"status": "draft"} if hasattr(row, "status") else {}))
        held |= set(store(desk, address(model, "change", row.pk), number))
        row = model.objects.get(pk=row.pk)
        publish(row)
        pages = shown_on(model, row)
        # The second round shows other strings where most of them are: in the form and in public.
        for path in [pages[1], *pages[4:]] if number else pages:
            answer = desk.get(path)
            assert answer.status_code in (200, 302, 403), path
            assert (path, alive(answer.content.decode())) == (path, [])
    names = {name for name, _longest in text_fields(desk.get(address(model, "change", row.pk)))}
    # „Führt zu“ of a group takes the names of offers, so it takes none of these.
    assert names - held == ({"means"} if model is SynonymGroup else set())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nul_and_ten_megabytes_are_refused(desk: Client, model: type) -> None:
    desk.raise_request_exception = False
    row = make_rows(1)[model]
    url = address(model, "change", row.pk)
    page = desk.get(url)
    data, names = form_data(page), [name for name, _longest in text_fields(page)]
    with_nul = desk.post(url, {**data, **dict.fromkeys(names, "a\x00b")})
    assert with_nul.status_code == 200
    assert wrong_fields(with_nul) >= set(names)
    assert desk.post(url, {**data, names[0]: "x" * 10_000_000}).status_code in (400, 413)
    assert model.objects.get(pk=row.pk) == row


def test_every_field_takes_its_turn(desk: Client) -> None:
    """What is poisoned is every text field of the six forms: a new one joins by itself."""
    rows = make_rows(1)
    names = {
        model.__name__: {name for name, _longest in text_fields(desk.get(address(model, "change", rows[model].pk)))}
        for model in MODELS
    }
    assert {"title", "summary", "description", "steps", "preconditions-0-text", "deadlines-0-text"} <= names["Offer"]
    assert {"name", "directions", "persons-0-name", "schedules-0-note", "exceptions-0-reason"} <= names["ContactPoint"]
    assert {"name", "short_name", "what_we_do", "source"} <= names["Agency"]
    assert names["Page"] == {"title", "body"}
    assert {"term", "also", "former_name", "explanation"} <= names["GlossaryTerm"]
    assert {"name", "words"} <= names["SynonymGroup"]
