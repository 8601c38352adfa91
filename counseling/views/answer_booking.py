"""The code page of an appointment: when and where, move it, cancel it, put it into a calendar, delete it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counseling.actions.booking_desk import word_of
from counseling.actions.bookings import FullError, cancel, delete_booking, move
from counseling.actions.enquiries import ClosedError, about_of
from counseling.actions.lookup import ticket_of
from counseling.appointments import find_time, free_days, rules_at, time_words
from counseling.booking_data import as_json, as_lines
from counseling.calendar_file import appointment_ics
from counseling.erasing import wipe_deleted
from counseling.limits import TooManyError
from counseling.models import Booking, SlotRule
from counseling.offices import Desk, open_desk
from counseling.periods import booking_deleted_on
from counseling.sealing import Keys
from counseling.views.enquiries import frame
from directory.hours import clock_words
from directory.models import ContactPoint
from directory.versions import content_version

GONE = _("Diese Zeit ist gerade weg. Such dir eine andere aus.")
MOVED = _("Dein Termin ist verschoben.")
CANCELLED = _("Dein Termin ist abgesagt. Danke, dass du Bescheid sagst.")
DAYS_TO_MOVE = 14
TOO_MANY = _("Du hast oft verschoben. Warte %(n)d Minuten. Dann geht es wieder.")


@dataclass(frozen=True)
class Choice:
    """Where another time can be chosen: the same office at the same door."""

    desk: Desk
    point: ContactPoint
    rules: list[SlotRule]
    version: str


def show_booking(request: HttpRequest, booking: Booking, *, notice: Any = "", status: int = 200) -> HttpResponse:
    """When and where, and what one can do about it."""
    at = timezone.localtime()
    desk = open_desk(at, version=content_version())
    point = _public_point(booking, desk)
    keys = Keys()
    context = {
        **_page(booking),
        **frame(desk),
        "card": desk.card(point) if point else None,
        "is_coming": booking.is_booked and booking.starts_at > at,
        "word": word_of(booking, keys),
        "calls_you": bool(about_of(booking, keys).phone),
        "notice": notice,
    }
    return render(request, "counseling/answer_booking.html", context, status=status)


def _move(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Show the free times of the same office at the same door; take the chosen one."""
    at, version = timezone.localtime(), content_version()
    desk = open_desk(at, version=version)
    point = _public_point(booking, desk)
    if point is None or not booking.is_booked or booking.starts_at <= at:
        return show_booking(request, booking)
    rules = rules_at(point, on=at.date(), agencies=[booking.agency_id])
    choice = Choice(desk, point, rules, version)
    return _take(request, booking, choice) if "zeit" in request.POST else _choose(request, booking, choice)


def _take(request: HttpRequest, booking: Booking, choice: Choice) -> HttpResponse:
    at = choice.desk.at
    time = find_time(request.POST["zeit"], choice.rules, choice.point, at=at, version=choice.version)
    try:
        if time is None:
            raise FullError
        moved = move(booking=booking, rule=time.rule, slot=time.slot, at=at)
    except FullError:
        return _choose(request, booking, choice, notice=GONE, status=409)
    except TooManyError as error:
        return _choose(request, booking, choice, notice=str(TOO_MANY) % {"n": error.minutes}, status=429)
    except ClosedError:
        return _fresh(request, booking)  # cancelled in this moment; the page says so
    return show_booking(request, moved, notice=MOVED)


def _choose(
    request: HttpRequest, booking: Booking, choice: Choice, *, notice: Any = "", status: int = 200
) -> HttpResponse:
    desk, point = choice.desk, choice.point
    days, _later = free_days(choice.rules, point, at=desk.at, version=choice.version, most=DAYS_TO_MOVE)
    context = {**_page(booking), **frame(desk), "days": days, "notice": notice}
    return render(request, "counseling/answer_move.html", context, status=status)


def _sure_to_cancel(request: HttpRequest, booking: Booking) -> HttpResponse:
    return render(request, "counseling/answer_cancel.html", _page(booking))


def _cancel(request: HttpRequest, booking: Booking) -> HttpResponse:
    try:
        row = cancel(booking=booking, at=timezone.now())
    except ClosedError:
        return _fresh(request, booking)
    wipe_deleted()
    return show_booking(request, row, notice=CANCELLED)


def _fresh(request: HttpRequest, booking: Booking) -> HttpResponse:
    booking.refresh_from_db()
    return show_booking(request, booking)


def _calendar(request: HttpRequest, booking: Booking) -> HttpResponse:
    response = HttpResponse(appointment_ics(booking, at=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response


def _data(request: HttpRequest, booking: Booking) -> HttpResponse:
    return render(request, "counseling/answer_data.html", {**_page(booking), "lines": as_lines(booking)})


def stored_file(data: dict[str, Any]) -> HttpResponse:
    """Return what is stored about a person as a file to keep."""
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="gespeichert.json"'
    return response


def _json(request: HttpRequest, booking: Booking) -> HttpResponse:
    return stored_file(as_json(booking))


def _sure(request: HttpRequest, booking: Booking) -> HttpResponse:
    return render(request, "counseling/answer_delete.html", _page(booking))


def _delete(request: HttpRequest, booking: Booking) -> HttpResponse:
    with suppress(ClosedError):  # gone already
        delete_booking(booking=booking, at=timezone.now())
    wipe_deleted()
    return render(request, "counseling/answer_deleted.html", {**frame(), "is_booking": True})


BOOKING_DEEDS: dict[str, Callable[[HttpRequest, Booking], HttpResponse]] = {
    "verschieben": _move,
    "absagen": _sure_to_cancel,
    "wirklich-absagen": _cancel,
    "kalender": _calendar,
    "daten": _data,
    "json": _json,
    "loeschen": _sure,
    "wirklich": _delete,
}


def _page(booking: Booking) -> dict[str, Any]:
    return {
        **frame(),
        "booking": booking,
        "starts": timezone.localtime(booking.starts_at),
        "starts_words": time_words(booking.starts_at),
        "ends_words": clock_words(booking.ends_at),
        "ticket": ticket_of(booking),
        "deleted_on": booking_deleted_on(booking),
    }


def _public_point(booking: Booking, desk: Desk) -> ContactPoint | None:
    """The door of the appointment; where it became another one, the door of its rule."""
    wanted = (booking.contact_point_id, booking.rule.contact_point_id)
    found = [point for key in wanted for point in desk.public.points if point.pk == key]
    return found[0] if found else None
