"""Random parameter sets by the thousand on page and JSON: a helpful answer each time, never a 500."""

import json
import os
import random
from typing import Any

import pytest
from django.test import Client

from counseling.finder import situation_from_dict
from counseling.finder.facts import CONCERNS, FACTS, VIEWS
from counseling.finder.tree import DOORS
from counseling.flow import Answers, seal
from tests.naughty import NAUGHTY

# Fifteen hundred in every run; the long run asks for ten thousand and more.
SETS = int(os.environ.get("FUZZ_SETS", "1500"))
PAGE, API, DATES = "/zustaendigkeit/", "/api/zustaendigkeit", "/zustaendigkeit/fristen.ics"
PLACES = ["15083270", "15083415", "15083565", "00000000", "15003000", "99999999", "150832"]
TYPED = ["Haldensleben", "39326", "Magdeburg", "Börde", "haldensleben 39340", "Xyzzy"]
KEYS = [
    "concern", *FACTS, "ort", "ags", "skip", "fuer", "frage", "tuer", "ergebnis", "weiss_nicht", "antwort", "stand",
    "on", "unbekannt",
]  # fmt: skip


def plausible(chance: random.Random, key: str) -> str:
    """Return a value a visitor or a program could send for this key."""
    choices: dict[str, list[str]] = {
        "concern": list(CONCERNS),
        "age": [str(chance.randint(0, 120)), "15-17", "18-26"],
        "ort": TYPED,
        "fuer": list(VIEWS),
        "frage": ["concern", *FACTS],
        "skip": ["concern", *FACTS],
        "tuer": [door.key for door in DOORS],
        "on": ["2026-11-22", "2027-02-29", "1999-01-01", "2026-06-30"],
        "antwort": ["yes", "sgb2", "17", "same", "15083270 Haldensleben", "00000000 Magdeburg"],
    }
    if key in choices:
        return chance.choice(choices[key])
    if key in ("place", "parents_place", "ags"):
        return chance.choice(PLACES)
    return chance.choice([*FACTS[key].values, "x"]) if key in FACTS else "1"


def parameter_set(chance: random.Random) -> dict[str, str]:
    """Return a random set: mostly plausible, a part of it naughty."""
    keys = chance.sample(KEYS, chance.randint(0, 8))
    if chance.random() < 0.7 and "concern" not in keys:
        keys.append("concern")
    return {key: chance.choice(NAUGHTY) if chance.random() < 0.25 else plausible(chance, key) for key in keys}


def sealed(chance: random.Random, values: dict[str, str]) -> str:
    """Return a seal as our own pages would carry it, with any answers and any question."""
    known = situation_from_dict(values)[0]
    skipped = frozenset(chance.sample(list(FACTS), chance.randint(0, 3)))
    answers = Answers(known, skipped, chance.choice(VIEWS), (("place", "Ort"),), same_place=chance.random() < 0.2)
    return seal(answers, chance.choice(["", "concern", *FACTS, "unbekannt"]))


def json_body(chance: random.Random, values: dict[str, str]) -> bytes:
    """Return the set as JSON, with values of other types and broken bytes among them."""
    odd: list[Any] = [None, True, 17, -1, 1.5, 10**30, [], {}, ["a"], {"a": {"b": []}}, "\ud800", "\x00", "a\u2028b"]
    body = {key: chance.choice(odd) if chance.random() < 0.15 else value for key, value in values.items()}
    raw = json.dumps(body, ensure_ascii=chance.random() < 0.5, default=str).encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        cut = chance.randint(0, len(raw))
        raw = raw[:cut] + bytes(chance.randbytes(3)) + raw[cut:]
    return raw


def answer(client: Client, chance: random.Random) -> tuple[str, Any]:
    """Send one random set to one of the addresses; return what was sent and the answer."""
    values = parameter_set(chance)
    kind = chance.choice(["page", "page", "form", "form", "json", "json get", "dates"])
    if kind == "form" and chance.random() < 0.8:
        values["stand"] = sealed(chance, values)
    if kind == "page":
        return f"{kind} {values}", client.get(PAGE, values)
    if kind == "form":
        return f"{kind} {values}", client.post(PAGE, values)
    if kind == "json":
        raw = json_body(chance, values)
        return f"{kind} {raw!r}", client.post(API, raw, content_type="application/json")
    return f"{kind} {values}", client.get(API if kind == "json get" else DATES, values)


@pytest.mark.slow
def test_no_parameter_set_breaks_the_finder(region: None, quick_pages: None) -> None:
    client = Client(raise_request_exception=False)
    chance = random.Random(20261122)
    seen: dict[int, int] = {}
    for number in range(SETS):
        sent, response = answer(client, chance)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        assert response.status_code in {200, 302, 400, 404}, f"set {number}: {sent}"
        assert dict(response.cookies) == {}, sent
    assert sum(seen.values()) == SETS
    assert min(seen.get(200, 0), seen.get(302, 0), seen.get(400, 0)) > SETS / 50


@pytest.mark.slow
def test_redirect_leads_to_a_page_that_stays(region: None, quick_pages: None, client: Client) -> None:
    chance = random.Random(7)
    followed = 0
    for _number in range(600):
        response = client.get(PAGE, parameter_set(chance))
        if response.status_code == 302:
            followed += 1
            assert client.get(response["Location"]).status_code == 200, response["Location"]
    assert followed > 40
