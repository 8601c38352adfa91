"""What the loader says about broken folders: every fault, with file and line, and nothing is written."""

from pathlib import Path

import pytest

from offers.region.toml_lines import key_lines
from tests.factories.region import FILES, problems_of, replace, write_region

POINT = "contact_points/haus.toml"
OFFER = "offers/bvj.toml"
STELLEN = "agencies.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_region(tmp_path)


def line_of(name: str, text: str) -> int:
    """Line of the shipped test file in which the text begins."""
    before, found, _ = FILES[name].partition(text)
    assert found
    return before.count("\n") + 1


# file, text, its replacement, line, message
FAULTS = [
    (
        OFFER,
        'age_state = "known"',
        'age_state = "klar"',
        "for_whom.age_state: „klar“ ist nicht erlaubt. Erlaubt: known, none, unknown.",
    ),
    (OFFER, "age_min = 15", 'age_min = "15"', "for_whom.age_min: „15“ passt nicht; gebraucht wird eine ganze Zahl."),
    (OFFER, "age_min = 15", "age_min = true", "for_whom.age_min: „True“ passt nicht; gebraucht wird eine ganze Zahl."),
    (OFFER, "age_min = 15", "age_min = 120", "for_whom.age_min: Dieser Wert muss kleiner oder gleich 99 sein."),
    (
        OFFER,
        'cost_amount = "12.50"',
        'cost_amount = "zwölf"',
        'money.cost_amount: „zwölf“ passt nicht; gebraucht wird ein Betrag wie "12.50".',
    ),
    (
        OFFER,
        'fact = "fulltime_school_done"',
        'fakt = "fulltime_school_done"',
        "for_whom.preconditions.fakt: diesen Schlüssel kennt das Portal nicht.",
    ),
    (OFFER, 'title = "Vorbereitungsjahr"', 'title = ""', "title: Dieses Feld darf nicht leer sein."),
    (
        OFFER,
        'title = "Vorbereitungsjahr"',
        "title = 7",
        "title: „7“ passt nicht; gebraucht wird Text in Anführungszeichen.",
    ),
    (OFFER, 'title = "Vorbereitungsjahr"', 'title = "A\\u0000B"', "title: enthält ein Steuerzeichen."),
    (
        OFFER,
        'summary = "Geh ein Jahr zur Schule."',
        f'summary = "{"x" * 300}"',
        "summary: 300 Zeichen; höchstens 280 sind erlaubt.",
    ),
    (
        OFFER,
        'situations = ["no_plan"]',
        'situations = ["plan_b"]',
        "for_whom.situations: „plan_b“ gibt es nicht (Situationen).",
    ),
    (
        OFFER,
        'situations = ["no_plan"]',
        'situations = "no_plan"',
        "for_whom.situations: „no_plan“ passt nicht; gebraucht wird eine Liste von Texten.",
    ),
    (
        OFFER,
        'certificates = ["hsa", "none"]',
        'certificates = ["hsa", "hsa"]',
        "for_whom.certificates: „hsa“ steht doppelt da.",
    ),
    (
        OFFER,
        'contact_point = "haus"',
        'contact_point = "hütte"',
        "contact.contact_point: „hütte“ gibt es nicht (Anlaufstellen).",
    ),
    (OFFER, 'agency = "kreis"', 'agency = "stadt"', "agencies.agency: „stadt“ gibt es nicht (Stellen)."),
    (
        OFFER,
        'role = "provider"',
        'role = "chef"',
        "agencies.role: „chef“ ist nicht erlaubt. Erlaubt: provider, operator, funder, referrer.",
    ),
    (
        OFFER,
        "checked_on = 2026-11-01",
        'checked_on = "1.11.2026"',
        "review.checked_on: „1.11.2026“ passt nicht; gebraucht wird ein Datum wie 2027-03-15.",
    ),
    (OFFER, "day = 15", "day = 32", "deadlines.day: den 32.3. gibt es nicht."),
    (
        OFFER,
        'to_bring = ["Zeugnis"]',
        'to_bring = ["Zeug\\nnis"]',
        "access.to_bring: jeder Eintrag steht auf einer Zeile.",
    ),
    (
        POINT,
        'person = "Beratung"\nstarts_on',
        'person = "Niemand"\nstarts_on',
        "absences.person: „Niemand“ steht nicht unter [[persons]].",
    ),
    (POINT, 'substitute = "Leitung"', 'substitute = "Beratung"', "persons.substitute: niemand vertritt sich selbst."),
    (
        POINT,
        'number = "+4939041000"',
        'number = "039041 000"',
        "phones.number: Bitte mit Ländervorwahl und ohne Leerzeichen: +49390412345.",
    ),
    (
        POINT,
        'weekdays = ["mo", "di"]',
        'weekdays = ["mo", "montag"]',
        "schedule.weekdays: „montag“ ist nicht erlaubt. Erlaubt: mo, di, mi, do, fr, sa, so.",
    ),
    (
        POINT,
        'weekdays = ["mo", "di"]',
        "weekdays = []",
        "schedule.weekdays: hier fehlen die Wochentage (mo, di, mi, do, fr, sa, so).",
    ),
    (
        POINT,
        'opens = "09:00"',
        'opens = "9 Uhr"',
        'schedule.opens: „9 Uhr“ passt nicht; gebraucht wird eine Uhrzeit wie "09:30".',
    ),
    (
        POINT,
        'channels = ["in_person", "phone"]',
        'channels = ["brief"]',
        "channels: „brief“ ist nicht erlaubt. Erlaubt: in_person, phone, video, written.",
    ),
    (STELLEN, "luecke,Dienst", "kreis,Dienst", "slug: „kreis“ gibt es schon in agencies.csv:3."),
    (
        STELLEN,
        "luecke,Dienst",
        "lücke,Dienst",
        "slug: Bitte ein gültiges Kürzel, bestehend aus Buchstaben, Ziffern, Unterstrichen und Bindestrichen, eingeben.",
    ),
    (
        STELLEN,
        "luecke,Dienst,,counselling,sgb8,beratung,,,,published,yes",
        "luecke,Dienst,,counselling,sgb8,beratung,,,,published,ja",
        "is_gap: „ja“ passt nicht; gebraucht wird yes oder no.",
    ),
    (STELLEN, "luecke,Dienst,,counselling", "luecke,Dienst,,,counselling", "15 Spalten statt 14."),
    ("municipalities.csv", "99000002,Unterdorf", "99000002,Oberdorf", "name: „Oberdorf“ gibt es schon in Zeile 2."),
    (
        "municipalities.csv",
        "52.2,11.3",
        "52.2,nan",
        "longitude: „nan“ passt nicht; gebraucht wird eine Zahl mit Punkt.",
    ),
    ("localities.csv", "Weiler,99000001", "Weiler,12345678", "ags: „12345678“ gibt es nicht (Gemeinden)."),
    ("localities.csv", "Weiler,99000001", "Weiler,", "ags: hier fehlt der Gemeindeschlüssel."),
    (
        "school_holidays.csv",
        "2026-10-19,2026-10-30",
        "2026-10-19,2026-10-32",
        "ends_on: „2026-10-32“ passt nicht; gebraucht wird ein Datum wie 2027-03-15.",
    ),
    (
        "region.toml",
        'coordination_point = "haus"',
        'coordination_point = "hof"',
        "coordination_point: „hof“ gibt es nicht (Anlaufstellen).",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "old", "new", "message"), FAULTS)
def test_fault_is_named_with_file_and_line(folder: Path, name: str, old: str, new: str, message: str) -> None:
    replace(folder, name, old, new)
    expected = f"{name}:{line_of(name, old)}: {message}"
    problems = problems_of(folder)
    assert problems == [expected]


# Faults that lie between two keys: the line is that of the table or of the row.
BETWEEN = [
    (OFFER, 'agency = "kreis"', "", "48: agencies.agency: hier fehlt die Stelle."),
    (POINT, 'owner = "lotse"', "", "1: owner: hier fehlt die verantwortliche Stelle."),
    (OFFER, "age_min = 15", "age_min = 15\nage_max = 12", "1: „Bis Alter“ ist kleiner als „ab Alter“."),
    (OFFER, 'cost = "paid"', 'cost = "free"', "1: Ein Preis passt nur zu „kostet etwas“."),
    (
        OFFER,
        "month = 3\nday = 15",
        "day = 15",
        "57: deadlines: Bitte den Tag eintragen, oder Monat und Tag, oder die Tage vor dem Ereignis.",
    ),
    (POINT, "latitude = 52.1\n", "", "1: Bitte beide Koordinaten eintragen oder keine."),
    (POINT, 'opens = "09:00"\n', "", "39: schedule: Bitte „von“ und „bis“ eintragen, außer bei „nur mit Termin“."),
    ("school_holidays.csv", "2026-10-30", "2026-10-01", "2: Der letzte Ferientag liegt vor dem ersten."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "old", "new", "message"), BETWEEN)
def test_broken_rule_of_the_model_is_named(folder: Path, name: str, old: str, new: str, message: str) -> None:
    replace(folder, name, old, new)
    assert problems_of(folder) == [f"{name}:{message}"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (OFFER, b"", "1: die Datei ist leer."),
        (OFFER, b" \n", "1: die Datei ist leer."),
        (OFFER, 'title = "A"\nsummary = "Über"\n'.encode("latin-1"), "2: die Datei ist nicht in UTF-8 gespeichert."),
        (OFFER, b'title = "A"\nsummary = "B\0"\n', "2: die Datei enthält ein NUL-Zeichen."),
        (OFFER, b'title = "A"\nsummary = "B\n', "2: kein gültiges TOML: Illegal character '\\n'."),
        (OFFER, b'title = "A"\ntitle = "B"\n', "2: kein gültiges TOML: Cannot overwrite a value."),
        (STELLEN, b"", "1: die Datei ist leer."),
        ("languages.csv", b'code,name\nde,"Deutsch\n', "2: kein gültiges CSV: unexpected end of data."),
        ("languages.csv", b"code,name\nde\n", "2: 1 Spalten statt 2."),
        ("languages.csv", b"code,name,farbe\nde,Deutsch,rot\n", "1: farbe: diese Spalte kennt das Portal nicht."),
        ("languages.csv", b"code\nde\n", "1: name: diese Spalte fehlt."),
        ("languages.csv", b"code,code,name\nde,de,Deutsch\n", "1: code: diese Spalte steht doppelt da."),
        ("pages/impressum.md", b"Impressum\n", "1: die Seite muss mit „# Überschrift“ beginnen."),
        ("region.toml", b"key = \n", "1: kein gültiges TOML: Invalid value."),
        ("weiteres.toml", b"a = \n", "1: kein gültiges TOML: Invalid value."),
    ],
)
def test_unreadable_file_is_named(folder: Path, name: str, content: bytes, message: str) -> None:
    (folder / name).write_bytes(content)
    problems = [problem for problem in problems_of(folder) if problem.startswith(f"{name}:")]
    assert problems == [f"{name}:{message}"]


@pytest.mark.django_db
def test_agency_must_not_belong_to_itself_by_a_detour(folder: Path) -> None:
    replace(folder, STELLEN, "county,other,landkreis,,", "county,other,landkreis,lotse,")
    assert problems_of(folder) == [
        f"{STELLEN}:2: parent: die Stelle gehört (über Umwege) zu sich selbst.",
        f"{STELLEN}:3: parent: die Stelle gehört (über Umwege) zu sich selbst.",
    ]


@pytest.mark.django_db
def test_task_without_office_has_no_address_and_no_number(folder: Path) -> None:
    replace(folder, POINT, 'owner = "lotse"', 'owner = "luecke"')
    assert problems_of(folder) == [
        f"{POINT}:{line_of(POINT, 'street')}: address.street: „luecke“ ist nur als Aufgabe bekannt und hat keine Anschrift.",
        f"{POINT}:{line_of(POINT, 'number')}: phones.number: „luecke“ ist nur als Aufgabe bekannt und hat kein Telefon.",
    ]


@pytest.mark.django_db
def test_all_faults_are_shown_at_once(folder: Path) -> None:
    replace(folder, OFFER, "age_min = 15", "age_min = -1")
    replace(folder, OFFER, 'kind = "vorbereitung"', 'kind = "vorbreitung"')
    replace(folder, POINT, 'step_free = "yes"', 'step_free = "ja"')
    replace(folder, STELLEN, "luecke,Dienst", "luecke,")
    assert [problem.split(": ", 2)[:2] for problem in problems_of(folder)] == [
        [f"{STELLEN}:4", "name"],
        [f"{POINT}:{line_of(POINT, 'step_free')}", "access.step_free"],
        [f"{OFFER}:{line_of(OFFER, 'kind =')}", "kind"],
        [f"{OFFER}:{line_of(OFFER, 'age_min')}", "for_whom.age_min"],
    ]


@pytest.mark.django_db
def test_rows_after_a_long_cell_have_the_right_line(folder: Path) -> None:
    (folder / "glossary.csv").write_text(
        'term,slug,also,former_name,explanation,audience\nA,a,,,"Zeile\nund Zeile",all\nB,b,,,Text,niemand\n'
    )
    assert problems_of(folder) == ["glossary.csv:4: audience: „niemand“ ist nicht erlaubt. Erlaubt: all, staff."]


@pytest.mark.django_db
def test_two_offers_must_agree_about_a_paragraph(folder: Path) -> None:
    second = FILES[OFFER].replace('legal_area = "school"', 'legal_area = "sgb3"')
    (folder / "offers/zweites.toml").write_text(second, encoding="utf-8")
    line = line_of(OFFER, 'legal_area = "school"')
    assert problems_of(folder) == [
        f"offers/zweites.toml:{line}: legal_bases.legal_area: „sgb3“, aber in {OFFER}:{line} steht „school“."
    ]


@pytest.mark.django_db
def test_folder_without_region_file_is_no_region(folder: Path) -> None:
    (folder / "region.toml").unlink()
    assert problems_of(folder) == ["region.toml:1: die Datei fehlt. Ist das ein Regionsordner?"]


def test_lines_of_keys() -> None:
    text = '''a = 1
b = [
  "x = 1", # [kein] Abschnitt
  ["]"],
]
c = """
d = 2
[e]
"""
[f."g"]
h.i = { j = 1 }
[[k]]
l = 1
[[k]]
l = \'\'\'[
x\'\'\'
[[k.m]]
n = 1
'''
    assert key_lines(text) == {
        ("a",): 1,
        ("b",): 2,
        ("c",): 6,
        ("f", "g"): 10,
        ("f", "g", "h", "i"): 11,
        ("k", 0): 12,
        ("k", 0, "l"): 13,
        ("k", 1): 14,
        ("k", 1, "l"): 15,
        ("k", 1, "m", 0): 17,
        ("k", 1, "m", 0, "n"): 18,
    }
