"""The list of fault drills is whole; the drills themselves are run by ``make faults``."""

import os
from pathlib import Path

from tests.faults.__main__ import FOLDER, SHORT, long_ones

ROOT = Path(__file__).resolve().parent.parent
DRILLS = {f"F{number}" for number in range(1, 19)} | {"canary", "spam"}
ALONE = (
    "kill9.py",
    "race.py",
    "pg_crash.py",
    "diskfull.py",
    "slow.sh",
    "hup.sh",
    "restore.sh",
    "migrate_live.sh",
    "canary.py",
)


def test_every_fault_has_a_drill_that_can_be_run_alone() -> None:
    assert {number for one in SHORT if not one.control for number in one.numbers.split()} == DRILLS
    assert [one.script for one in (*SHORT, *long_ones(60)) if not (FOLDER / one.script).is_file()] == []
    assert [name for name in ALONE if not (FOLDER / name).is_file()] == []
    assert [name for name in ALONE if name.endswith(".sh") and not os.access(FOLDER / name, os.X_OK)] == []


def test_protections_are_taken_away_to_see_the_drill_fail() -> None:
    controls = {one.numbers for one in SHORT if one.control}
    assert controls == {"F1", "F5", "F6", "F8", "F12", "canary"}


def test_nothing_of_the_portal_knows_how_to_break_itself() -> None:
    for package in ("ruemsa_portal", "counseling", "offers", "directory", "accounts"):
        for path in (ROOT / package).rglob("*.py"):
            assert "tests.faults" not in path.read_text(), path


def test_fault_drills_are_part_of_the_whole_run() -> None:
    assert 'step "fault drills" make faults\n' in (ROOT / ".ci" / "run").read_text()
