"""A tiny region of its own, written by the tests: another county needs no other code."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.models import ContentVersion, Municipality

FILES = {
    "region.toml": """
key = "neuland"
name = "Landkreis Neuland"
portal_name = "Wer hilft mir?"
state = "Neuland"
timezone = "Europe/Berlin"
holiday_subdivision = "ST"
coordination_agency = "lotse"
coordination_point = "haus"
""",
    "languages.csv": "code,name\nde,Deutsch\nuk,Ukrainisch\n",
    "situations.csv": "slug,label,position\nno_plan,Ich habe keinen Plan,1\nat_school,Ich gehe zur Schule,2\n",
    "occupational_fields.csv": "slug,name\nbau,Bau und Holz\n",
    "municipalities.csv": (
        "ags,name,kind,association,latitude,longitude,postal_codes,aliases,source,verified\n"
        "99000001,Oberdorf,einheitsgemeinde,,52.1,11.2,99001,,Liste,yes\n"
        '99000002,Unterdorf,mitgliedsgemeinde,"Nord, Süd",52.2,11.3,99002,Dorf;Tal,Liste,no\n'
    ),
    "localities.csv": (
        "name,ags,postal_code,latitude,longitude,aliases,mapping_verified,source\n"
        "Weiler,99000001,99001,52.1,11.2,,yes,Liste\n"
    ),
    "neighbours.csv": "name,county,aliases,postal_codes\nStadt,Kreis Nebenan,,99100\n",
    "school_holidays.csv": "name,starts_on,ends_on,source,verified\nHerbstferien,2026-10-19,2026-10-30,Ministerium,yes\n",
    "agencies.csv": (
        "slug,name,short_name,kind,legal_area,stelle,parent,what_we_do,website,status,is_gap,source,source_date,verified\n"
        "lotse,Lotsenstelle,,coordination,other,koordination,kreis,Wir hören zu.,,published,no,Amt,2026,yes\n"
        "kreis,Landkreis Neuland,,county,other,landkreis,,Wir sind die Verwaltung.,https://kreis.example,published,no,Amt,2026,yes\n"
        "luecke,Dienst,,counselling,sgb8,beratung,,,,published,yes,Gesetz,,no\n"
    ),
    "glossary.csv": "term,slug,also,former_name,explanation,audience\nBVJ,bvj,Vorbereitungsjahr,,Ein Jahr Schule.,all\n",
    "pages/impressum.md": "# Impressum\n\nHier steht, wer das Portal macht.\n",
    "contact_points/haus.toml": """
name = "Haus der Lotsen"
summary = "Komm vorbei."
status = "published"
owner = "lotse"
channels = ["in_person", "phone"]
languages = ["de"]
serves_whole_county = false
service_area = ["99000001"]
phone_state = ""

[address]
street = "Am Markt 1"
postal_code = "99001"
town = "Oberdorf"
municipality = "99000001"
latitude = 52.1
longitude = 11.2

[access]
step_free = "yes"
toilet = "no"

[[shared_with]]
agency = "kreis"
role = "berät donnerstags"

[[phones]]
number = "+4939041000"
purpose = "Fragen"

[[persons]]
name = "Beratung"
substitute = "Leitung"

[[persons]]
name = "Leitung"

[[schedule]]
kind = "opening"
weekdays = ["mo", "di"]
opens = "09:00"
closes = "12:00"

[[schedule]]
kind = "consultation"
weekdays = ["fr"]
by_appointment = true
person = "Beratung"

[[exceptions]]
starts_on = 2026-12-23
ends_on = 2026-12-23
kind = "hours"
slots = [["09:00", "10:00"], ["14:00", "15:00"]]

[[absences]]
person = "Beratung"
starts_on = 2026-12-01
ends_on = 2026-12-04

[review]
source = "Amt"
verified = true
checked_on = 2026-11-01
interval_months = 3
""",
    "offers/bvj.toml": """
title = "Vorbereitungsjahr"
summary = "Geh ein Jahr zur Schule."
description = \"\"\"
Du lernst viel.

status = "kein Schlüssel, sondern Text"
\"\"\"
kind = "vorbereitung"
status = "published"

[for_whom]
text = "Du hast noch keinen Platz."
age_min = 15
age_state = "known"
certificates = ["hsa", "none"]
situations = ["no_plan"]
[[for_whom.preconditions]]
text = "Du bist 9 Jahre zur Schule gegangen."
fact = "fulltime_school_done"
is_hard = true

[decides]
without_sgb2 = "schule"
with_sgb2 = "schule"

[access]
application = "yes"
steps = [
    "Ruf an.", # so [fängt] es an
    "Melde dich an.",
]
to_bring = ["Zeugnis"]

[money]
cost = "paid"
cost_amount = "12.50"

[where]
reach = "places"
municipalities = ["99000001"]
contact_points = ["haus"]
languages = ["de"]

[contact]
contact_point = "haus"

[[agencies]]
agency = "kreis"
role = "provider"

[[legal_bases]]
statute = "SchulG"
paragraph = "§ 1"
legal_area = "school"

[[deadlines]]
kind = "yearly"
month = 3
day = 15
text = "Melde dich bis zum 15. März an."

[review]
source = "Gesetz"
verified = true
checked_on = 2026-11-01
legal_state = "2026-04-29"
occupational_fields = ["bau"]
""",
}


def write_region(folder: Path) -> Path:
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def load(folder: Path, **options: object) -> str:
    out = io.StringIO()
    call_command("load_region", str(folder), stdout=out, **options)
    return out.getvalue()


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(CommandError) as refusal:
        load(folder)
    *problems, last = str(refusal.value).replace(f"{folder}/", "").split("\n")
    assert last == f"{len(problems)} Fehler. Es wurde nichts geändert."
    assert not ContentVersion.objects.exists()
    assert not Municipality.objects.exists()
    return problems


def replace(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
