"""The way to a time with a human: where, when, a small form, the receipt with the code.

As for questions there is no cookie and no session: the right to book is the form's own signed token.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.keys import KeyMissingError
from accounts.throttle import source_of
from counseling.actions.bookings import Booked, FullError, Wish, book
from counseling.actions.lookup import ticket_of
from counseling.appointments import Time, find_time, free_days, points_giving, rules_at, time_words
from counseling.booking_form import BookingForm
from counseling.desks import Notice, booking_notice, readers_at, reading_agencies
from counseling.enquiry_forms import STAMPS, AddressForm, signed_token
from counseling.limits import TooManyError
from counseling.models import SlotRule
from counseling.offices import Desk, open_desk
from counseling.qr import qr_drawing
from counseling.views.enquiries import OPEN_LONG, frame, is_foreign
from directory.agencies import points_of
from directory.asking import ask_url
from directory.hours import clock_words
from directory.models import Agency, ContactPoint
from directory.versions import content_version

GONE = _("Diese Zeit ist gerade weg. Such dir eine andere aus. Oder komm ohne Termin.")
TOO_FAST = _("Das ging sehr schnell. Drück bitte noch einmal auf „Termin buchen“.")
TOO_MANY = _("Von hier wurde gerade sehr viel gebucht. Warte %(n)d Minuten. Was du geschrieben hast, bleibt stehen.")
LATER = _("Das hat gerade nicht geklappt. Was du geschrieben hast, steht noch da. Drück gleich noch einmal.")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visit:
    """One request, read: which door, whose appointments, and what else can be chosen."""

    desk: Desk
    version: str
    topic: str
    point: ContactPoint | None = None
    agency: Agency | None = None
    doors: tuple[ContactPoint, ...] = ()
    agencies: tuple[Agency, ...] = ()
    rules: tuple[SlotRule, ...] = ()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def appointment(request: HttpRequest) -> HttpResponse:
    """Ask where, show the free times, take what was chosen."""
    response = _answer(request)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    if is_foreign(request):
        return render(request, "403.html", status=403)
    visit = _visit(request)
    if visit.point is None or visit.agency is None:
        return _where(request, visit)
    key = request.POST.get("zeit", "")
    if not key:
        return _days(request, visit)
    time = find_time(key, visit.rules, visit.point, at=visit.desk.at, version=visit.version)
    if time is None or (not time.is_free and "token" not in request.POST):
        return _days(request, visit, notice=GONE, status=409)
    to = booking_notice(visit.agency)
    if "token" not in request.POST:
        return _show(request, visit, time, to, _kept_form(request, visit, time), token=signed_token(at=visit.desk.at))
    return _take(request, visit, time, to)


def _visit(request: HttpRequest) -> Visit:
    at = timezone.localtime()
    version = content_version()
    desk = open_desk(at, version=version)
    reading = reading_agencies(at=at)
    address = AddressForm(request.POST if request.method == "POST" else request.GET)
    here = Visit(desk, version, address.topic)
    offering = points_giving(version=version, on=at.date(), agencies=reading)
    doors = [point for point in desk.public.points if point.pk in offering]
    name = address.value("stelle")
    if point := desk.public.by_slug.get(name):
        return _at_door(here, point, readers_at(point, reading))
    wanted = Agency.objects.published(on=at.date()).filter(slug=name).first() if name else None
    if wanted is None:
        return Visit(desk, version, address.topic, doors=tuple(doors))
    if wanted.pk not in reading:
        return Visit(desk, version, address.topic, point=next(iter(points_of(wanted, desk.public)), None))
    own = points_giving(version=version, on=at.date(), agencies=[wanted.pk])
    doors = [point for point in points_of(wanted, desk.public) if point.pk in own]
    chosen = next((point for point in doors if point.slug == address.value("bei")), None)
    if chosen is None and len(doors) != 1:
        return Visit(desk, version, address.topic, doors=tuple(doors))
    return _at_door(here, chosen or doors[0], [wanted])


def _at_door(here: Visit, point: ContactPoint, readers: list[Agency]) -> Visit:
    """The appointments at one door; where several agencies give some, the person chooses whose."""
    rules = rules_at(point, on=here.desk.at.date(), agencies=[agency.pk for agency in readers])
    giving = tuple(agency for agency in readers if any(rule.agency_id == agency.pk for rule in rules))
    chosen = giving[0] if len(giving) == 1 else None
    return Visit(here.desk, here.version, here.topic, point, chosen, agencies=giving, rules=tuple(rules))


def _where(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Several doors or agencies give appointments, or none does."""
    page, topic = reverse("counseling:appointment"), f"&thema={visit.topic}" if visit.topic else ""
    links = [(f"{page}?stelle={door.slug}{topic}", door.name, door.summary) for door in visit.doors]
    if visit.point:
        bei = f"&bei={visit.point.slug}{topic}"
        links = [(f"{page}?stelle={row.slug}{bei}", row.display_name, row.what_we_do) for row in visit.agencies]
    card = visit.desk.card(visit.point) if visit.point else visit.desk.coordination
    context = {
        **frame(visit.desk),
        "links": links,
        "card": card,
        "is_shared": visit.point is not None,
        "ask_url": ask_url(visit.point, at=visit.desk.at),
    }
    return render(request, "counseling/appointment_where.html", context)


def _days(request: HttpRequest, visit: Visit, *, notice: Any = "", status: int = 200) -> HttpResponse:
    """The next free times, walk-in hours beside them."""
    point, agency = visit.point, visit.agency
    assert point is not None and agency is not None  # noqa: S101
    first = _date(request.GET.get("ab", ""))
    days, later = free_days(visit.rules, point, at=visit.desk.at, version=visit.version, first=first)
    context = {
        **_place(visit),
        **frame(visit.desk),
        "days": days,
        "later": later,
        "is_later": first is not None,
        "kept": [(name, request.POST.get(name, "")) for name in BookingForm.base_fields if name in request.POST],
        "card": visit.desk.card(point),
        # Whoever gives appointments reads questions too.
        "ask_url": f"{reverse('counseling:enquiry')}?stelle={agency.slug}&bei={point.slug}",
        "notice": notice,
    }
    return render(request, "counseling/appointment_days.html", context, status=status)


def _take(request: HttpRequest, visit: Visit, time: Time, to: Notice) -> HttpResponse:
    """Check what was sent; store it, or show it again with nothing lost."""
    form = BookingForm(request.POST, fixed_topic=time.rule.topic)
    signed = request.POST.get("token", "")
    if not form.is_valid():
        return _show(request, visit, time, to, form, token=signed)
    stamp = STAMPS.read(signed, at=visit.desk.at)
    if stamp is None:
        return _again(request, visit, time, to, OPEN_LONG, signed_token(at=visit.desk.at))
    if form.is_from_a_program or stamp.is_too_fast:
        return _again(request, visit, time, to, TOO_FAST, signed)
    wish = Wish(time.rule, time.slot, form.cleaned_data["topic"], form.about, to.version)
    try:
        booked = book(wish=wish, token=stamp.token, source=source_of(request), at=visit.desk.at)
    except FullError:
        return _days(request, visit, notice=GONE, status=409)
    except TooManyError as error:
        return _again(request, visit, time, to, str(TOO_MANY) % {"n": error.minutes}, signed, status=429)
    except KeyMissingError as error:
        logger.error("appointment not stored: %s", type(error).__name__)
        return _again(request, visit, time, to, LATER, signed, status=503)
    return _receipt(request, visit, booked)


def _kept_form(request: HttpRequest, visit: Visit, time: Time) -> BookingForm:
    """A new form, with what was typed before the last time was gone."""
    initial = {name: request.POST[name] for name in BookingForm.base_fields if request.POST.get(name)}
    initial.setdefault("topic", visit.topic or BookingForm.base_fields["topic"].initial)
    initial.pop("website", None)
    return BookingForm(fixed_topic=time.rule.topic, initial=initial)


def _again(
    request: HttpRequest, visit: Visit, time: Time, to: Notice, text: Any, signed: str, *, status: int = 200
) -> HttpResponse:
    data = request.POST.copy()
    data["website"] = ""
    form = BookingForm(data, fixed_topic=time.rule.topic)
    return _show(request, visit, time, to, form, token=signed, notice=text, status=status)


def _show(
    request: HttpRequest,
    visit: Visit,
    time: Time,
    to: Notice,
    form: BookingForm,
    *,
    token: str,
    notice: Any = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_place(visit),
        **frame(visit.desk),
        "form": form,
        "time": time,
        "to": to,
        "token": token,
        "notice": notice,
    }
    return render(request, "counseling/appointment_form.html", context, status=status)


def _receipt(request: HttpRequest, visit: Visit, booked: Booked) -> HttpResponse:
    page = settings.BASE_URL + reverse("counseling:answer")
    point, booking = visit.point, booked.booking
    context = {
        **frame(visit.desk),
        "booked": booked,
        "booking": booking,
        "starts": timezone.localtime(booking.starts_at),
        "starts_words": time_words(booking.starts_at),
        "ends_words": clock_words(booking.ends_at),
        "card": visit.desk.card(point) if point else None,
        "ticket": ticket_of(booking),
        "qr": qr_drawing(page),
        "page": page,
    }
    return render(request, "counseling/appointment_booked.html", context)


def _place(visit: Visit) -> dict[str, Any]:
    return {
        "agency": visit.agency,
        "door": visit.point,
        "topic": visit.topic,
    }


def _date(text: str) -> Any:
    """Return the day of an address; nonsense counts as not said."""
    try:
        return parse_date(text)
    except ValueError:
        return None
