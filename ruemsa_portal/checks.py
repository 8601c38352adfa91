"""System checks of our own, run by ``manage.py check --deploy``."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

HEADERS_FIRST = "ruemsa_portal.middleware.SecurityHeadersMiddleware"

# Pragma and the value SQLite reports when it is in force (busy_timeout in milliseconds).
SQLITE_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a confirmed write survives a power cut
    "busy_timeout": 20_000,
    "secure_delete": 1,  # deleted text does not stay in the file
    "trusted_schema": 0,
    "foreign_keys": 1,
}
LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1")


@register(Tags.security, deploy=True)
def sqlite_pragmas(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """portal.E001: what the settings ask of SQLite is really in force on the open connection."""
    if connection.vendor != "sqlite":
        return []
    errors: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for pragma, expected in SQLITE_PRAGMAS.items():
            (actual,) = cursor.execute(f"PRAGMA {pragma}").fetchone()
            if actual != expected:
                errors.append(
                    Error(
                        f"SQLite: {pragma} ist {actual}, nicht {expected}.",
                        hint="Die Werte stehen in ruemsa_portal/env.py, SQLITE_OPTIONS.",
                        id="portal.E001",
                    )
                )
    return errors


@register(Tags.security)
def headers_first(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """portal.E002: the header set lies above everything, else static files and redirects lack it."""
    if settings.MIDDLEWARE[0] == HEADERS_FIRST:
        return []
    return [Error(f"{HEADERS_FIRST} muss in MIDDLEWARE an erster Stelle stehen.", id="portal.E002")]


@register(Tags.security, deploy=True)
def database_over_tls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """portal.E003: PostgreSQL on another host is spoken to over TLS with a checked certificate."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        return []
    host = str(database.get("HOST") or "")
    if host in LOCAL_HOSTS or host.startswith("/") or database["OPTIONS"].get("sslmode") == "verify-full":
        return []
    return [Error("PostgreSQL: DATABASE_URL braucht sslmode=verify-full.", id="portal.E003")]


@register(Tags.security, deploy=True)
def base_url_is_https(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """portal.E004: addresses in calendars, QR codes and the sitemap lead to HTTPS."""
    if settings.BASE_URL.startswith("https://"):
        return []
    return [Error(f"BASE_URL muss mit https:// beginnen, nicht: {settings.BASE_URL}", id="portal.E004")]


@register(Tags.security, deploy=True)
def mail_over_tls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """portal.E005: mails with links to passwords go to another host over TLS only."""
    if settings.EMAIL_HOST in LOCAL_HOSTS or settings.EMAIL_USE_TLS:
        return []
    return [Error("EMAIL_HOST ist ein anderer Rechner: EMAIL_USE_TLS muss 1 sein.", id="portal.E005")]


@register(Tags.security, deploy=True)
def enquiry_keys_fit(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """portal.E006: the master keys open the keys of the agencies; before every start, so that none starts with wrong ones."""
    try:
        wrong = import_string("counseling.sealing.unusable_keys")()
    except DatabaseError:
        return []  # no table yet, or no database: the other checks say so
    return [
        Error(
            f"ENQUIRY_KEYS: {number} Schlüssel von Stellen öffnen sich nicht: {why}",
            hint="Siehe docs/operations/keys.md. Es wurde nichts verändert.",
            id="portal.E006",
        )
        for why, number in wrong.items()
    ]
