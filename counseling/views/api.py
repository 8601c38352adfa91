"""The finder for other programs: JSON, no cookies, nothing stored."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from counseling import finder as core
from counseling.finder import Finding, finding_to_json
from counseling.finder.facts import BODIES, CONCERNS, FACTS, VIEWS, FactKind
from counseling.finder.situation import FACT_NAMES, FactError, allowed_values
from counseling.finder.tree import concern_label, door_of
from counseling.finder.wording import QUESTIONS
from counseling.flow import QUERY_FACTS, Answers, is_sensitive
from counseling.offices import Office, open_desk
from counseling.plain_json import read_json
from counseling.result import Case
from counseling.rulebook import rulebook_on
from directory.contact import ContactCard
from directory.versions import content_version

MOST_BYTES = 16 * 1024
OPENAPI_FILE = Path(__file__).resolve().parent.parent / "openapi.json"
ALLOWED_DAYS = (date(2000, 1, 1), date(2100, 12, 31))
"""Days a finding may be asked for; outside no rule set can say anything."""


class RequestError(Exception):
    """A request that cannot be answered, as its JSON body."""

    def __init__(self, message: str, parameter: str | None = None, allowed: tuple[str, ...] = ()) -> None:
        self.body = {"error": message, "parameter": parameter, "allowed": list(allowed)}
        super().__init__(message)


@csrf_exempt
def responsibility(request: HttpRequest) -> HttpResponse:
    """Answer who is responsible: POST with any facts, GET with the harmless ones."""
    if request.method not in ("GET", "HEAD", "POST"):
        return _wrong_method("GET", "HEAD", "POST")
    try:
        data = _posted(request) if request.method == "POST" else _addressed(request)
        body = _answer(data)
    except RequestError as error:
        return _json(error.body, status=400, cache="no-store")
    return _json(body, cache="no-store" if request.method == "POST" else "")


@csrf_exempt
def questions(request: HttpRequest) -> HttpResponse:
    """List concerns, facts and their values, in the words of the pages."""
    if request.method not in ("GET", "HEAD"):
        return _wrong_method("GET", "HEAD")
    body = {
        "concerns": [_concern(key) for key in CONCERNS],
        "facts": {name: _fact(name) for name in FACT_NAMES},
        "bodies": [{"value": key, "label": label} for key, label in BODIES.items()],
    }
    return _json(body, cache="public, max-age=3600")


@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the description of all JSON addresses (OpenAPI 3.1)."""
    if request.method not in ("GET", "HEAD"):
        return _wrong_method("GET", "HEAD")
    response = HttpResponse(_openapi_text(), content_type="application/json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _openapi_text() -> str:
    return OPENAPI_FILE.read_text(encoding="utf-8")


def _posted(request: HttpRequest) -> dict[str, Any]:
    """Read the body: a JSON object of at most 16 kB. Raises RequestError."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise RequestError(_("Der Inhalt ist zu groß. Erlaubt sind 16 kB."))
    try:
        data = read_json(request.body.decode("utf-8"))
    except (ValueError, UnreadablePostError, RawPostDataException):
        raise RequestError(_("Das ist kein gültiges JSON-Objekt.")) from None
    if not isinstance(data, dict):
        raise RequestError(_("Erwartet wird ein JSON-Objekt mit Angaben."))
    return data


def _addressed(request: HttpRequest) -> dict[str, Any]:
    """Read the harmless parameters. Raises RequestError naming POST for anything sensitive."""
    for name in request.GET:
        if is_sensitive(name):
            raise RequestError(_("Diese Angabe ist vertraulich. Schicken Sie sie mit POST."), name, ("POST",))
    concern = request.GET.get("concern", "")
    if concern in CONCERNS and CONCERNS[concern].sensitive:
        raise RequestError(_("Dieses Anliegen ist vertraulich. Schicken Sie es mit POST."), "concern", ("POST",))
    return {name: request.GET[name] for name in (*QUERY_FACTS, "on", "fuer") if name in request.GET}


def _answer(data: dict[str, Any]) -> dict[str, Any]:
    situation, errors = core.situation_from_dict(data)
    if errors:
        raise _fact_error(errors[0])
    if situation.concern is None:
        raise RequestError(_("Das Anliegen fehlt."), "concern", allowed_values("concern"))
    at = timezone.localtime()
    on = _day(data.get("on"), at.date())
    view = data.get("fuer") or "mich"
    if view not in VIEWS:
        raise RequestError(_("Diesen Wert gibt es nicht."), "fuer", VIEWS)
    version = content_version()
    book = rulebook_on(on)
    finding = core.resolve(situation, book.rules, on, view=view)
    desk = open_desk(at, version=version)
    case = Case(finding, Answers(situation=situation, view=view), book.rules, desk, version)
    return _body(finding, case, number=book.number)


def _body(finding: Finding, case: Case, *, number: int | None) -> dict[str, Any]:
    """Return the finding with a contact point for the door and for everybody else involved."""
    body: dict[str, Any] = finding_to_json(finding, rule_set=number)
    body["door"] |= _contact(case.office(finding.body))
    for row in body["also"]:
        row["contact_point"] = _point(case.office(row["body"]).card)
    return body


def _contact(office: Office) -> dict[str, Any]:
    return {
        "contact_point": _point(office.card),
        "contact_points": [_point(card) for card in office.choices],
        "next_best": _point(office.next_best),
    }


def _point(card: ContactCard | None) -> dict[str, Any] | None:
    """Return a contact point in brief; what nobody knows is null and named in ``missing``."""
    if card is None:
        return None
    following = card.open_line.opens_at
    return {
        "slug": card.slug,
        "name": card.name,
        "phone": card.first_phone or None,
        "open_now": card.open_line.open_now,
        "next_opening": following.isoformat() if following else None,
        "missing": list(card.gaps),
        "is_example": card.is_example,
    }


def _day(raw: object, today: date) -> date:
    if raw is None or raw == "":
        return today
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == len("2026-01-01") else None
    except ValueError:
        day = None
    if day is None or not ALLOWED_DAYS[0] <= day <= ALLOWED_DAYS[1]:
        raise RequestError(_("Das Datum sieht so aus: 2026-07-01."), "on", ("YYYY-MM-DD",))
    return day


def _fact_error(error: FactError) -> RequestError:
    return RequestError(error.message, error.parameter, error.allowed)


def _concern(key: str) -> dict[str, Any]:
    door = door_of(key)
    return {
        "value": key,
        "label": concern_label(key, "mich"),
        "sensitive": CONCERNS[key].sensitive,
        "door": door.label.for_view("mich") if door else None,
    }


def _fact(name: str) -> dict[str, Any]:
    fact, question = FACTS[name], QUESTIONS[name]
    words = {choice.value: choice.label.for_view("mich") for choice in question.choices}
    return {
        "question": question.label.for_view("mich"),
        "why": question.why.for_view("mich"),
        "kind": fact.kind.value,
        "sensitive": fact.sensitive,
        "values": [{"value": value, "label": words.get(value, label)} for value, label in fact.values.items()],
        "pattern": PATTERNS.get(fact.kind),
    }


PATTERNS = {FactKind.AGE: r"^\d{1,2}(-\d{1,2})?$", FactKind.PLACE: r"^\d{8}$"}


def _wrong_method(*allowed: str) -> HttpResponse:
    error = RequestError(_("Diese Methode geht hier nicht."), None, allowed)
    response = _json(error.body, status=405, cache="no-store")
    response["Allow"] = ", ".join(allowed)
    return response


def _json(body: dict[str, Any], *, cache: str, status: int = 200) -> HttpResponse:
    # Without a word of its own an address gets the rule of the table for all of them.
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if cache:
        response["Cache-Control"] = cache
    return response
