"""Rules for the security of the whole code, checked instead of remembered."""

import ast
import hashlib
import logging
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from ruemsa_portal.logs import PlainFormatter
from tests.factories.accounts import log_in, staff
from tests.factories.directory import AgencyFactory
from tests.factories.enquiries import counselor, sent
from tests.test_settings import GOOD

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ruemsa_portal", "accounts", "directory", "offers", "counseling")
# The link check is a command and starts nothing; the backup asks PostgreSQL's own program, with fixed words.
MAY_START_PROGRAMS = {"ruemsa_portal/backups.py", "ruemsa_portal/restoring.py"}


def sources() -> dict[str, str]:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def calls(code: str) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)}


def test_nothing_typed_is_run_or_unpickled() -> None:
    wrong = re.compile(
        r"(eval|exec|compile|__import__|os\.(system|popen|exec\w*|spawn\w*)|(pickle|marshal|shelve|yaml)\..*)"
    )
    found = {name: {call for call in calls(code) if wrong.fullmatch(call)} for name, code in sources().items()}
    assert {name: names for name, names in found.items() if names} == {}
    starts = {name for name, code in sources().items() if re.search(r"^(import|from) subprocess\b", code, re.M)}
    assert starts - MAY_START_PROGRAMS == set()
    assert [name for name in starts if "shell=True" in sources()[name]] == []


def test_no_weak_hash_is_used() -> None:
    weak = re.compile(r"hashlib\.(md5|sha1)|\bTripleDES\b|\bARC4\b|\bECB\(|\bCBC\(")
    assert {name for name, code in sources().items() if weak.search(code)} == set()


def test_chance_comes_from_secrets() -> None:
    users = {name for name, code in sources().items() if re.search(r"^(import random|from random )", code, re.M)}
    # Invented offers for measurements are the same every time, on purpose.
    assert users <= {name for name in sources() if name.startswith("offers/generat")}


def test_passwords_are_hashed_slowly() -> None:
    hasher: Any = get_hasher("default")
    assert (hasher.algorithm, hasher.iterations >= 600_000) == ("pbkdf2_sha256", True)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings as they are with PRODUCTION=1."""
    for name, value in {**GOOD, "DATABASE_URL": "sqlite:///:memory:"}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "ruemsa_portal" / "settings.py"))


def test_cookies_of_production(production: dict[str, Any]) -> None:
    for kind in ("SESSION", "CSRF"):
        values = {name: production[f"{kind}_COOKIE_{name}"] for name in ("SECURE", "HTTPONLY", "SAMESITE")}
        assert values == {"SECURE": True, "HTTPONLY": True, "SAMESITE": "Lax"}
        assert production[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        # What __Host- asks for as well: the whole host, and no other.
        assert production.get(f"{kind}_COOKIE_DOMAIN") is None and production.get(f"{kind}_COOKIE_PATH", "/") == "/"


def test_no_password_is_ever_too_old(production: dict[str, Any]) -> None:
    names = [validator["NAME"] for validator in production["AUTH_PASSWORD_VALIDATORS"]]
    assert names and not any(re.search(r"age|expir|histor", name, re.I) for name in names)
    assert not any(
        re.search(r"password_changed|password_age|expires", code)
        for name, code in sources().items()
        if "models" in name and "user" in name
    )


def test_password_fields_let_managers_help(client: Client, db: None) -> None:
    text = client.get("/admin/login/").text
    (field,) = re.findall(r"<input[^>]*type=\"password\"[^>]*>", text)
    assert 'autocomplete="current-password"' in field
    scripts = "".join(path.read_text() for path in (ROOT / "static" / "js").rglob("*.js"))
    assert "paste" not in scripts and 'autocomplete="off"' not in field


def test_no_answer_opens_itself_to_other_origins(client: Client, region: None) -> None:
    for path in ("/", "/api/angebote", "/antwort/", "/admin/login/", "/gibt-es-nicht/"):
        response = client.get(path, headers={"origin": "https://evil.example.org"})
        assert [name for name in response.headers if name.lower().startswith("access-control-")] == [], path


def test_scripts_merge_no_objects() -> None:
    """What is typed becomes no key of an object: no prototype can be reached."""
    pattern = re.compile(
        r"__proto__|Object\.assign\(|structuredClone|\[\s*(key|name)\s*\]\s*=|eval\(|innerHTML\s*=|postMessage"
    )
    scripts = {path.name: path.read_text() for path in (ROOT / "static" / "js").rglob("*.js")}
    assert {name: pattern.findall(code) for name, code in scripts.items() if pattern.search(code)} == {}


def test_every_library_is_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if re.match(r"[A-Za-z]", line)]
        assert lines and [line for line in lines if not re.match(r"[\w.-]+(\[[\w,]+\])?==\S+.*\\$", line)] == []
        blocks = re.split(r"^(?=[A-Za-z])", (ROOT / name).read_text(), flags=re.M)[1:]
        assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert len(hashlib.sha256().hexdigest()) == 64


def test_refused_access_is_in_the_log(client: Client, db: None, caplog: pytest.LogCaptureFixture) -> None:
    enquiry = sent(AgencyFactory()).enquiry
    person = counselor()
    log_in(client, person)
    assert client.get(f"/admin/counseling/enquiry/{enquiry.pk}/change/").status_code == 404
    assert f"account {person.pk}: no such counseling.enquiry" in caplog.messages
    log_in(client, staff("redaktion"))
    assert client.get(f"/admin/counseling/enquiry/{enquiry.pk}/change/").status_code == 404
    assert caplog.messages.count(f"account {person.pk}: no such counseling.enquiry") == 1


def test_log_lines_cannot_be_forged() -> None:
    record = logging.LogRecord(
        "a", logging.ERROR, "f", 1, "Internal Server Error: %s", ("/a\r\nERROR b c\x1b[0m\u2028x?q=1",), None
    )
    line = PlainFormatter().format(record)
    assert line == "ERROR a Internal Server Error: /a\\r\\nERROR b c\\x1b[0m\\u2028x"
