"""The way to a person: whom to ask, the form, the receipt with the code.

No cookie and no token of a session: there is none. The right to send is the form's own signed token.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.keys import KeyMissingError
from accounts.throttle import source_of
from counseling.actions.enquiries import DeskFullError, Draft, Sent, send_enquiry
from counseling.desks import Reading, Receiver, readers_at, reading_now, receiver
from counseling.enquiry_forms import STAMPS, AddressForm, EnquiryForm, signed_token
from counseling.limits import TooManyError
from counseling.offices import Desk, open_desk
from counseling.qr import qr_drawing
from counseling.sentences import groups
from directory.agencies import points_of
from directory.contact import ContactCard
from directory.models import Agency, ContactPoint
from directory.parts import Part, hole, kept_part
from directory.versions import content_version

OPEN_LONG = _("Die Seite war lange offen. Schau kurz drüber und drück noch einmal.")
TOO_FAST = _("Das ging sehr schnell. Drück bitte noch einmal auf „Abschicken“.")
TOO_MANY = _(
    "Von hier kamen gerade sehr viele Nachrichten. Warte %(n)d Minuten und schick sie dann noch einmal. "
    "Dein Text bleibt stehen."
)
LATER = _("Das hat gerade nicht geklappt. Dein Text steht noch da. Schick ihn gleich noch einmal.")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visit:
    """One request, read: whom it is for, and who is there at all."""

    desk: Desk
    version: str
    reading: Reading
    topic: str
    point: ContactPoint | None
    choices: list[Agency]
    chosen: Agency | None

    def card(self) -> ContactCard | None:
        """Where one can go or call instead."""
        return self.desk.card(self.point) if self.point else self.desk.coordination


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def enquiry(request: HttpRequest) -> HttpResponse:
    """Ask which agency, show its form, take what was written."""
    response = _answer(request)
    response["Cache-Control"] = "no-store"
    return response


def is_foreign(request: HttpRequest) -> bool:
    """Whether a form of another website was sent here."""
    origin = request.headers.get("Origin")
    return request.method == "POST" and bool(origin) and origin != f"{request.scheme}://{request.get_host()}"


def frame(desk: Desk | None = None) -> dict[str, Any]:
    """What every page of an enquiry shows: help in an emergency."""
    return {"emergency": settings.REGION.get("emergency", []), "youth_office": desk.youth_office if desk else None}


def _answer(request: HttpRequest) -> HttpResponse:
    if is_foreign(request):
        return render(request, "403.html", status=403)
    visit = _visit(request)
    if visit.chosen is None:
        return render(request, "counseling/enquiry_whom.html", _whom(visit))
    to = receiver(visit.chosen, desk=visit.desk, point=visit.point, reading=visit.reading)
    if request.method != "POST" or "token" not in request.POST:
        form = EnquiryForm(version=visit.version)
        return _show(request, visit, to, form, token=signed_token(at=visit.desk.at))
    return _take(request, visit, to)


def _visit(request: HttpRequest) -> Visit:
    at = timezone.localtime()
    version = content_version()
    desk = open_desk(at, version=version)
    reading = reading_now(at=at, version=version)
    address = AddressForm(request.POST if request.method == "POST" else request.GET)
    name = address.value("stelle")
    if point := desk.public.by_slug.get(name):
        here = readers_at(point, reading.agencies)
        return Visit(desk, version, reading, address.topic, point, here, here[0] if len(here) == 1 else None)
    wanted = reading.published.get(name)
    if wanted is None:
        rows = [agency for agency in reading.published.values() if agency.pk in reading.agencies]
        return Visit(desk, version, reading, address.topic, None, sorted(rows, key=lambda agency: agency.name), None)
    points = points_of(wanted, desk.public)
    door = next((point for point in points if point.slug == address.value("bei")), next(iter(points), None))
    chosen = wanted if wanted.pk in reading.agencies else None
    return Visit(desk, version, reading, address.topic, door, [], chosen)


def _whom(visit: Visit) -> dict[str, Any]:
    """Several agencies read here, or none does."""
    query = f"&bei={visit.point.slug}" if visit.point else ""
    query += f"&thema={visit.topic}" if visit.topic else ""
    address = reverse("counseling:enquiry")
    links = [(f"{address}?stelle={agency.slug}{query}", agency) for agency in visit.choices]
    return {**frame(visit.desk), "links": links, "card": visit.card(), "point": visit.point}


def _take(request: HttpRequest, visit: Visit, to: Receiver) -> HttpResponse:
    """Check what was sent; store it, or show it again with nothing lost."""
    form = EnquiryForm(request.POST, version=visit.version)
    signed = request.POST.get("token", "")
    is_valid = form.is_valid()
    if "compose" in request.POST:
        return _show(request, visit, to, _composed(request, form, visit.version), token=signed)
    if not is_valid:
        return _show(request, visit, to, form, token=signed)
    stamp = STAMPS.read(signed, at=visit.desk.at)
    if stamp is None:
        return _again(request, visit, to, form, str(OPEN_LONG))
    if form.is_from_a_program or stamp.is_too_fast:
        return _again(request, visit, to, form, str(TOO_FAST), signed)
    try:
        sent = _send(request, visit, to, form, stamp.token)
    except TooManyError as error:
        return _again(request, visit, to, form, str(TOO_MANY) % {"n": error.minutes}, signed, status=429)
    except (DeskFullError, KeyMissingError) as error:
        logger.error("enquiry not stored: %s", type(error).__name__)
        return _again(request, visit, to, form, str(LATER), signed, status=503)
    return _receipt(request, visit, sent)


def _send(request: HttpRequest, visit: Visit, to: Receiver, form: EnquiryForm, token: str) -> Sent:
    draft = Draft(
        agency=to.agency,
        topic=form.topic(visit.topic),
        text=form.cleaned_data["text"],
        about=form.about,
        due_at=to.due_at,
        notice_version=to.notice_version,
        point=to.point,
    )
    return send_enquiry(draft=draft, token=token, source=source_of(request), at=visit.desk.at)


def _composed(request: HttpRequest, form: EnquiryForm, version: str) -> EnquiryForm:
    """Return the form with the chosen sentences in the text, where they can be changed."""
    data = request.POST.copy()
    data["message"] = form.cleaned_data.get("text") or data.get("message", "")
    data.setlist("cards", [])
    # Unbound values, so that nothing is called missing yet.
    shown = EnquiryForm(version=version, initial={name: data.get(name) for name in form.fields})
    shown.data = data
    return shown


def _again(
    request: HttpRequest, visit: Visit, to: Receiver, form: EnquiryForm, text: str, signed: str = "", status: int = 200
) -> HttpResponse:
    data = request.POST.copy()
    data["website"] = ""
    shown = EnquiryForm(data, version=visit.version)
    response = _show(request, visit, to, shown, token=signed or signed_token(at=visit.desk.at), notice=text)
    response.status_code = status
    return response


def _show(
    request: HttpRequest, visit: Visit, to: Receiver, form: EnquiryForm, *, token: str, notice: str = ""
) -> HttpResponse:
    chosen = form.data.getlist("cards") if hasattr(form.data, "getlist") else []
    context = {
        **frame(visit.desk),
        "form": form,
        "to": to,
        "groups": groups(visit.topic),
        "chosen": chosen,
        "token": token,
        "topic": visit.topic,
        "door": visit.point.slug if visit.point else "",
        "notice": notice,
    }
    return render(request, "counseling/enquiry_form.html", context)


def _receipt(request: HttpRequest, visit: Visit, sent: Sent) -> HttpResponse:
    if sent.code is None:
        return render(request, "counseling/enquiry_sent_before.html", frame(visit.desk))
    enquiry = sent.enquiry
    due, name = date_format(timezone.localtime(enquiry.due_at), "j. F Y"), enquiry.agency.display_name
    key = timezone.localdate(visit.desk.at)
    page = kept_part("enquiry-receipt", visit.version, key, lambda: _receipt_part(request, visit))
    return HttpResponse(page.fill({"code": str(sent.code), "due": due, "name": name}).__html__())


def _receipt_part(request: HttpRequest, visit: Visit) -> Part:
    """Render the receipt with holes for what is the person's own: nothing of one person stays in it."""
    page = settings.BASE_URL + reverse("counseling:answer")
    holes = {name: hole(name) for name in ("code", "due", "name")}
    context = {**frame(visit.desk), **holes, "qr": qr_drawing(page), "page": page}
    return Part(render_to_string("counseling/enquiry_sent.html", context, request))
