"""Prepared parts of pages: right for every visitor, version, day, moment and language, and never more than wanted."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.utils.safestring import mark_safe
from django.utils.translation import override

from directory import parts
from directory.actions import raise_content_version
from directory.parts import Html, Part, Shelf, hole, joined, kept_part
from directory.versions import on_trial
from offers import filter_html
from offers.bookmarks import pack
from offers.models import Offer
from ruemsa_portal.templatetags.portal import KEPT, prepared

LIST = "/angebote/"


@pytest.fixture
def empty_frame() -> Iterator[None]:
    KEPT.__init__(KEPT.most)
    yield
    KEPT.__init__(KEPT.most)


def html_of(client: Client, path: str, **query: str) -> str:
    return client.get(path, query).content.decode()


# --- the tool --------------------------------------------------------------------------


def test_values_are_escaped_once_as_in_a_template() -> None:
    naughty = "<b>\"&'</b>"
    shown = Template("<p>{{ value }}|{{ number }}</p>").render(Context({"value": naughty, "number": 1200}))
    part = Part(f"<p>{hole('value')}|{hole('number')}</p>")
    assert part.fill({"value": naughty, "number": 1200}).__html__() == str(shown)
    assert part.fill({"value": mark_safe("<b>x</b>"), "number": joined([Html("<i>"), Html("1")])}).__html__() == (
        "<p><b>x</b>|<i>1</p>"
    )


def test_missing_value_is_an_error_and_no_empty_place() -> None:
    with pytest.raises(KeyError):
        Part(hole("name")).fill({})
    assert Part(f"{hole('a')} {hole('b')}").partly({"a": "<"}).fill({"b": ">"}).__html__() == "&lt; &gt;"


def test_only_parts_count_as_safe() -> None:
    for value in ("<b>", mark_safe("<b>"), None):
        with pytest.raises(TypeError):
            prepared(value)  # type: ignore[arg-type]


def test_shelf_keeps_to_its_bytes_and_forgets_what_was_asked_for_longest_ago() -> None:
    place: Shelf[int] = Shelf(most=100)
    for number in range(4):
        place.put(number, number, size=30)
    assert [place.get(number) for number in range(4)] == [None, 1, 2, 3]
    place.get(1)
    place.put(9, 9, size=30)
    place.put(9, 10, size=31)
    assert ([place.get(key) for key in (1, 2, 3, 9)], place.size) == ([1, None, 3, 10], 91)
    place.put("too much", 1, size=101)
    assert (len(place), place.size) == (0, 0)


def test_nothing_is_kept_across_versions_languages_and_trials() -> None:
    made: list[str] = []

    def ask(version: str, name: str) -> str:
        def build() -> Part:
            made.append(name)
            return Part(name)

        return kept_part("test", version, "key", build).fill({}).__html__()

    assert [ask("1", "a"), ask("1", "b"), ask("2", "c"), ask("2", "d")] == ["a", "a", "c", "c"]
    with override("en"):
        assert ask("2", "english") == "english"
    with on_trial():
        assert ask("3", "draft") == "draft"
    assert ask("3", "public") == "public"
    assert made == ["a", "c", "english", "draft", "public"]


def test_kept_block_knows_nothing_but_its_values(empty_frame: None) -> None:
    template = Template("{% kept path=path %}{{ path }}{{ secret }}{% endkept %}")
    assert [template.render(Context({"path": path, "secret": "s"})) for path in ("/a", "/b", "<", "/a")] == [
        "/a", "/b", "&lt;", "/a",
    ]  # fmt: skip
    assert template.render(Context({"path": mark_safe("<")})) == "<"
    assert template.render(Context({"path": True})) == "True"
    assert template.render(Context({"path": 1})) == "1"
    with pytest.raises(TemplateSyntaxError, match="needs a name"):
        Template("{% kept path %}{% endkept %}")


# --- the pages --------------------------------------------------------------------------


def test_no_visitor_sees_what_another_one_said(region: None, client: Client) -> None:
    packed = pack(["o:bvj"])
    for path in (LIST, "/angebote/bvj/"):
        plain = html_of(client, path)
        other = html_of(client, path, alter="17", ort="Barleben", m=packed)
        assert urlencode({"alter": "17", "ort": "Barleben", "m": packed}) in other.replace("&amp;", "&")
        assert html_of(client, path) == plain
        assert "alter=17" not in plain
        assert packed not in plain
        assert html_of(client, path, alter="17", ort="Barleben", m=packed) == other
        assert parts._MARK not in plain + other


def test_what_is_typed_is_escaped_in_the_prepared_form(region: None, client: Client) -> None:
    html = html_of(client, LIST, q='"><script>x', ort="<b>'")
    assert 'value="&quot;&gt;&lt;script&gt;x"' in html
    assert 'value="&lt;b&gt;&#x27;"' in html
    assert html.count("<script>") == 0


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"art": ["beratung", "praktikum"], "kosten": "frei", "sort": "neu"},
        {"alter": "17", "abschluss": "none", "offen": ["alter", "abschluss"], "q": "a&b"},
        {"ort": "Barleben", "ags": "15083040", "umkreis": "10", "sprache": "ar", "stelle": "jobcenter", "bald": "1"},
    ],
)
def test_prepared_form_is_the_form_its_widgets_render(
    region: None, client: Client, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any]
) -> None:
    client.get(LIST)
    prepared_form = html_of(client, LIST, **query)

    def whole(data: Any, counts: Any, *, version: str, has_place: bool) -> Html:
        form = filter_html.OfferFilterForm(data, version=version, whole=True)
        assert form.is_valid()
        form.show_counts(counts)
        context = filter_html.whole_context(form, counts, has_place=has_place)
        return Html(filter_html.render_to_string(filter_html.TEMPLATE, context))

    monkeypatch.setattr("offers.views.fields_html", whole)
    assert same(prepared_form) == same(html_of(client, LIST, **query))


def same(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\s*(<[^>]*>)\s*", r"\1", html))


def test_released_change_is_in_the_next_answer(region: None, client: Client) -> None:
    pages = ["/angebote/?q=berufsvorbereitungsjahr", "/angebote/bvj/", "/suche/?q=berufsvorbereitungsjahr"]
    for path in pages:
        assert "Berufsvorbereitungsjahr" in html_of(client, path).replace("<mark>", "").replace("</mark>", "")
    client.get(LIST)
    # The list begins with counselling, by name.
    Offer.objects.filter(slug="bvj").update(title="!Neuer <Name> Berufsvorbereitungsjahr", kind="beratung")
    raise_content_version()
    for path in (*pages, LIST):
        assert "!Neuer &lt;Name&gt;" in html_of(client, path).replace("<mark>", "").replace("</mark>", ""), path


def test_offer_that_ends_is_gone_at_midnight(region: None, client: Client, fix_time: Callable[[str], None]) -> None:
    fix_time("2026-11-23 23:59:59")
    Offer.objects.filter(slug="bvj").update(published_until="2026-11-23", title="!Heute noch", kind="beratung")
    raise_content_version()
    assert "!Heute noch" in html_of(client, LIST)
    assert client.get("/angebote/bvj/").status_code == 200
    fix_time("2026-11-24 00:00:00")
    assert "!Heute noch" not in html_of(client, LIST)
    assert client.get("/angebote/bvj/").status_code == 404
