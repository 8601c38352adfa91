"""The security record: every row has evidence, and the evidence is there."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECURITY = ROOT / "docs" / "security"
HEAD = ["number", "level", "kind", "evidence", "remark"]
# OWASP ASVS 5.0.0: items of levels 1 and 2 by chapter, those that do not apply to us, and what we took of level 3.
ITEMS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7}  # fmt: skip
NOT_APPLICABLE = {1: 8, 3: 2, 4: 6, 5: 1, 6: 5, 7: 3, 9: 7, 10: 29, 12: 1, 17: 7}
OF_LEVEL_3 = {"2.3.5", "3.4.8", "3.6.1", "7.5.3", "8.3.2", "14.2.6", "14.2.7", "14.2.8", "16.5.4"}
DOCUMENTS = {
    "2.1.1", "2.1.2", "2.1.3", "5.1.1", "6.1.1", "6.1.2", "6.1.3", "7.1.1", "7.1.2", "8.1.1", "8.1.2", "11.1.2", "13.1.1",
    "14.1.1", "14.1.2", "15.1.1", "15.1.2", "15.1.3", "16.1.1",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One item of the standard and what we show for it."""

    number: str
    level: int
    kind: str
    evidence: tuple[str, ...]
    remark: str

    @property
    def chapter(self) -> int:
        return int(self.number.split(".")[0])


def read_record(text: str) -> list[Row]:
    head, *lines = text.splitlines()
    assert head.split("\t") == HEAD
    cells = [line.split("\t") for line in lines]
    return [Row(number, int(level), kind, tuple(found.split()), remark) for number, level, kind, found, remark in cells]


RECORD = read_record((SECURITY / "asvs-5.0.tsv").read_text())


def headings(path: Path) -> set[str]:
    """Return the anchors of a page as Git hosts make them."""
    found = re.findall(r"^#+ (.*)$", path.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def problem(evidence: str) -> str | None:
    """Return what is wrong with a piece of evidence: ``file.py::test``, ``page.md#heading`` or ``file:text``."""
    name, sign, part = re.fullmatch(r"([^:#]+)(::|#|:|$)(.*)", evidence).groups()  # type: ignore[union-attr]
    path = ROOT / name
    if not path.is_file():
        return f"no file: {evidence}"
    text = path.read_text()
    holds = {
        "::": lambda: re.search(rf"^def {re.escape(part)}\(", text, re.M) is not None,
        "#": lambda: part in headings(path),
        ":": lambda: part in text,
        "": lambda: True,
    }[sign]
    return None if holds() else f"not in it: {evidence}"


def problems(row: Row) -> list[str]:
    """Return what is wrong with a row."""
    if row.kind == "n.a.":
        return [] if row.remark and not row.evidence else [f"{row.number}: says no reason"]
    signs = {"test": "::", "document": "#", "config": ":"}
    if row.kind not in signs or not row.evidence:
        return [f"{row.number}: no evidence"]
    wrong = [found for found in map(problem, row.evidence) if found]
    if not any(signs[row.kind] in found for found in row.evidence):
        wrong.append("of another kind")
    for adr in re.findall(r"ADR (\d{4})", row.remark):
        (path,) = (ROOT / "docs" / "adr").glob(f"{adr}-*.md")
        if row.kind != "n.a." and not re.search(rf"(?<![\d.]){re.escape(row.number)}(?![\d.]*\d)", path.read_text()):
            wrong.append(f"ADR {adr} does not name it")
    return [f"{row.number}: {text}" for text in wrong]


def test_every_row_has_evidence_that_exists() -> None:
    assert [text for row in RECORD for text in problems(row)] == []


@pytest.mark.parametrize(
    "line",
    [
        "1.1.1\t2\ttest\t\t",
        "1.1.1\t2\ttest\ttests/test_asvs.py::test_gone\t",
        "1.1.1\t2\ttest\ttests/test_gone.py::test_gone\t",
        "1.1.1\t2\ttest\tdocs/security/input.md#limits\t",
        "1.1.1\t2\tdocument\tdocs/security/input.md#gone\t",
        "1.1.1\t2\tconfig\tdocs/deploy/nginx.conf:ssl_protocols SSLv3\t",
        "1.1.1\t2\tpromised\tdocs/security/input.md#limits\t",
        "1.1.1\t2\tn.a.\t\t",
        "1.1.1\t2\ttest\ttests/test_asvs.py::test_every_row_has_evidence_that_exists\tADR 0001",
    ],
)
def test_check_can_fail(line: str) -> None:
    (row,) = read_record("\t".join(HEAD) + "\n" + line)
    assert problems(row) != []


def test_record_is_complete() -> None:
    low = [row for row in RECORD if row.level < 3]
    assert len({row.number for row in RECORD}) == len(RECORD)
    assert Counter(row.chapter for row in low) == ITEMS and len(low) == 253
    assert Counter(row.chapter for row in low if row.kind == "n.a.") == NOT_APPLICABLE
    assert Counter(row.level for row in low if row.kind != "n.a.") == {1: 59, 2: 125}
    assert {row.number for row in RECORD if row.level == 3} == OF_LEVEL_3
    assert {row.number for row in low if row.kind == "document"} == DOCUMENTS


def test_each_of_the_top_ten_has_a_test() -> None:
    lines = [line for line in (SECURITY / "top10.md").read_text().splitlines() if line.startswith("| A")]
    assert [line[2:5] for line in lines] == [f"A{number:02d}" for number in range(1, 11)]
    found = [re.findall(r"`(tests/[^`]+::[^`]+)`", line) for line in lines]
    assert all(found) and [text for names in found for name in names if (text := problem(name))] == []


def test_every_promise_has_a_proof() -> None:
    lines = [line for line in (SECURITY / "behaviours.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(lines) > 20
    assert [line for line in lines if "`tests/" not in line] == []
    assert [wrong for line in lines for name in re.findall(r"`(tests/[^`]+)`", line) if (wrong := problem(name))] == []


def test_modules_of_the_bsi_have_evidence() -> None:
    text = (SECURITY / "bsi.md").read_text()
    assert set(re.findall(r"^\| ([A-Z]+\.[\d.]+) \|", text, re.M)) == {
        "APP.3.1",
        "CON.3",
        "CON.6",
        "CON.10",
        "OPS.1.1.5",
    }
    assert [wrong for name in re.findall(r"`(tests/[^`]+)`", text) if (wrong := problem(name))] == []


@pytest.mark.parametrize("page", sorted(SECURITY.glob("*.md")), ids=lambda path: path.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        name, _sign, anchor = target.partition("#")
        path = (page.parent / name).resolve()
        assert path.is_file(), target
        assert not anchor or anchor in headings(path), target
