"""``synonyms.toml``: loaded like every other file of the folder, and every fault named with file and line."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from directory.index.synonyms import Group, groups
from directory.models import ContentVersion, SynonymGroup
from tests.factories.directory import GlossaryTermFactory
from tests.factories.region import load, problems_of, replace, write_region

pytestmark = pytest.mark.django_db
FILE = "synonyms.toml"
TEXT = """# Wörter
[[group]]
name = "Ausbildung"
words = ["Lehre", "Azubi", "in Ausbildung"]
note = "geprüft"

[[group]]
name = "Amt"
one_way = true
words = [
    "Stütze",
]
means = ["Jobcenter"]
active = false
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = write_region(tmp_path)
    (path / FILE).write_text(TEXT, encoding="utf-8")
    return path


def version() -> int:
    return ContentVersion.objects.get().number


def test_groups_are_loaded(folder: Path) -> None:
    lines = load(folder).splitlines()
    assert "Gleiche Wörter: 2 neu" in lines
    assert not [line for line in lines if "Nicht geladen" in line]
    one, two = SynonymGroup.objects.order_by("-name")
    assert (one.name, one.said(), one.meant(), one.note) == (
        "Ausbildung",
        *[["Lehre", "Azubi", "in Ausbildung"]] * 2,
        "geprüft",
    )
    assert (two.said(), two.meant(), two.is_one_way, two.is_active) == (["Stütze"], ["Jobcenter"], True, False)
    assert one.is_active
    assert load(folder).splitlines()[-1].startswith("Fertig: 0 neu, 0 geändert")
    assert version() == 1


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    assert "neu: Gruppe gleicher Wörter Ausbildung" in load(folder, dry_run=True).splitlines()
    assert not SynonymGroup.objects.exists()


def test_a_change_is_shown_written_and_raises_the_version(folder: Path) -> None:
    load(folder)
    replace(folder, FILE, '"Azubi", ', '"Azubi", "Lehrstelle", ')
    lines = load(folder).splitlines()
    assert lines[:2] == [
        "geändert: Gruppe gleicher Wörter Ausbildung",
        "    Wörter: Lehre Azubi in Ausbildung → Lehre Azubi Lehrstelle in Ausbildung",
    ]
    assert "Lehrstelle" in SynonymGroup.objects.get(name="Ausbildung").said()
    assert version() == 2


def test_what_staff_edited_stays_unless_told(folder: Path) -> None:
    load(folder)
    SynonymGroup.objects.filter(name="Ausbildung").update(words="Lehre\nStift", staff_edited_at=timezone.now())
    assert load(folder).startswith("übersprungen: Gruppe gleicher Wörter Ausbildung")
    assert SynonymGroup.objects.get(name="Ausbildung").said() == ["Lehre", "Stift"]
    load(folder, overwrite=True)
    row = SynonymGroup.objects.get(name="Ausbildung")
    assert (row.said()[1], row.staff_edited_at) == ("Azubi", None)


def test_a_group_the_folder_no_longer_has_is_reported_and_stays(folder: Path) -> None:
    load(folder)
    (folder / FILE).unlink()
    assert "Nicht mehr im Ordner (bleibt stehen): Gruppe gleicher Wörter Amt" in load(folder).splitlines()
    assert SynonymGroup.objects.count() == 2


SIXTY_ONE = ", ".join(f'"Wort{chr(97 + number % 26)}{chr(97 + number // 26)}"' for number in range(61))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('note = "geprüft"', 'notiz = "x"', "5: group.notiz: diesen Schlüssel kennt das Portal nicht."),
        ('name = "Ausbildung"', "", "2: group.name: Dieses Feld darf nicht leer sein."),
        ('name = "Amt"', 'name = "Ausbildung"', "8: group.name: „Ausbildung“ gibt es schon in synonyms.toml:2."),
        ('["Lehre", "Azubi", "in Ausbildung"]', '["Lehre"]', "4: group.words: Bitte mindestens zwei Wörter eintragen."),
        ('["Lehre", "Azubi", "in Ausbildung"]', "[]", "4: group.words: Dieses Feld darf nicht leer sein."),
        ('"Azubi"', '" "', "4: group.words: „['Lehre', ' ', 'in Ausbildung']“ passt nicht; gebraucht wird eine Liste von Texten."),
        ('"Azubi"', '"lehre"', "4: group.words: „lehre“ steht doppelt da."),
        ('"Azubi"', '"Lehre"', "4: group.words: „Lehre“ steht doppelt da."),
        ('"Azubi"', '"…"', "4: group.words: „…“ enthält kein Wort."),
        ('"Azubi"', '"der"', "4: group.words: „der“ besteht nur aus Wörtern, nach denen die Suche nicht sucht."),
        ('"Azubi"', '"A\\u0000B"', "4: group.words: enthält ein Steuerzeichen."),
        ('"Azubi"', '"A\\nB"', "4: group.words: „A …“ steht auf mehreren Zeilen."),
        ('"Azubi"', '"eins zwei drei vier fünf sechs sieben acht neun"', "4: group.words: „eins zwei drei vier fünf sechs sieben acht neun“ hat zu viele Wörter; höchstens 8 sind erlaubt."),
        ('["Lehre", "Azubi", "in Ausbildung"]', f"[{SIXTY_ONE}]", "4: group.words: 61 Einträge; höchstens 60 sind erlaubt."),
        ('means = ["Jobcenter"]', "", "7: group.means: „Bedeuten auch“ gehört zu „nur in eine Richtung“ – und nur dazu."),
        ("one_way = true\n", "", "12: group.means: „Bedeuten auch“ gehört zu „nur in eine Richtung“ – und nur dazu."),
        ("active = false", 'active = "nein"', "14: group.active: „nein“ passt nicht; gebraucht wird true oder false."),
        ("[[group]]\nname = \"Amt\"", "[[gruppe]]\nname = \"Amt\"", "1: gruppe: diesen Schlüssel kennt das Portal nicht."),
    ],
)  # fmt: skip
def test_fault_is_named_with_file_and_line(folder: Path, old: str, new: str, message: str) -> None:
    replace(folder, FILE, old, new)
    problems = problems_of(folder)
    assert f"{FILE}:{message}" in problems
    assert all(problem.startswith(f"{FILE}:") for problem in problems)


def test_search_reads_active_groups_and_the_glossary() -> None:
    two = SynonymGroup.objects.create(name="a", words="Lehre\n\n Azubi \n")
    one = SynonymGroup.objects.create(name="b", words="Stütze", means="Jobcenter", is_one_way=True)
    SynonymGroup.objects.create(name="c", words="x\ny", is_active=False)
    GlossaryTermFactory(slug="bab", term="BAB", also="Beihilfe; BAB ;", former_name="Hilfe")
    GlossaryTermFactory(slug="allein", term="Allein")
    glossary = Group(("BAB", "Beihilfe", "Hilfe"), ("BAB", "Beihilfe", "Hilfe"))
    assert groups() == [Group(("Lehre", "Azubi"), ("Lehre", "Azubi")), Group(("Stütze",), ("Jobcenter",)), glossary]
    assert groups(besides=two.pk) == [Group(("Stütze",), ("Jobcenter",)), glossary]
    assert one.pk != two.pk


def test_the_county_ships_at_least_150_groups(region: None) -> None:
    assert (settings.REGION_DIR / FILE).is_file()
    assert SynonymGroup.objects.filter(is_active=True).count() >= 150
    for row in SynonymGroup.objects.all():
        row.full_clean()
