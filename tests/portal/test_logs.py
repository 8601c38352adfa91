"""A log line says where something broke, never who was there or what they typed."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from directory.models import GlossaryTerm
from ruemsa_portal.logs import JsonFormatter, PlainFormatter, scrubbed

CANARY = "Kanarienvogel-4711"


def breaks_a_rule(request: HttpRequest) -> HttpResponse:
    """What is typed comes twice, and the database refuses the second."""
    for _twice in range(2):
        GlossaryTerm.objects.create(slug=request.POST["text"].lower(), term=request.POST["text"], explanation="x")
    return HttpResponse()


def cannot_read(request: HttpRequest) -> HttpResponse:
    """Python quotes what is no number."""
    return HttpResponse(int(request.POST["text"]))


urlpatterns = [path("regel/", breaks_a_rule), path("zahl/", cannot_read)]
handler500 = "tests.portal.test_logs.sorry"


def sorry(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=500)


@pytest.fixture(params=[JsonFormatter, PlainFormatter])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, in one of the two forms."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(request.param())
    for name in ("", "django.request"):
        logging.getLogger(name).addHandler(handler)
    yield out
    for name in ("", "django.request"):
        logging.getLogger(name).removeHandler(handler)


@pytest.mark.parametrize(("address", "kind"), [("/regel/", "IntegrityError"), ("/zahl/", "ValueError")])
def test_error_in_a_page_says_where_and_not_what(
    address: str, kind: str, db: None, log: io.StringIO, settings: Any
) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77", HTTP_X_REAL_IP="2001:db8::77")
    reply = client.post(f"{address}?name={CANARY}", {"text": CANARY}, headers={"user-agent": CANARY, "cookie": CANARY})
    assert reply.status_code == 500
    said = log.getvalue()
    assert CANARY.lower() not in said.lower()
    assert "203.0.113" not in said and "2001:db8" not in said
    assert f"Internal Server Error: {address}" in said
    assert kind in said and "tests/portal/test_logs.py:" in said
    if kind == "IntegrityError" and connection.vendor == "postgresql":
        assert "glossaryterm" in said  # the name of the rule


def test_json_line_has_everything_to_find_the_place() -> None:
    record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "mail %s", ("x",), None)
    record.created, record.process = 1_795_000_000.5, 42
    line = json.loads(JsonFormatter().format(record))
    assert line == {
        "time": "2026-11-18T11:06:40.500+00:00",
        "level": "ERROR",
        "logger": "portal",
        "message": "mail x",
        "process": 42,
    }


def test_cause_is_told_and_only_texts_about_code_are_kept() -> None:
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise ImproperlyConfigured("SECRET_KEY fehlt") from error
    except ImproperlyConfigured:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, "m", (), sys.exc_info())
    error = json.loads(JsonFormatter().format(record))["error"]
    assert (error["kind"], error["text"]) == ("ImproperlyConfigured", "SECRET_KEY fehlt")
    assert set(error["cause"]) == {"kind", "places"}
    assert error["cause"]["kind"] == "ValueError"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET /antwort/?code=7KQ4 HTTP/1.1", "GET /antwort/ HTTP/1.1"),
        ("from 192.168.1.20: refused", "from [ip]: refused"),
        ("from 2001:db8::1 and ::1", "from [ip] and [ip]"),
        ("2001:db8:0:1:1:1:1:1 asked", "[ip] asked"),
        ("at 12:30:59 in logs.py:12", "at 12:30:59 in logs.py:12"),
        ("to <anna.muster@example.org>.", "to <[mail]>."),
        ('duplicate key violates "slug"\nDETAIL:  Key (slug)=(anna) exists.\nmore', 'duplicate key violates "slug"'),
        ('bad\nLINE 1: SELECT "anna"\n   ^', "bad"),
    ],
)
def test_scrubbed(text: str, left: str) -> None:
    assert scrubbed(text) == left
