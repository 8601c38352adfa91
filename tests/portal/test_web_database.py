"""Pages give up a statement after three seconds; commands do not."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from ruemsa_portal.outage import is_outage
from ruemsa_portal.web_database import limit_statements

POSTGRES = {"ENGINE": "django.db.backends.postgresql"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"options": "-c statement_timeout=3000"}),
        ({"options": "-c statement_timeout=9"}, {"options": "-c statement_timeout=3000 -c statement_timeout=9"}),
    ],
)
def test_limit_of_the_address_comes_last_and_wins(
    monkeypatch: Any, before: dict[str, str], after: dict[str, str]
) -> None:
    monkeypatch.setitem(connections.settings, "default", {**POSTGRES, "OPTIONS": before})
    limit_statements()
    assert connections.settings["default"]["OPTIONS"] == after


def test_sqlite_is_left_alone(monkeypatch: Any) -> None:
    monkeypatch.setitem(connections.settings, "default", {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}})
    limit_statements()
    assert connections.settings["default"]["OPTIONS"] == {}


def test_statement_of_a_page_ends_and_one_of_a_command_does_not(db: None, monkeypatch: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    monkeypatch.setitem(connections.settings, "default", deepcopy(connections.settings["default"]))
    limit_statements()
    web = connections.create_connection("default")
    try:
        with web.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("3s",)
            cursor.execute("SET statement_timeout = 20")
            with pytest.raises(OperationalError) as caught:
                cursor.execute("SELECT pg_sleep(5)")
        # The page says "in a moment" and gives back what was typed.
        assert is_outage(caught.value)
    finally:
        web.close()
