"""While the database is away: 503 with a way on, and a form gives back what was typed."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection
from django.test import Client, RequestFactory

from ruemsa_portal.outage import is_outage
from ruemsa_portal.views import server_error
from tests.factories.accounts import log_in, staff
from tests.urls_under_test import PAGES, PublicPage

FORMS = [page for page in PAGES if page.form]
READ = [page for page in PAGES if page.form is None]
TYPED = 'Ich weiß nicht weiter & brauche "jemanden".\nBitte.'


def refuse(*_args: Any) -> None:
    raise OperationalError("the connection is closed; SELECT 'geheim'")


@pytest.fixture
def away(region: None) -> Iterator[None]:
    """A database that refuses every statement, as one that was stopped does."""
    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("page", READ, ids=lambda page: page.name)
def test_no_page_fails(page: PublicPage, away: None, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = client.get(page.path)
    assert response.status_code in {503, page.status}
    if response.status_code == 503 and not page.path.startswith("/health/"):
        assert (response["Retry-After"], response["Cache-Control"]) == ("60", "no-store")
        assert response.content.count(b"<h1>") == 1 and b'href="/suche/"' in response.content
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
def test_what_was_typed_comes_back(page: PublicPage, away: None, client: Client) -> None:
    fields = {
        **dict.fromkeys(page.form or {}, "kurz"),
        "message": TYPED,
        "text": TYPED,
        "website": "x",
        "token": "merk-es-dir",
    }
    response = client.post(page.path, fields)
    if response.status_code != 503:  # refused before the database was needed
        assert response.status_code == page.status
        return
    typed = [
        html.unescape(text).strip() for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", response.text, re.S)
    ]
    assert TYPED in typed
    assert response["Cache-Control"] == "no-store"
    assert 'name="token" value="merk-es-dir"' in response.text and 'name="website"' not in response.text
    assert f'action="{html.escape(page.path)}"' in response.text


def test_form_of_another_site_is_not_shown(away: None, client: Client) -> None:
    response = client.post("/zustaendigkeit/", {"message": TYPED}, headers={"origin": "https://evil.example"})
    assert TYPED[:20] not in response.text and response.status_code in {403, 503}


def test_back_office_says_so_and_repeats_no_password(db: None, client: Client) -> None:
    log_in(client, staff("wer", is_superuser=True))
    with connection.execute_wrapper(refuse):
        assert client.get("/admin/").status_code == 503
        answer = Client().post("/admin/login/", {"username": "wer", "password": "sehr geheim " * 9})
    assert answer.status_code == 503 and "sehr geheim" not in answer.text
    assert client.get("/admin/").status_code == 200


def test_error_outside_a_view_is_said_too() -> None:
    try:
        refuse()
    except OperationalError:
        response = server_error(RequestFactory().post("/beratung/anfrage/", {"message": TYPED}))
    assert response.status_code == 503
    assert re.search(r"<textarea[^>]*>Ich weiß nicht weiter", response.content.decode())


def test_only_a_database_that_cannot_answer_counts(db: None) -> None:
    missing = ProgrammingError()
    missing.__cause__ = type("UndefinedTable", (Exception,), {"sqlstate": "42P01"})()
    assert [is_outage(error) for error in (OperationalError(), missing)] == [True, True]
    assert [is_outage(error) for error in (ProgrammingError(), IntegrityError(), ValueError(), None)] == [False] * 4
