"""Health addresses: one word outside, and the truth about the database."""

from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_live_answers_without_a_query(client: Client, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_with_every_migration(client: Client, db: None) -> None:
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_not_ready_when_a_migration_is_missing(client: Client, db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="directory", name="0001_initial").delete()
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (503, b"not ready\n")


def test_not_ready_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: MigrationRecorder) -> None:
        raise OperationalError("connection to server at 10.0.0.1 refused")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", away)
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (503, b"not ready\n")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_other_methods_are_refused(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_health_needs_no_tls_on_the_machine_itself(client: Client, settings: Any, db: None) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/livex").status_code == 301
