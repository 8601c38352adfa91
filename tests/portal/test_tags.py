"""The portal's template tags: what they show, and that nothing hostile gets through."""

from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from ruemsa_portal.phones import readable_phone
from ruemsa_portal.templatetags import portal
from tests.naughty import NAUGHTY

DANGEROUS_TAGS = {"script", "style", "iframe", "object", "embed", "svg", "img", "form", "input", "base", "meta", "link"}


@dataclass(frozen=True)
class Word:
    term: str
    also: str = ""

    def get_absolute_url(self) -> str:
        return f"/glossar/#{self.term.lower()}"


class Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    collector = Collector()
    collector.feed(html)
    return collector.found


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+493904724014", "03904 724 014"),
        ("+4939047240", "03904 7240"),
        ("+49390466840", "03904 66840"),
        ("+493912345678", "0391 234 5678"),
        ("+4939209123", "039209 123"),
        ("+493023125100", "030 2312 5100"),
        ("+4915566577380", "0155 6657 7380"),
        ("+498004555500", "0800 455 5500"),
        ("+43123456789", "+43 123 456 789"),
        ("116111", "116 111"),
        ("112", "112"),
        ("siehe Website", "siehe Website"),
    ],
)
def test_phone_is_shown_as_people_write_it(number: str, shown: str) -> None:
    assert readable_phone(number) == shown
    assert portal.phone(number) == shown.replace(" ", "\u00a0")


@given(st.from_regex(r"\+49[1-9][0-9]{3,12}", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_phone_never_loses_or_adds_a_digit(number: str) -> None:
    assert readable_phone(number).replace(" ", "") == "0" + number.removeprefix("+49")


def test_dates_and_days_are_german() -> None:
    assert portal.german_date(date(2026, 11, 22)) == "22. November 2026"
    assert portal.german_date(datetime(2026, 3, 1, 12, 0)) == "1. März 2026"  # noqa: DTZ001 a wall time
    assert portal.german_date(None) == ""
    assert [portal.dayname(0), portal.dayname(6), portal.dayname(date(2026, 11, 22))] == [
        "Montag",
        "Sonntag",
        "Sonntag",
    ]


def test_markdown_makes_the_small_subset() -> None:
    html = portal.markdown("Hallo **du**\n\n- eins\n- zwei\n\n[Amt](https://example.org/) und <b>roh</b>")
    assert html == (
        "<p>Hallo <strong>du</strong></p>\n<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>\n"
        '<p><a href="https://example.org/">Amt</a> und &lt;b&gt;roh&lt;/b&gt;</p>\n'
    )


@pytest.mark.parametrize(
    ("text", "level", "heading"),
    [("# Titel", 2, "<h2>"), ("### Titel", 2, "<h2>"), ("## Titel", 3, "<h3>"), ("###### Titel", 2, "<h2>")],
)
def test_markdown_never_makes_a_second_main_heading(text: str, level: int, heading: str) -> None:
    assert portal.markdown(text, level).startswith(heading)


def test_markdown_keeps_the_order_of_headings() -> None:
    assert [tag for tag, _ in elements(portal.markdown("# A\n\n## B\n\n###### C")) if tag.startswith("h")] == [
        "h2",
        "h3",
        "h6",
    ]


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ("https://example.org", "https://example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+49123", "tel:+49123"),
        ("/anlaufstellen/", "/anlaufstellen/"),
    ],
)
def test_markdown_keeps_harmless_links(link: str, href: str) -> None:
    assert elements(portal.markdown(f"[x]({link})")) == [("p", {}), ("a", {"href": href})]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://example.org"]
)
def test_markdown_drops_other_schemes(link: str) -> None:
    assert [attrs.get("href") for tag, attrs in elements(portal.markdown(f"[x]({link})")) if tag == "a"] in ([], [None])


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_text_makes_no_dangerous_element(text: str) -> None:
    for html in (portal.markdown(text), portal.glossary(text, [Word("Jobcenter")]), portal.json_ld({"name": text})):
        for tag, attributes in elements(html):
            if tag == "script":
                assert attributes == {"type": "application/ld+json"}
                continue
            assert tag not in DANGEROUS_TAGS
            assert [name for name in attributes if name.startswith("on") or name == "style"] == []


def test_json_ld_cannot_be_closed_by_a_value() -> None:
    html = portal.json_ld({"name": "</script><script>alert(1)</script>"})
    assert html.count("<script") == 1
    assert html.count("</script>") == 1


def test_glossary_links_the_first_occurrence_only() -> None:
    html = portal.glossary("Das Jobcenter zahlt. Frag das Jobcenter.", [Word("Jobcenter")])
    assert html == 'Das <a class="term" href="/glossar/#jobcenter">Jobcenter</a> zahlt. Frag das Jobcenter.'


def test_glossary_takes_the_longer_word_and_whole_words_only() -> None:
    words = [Word("Amt"), Word("Amt für Migration"), Word("BAB", "Berufsausbildungsbeihilfe")]
    html = portal.glossary("Amt für Migration, Ämter, Jugendamt, Berufsausbildungsbeihilfe", words)
    assert [attrs["href"] for _, attrs in elements(html)] == ["/glossar/#amt für migration", "/glossar/#bab"]


def test_glossary_leaves_links_and_headings_alone() -> None:
    text = portal.markdown("## Jobcenter\n\n[Jobcenter](/x/) und Jobcenter")
    html = portal.glossary(text, [Word("Jobcenter")])
    assert html.count('class="term"') == 1
    assert html.endswith('und <a class="term" href="/glossar/#jobcenter">Jobcenter</a></p>\n')


def test_glossary_escapes_plain_text() -> None:
    assert portal.glossary("<b>Amt</b>", []) == "&lt;b&gt;Amt&lt;/b&gt;"
    assert "<b>" not in portal.glossary("<b>Amt</b>", [Word("Amt")])


def test_icon_is_decorative_and_escapes_its_name() -> None:
    html = portal.icon('x"><script>')
    assert isinstance(html, SafeString)
    assert [tag for tag, _ in elements(html)] == ["svg", "use"]
    assert elements(html)[0][1]["aria-hidden"] == "true"


def test_capture_keeps_escaping() -> None:
    template = Template("{% capture as title %}  {{ name }}\n{% endcapture %}[{{ title }}]")
    assert template.render(Context({"name": "<b>"})) == "[&lt;b&gt;]"
