"""New migrations only add, so that the code of yesterday runs on the schema of today.

``python -m tools.migrations`` names every operation after the first release that would break the old code or
lock a table of a running installation, on either database. A migration that must do so says why, and how to
upgrade, in a constant of its module: ``NOT_ADDITIVE = "…"``. Read without a database.
"""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import django
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

# The last migration of the first release, by app. Nothing is installed before it.
FIRST_RELEASE = {"accounts": 7, "directory": 10, "offers": 7, "counseling": 8}
TAKES_AWAY = (
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.AlterUniqueTogether,
)
# Widening what a column takes harms nobody; these properties of a field narrow it or change its kind.
HARMLESS = {"verbose_name", "help_text", "choices", "validators", "blank", "default", "error_messages", "editable"}
NO_END = 1 << 40


def problems(migration: Any, state: Any) -> Iterator[str]:
    """Yield what is wrong with one migration; ``state`` is the project before it and is moved on."""
    for operation in migration.operations:
        problem = problem_of(operation, migration.app_label, state)
        operation.state_forwards(migration.app_label, state)
        if problem:
            yield f"{migration.app_label}.{migration.name}: {operation.describe()}: {problem}"


def problem_of(operation: Any, app: str, state: Any) -> str:
    """Return why old code or a running installation would suffer; "" when neither does."""
    if isinstance(operation, TAKES_AWAY):
        return "the old code still asks for it; stop using it in one release, take it away in the next"
    if isinstance(operation, migrations.AddField):
        return _added(operation.field)
    if isinstance(operation, migrations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        return _altered(before, operation.field)
    if isinstance(operation, migrations.RunPython) and operation.reverse_code is None:
        return "no way back: name reverse_code (RunPython.noop when nothing is to be undone)"
    if isinstance(operation, migrations.RunSQL):
        return "SQL of one database; write it as RunPython for both"
    if isinstance(operation, migrations.AddConstraint):
        return "rows that the old code writes may break it; state why they do not"
    return ""


def _added(field: Any) -> str:
    if field.null or field.many_to_many or field.db_default is not NOT_PROVIDED:
        return ""
    return "the old code does not fill it: null=True or db_default"


def _altered(before: Any, after: Any) -> str:
    if before.null and not after.null:
        return "the old code may still write NULL"
    if type(before) is not type(after):
        return "another kind of column"
    old, new = ({k: v for k, v in field.deconstruct()[3].items() if k not in HARMLESS} for field in (before, after))
    shorter = (new.pop("max_length", None) or NO_END) < (old.pop("max_length", None) or 0)
    if shorter:
        return "the old code may write longer texts"
    widened = {"null"} if after.null else set()
    differ = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} - widened
    return f"changes {', '.join(sorted(differ))}" if differ else ""


def all_problems() -> list[str]:
    """Return the problems of every migration after the first release that does not explain itself."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found: list[str] = []
    for app, last in FIRST_RELEASE.items():
        for label, name in sorted(key for key in loader.disk_migrations if key[0] == app):
            module = import_module(f"{app}.migrations.{name}")
            if int(name[:4]) <= last or hasattr(module, "NOT_ADDITIVE"):
                continue
            migration = loader.disk_migrations[label, name]
            found += problems(migration, loader.project_state((label, name), at_end=False))
    return found


def main() -> int:
    """Print them; 1 when there are any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruemsa_portal.settings")
    django.setup()
    found = all_problems()
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
