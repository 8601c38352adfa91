"""Model fields."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class PlainJSONField(models.JSONField):
    """JSON without the database's own JSON_VALID check.

    SQLite refuses that check under ``trusted_schema=OFF`` ("unsafe use of
    JSON_VALID()"); Django writes and reads the value through ``json`` anyway.
    """

    def db_check(self, connection: BaseDatabaseWrapper) -> None:
        """No check constraint on any engine, so that both have the same schema."""
        return
