"""Settings: production refuses what is unsafe, the databases are what the settings say."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from accounts.keys import new_entry
from ruemsa_portal import checks
from ruemsa_portal import env as env_rules

ROOT = Path(__file__).resolve().parent.parent
STRONG_KEY = "Zb3-kQ9_wLr7TnYv2XsGd5HfJm8PcAe4RuNt6BoKi1VzWy0SxEqDh"
GOOD = {
    "PRODUCTION": "1",
    "SECRET_KEY": STRONG_KEY,
    "ALLOWED_HOSTS": "portal.example.org",
    "ENQUIRY_KEYS": new_entry("2026"),
}


def run_check(changes: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py check`` in an environment that holds these variables and no others of ours."""
    own = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    # The browser tests allow database work beside their event loop; a deployment must not.
    own.add("DJANGO_ALLOW_ASYNC_UNSAFE")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=ROOT,
        env={**environment, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_deploy_check_has_no_finding_with_production_values(tmp_path: Path) -> None:
    result = run_check(
        {**GOOD, "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3"}, "--deploy", "--fail-level", "WARNING"
    )
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + STRONG_KEY}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "portal.example.org,.example.org"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": "mysql://portal@localhost/portal"}, "DATABASE_URL"),
        ({"REGION": "nowhere"}, "regions/nowhere"),
        ({"ENQUIRY_KEYS": ""}, "ENQUIRY_KEYS"),
        ({"ENQUIRY_KEYS": "2026:kurz"}, "ENQUIRY_KEYS"),
    ],
)
def test_production_refuses_to_start(changes: dict[str, str], named: str) -> None:
    result = run_check({**GOOD, **changes})
    assert result.returncode == 1
    last_line = result.stderr.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured") and named in last_line


def test_development_needs_no_variable() -> None:
    assert run_check({}).returncode == 0


def database(monkeypatch: pytest.MonkeyPatch, url: str, *, production: bool = False) -> dict[str, Any]:
    monkeypatch.setenv("DATABASE_URL", url)
    return env_rules.database(environ.Env(), base_dir=ROOT, production=production)


def test_database_without_variable_is_sqlite_with_our_options(monkeypatch: pytest.MonkeyPatch) -> None:
    config = database(monkeypatch, "")
    assert config["ENGINE"] == "django.db.backends.sqlite3"
    assert config["NAME"] == ROOT / "var" / "portal.sqlite3"
    assert config["OPTIONS"] == env_rules.SQLITE_OPTIONS


def test_database_sqlite_address_gets_our_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = database(monkeypatch, f"sqlite:///{tmp_path}/other.sqlite3")
    assert config["NAME"] == f"{tmp_path}/other.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20


def test_database_postgresql_keeps_one_connection_and_looks_at_it_first(monkeypatch: pytest.MonkeyPatch) -> None:
    config = database(monkeypatch, "postgres://portal:p%40ss@db.example.org:5433/portal", production=True)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["HOST"], config["PORT"], config["PASSWORD"]) == ("db.example.org", 5433, "p@ss")
    assert (config["CONN_MAX_AGE"], config["CONN_HEALTH_CHECKS"]) == (60, True)
    assert config["OPTIONS"] == {"connect_timeout": 3, "sslmode": "verify-full"}


def test_database_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgres://"):
        database(monkeypatch, "mysql://portal@localhost/portal")


def test_every_variable_is_documented() -> None:
    sources = [ROOT / "ruemsa_portal" / name for name in ("settings.py", "env.py", "gunicorn_conf.py")]
    code = "\n".join(path.read_text() for path in sources)
    read = set(re.findall(r'(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', code)) | {"DATABASE_URL"}
    documented = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read == documented


def test_sqlite_pragmas_are_in_force_on_the_open_connection(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 20_000,
        "secure_delete": 1,
        "trusted_schema": 0,
        "foreign_keys": 1,
        "auto_vacuum": 1,
    }
    with connection.cursor() as cursor:
        actual = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    assert actual == expected


def test_sqlite_transactions_take_the_write_lock_at_once(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    assert connection.transaction_mode == "IMMEDIATE"


def test_check_reports_a_pragma_that_is_not_in_force(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    assert checks.sqlite_pragmas(None) == []
    monkeypatch.setitem(checks.SQLITE_PRAGMAS, "synchronous", 3)
    (error,) = checks.sqlite_pragmas(None)
    assert error.id == "portal.E001"
    assert error.msg == "SQLite: synchronous ist 2, nicht 3."


def test_check_wants_the_header_set_above_everything(settings: Any) -> None:
    assert checks.headers_first(None) == []
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[1:], settings.MIDDLEWARE[0]]
    assert [error.id for error in checks.headers_first(None)] == ["portal.E002"]


@pytest.mark.parametrize(
    ("host", "sslmode", "found"),
    [
        ("db.example.org", "verify-full", []),
        ("db.example.org", "require", ["portal.E003"]),
        ("db.example.org", None, ["portal.E003"]),
        ("127.0.0.1", None, []),
        ("/run/postgresql", None, []),
    ],
)
def test_check_wants_tls_to_another_host(
    monkeypatch: pytest.MonkeyPatch, host: str, sslmode: str | None, found: list[str]
) -> None:
    config = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": {"sslmode": sslmode}}
    monkeypatch.setitem(settings.DATABASES, "default", config)
    assert [error.id for error in checks.database_over_tls(None)] == found


def test_check_wants_https_in_absolute_addresses(settings: Any) -> None:
    settings.BASE_URL = "http://portal.example.org"
    assert [error.id for error in checks.base_url_is_https(None)] == ["portal.E004"]
    settings.BASE_URL = "https://portal.example.org"
    assert checks.base_url_is_https(None) == []


def test_check_wants_tls_to_a_foreign_mail_server(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "mail.example.org", False
    assert [error.id for error in checks.mail_over_tls(None)] == ["portal.E005"]
    settings.EMAIL_USE_TLS = True
    assert checks.mail_over_tls(None) == []
