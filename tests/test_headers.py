"""One header set on every answer: pages, files, redirects, errors, the admin, static files."""

from typing import Any

import pytest
from django.test import Client

from ruemsa_portal.middleware import HEADERS, HSTS
from tests.urls_under_test import PAGES, PublicPage

OTHERS = [
    ("/static/css/base.css", 200),
    ("/static/css/gibt-es-nicht.css", 404),
    ("/angebote", 301),
    ("/admin/", 302),
    ("/admin/login/", 200),
    ("/admin/gibt-es-nicht/", 302),
    ("/angebote/%00/", 400),
    ("/pruefung/400/", 400),
    ("/pruefung/403/", 403),
    ("/pruefung/403-form/", 403),
    ("/pruefung/404/", 404),
    ("/pruefung/429/", 429),
    ("/pruefung/500/", 500),
    ("/pruefung/503/", 503),
]


def header_set(response: Any) -> dict[str, str | None]:
    """Return the values of the set, and of the one header that only production has."""
    return {name: response.headers.get(name) for name in [*HEADERS, "Strict-Transport-Security"]}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_carries_the_set(page: PublicPage, region: None, client: Client) -> None:
    # The address of this one page holds a secret.
    stricter = {"Referrer-Policy": "strict-origin"} if page.route == "directory:confirm" else {}
    assert header_set(page.open(client)) == {**HEADERS, **stricter, "Strict-Transport-Security": None}


@pytest.mark.parametrize(("path", "status"), OTHERS)
def test_every_other_answer_carries_the_set(path: str, status: int, db: None, settings: Any) -> None:
    settings.ROOT_URLCONF = "tools.audit.urls"
    client = Client(raise_request_exception=False)
    response = client.get(path)
    assert response.status_code == status
    assert header_set(response) == {**HEADERS, "Strict-Transport-Security": None}
    response.close()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options", "trace"])
def test_refused_method_carries_the_set(method: str, db: None, client: Client) -> None:
    response = getattr(client, method)("/angebote/")
    assert response.status_code == 405
    assert header_set(response) == {**HEADERS, "Strict-Transport-Security": None}


def test_refused_host_carries_the_set(db: None, client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example.org"})
    assert response.status_code == 400
    assert header_set(response) == {**HEADERS, "Strict-Transport-Security": None}


def test_production_adds_transport_security_to_every_answer(db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    client = Client()
    for path in ("/", "/static/css/base.css", "/gibt-es-nicht/", "/admin/"):
        response = client.get(path)
        assert header_set(response) == {**HEADERS, "Strict-Transport-Security": HSTS}
        response.close()


def test_policy_allows_nothing_unsafe() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert policy.startswith("default-src 'none';")
