"""Bad input on every public address and parameter: a helpful page, never a 500."""

import json
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from tests.naughty import NAUGHTY
from tests.urls_under_test import PAGES, PublicPage

PARAMETERS = {
    "home": [],
    "search": ["q", "genau"],
    "search_suggestions": ["q"],
    "offers:list": [
        "q", "genau", "ort", "ags", "art", "stelle", "alter", "abschluss", "situation", "kosten", "ohne_antrag", "online",
        "sprache", "bald", "umkreis", "sort", "seite", "nach", "m",
    ],
    "offers:detail": ["alter", "abschluss", "situation", "ort", "ags", "m"],
    "offers:bookmarks": ["m", "dazu", "weg", "leeren"],
    "offers:api": ["q", "genau", "ort", "ags", "art", "alter", "umkreis", "sort", "seite", "nach"],
    "directory:report": ["art", "name"],
    "directory:report_thanks": ["art", "name"],
    "directory:places": ["q", "ort", "ags", "weiter"],
    "counseling:finder": [
        "concern", "age", "place", "ort", "ags", "status", "certificate", "fulltime_school_done", "school_duty_done",
        "fuer", "tuer", "frage", "antwort", "stand", "weiss_nicht", "ergebnis",
    ],
    "counseling:enquiry": ["stelle", "bei", "thema"],
    "counseling:poster": ["stelle", "thema"],
    "counseling:deadlines": ["concern", "age", "place"],
    "counseling:api": ["concern", "age", "place", "status", "certificate", "fuer", "on"],
    "directory:contact_points": ["ort", "ags", "stelle", "offen", "weg", "stufenlos", "sprache"],
}  # fmt: skip
RAW = ["%ff%fe", "%ed%a0%80", "%c0%ae", "%u0041", "%", "%zz", "a%0d%0aSet-Cookie:%20x=y", "&&&==", "=", "a=b=c&a=d&;"]
FIRST_OF_ROUTE = list({page.route: page for page in reversed(PAGES) if page.route and page.form is None}.values())
# A page with many parameters gets each value in every third of them, and all at once in the test after.
MANY = 6
ALLOWED_STATUS = {200, 301, 302, 400, 404, 405, 410}


def is_helpful(response: Any) -> bool:
    """A page with one heading and a way on; a redirect, a file or data needs none."""
    if response.status_code in (301, 302) or not response["Content-Type"].startswith("text/html"):
        return True
    return response.content.count(b"<h1") == 1 and b"<a " in response.content


def check(client: Client, address: str) -> str | None:
    """Return what is wrong with the answer, or nothing."""
    response = client.get(address)
    if response.status_code not in ALLOWED_STATUS:
        return f"{response.status_code} {address[:120]}"
    return None if is_helpful(response) else f"no help: {response.status_code} {address[:120]}"


def path_of(page: PublicPage) -> str:
    return urlsplit(page.path).path


@pytest.fixture
def careful(client: Client) -> Client:
    """A client that shows a 500 as the visitor would get it."""
    client.raise_request_exception = False
    return client


@pytest.mark.slow
@pytest.mark.parametrize("page", FIRST_OF_ROUTE, ids=lambda page: page.name)
def test_naughty_values_in_every_parameter(page: PublicPage, region: None, quick_pages: None, careful: Client) -> None:
    names = [*PARAMETERS.get(page.route, []), "unbekannt"]
    step = 3 if len(names) > MANY else 1
    queries = [
        f"{name}={value}"
        for number, value in enumerate([*map(quote, NAUGHTY), *RAW])
        for name in names[number % step :: step]
    ]
    assert [problem for query in queries if (problem := check(careful, f"{path_of(page)}?{query}"))] == []


@pytest.mark.parametrize("page", FIRST_OF_ROUTE, ids=lambda page: page.name)
def test_nul_byte_is_refused_in_every_parameter(page: PublicPage, region: None, careful: Client) -> None:
    for name in [*PARAMETERS.get(page.route, []), "unbekannt"]:
        assert careful.get(f"{path_of(page)}?{name}=a%00b").status_code == 400


@pytest.mark.slow
def test_naughty_values_together(region: None, quick_pages: None, careful: Client) -> None:
    for route in ("offers:list", "directory:contact_points", "counseling:finder"):
        (page,) = [page for page in FIRST_OF_ROUTE if page.route == route]
        for value in NAUGHTY:
            address = path_of(page) + "?" + "&".join(f"{name}={quote(value)}" for name in PARAMETERS[route])
            assert check(careful, address) is None


@pytest.mark.parametrize("folder", ["/", "/angebote/", "/anlaufstellen/", "/stellen/", "/glossar/", "/static/"])
def test_naughty_values_in_the_path(folder: str, region: None, quick_pages: None, careful: Client) -> None:
    values = [quote(value, safe="") for value in NAUGHTY] + ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%2e%2e%2f"]
    assert [problem for value in values if (problem := check(careful, f"{folder}{value}/"))] == []
    assert careful.get(f"{folder}a%00b/").status_code == 400
    assert careful.get(f"{folder}gibt-es-nicht/").status_code == 404


@pytest.mark.parametrize("page", FIRST_OF_ROUTE, ids=lambda page: page.name)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_wrong_method_is_refused(page: PublicPage, method: str, region: None, careful: Client) -> None:
    response = getattr(careful, method)(path_of(page))
    # An empty POST is an answer not given, or data not understood.
    assert response.status_code in ({200, 302, 400, 405, 410} if method == "post" else {302, 405})
    assert is_helpful(response)


@pytest.mark.parametrize("page", [page for page in PAGES if page.form is not None], ids=lambda page: page.name)
def test_naughty_values_in_every_form(page: PublicPage, region: None, quick_pages: None, careful: Client) -> None:
    for value in [*NAUGHTY, "a\x00b"]:
        response = careful.post(page.path, dict.fromkeys(page.form or {}, value))
        assert response.status_code in {200, 302, 400}, repr(value)[:80]
        assert is_helpful(response)


def test_naughty_values_in_every_fact_of_the_data_interface(region: None, careful: Client) -> None:
    facts = ["concern", "age", "place", "parents_place", "status", "benefit", "disability", "residence", "on", "x"]
    values = [*NAUGHTY, "a\x00b", "\ud800", None, -1, 10**40, 1e308, True, [], [[]], {}, {"lo": 1}]
    for number, value in enumerate(values):
        for name in facts[number % 2 :: 2]:
            body = json.dumps({"concern": "seeking_training", name: value})
            response = careful.post("/api/zustaendigkeit", body, content_type="application/json")
            assert response.status_code in {200, 400}, body[:100]
    for body in (b"", b"[]", b"null", b"{", b"\xff", b'{"a":' * 5000, b'{"concern": 1e999}', b"9" * 5000):
        assert careful.post("/api/zustaendigkeit", body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("page", [page for page in PAGES if page.form is not None], ids=lambda page: page.name)
def test_broken_bodies_are_refused(page: PublicPage, region: None, careful: Client) -> None:
    form = "application/x-www-form-urlencoded"
    bodies = [
        (b"\xff\xfe\x00", form),
        (b"&".join(b"a%d=1" % number for number in range(1100)), form),
        (b"message=" + b"x" * 300_000, form),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"message=a", "application/x-www-form-urlencoded; charset=utf-9"),
    ]
    for body, media in bodies:
        response = careful.generic("POST", page.path, body, content_type=media)
        assert response.status_code in {200, 302, 400, 413, 415}, (body[:20], media)


def test_typed_text_comes_back_as_text(region: None, quick_pages: None, careful: Client) -> None:
    """What a visitor typed may be shown again, but never as markup."""
    attack = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    for page in FIRST_OF_ROUTE:
        for name in PARAMETERS.get(page.route, []):
            response = careful.get(f"{path_of(page)}?{name}={quote(attack)}", headers={"accept": "text/html"})
            if not response["Content-Type"].startswith("text/html"):
                continue
            html = response.content.decode()
            assert "<img src=x" not in html and "<script>alert" not in html


@pytest.mark.parametrize("path", ["/", "/angebote/", "/angebote/bvj/", "/anlaufstellen/", "/eltern/", "/sitemap.xml"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_wrong_method_is_no_stale_form(path: str, method: str, region: None) -> None:
    """The test client skips the CSRF check unless told; a real visitor meets it."""
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert is_helpful(response)


def test_wrong_method_of_json_is_said_in_json(region: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/api/angebote")
    assert response.status_code == 405
    assert response.json()["allowed"] == ["GET"]
