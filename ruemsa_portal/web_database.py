"""What holds for connections of the web only: a page that asks for too much gives up, a command may take its time."""

from django.db import connections

MOST_SECONDS = 3


def limit_statements(*, seconds: int = MOST_SECONDS) -> None:
    """Let PostgreSQL end a statement of a page after so long; a limit in DATABASE_URL wins. SQLite has no such limit.

    Call it before the first connection. A pool in between has to pass ``options`` on (docs/operations/settings.md).
    """
    for config in connections.settings.values():
        if config["ENGINE"] != "django.db.backends.postgresql":
            continue
        options = config["OPTIONS"]
        # The last one counts.
        options["options"] = f"-c statement_timeout={1000 * seconds} {options.get('options', '')}".strip()
