"""The code page: everything by POST, one address, nothing kept by the browser.

After the right code a signed ticket stands in the page for half an hour, not the code.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.throttle import source_of
from counseling.actions.enquiries import ClosedError, conversation, delete_enquiry, write_again
from counseling.actions.lookup import WrongCodeError, by_ticket, find_by_code, ticket_of
from counseling.desks import receiver
from counseling.enquiry_forms import CodeForm, ReplyForm
from counseling.erasing import wipe_deleted
from counseling.limits import TooManyError
from counseling.models import Booking, Enquiry
from counseling.offices import open_desk
from counseling.periods import deleted_on
from counseling.stored_data import as_json, as_lines
from counseling.views.answer_booking import BOOKING_DEEDS, show_booking, stored_file
from counseling.views.enquiries import frame, is_foreign
from counseling.views.handover import decide, shown_proposals
from directory.versions import content_version

WRONG = _("Diesen Code kennen wir nicht. Schau noch einmal auf deine Karte. Vielleicht ist auch alles gelöscht.")
TOO_MANY = _("Der Code war zu oft falsch. Warte %(n)d Minuten. Dann geht es wieder.")
TOO_LATE = _("Die Seite war lange offen. Gib deinen Code bitte noch einmal ein.")
WRITTEN_TOO_MUCH = _("Das waren viele Nachrichten auf einmal. Warte %(n)d Minuten. Dein Text bleibt stehen.")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def answer(request: HttpRequest) -> HttpResponse:
    """Ask for the code, show where the enquiry stands, do what the person wants."""
    response = _by_post(request) if request.method == "POST" else _ask(request)
    response["Cache-Control"] = "no-store"
    return response


def _by_post(request: HttpRequest) -> HttpResponse:
    if is_foreign(request):
        return render(request, "403.html", status=403)
    if "ticket" in request.POST:
        found = by_ticket(request.POST["ticket"])
        if found is None:
            return _ask(request, notice=str(TOO_LATE))
        return _do(request, found, request.POST.get("tun", ""))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    try:
        found = find_by_code(typed=form.cleaned_data["code"], source=source_of(request), at=timezone.now())
    except TooManyError as error:
        form.add_error("code", str(TOO_MANY) % {"n": error.minutes})
        return _ask(request, form, status=429)
    except WrongCodeError:
        form.add_error("code", str(WRONG))
        return _ask(request, form)
    return _do(request, found, "")


def _do(request: HttpRequest, found: Enquiry | Booking, deed: str) -> HttpResponse:
    """Do what the person wants; without a deed show where it stands."""
    if isinstance(found, Booking):
        return BOOKING_DEEDS.get(deed, show_booking)(request, found)
    return DEEDS.get(deed, _show)(request, found)


def _ask(request: HttpRequest, form: CodeForm | None = None, *, notice: str = "", status: int = 200) -> HttpResponse:
    context = {**frame(), "form": form or CodeForm(), "notice": notice}
    return render(request, "counseling/answer_code.html", context, status=status)


def _show(
    request: HttpRequest, enquiry: Enquiry, form: ReplyForm | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Where it stands, what both wrote, and what is to be decided."""
    at = timezone.localtime()
    desk = open_desk(at, version=content_version())
    point = enquiry.contact_point
    context = {
        **_page(enquiry),
        "messages_of_both": conversation(enquiry=enquiry, at=at),
        "proposals": shown_proposals(enquiry),
        "form": form or ReplyForm(),
        "is_late": enquiry.waits_for_us and enquiry.due_at < at,
        "card": desk.card(desk.public.by_slug[point.slug]) if point and point.slug in desk.public.by_slug else None,
        **frame(desk),
        **more,
    }
    return render(request, "counseling/answer.html", context, status=status)


def _write(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _show(request, enquiry, form)
    at = timezone.localtime()
    due_at = receiver(enquiry.agency, desk=open_desk(at, version=content_version())).due_at
    try:
        write_again(enquiry=enquiry, text=form.cleaned_data["text"], due_at=due_at, at=at)
    except TooManyError as error:
        form.add_error("text", str(WRITTEN_TOO_MUCH) % {"n": error.minutes})
        return _show(request, enquiry, form, status=429)
    except ClosedError:
        pass  # it ended in this moment; the page says so
    enquiry.refresh_from_db()
    return _show(request, enquiry)


def _decide(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    return _show(request, enquiry, **decide(request.POST, enquiry, at=timezone.localtime()))


def _data(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    return render(request, "counseling/answer_data.html", {**_page(enquiry), "lines": as_lines(enquiry)})


def _json(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    return stored_file(as_json(enquiry))


def _sure(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    return render(request, "counseling/answer_delete.html", _page(enquiry))


def _delete(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    with suppress(ClosedError):  # gone already
        delete_enquiry(enquiry=enquiry, at=timezone.now())
    wipe_deleted()
    return render(request, "counseling/answer_deleted.html", frame())


DEEDS: dict[str, Callable[[HttpRequest, Enquiry], HttpResponse]] = {
    "schreiben": _write,
    "ja": _decide,
    "nein": _decide,
    "zurueck": _decide,
    "code": _decide,
    "daten": _data,
    "json": _json,
    "loeschen": _sure,
    "wirklich": _delete,
}


def _page(enquiry: Enquiry) -> dict[str, Any]:
    return {**frame(), "enquiry": enquiry, "ticket": ticket_of(enquiry), "deleted_on": deleted_on(enquiry)}
