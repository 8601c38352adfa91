"""Rules of the house, checked instead of remembered."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.template import engines
from django.utils.functional import Promise

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ruemsa_portal", "accounts", "directory", "offers", "counseling")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))

# Django looks these up by name, no code of ours names them.
FOUND_BY_NAME = re.compile(
    r"^(admin|registration|django|crispy_forms|portal)/|^(400|403|404|405|429|500|503|403_csrf)\.html$"
)
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES, STYLE_LINES = 400, 40, 150, 300


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in PACKAGES]


def own_fields() -> Iterator[models.Field]:
    """Fields written by us: not inherited from Django's own user model, not the automatic key."""
    for model in own_models():
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            if not field.auto_created and model._meta.label != "accounts.User":
                yield field


def test_no_migration_is_missing(db: None) -> None:
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert out.getvalue() == "No changes detected\n"


def test_every_model_has_a_name_of_its_own_in_gettext() -> None:
    named = [
        model._meta.label
        for model in own_models()
        if isinstance(model._meta.verbose_name, Promise) and isinstance(model._meta.verbose_name_plural, Promise)
    ]
    assert named == [model._meta.label for model in own_models()]


def test_every_field_has_a_name_of_its_own_in_gettext() -> None:
    assert [str(field) for field in own_fields() if not isinstance(field.verbose_name, Promise)] == []


def test_every_admin_model_is_editable_with_a_name_for_its_app() -> None:
    apps_shown = {model._meta.app_config for model in admin.site._registry if model._meta.app_label in PACKAGES}
    unnamed = [config.name for config in apps_shown if str(config.verbose_name).lower() == config.name]
    assert unnamed == []


def template_names() -> dict[str, Path]:
    return {path.relative_to(ROOT / "templates").as_posix(): path for path in TEMPLATES}


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text() for path in SOURCES + TEMPLATES)
    unused = [
        name for name in template_names() if not FOUND_BY_NAME.match(name) and not re.search(rf"[\"']{name}[\"']", code)
    ]
    assert unused == []


def test_every_named_template_exists_and_compiles() -> None:
    for name in template_names():
        if name.endswith(".html"):
            engines["django"].get_template(name)
    named = {
        name
        for path in SOURCES + TEMPLATES
        for name in re.findall(r"[\"']((?:[\w-]+/)*[\w-]+\.html)[\"']", path.read_text())
    }
    for name in sorted(named):
        engines["django"].get_template(name)


@pytest.mark.parametrize("pattern", [r"\sstyle=", r"<style", r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)", r"\son\w+=\""])
def test_no_inline_style_or_script_in_templates(pattern: str) -> None:
    assert [name for name, path in template_names().items() if re.search(pattern, path.read_text())] == []


def test_raw_html_comes_from_one_module_only() -> None:
    allowed = ROOT / "ruemsa_portal" / "templatetags" / "portal.py"
    pattern = re.compile(r"mark_safe|SafeString\(|\|\s*safe\b|autoescape off")
    found = [str(path) for path in SOURCES + TEMPLATES if path != allowed and pattern.search(path.read_text())]
    assert found == []


def test_no_signals_and_no_hidden_imports() -> None:
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and "signals" in (node.module or "") and "migrations" not in str(path):
                found.append(f"{path}:{node.lineno} signal")
            if isinstance(node, ast.FunctionDef):
                inner = [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]
                found += [f"{path}:{child.lineno} import inside a function" for child in inner]
    assert found == []


def too_long(paths: list[Path], limit: int) -> dict[str, int]:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    return {name: length for name, length in lengths.items() if length > limit}


def test_files_stay_short() -> None:
    code = [path for path in SOURCES if "migrations" not in path.parts]
    assert too_long(code, MODULE_LINES) == {}
    assert too_long(TEMPLATES, TEMPLATE_LINES) == {}
    assert too_long(sorted((ROOT / "static" / "css").rglob("*.css")), STYLE_LINES) == {}
    assert too_long(sorted((ROOT / "tests").rglob("*.py")), 600) == {}


def test_functions_stay_short() -> None:
    found = {}
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > FUNCTION_LINES:
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert found == {}


def test_no_other_county_is_locked_out() -> None:
    """The county's name stands in its folder only; code that names it would break for another one."""
    words = re.compile(r"boerde|börde|haldensleben|oschersleben", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES + TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if words.search(line) and not is_example(line)
    ]
    assert found == []


def is_example(line: str) -> bool:
    """Docstrings, comments and help texts may give an example."""
    return bool(re.search(r"#|>>>|\{% comment|help_text|Zum Beispiel|z\. B\.|``|for example|such as", line))


def test_records_of_decisions_are_short_and_complete() -> None:
    wanted = ["Status", "Context", "Decision", "Consequences", "What would make us change it"]
    for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        text = path.read_text()
        assert re.findall(r"^## (.*)$", text, re.M) == wanted, path.name
        assert len(text.splitlines()) <= 60, path.name
        assert path.name in (ROOT / "docs" / "adr" / "README.md").read_text()
