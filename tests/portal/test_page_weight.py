"""The line that says how easy, how heavy and how fresh a page is."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils.crypto import get_random_string

from directory.models import Agency, ContactPoint, Page
from offers.models import Offer
from ruemsa_portal.page_weight import MARK, PageWeightMiddleware, kilobytes, size_of

LINE = re.compile(r'<p class="checked">.*?</p>', re.DOTALL)
HARD = "Die Inanspruchnahme berufsvorbereitender Bildungsangebote setzt die Erfüllung der Schulpflicht voraus. " * 3


def line_of(client: Client, path: str) -> str:
    html = client.get(path).content.decode()
    assert MARK.decode() not in html
    (line,) = LINE.findall(html)
    return " ".join(re.sub(r"<[^>]+>", " ", line).split())


@pytest.fixture
def own_files(tmp_path: Path, settings: Any) -> Path:
    settings.STATIC_ROOT = tmp_path
    size_of.cache_clear()
    yield tmp_path
    size_of.cache_clear()


def test_weight_is_the_page_and_every_file_it_names_once(own_files: Path) -> None:
    (own_files / "a.css").write_bytes(b"x" * 90_000)
    (own_files / "a.css.gz").write_bytes(b"x" * 4_000)
    (own_files / "b.js").write_bytes(get_random_string(5_000).encode())
    (own_files / "b2.js").write_bytes(get_random_string(50_000).encode())
    html = b"<link href='/static/a.css'><script src='/static/b.js'></script><use href='/static/a.css#x'>"
    html += b"<a href='/static/b2.js'><script src='https://example.org/c.js'></script><a href='/static/gibt-es-nicht.js'><meta content='/static/b.js'>"
    expected = len(gzip.compress(html, 6)) + 4_000 + len(gzip.compress((own_files / "b.js").read_bytes(), 9))
    assert kilobytes(html) == -(-expected // 1000)
    assert 7 <= kilobytes(html) <= 9


def test_file_that_packing_makes_larger_goes_as_it_is(own_files: Path) -> None:
    (own_files / "a.png").write_bytes(b"\x00\xff\x10")
    assert size_of("a.png") == 3
    assert size_of("gibt-es-nicht.png") == 0


def test_pages_that_do_not_ask_stay_as_they_are() -> None:
    request = RequestFactory().get("/")
    for answer in (HttpResponse(b"<p>Text</p>"), StreamingHttpResponse([MARK])):
        assert PageWeightMiddleware(lambda _request, answer=answer: answer)(request) is answer
    assert b"".join(StreamingHttpResponse([MARK])) == MARK


def test_line_of_each_kind_of_page(region: None, client: Client) -> None:
    Page.objects.update(checked_on="2026-11-01")
    easy = Offer.objects.get(slug="bvj")
    agency = Agency.objects.exclude(what_we_do="").filter(status="published").order_by("pk")[0]
    point = ContactPoint.objects.filter(slug=settings.REGION["coordination_point"])
    point.update(
        summary="Du hast noch keinen Platz? Ruf uns an. Wir hören dir zu. Dann suchen wir mit dir. Komm gern her."
    )
    for path in (easy.get_absolute_url(), point[0].get_absolute_url(), "/ueber/"):
        assert re.fullmatch(
            r"leicht zu lesen · \d\d KB · (geprüft am .*|noch nicht geprüft.*)", line_of(client, path)
        ), path
    assert re.match(r"(leicht zu lesen · )?\d\d KB · ", line_of(client, agency.get_absolute_url()))
    assert re.match(r"\d\d KB · geprüft am 1. November 2026", line_of(client, "/impressum/"))


def test_hard_text_takes_the_words_away(region: None, client: Client) -> None:
    Offer.objects.filter(slug="bvj").update(description=HARD)
    assert "leicht" not in line_of(client, "/angebote/bvj/")


def test_weight_is_what_a_page_of_a_few_kilobytes_weighs(region: None, client: Client) -> None:
    """Against the parts summed up by hand: within a kilobyte."""
    html = client.get("/angebote/bvj/").content
    parts = {name.decode() for name in re.findall(rb'/static/([^"#?]+\.(?:css|js|svg))', html)}
    total = len(gzip.compress(html, 6)) + sum(size_of(name) for name in parts)
    (said,) = re.findall(r"(\d+) KB", html.decode())
    assert len(parts) >= 10
    assert abs(int(said) - total / 1000) <= 1
