"""Reads the environment variables of the portal and refuses unsafe ones.

Every variable is documented in ``.env.example``. Nothing here guesses: what is
missing in production stops the start with a sentence that says how to fix it.
"""

import csv
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from accounts.keys import BrokenKeysError, parse_ring

MIN_SECRET_LENGTH = 50
MIN_SECRET_CHARACTERS = 10
DEV_SECRET = "django-insecure-development-only-never-in-production-0123456789"  # noqa: S105 refused in production

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # auto_vacuum has no effect after journal_mode=WAL, hence the order.
    "init_command": (
        "PRAGMA auto_vacuum=FULL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
    ),
}


def load(base_dir: Path) -> environ.Env:
    """Return the environment, with ``.env`` beside ``manage.py`` read first if it exists."""
    env = environ.Env()
    env_file = base_dir / ".env"
    if env_file.is_file():
        env.read_env(str(env_file))
    return env


def secret_key(env: environ.Env, *, production: bool) -> str:
    """Return SECRET_KEY; in production a missing or weak one raises ImproperlyConfigured."""
    key: str = env.str("SECRET_KEY", default="")
    if not production:
        return key or DEV_SECRET
    if len(key) < MIN_SECRET_LENGTH or len(set(key)) < MIN_SECRET_CHARACTERS or key.startswith("django-insecure"):
        raise ImproperlyConfigured(
            "SECRET_KEY fehlt oder ist zu schwach. Erzeugen: "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))' – und als SECRET_KEY setzen."
        )
    return key


def enquiry_keys(env: environ.Env, *, production: bool) -> str:
    """Return the master keys for enquiries; in production missing or broken ones raise ImproperlyConfigured.

    ENQUIRY_KEYS holds them, or ENQUIRY_KEY_FILE names a file that does. "" means: look into the file when asked.
    """
    text: str = env.str("ENQUIRY_KEYS", default="")
    file: str = env.str("ENQUIRY_KEY_FILE", default="")
    if not production:
        return text
    try:
        text = text or Path(file).read_text(encoding="ascii")
        parse_ring(text)
    except (OSError, UnicodeDecodeError, BrokenKeysError) as error:
        why = error if isinstance(error, BrokenKeysError) else "nicht lesbar."
        raise ImproperlyConfigured(
            f"ENQUIRY_KEYS oder ENQUIRY_KEY_FILE: {why} Ohne Schlüssel kann keine Anfrage gespeichert werden. "
            "Erzeugen: python -m accounts.keys 2026 – siehe docs/operations/keys.md"
        ) from error
    return text


def debug(env: environ.Env, *, production: bool) -> bool:
    """Return DEBUG; production refuses it."""
    value: bool = env.bool("DEBUG", default=not production)
    if production and value:
        raise ImproperlyConfigured("DEBUG ist im Betrieb verboten. DEBUG entfernen oder auf 0 setzen.")
    return value


def allowed_hosts(env: environ.Env, *, production: bool) -> list[str]:
    """Return ALLOWED_HOSTS; production needs exact names, no wildcard."""
    hosts: list[str] = env.list("ALLOWED_HOSTS", default=[])
    if not production:
        return hosts or ["localhost", "127.0.0.1", "[::1]"]
    if not hosts or any("*" in host or host.startswith(".") for host in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS muss die genauen Namen der Website nennen, z. B. ALLOWED_HOSTS=portal.example.de"
        )
    return hosts


def database(env: environ.Env, *, base_dir: Path, production: bool) -> dict[str, Any]:
    """Return the ``default`` database from DATABASE_URL, else the embedded SQLite file.

    Each process keeps one connection for a minute and looks whether it still stands before it uses it. No
    pool: after a crash of the server a pool waits longer and longer before it tries again.
    """
    url = env.str("DATABASE_URL", default="")
    config: dict[str, Any] = (
        env.db_url_config(url)
        if url
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": base_dir / "var" / "portal.sqlite3"}
    )
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **SQLITE_OPTIONS}
        # Opening the file with all its settings costs more than most pages; a minute bounds what a
        # restored file has to wait for.
        config["CONN_MAX_AGE"] = 60
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif config["ENGINE"] == "django.db.backends.postgresql":
        options = config.setdefault("OPTIONS", {})
        # A host that does not answer at all would hold a worker for minutes.
        options.setdefault("connect_timeout", 3)
        if production:
            options.setdefault("sslmode", "verify-full")
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL muss mit postgres:// oder sqlite:/// beginnen.")
    return config


def cache(env: environ.Env, *, prefix: str = "", entries: int = 1000) -> dict[str, Any]:
    """Return a cache: in the memory of each process, or in Redis when CACHE_URL names one."""
    url: str = env.str("CACHE_URL", default="")
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": prefix or "default",
            "OPTIONS": {"MAX_ENTRIES": entries},
        }
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("CACHE_URL muss mit redis://, rediss:// oder unix:// beginnen.")
    return {
        "BACKEND": "ruemsa_portal.shared_cache.SharedPages"
        if prefix
        else "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": prefix,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }


def networks(env: environ.Env) -> list[str]:
    """Return METRICS_NETWORKS; what is no network raises ImproperlyConfigured."""
    found: list[str] = env.list("METRICS_NETWORKS", default=[])
    for network in found:
        try:
            ip_network(network)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"METRICS_NETWORKS: {network} ist kein Netz. Richtig wäre zum Beispiel 10.20.0.0/16 oder 127.0.0.1/32."
            ) from error
    return found


def region_dir(env: environ.Env, *, base_dir: Path) -> Path:
    """Return the region folder: REGION names it, else the only one below ``regions/``."""
    regions = base_dir / "regions"
    key = env.str("REGION", default="")
    if not key:
        found = sorted(path.parent.name for path in regions.glob("*/region.toml"))
        if len(found) != 1:
            raise ImproperlyConfigured(f"REGION setzen: einer der Ordner in regions/ ({', '.join(found) or 'keiner'}).")
        key = found[0]
    folder: Path = regions / key
    if not (folder / "region.toml").is_file():
        raise ImproperlyConfigured(f"REGION={key}: die Datei regions/{key}/region.toml fehlt.")
    return folder


def local_words(region: Path, facts: dict[str, Any]) -> list[str]:
    """Return the names everybody here would try as a password: the county, the portal, its places."""
    words = [str(facts.get(key, "")) for key in ("key", "name", "portal_name", "former_portal_name", "short_name")]
    for name in ("municipalities.csv", "localities.csv"):
        if (region / name).is_file():
            with (region / name).open(encoding="utf-8", newline="") as file:
                words += [row.get("name") or "" for row in csv.DictReader(file)]
    return words
