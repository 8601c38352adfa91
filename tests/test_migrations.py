"""A migration that would break yesterday's code is refused, one that only adds is not."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from tools.migrations import all_problems, problem_of

NAME = models.CharField(max_length=50)


def state() -> ProjectState:
    found = ProjectState()
    found.add_model(ModelState("offers", "thing", [("id", models.BigAutoField(primary_key=True)), ("name", NAME)]))
    found.add_model(ModelState("offers", "old", [("name", models.CharField(max_length=50, null=True))]))
    return found


def alter(field: models.Field, model: str = "thing") -> migrations.AlterField:
    return migrations.AlterField(model, "name", field)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (migrations.AddField("thing", "x", models.CharField(max_length=9, default="")), "db_default"),
        (migrations.AddField("thing", "x", models.CharField(max_length=9, db_default="")), ""),
        (migrations.AddField("thing", "x", models.DateField(null=True)), ""),
        (migrations.CreateModel("new", [("id", models.BigAutoField(primary_key=True))]), ""),
        (migrations.AddIndex("thing", models.Index(fields=["name"], name="thing_name")), ""),
        (migrations.RemoveField("thing", "name"), "next"),
        (migrations.RenameField("thing", "name", "title"), "next"),
        (migrations.DeleteModel("thing"), "next"),
        (migrations.RenameModel("thing", "stuff"), "next"),
        (alter(models.CharField(max_length=80, verbose_name="Name", help_text="x")), ""),
        (alter(models.CharField(max_length=50, null=True)), ""),
        (alter(models.CharField(max_length=40)), "longer"),
        (alter(models.CharField(max_length=50, unique=True)), "unique"),
        (alter(models.TextField()), "kind"),
        (alter(models.CharField(max_length=50), "old"), "NULL"),
        (migrations.RunPython(lambda apps, editor: None), "reverse_code"),
        (migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop), ""),
        (migrations.RunSQL("SELECT 1"), "RunPython"),
        (migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="one")), "rows"),
    ],
)
def test_refused(operation: Any, said: str) -> None:
    problem = problem_of(operation, "offers", state())
    assert (said in problem) if said else problem == ""


def test_no_migration_of_ours_takes_away_without_saying_so() -> None:
    assert all_problems() == []
