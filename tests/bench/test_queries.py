"""The query set that judges the search: complete, well-formed, and the sealed half untouched."""

import csv
import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGION = ROOT / "regions" / "boerde"
QUERIES = ROOT / "bench" / "queries"
MIX = {
    "synonym": 15,
    "compound": 10,
    "typo": 15,
    "gender": 8,
    "inflection": 8,
    "transliteration": 8,
    "sentence": 14,
    "place": 8,
    "loan": 8,
    "swear": 6,
}
BLIND = 60
READERS = {"readers": 100, "last": 60}
VOICES = {"pupil", "mother", "refugee", "social worker"}
SEALED = ("sealed", "blind", "last")
NAMED_IN_THE_TASK = {
    "lehrstelle kfz",
    "pratikum altenpflge",
    "was mit tiere",
    "schule geschmissen was jetzt",
    "geld vom amt für führerschein",
    "Buerokauffrau",
    "Erzieher:in",
    "praktikum wolmirstedt",
    "schule abgebrochen",
}

# Failures show positions, never the words: the sealed half must not be read by accident.
Entries = list[dict[str, Any]]


def read(half: str) -> Entries:
    with (QUERIES / f"{half}.toml").open("rb") as file:
        return tomllib.load(file)["queries"]


def spoilt(entries: Entries, is_good: Any) -> list[int]:
    return [number for number, entry in enumerate(entries, start=1) if not is_good(entry)]


@pytest.fixture(params=["open", "sealed", "blind", "readers", "last"])
def entries(request: pytest.FixtureRequest) -> Entries:
    return read(request.param)


@pytest.mark.parametrize("half", ["open", "sealed"])
def test_a_hundred_each_in_the_same_mix(half: str) -> None:
    assert Counter(entry["category"] for entry in read(half)) == MIX


def test_the_blind_set_has_every_category() -> None:
    assert {entry["category"] for entry in read("blind")} == set(MIX)
    assert len(read("blind")) == BLIND


@pytest.mark.parametrize(("name", "size"), READERS.items())
def test_each_reader_has_a_say(name: str, size: int) -> None:
    assert {entry["category"] for entry in read(name)} == VOICES
    assert len(read(name)) == size


def test_entries_have_nothing_else(entries: Entries) -> None:
    assert spoilt(entries, lambda entry: set(entry) == {"query", "category", "relevant"}) == []


def test_queries_are_short_and_trimmed(entries: Entries) -> None:
    assert spoilt(entries, lambda entry: 0 < len(entry["query"]) <= 100) == []
    assert spoilt(entries, lambda entry: entry["query"] == " ".join(entry["query"].split())) == []


def test_sentences_have_5_to_10_words(entries: Entries) -> None:
    sentences = [entry for entry in entries if entry["category"] == "sentence"]
    assert spoilt(sentences, lambda entry: 5 <= len(entry["query"].split()) <= 10) == []


def test_every_slug_is_a_shipped_offer(entries: Entries) -> None:
    shipped = {path.stem for path in (REGION / "offers").glob("*.toml")}
    assert spoilt(entries, lambda entry: set(entry["relevant"]) <= shipped) == []


def test_grades(entries: Entries) -> None:
    assert spoilt(entries, lambda entry: set(entry["relevant"].values()) <= {1, 2, 3}) == []
    assert spoilt(entries, lambda entry: 1 <= sum(grade >= 2 for grade in entry["relevant"].values()) <= 5) == []
    assert spoilt(entries, lambda entry: len(entry["relevant"]) <= 6) == []


def test_place_queries_name_a_place_of_the_county(entries: Entries) -> None:
    with (REGION / "localities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = {row["name"].casefold() for row in rows} | {row["postal_code"] for row in rows}

    def names_a_place(entry: dict[str, Any]) -> bool:
        return any(re.search(rf"\b{re.escape(place)}\b", entry["query"].casefold()) for place in places)

    asked = [entry for entry in entries if entry["category"] == "place"]
    assert spoilt(asked, names_a_place) == []


def test_no_query_twice() -> None:
    seen = Counter(entry["query"].casefold() for half in ("open", "sealed", "blind") for entry in read(half))
    assert max(seen.values()) == 1
    assert len(seen) == 200 + BLIND


def test_no_query_twice_among_the_readers() -> None:
    seen = Counter(entry["query"].casefold() for name in READERS for entry in read(name))
    assert max(seen.values()) == 1


def test_queries_named_in_the_task_are_open() -> None:
    assert {entry["query"] for entry in read("open")} >= NAMED_IN_THE_TASK


def test_the_sealed_sets_are_as_they_were_written() -> None:
    digests = [hashlib.sha256((QUERIES / f"{name}.toml").read_bytes()).hexdigest() for name in SEALED]
    noted = re.findall(r"^    ([0-9a-f]{64})$", (QUERIES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert noted == digests
