"""Loading, exporting and checking rules from the command line."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from counseling.actions.rules import create_draft
from counseling.models import ResponsibilityRule, RuleSet, Scenario
from counseling.models.records import content_print
from counseling.rule_files import content_of, export_text
from directory.versions import content_version
from tests.counseling.rule_samples import NOW, agencies, content, records

pytestmark = pytest.mark.django_db

SEEK = """
[[rule]]
key = "R-seek-1"
concerns = ["seeking_training"]
body = "aa"
owner = "aa"
condition = { fact = "age", at_least = 15 }
what_for = { youth = "Hilft dir.", parents = "Hilft Ihnen." }

[[scenario]]
name = "Sucht"
facts = { concern = "seeking_training", age = 17 }
door = "aa"
"""


def run(name: str, *args: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region folder with one rule and one example."""
    agencies()
    for name in ("rules", "scenarios"):
        (tmp_path / name).mkdir()
    rule, scenario = SEEK.split("[[scenario]]")
    (tmp_path / "rules" / "seek.toml").write_text(rule, encoding="utf-8")
    (tmp_path / "scenarios" / "seek.toml").write_text(f"[[scenario]]{scenario}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """One file with rules and examples in which everything holds."""
    agencies()
    file = tmp_path / "regeln.json"
    file.write_text(json.dumps(records()), encoding="utf-8")
    return file


def test_first_load_makes_the_set_in_force(folder: Path) -> None:
    before = content_version()
    assert run("load_rules", str(folder)) == "Regeln: 1\nBeispiele: 1\nRegelwerk 1 ist neu und in Kraft.\n"
    rule_set = RuleSet.objects.get()
    assert (rule_set.number, rule_set.status, rule_set.note) == (1, "active", "Erstbestand, ungeprüft")
    assert rule_set.rules.get().condition == {"fact": "age", "between": [15, None]}
    assert content_version() != before


def test_second_load_changes_nothing(folder: Path) -> None:
    run("load_rules", str(folder))
    keys, version = list(ResponsibilityRule.objects.values_list("pk")), content_version()
    assert run("load_rules", str(folder)) == "Beispiele: 1\nRegelwerk 1 ist schon auf diesem Stand.\n"
    assert (list(ResponsibilityRule.objects.values_list("pk")), content_version()) == (keys, version)


def test_changed_folder_changes_the_untouched_first_set(folder: Path) -> None:
    run("load_rules", str(folder))
    file = folder / "rules" / "seek.toml"
    file.write_text(file.read_text().replace("at_least = 15", "at_least = 16"))
    dry = run("load_rules", str(folder), dry_run=True)
    assert dry.splitlines()[0] == "geändert: R-seek-1"
    assert dry.splitlines()[-1] == "Probelauf, nichts geschrieben. Regelwerk 1 ist auf dem neuen Stand."
    assert ResponsibilityRule.objects.get().condition == {"fact": "age", "between": [15, None]}
    run("load_rules", str(folder))
    assert ResponsibilityRule.objects.get().condition == {"fact": "age", "between": [16, None]}
    assert Scenario.objects.count() == 1


def test_set_that_people_changed_is_left_alone(folder: Path) -> None:
    run("load_rules", str(folder))
    ResponsibilityRule.objects.update(is_active=False)
    file = folder / "rules" / "seek.toml"
    file.write_text(file.read_text().replace("at_least = 15", "at_least = 16"))
    assert "bleibt, wie es ist" in run("load_rules", str(folder))
    assert ResponsibilityRule.objects.get().condition == {"fact": "age", "between": [15, None]}


def test_set_with_a_draft_after_it_is_left_alone(folder: Path) -> None:
    run("load_rules", str(folder))
    create_draft(by=None, at=NOW)
    file = folder / "rules" / "seek.toml"
    file.write_text(file.read_text().replace("at_least = 15", "at_least = 16"))
    assert "bleibt, wie es ist" in run("load_rules", str(folder))
    assert RuleSet.objects.count() == 2


def test_dry_run_of_the_first_load_writes_nothing(folder: Path) -> None:
    assert run("load_rules", str(folder), dry_run=True).startswith("Regeln: 1\n")
    assert RuleSet.objects.count() == 0


def test_folder_without_rules_is_no_error(tmp_path: Path) -> None:
    assert run("load_rules", str(tmp_path)) == "Beispiele: 0\nKeine Regeln gefunden.\n"
    assert RuleSet.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'fact = "age", at_least = 15',
            'fact = "benefit", in = ["sgb2", "sgb9"]',
            "rules/seek.toml › R-seek-1 › Bedingung: Der Wert „sgb9“ gehört nicht zu „Geld vom Amt“.",
        ),
        ('body = "aa"', 'body = "amt"', "rules/seek.toml › R-seek-1 › body: „amt“ gibt es nicht."),
        ('owner = "aa"', 'owner = "amt"', "R-seek-1 › owner: Die Stelle „amt“ gibt es nicht."),
        ('owner = "aa"', "bodi = 1", "rules/seek.toml › R-seek-1 › bodi: Dieses Feld gibt es nicht."),
        ('key = "R-seek-1"', f'key = "{"x" * 61}"', f"{'x' * 61} › key: "),
        ("[[rule]]", "[[rule", "rules/seek.toml: kein gültiges TOML: "),
        (
            'body = "aa"',
            'body = "aa"\nlegal_basis = "a\\u0000b"',
            "rules/seek.toml: Erwartet werden „rule“ und „scenario“",
        ),
    ],
)
def test_mistake_is_named_with_file_rule_and_field(folder: Path, old: str, new: str, message: str) -> None:
    file = folder / "rules" / "seek.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(CommandError) as refused:
        run("load_rules", str(folder))
    assert message in str(refused.value)
    assert str(refused.value).endswith(" Fehler. Es wurde nichts geändert.")
    assert RuleSet.objects.count() == 0


def test_rule_that_stands_twice_is_refused(folder: Path) -> None:
    file = folder / "rules" / "seek.toml"
    (folder / "rules" / "other.toml").write_text(file.read_text())
    with pytest.raises(CommandError, match="R-seek-1: Diese Regel steht 2-mal da"):
        run("load_rules", str(folder))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff", "nicht in UTF-8"),
        (b"{", "kein gültiges JSON"),
        (b"[]", "Erwartet werden"),
        (b'{"rule": NaN}', "NaN ist keine Zahl"),
        (b'{"rule": [{"key": "\\ud800"}]}', "Zeichen, die keine Datenbank speichert"),
        (b"[" * 100_000, "zu tief verschachtelt"),
    ],
)
def test_unreadable_file_is_refused_in_words(tmp_path: Path, raw: bytes, message: str) -> None:
    file = tmp_path / "regeln.json"
    file.write_bytes(raw)
    with pytest.raises(CommandError, match=message):
        run("load_rules", str(file))


def test_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="gibt es nicht"):
        run("load_rules", str(tmp_path / "nix"))


def test_export_comes_back_as_the_same_draft(sample: Path, tmp_path: Path) -> None:
    run("load_rules", str(sample))
    file = tmp_path / "export.json"
    assert run("export_rules", str(file)).startswith("Regelwerk 1: 3 Regeln, 3 Beispiele in ")
    dry = run("load_rules", str(file), as_draft=True, dry_run=True)
    assert dry == "Beispiele: 3\nProbelauf, nichts geschrieben. Regelwerk 2 ist ein neuer Entwurf.\n"
    assert RuleSet.objects.count() == 1
    run("load_rules", str(file), as_draft=True)
    draft = RuleSet.objects.get(number=2)
    assert (draft.status, draft.active_from) == ("draft", None)
    first, second = content_of(RuleSet.objects.get(number=1)), content_of(draft)
    assert content_print(second.rules, second.scenarios) == content_print(first.rules, first.scenarios)
    assert export_text(second) == file.read_text()


def test_import_as_draft_says_what_differs(sample: Path, tmp_path: Path) -> None:
    run("load_rules", str(sample))
    data = records()
    data["rule"][0]["key"], data["rule"][1]["priority"] = "R-neu", 3
    file = tmp_path / "neu.json"
    file.write_text(json.dumps(data))
    lines = run("load_rules", str(file), as_draft=True).splitlines()
    assert lines == [
        "neu: R-neu", "geändert: R-seek-1", "entfällt: R-rest", "Beispiele: 3", "Regelwerk 2 ist ein neuer Entwurf.",
    ]  # fmt: skip


def test_export_refuses_other_endings_and_unknown_sets(sample: Path, tmp_path: Path) -> None:
    run("load_rules", str(sample))
    with pytest.raises(CommandError, match=r"auf \.json enden"):
        run("export_rules", str(tmp_path / "regeln.txt"))
    with pytest.raises(CommandError, match="gibt es nicht"):
        run("export_rules", str(tmp_path / "regeln.json"), rule_set=9)


def test_check_prints_the_figures(sample: Path) -> None:
    run("load_rules", str(sample))
    lines = run("check_rules", "--on", "2026-11-22").splitlines()
    assert lines[0] == "Regelwerk 1"
    figures = dict(
        line.split(": ", 1) for line in lines if not line.startswith(("Hinweis", "Problem:")) and ": " in line
    )
    assert (figures["Regeln"], figures["Beispiele"], figures["Probleme"]) == ("3", "3", "0, Hinweise: 1")
    assert int(figures["Fälle im Durchlauf"]) > 29
    assert figures["Fragen je Weg"].startswith("Median ")


def test_check_ends_with_one_and_the_concrete_case(sample: Path) -> None:
    data = records()
    data["rule"][2]["overrides"] = []
    sample.write_text(json.dumps(data))
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_rules", "--path", str(sample), "--on", "2026-11-22", stdout=out)
    assert refused.value.returncode == 1
    assert "Problem: Sucht eine Ausbildung, Geld vom Jobcenter: zwei Türen: R-seek-1 und R-seek-2" in out.getvalue()


def test_check_without_rules_says_how_to_get_some() -> None:
    with pytest.raises(CommandError, match="load_rules"):
        run("check_rules")


def test_first_set_is_loaded_by_the_day_in_berlin(folder: Path, fix_time: Any) -> None:
    fix_time("2026-11-23 00:30")
    run("load_rules", str(folder))
    assert str(RuleSet.objects.get().active_from) == "2026-11-23"


def test_content_of_the_sample_is_read_from_the_file(sample: Path) -> None:
    run("load_rules", str(sample))
    stored, wanted = content_of(RuleSet.objects.get()), content()
    assert content_print(stored.rules, stored.scenarios) == content_print(wanted.rules, wanted.scenarios)


@pytest.mark.slow
def test_rules_of_the_region_hold_and_take_less_than_a_minute(region: None) -> None:
    lines = run("check_rules", "--on", "2026-11-22").splitlines()
    figures = dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith("Hinweis: "))
    assert lines[0] == "Regelwerk 1"
    assert int(figures["Regeln"]) >= 51
    assert int(figures["Beispiele"]) >= 60
    assert float(figures["Sekunden"].replace(",", ".")) < 60
    assert figures["Probleme"].startswith("0, ")
