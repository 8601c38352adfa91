"""PostgreSQL's own programs, told where our database is."""

import os
import shutil
from typing import Any

from django.db import connection

VARIABLES = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "dbname",
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
}


class NoProgramError(Exception):
    """A program is not installed; the text says which and how to get it."""


def program(name: str) -> str:
    """Return where the program lies; raises NoProgramError."""
    path = shutil.which(name)
    if path is None:
        raise NoProgramError(f"{name} fehlt (Debian: apt-get install postgresql-client)")
    return path


def environment() -> dict[str, str]:
    """Return the environment for a program; the password travels here, never by an argument."""
    parameters: dict[str, Any] = connection.get_connection_params()
    given = {name: str(parameters[key]) for name, key in VARIABLES.items() if parameters.get(key)}
    return {**os.environ, **given}


def last_line(text: str) -> str:
    """Return what a program said last, without the lines PostgreSQL adds with values of a row."""
    lines = [line for line in text.strip().splitlines() if not line.lstrip().startswith(("DETAIL:", "CONTEXT:"))]
    return lines[-1] if lines else ""
