"""Rules and examples as files: a region folder (TOML) or one export file (JSON or TOML)."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counseling.finder import Rule, Scenario, parse_records, rule_to_dict, scenario_to_dict
from counseling.models import RuleSet
from counseling.models.records import rule_of, scenario_of
from counseling.plain_json import is_storable, read_json

FOLDERS = ("rules", "scenarios")
SUFFIXES = (".toml", ".json")


class RuleFileError(Exception):
    """Files that cannot be loaded; ``problems`` name file, rule and field."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Content:
    """What the files hold."""

    rules: tuple[Rule, ...]
    scenarios: tuple[Scenario, ...]


def read_content(path: Path) -> Content:
    """Read a region folder or one file. Raises RuleFileError with every problem found."""
    rules: list[Rule] = []
    scenarios: list[Scenario] = []
    problems: list[str] = []
    for file in _files(path):
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        data = _read(file, name, problems)
        parsed = parse_records(data, name)
        rules += parsed.rules
        scenarios += parsed.scenarios
        problems += [str(error) for error in parsed.errors]
    problems += _duplicates(rules, scenarios)
    if problems:
        raise RuleFileError(problems)
    return Content(tuple(rules), tuple(scenarios))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise RuleFileError([f"{path} gibt es nicht."])
    return [file for folder in FOLDERS for file in sorted((path / folder).glob("*.toml"))]


def _read(file: Path, name: str, problems: list[str]) -> Mapping[str, Any]:
    """Return the top table of a file; an empty one after noting why it cannot be read."""
    try:
        text = file.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        data = read_json(text) if file.suffix == ".json" else tomllib.loads(text.replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        problems.append(f"{name}: Die Datei ist nicht in UTF-8 gespeichert (Byte {error.start}).")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{name}: kein gültiges TOML: {error}.")
    except json.JSONDecodeError as error:
        problems.append(f"{name}:{error.lineno}: kein gültiges JSON: {error.msg}.")
    except (RecursionError, ValueError) as error:
        problems.append(f"{name}: nicht lesbar: {error}.")
    else:
        if isinstance(data, Mapping) and is_storable(data):
            return data
        problems.append(f"{name}: Erwartet werden „rule“ und „scenario“ als Listen, ohne NUL-Zeichen.")
    return {}


def _duplicates(rules: Iterable[Rule], scenarios: Iterable[Scenario]) -> list[str]:
    keys = Counter((rule.key, rule.valid_from) for rule in rules)
    names = Counter(scenario.name for scenario in scenarios)
    return [
        *(f"{key}: Diese Regel steht {times}-mal da, mit demselben „valid_from“." for (key, _), times in keys.items() if times > 1),
        *(f"{name}: Dieses Beispiel steht {times}-mal da." for name, times in names.items() if times > 1),
    ]  # fmt: skip


def content_of(rule_set: RuleSet) -> Content:
    """Return what a stored set holds."""
    return Content(
        tuple(rule_of(row) for row in rule_set.rules.select_related("owner")),
        tuple(scenario_of(row) for row in rule_set.scenarios.all()),
    )


def export_text(content: Content) -> str:
    """Return one JSON file that ``read_content`` reads back unchanged."""
    data = {
        "rule": [rule_to_dict(rule) for rule in content.rules],
        "scenario": [scenario_to_dict(scenario) for scenario in content.scenarios],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
