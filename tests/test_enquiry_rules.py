"""Rules of the house for enquiries, checked instead of remembered."""

import ast
import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from counseling.models import Booking, Enquiry, Message, Note, Proposal
from counseling.sealing import SEALED
from ruemsa_portal import processing

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ruemsa_portal", "accounts", "directory", "offers", "counseling")
# Where rows are written, and where the day of deletion and the person's own code decide.
MAY_ASK_PLAINLY = re.compile(
    r"counseling/(models|actions|management)/|counseling/(periods|emails|booking_emails|appointments)\.py"
)
MAY_UNSEAL = re.compile(r"counseling/(actions/|sealing\.py|stored_data\.py)")


def sources() -> dict[str, str]:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def attributes(code: str) -> list[str]:
    return [ast.unparse(node) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)]


def test_visible_to_is_the_only_way_in() -> None:
    wrong = []
    for name, code in sources().items():
        if MAY_ASK_PLAINLY.search(name):
            continue
        found = [
            text for text in attributes(code) if re.match(r"(Enquiry|Booking)\.(objects|_default_manager)\.", text)
        ]
        allowed = ("Enquiry.objects.visible_to", "Booking.objects.visible_to")
        wrong += [(name, text) for text in found if not text.startswith(allowed)]
    assert wrong == []


def test_texts_are_opened_in_few_places() -> None:
    wrong = [
        name
        for name, code in sources().items()
        if re.search(r"counseling\.sealing import[^\n]*\bunseal\b", code) and not MAY_UNSEAL.search(name)
    ]
    assert wrong == []


@pytest.mark.parametrize("model", [Enquiry, Message, Note, Proposal, Booking])
def test_every_ciphertext_is_on_the_list_and_every_row_has_a_random_key(model: type) -> None:
    sealed = {field.name.removesuffix("_sealed") for field in model._meta.fields if field.name.endswith("_sealed")}  # type: ignore[attr-defined]
    assert sealed == set(SEALED[model._meta.label_lower])  # type: ignore[attr-defined]
    assert model._meta.pk.get_internal_type() == "UUIDField"  # type: ignore[attr-defined]


def test_record_of_processing_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("processing_record", check=True, stdout=io.StringIO())
    monkeypatch.setattr(processing, "RECORD", processing.RECORD[1:])
    with pytest.raises(CommandError, match=r"ohne Eintrag: counseling\.about\.first_name"):
        call_command("processing_record", check=True, stdout=io.StringIO())


@pytest.mark.parametrize("name", ["keys", "breach", "retention"])
def test_pages_for_operators_name_commands_that_exist(name: str) -> None:
    text = (ROOT / "docs" / "operations" / f"{name}.md").read_text()
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")} | {"check", "migrate"}
    assert set(re.findall(r"manage\.py (\w+)", text)) <= commands


def test_evidence_of_the_threat_table_exists() -> None:
    text = (ROOT / "docs" / "security" / "threats.md").read_text()
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    for path in re.findall(r"`(tests/[\w/]+\.py)", text):
        assert (ROOT / path).is_file(), path
    missing = [name for name in re.findall(r"(?:::|`)(test_\w+)`", text) if f"def {name}(" not in tests]
    assert missing == []
