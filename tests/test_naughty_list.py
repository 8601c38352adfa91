"""The big list of naughty strings (461) in every public field of the way to a human, and in the searches.

In request number n field number f holds string number n + 31 f: after 461 requests every string was in every
field. ``LONG=1`` sends all of them, else every sixth: a string then is in some fields, not in all. The list is a package for developers (``make node_modules/.installed``); our own 69 are in ``test_naughty.py``.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from counseling.actions import enquiries, lookup
from counseling.actions.handover import propose
from counseling.codes import new_token
from counseling.enquiry_forms import signed_token
from counseling.models import Enquiry, Message
from counseling.sealing import Keys, unseal
from directory.models import Agency
from tests.factories.directory import ContactPointFactory
from tests.factories.enquiries import AT, counselor, sent
from tests.test_naughty import PARAMETERS

LIST = Path(__file__).resolve().parents[1] / "node_modules" / "big-list-of-naughty-strings" / "blns.json"
FORM, ANSWER, NOW = "/beratung/anfrage/", "/antwort/", "2026-11-23 09:30"
FIELDS = (
    "message", "cards", "way", "email", "phone", "call_when", "voicemail", "first_name", "age_band", "municipality",
    "website", "compose",
)  # fmt: skip
STEP = 31
EVERY = 1 if os.environ.get("LONG") else 6
FINE = {200, 302, 400, 403, 404, 409, 410, 422, 429}


@pytest.fixture(scope="session")
def strings() -> list[str]:
    """The list; skipped where it is not installed, a failure where CI=true."""
    if not LIST.is_file():
        message = "Die große Liste fehlt: make node_modules/.installed holt sie"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    found: list[str] = json.loads(LIST.read_text())
    assert len(found) == 461
    return found


def turns(strings: Sequence[str], names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield sets of values; with LONG=1 as many as there are strings, which puts every string in every field."""
    for number in range(0, len(strings), EVERY):
        yield {name: strings[(number + STEP * place) % len(strings)] for place, name in enumerate(names)}


@pytest.fixture
def careful(client: Client, quick_pages: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client that shows a 500 as the visitor would get it; no limit stops it."""
    client.raise_request_exception = False
    for module, name in ((enquiries, "SENT_AN_HOUR"), (enquiries, "WRITTEN_AN_HOUR"), (lookup, "WRONG_FROM_ONE_PLACE")):
        monkeypatch.setattr(module, name, 10**6)
    return client


@pytest.fixture
def agency(db: None, fix_time: Any) -> Agency:
    fix_time(NOW)
    found: Agency = counselor().membership.agency
    ContactPointFactory(full=True, owner=found)
    return found


def refused(client: Client, address: str, values: Iterator[dict[str, Any]], *, get: bool = False) -> list[Any]:
    """Return what was answered otherwise than with a page or a refusal."""
    ask: Any = client.get if get else client.post
    answers = ((ask(address, data).status_code, data) for data in values)
    return [(status, str(data)[:200]) for status, data in answers if status not in FINE]


@pytest.fixture
def form(agency: Agency, fix_time: Any) -> Callable[[], dict[str, str]]:
    """Return a function that gives what every form holds: a receiver, and a stamp of five seconds ago."""
    fix_time("2026-11-23 09:29:55")
    stamps = [signed_token(at=timezone.now()) for _string in range(461)]
    fix_time(NOW)
    return lambda: {"stelle": agency.slug, "token": stamps.pop(), "way": "code"}


@pytest.mark.slow
def test_every_field_of_the_form(careful: Client, form: Callable[..., dict[str, str]], strings: list[str]) -> None:
    assert refused(careful, FORM, ({**form(), **values} for values in turns(strings, FIELDS))) == []
    assert refused(careful, FORM, turns(strings, ("stelle", "bei", "thema", "token"))) == []
    assert refused(careful, FORM, turns(strings, ("stelle", "bei", "thema")), get=True) == []
    assert refused(careful, "/fachkraefte/aushang/", turns(strings, ("stelle", "thema")), get=True) == []


@pytest.mark.slow
def test_texts_are_stored_and_shown(careful: Client, form: Callable[..., dict[str, str]], strings: list[str]) -> None:
    """A form that is right otherwise: nearly every string makes an enquiry with a code."""
    names = ("message", "first_name", "thema", "bei")
    values = ({**form(), **row, "first_name": row["first_name"][:40]} for row in turns(strings, names))
    assert refused(careful, FORM, values) == []
    # Only what is no text at all (nothing, blanks, NUL) is asked about.
    assert 0.9 < Enquiry.objects.count() * EVERY / len(strings) <= 1.01


@pytest.mark.slow
def test_texts_come_back_as_they_were(agency: Agency, strings: list[str]) -> None:
    """Stored, sealed, opened: not a sign is lost, whatever the database."""
    storable = [text for text in dict.fromkeys(strings) if "\x00" not in text]
    for text in storable:
        sent(agency, text=text, token=new_token(), source="")
    keys = Keys()
    assert Counter(unseal(row, "text", keys=keys) for row in Message.objects.all()) == Counter(storable)


@pytest.mark.slow
def test_every_field_of_the_code_page(careful: Client, agency: Agency, strings: list[str], monkeypatch: Any) -> None:
    reader = agency.memberships.get().user
    other = counselor("andere").membership.agency
    enquiry, code = sent(agency).enquiry, str(sent(agency).code)
    proposal = propose(
        enquiry=enquiry, user=reader, target=other, recipient="Beratung", purpose="Damit es geht.",
        fields=["messages"], channel="online", at=AT,
    )  # fmt: skip
    assert refused(careful, ANSWER, turns(strings, ("code",))) == []
    assert refused(careful, ANSWER, turns(strings, ("ticket", "tun", "vorschlag", "text"))) == []
    page = careful.post(ANSWER, {"code": code}).text
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    deeds = cycle(["schreiben", "ja", "nein", "zurueck", "code", "daten", "json", "loeschen"])
    number = count()

    def valid() -> Iterator[dict[str, Any]]:
        for values in turns(strings, ("text", "vorschlag")):
            if next(number) % 9 == 0:
                values["vorschlag"] = str(proposal.pk)
            yield {"ticket": ticket, "tun": next(deeds), **values}

    # A conversation of 461 texts is long: it is not what is looked at here.
    monkeypatch.setattr("counseling.views.answer.conversation", lambda **_kwargs: [])
    assert refused(careful, ANSWER, valid()) == []
    assert refused(careful, ANSWER, ({"ticket": ticket, **row} for row in turns(strings, ("tun",)))) == []
    assert Enquiry.objects.count() == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("route", "address"),
    [
        ("search", "/suche/"),
        ("search_suggestions", "/suche/vorschlaege/"),
        ("offers:list", "/angebote/"),
        ("directory:contact_points", "/anlaufstellen/"),
        ("directory:places", "/orte/"),
        ("counseling:finder", "/zustaendigkeit/"),
    ],
)
def test_parameters_of_the_searches(
    route: str, address: str, region: None, careful: Client, strings: list[str]
) -> None:
    assert refused(careful, address, turns(strings, PARAMETERS[route]), get=True) == []
