"""One appointment on the desk: who comes, whether they came, who sits there, calling it off."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.actions import booking_desk
from counseling.actions.desk import may_read
from counseling.admin.desk_page import Deed, DeskPage, answer
from counseling.admin.enquiry_forms import AssignForm, ReasonForm
from counseling.models import Booking
from counseling.periods import booking_deleted_on

LONGEST_WORD = 500


class CallOffForm(forms.Form):
    """Why the office cannot keep it, if it wants to say so."""

    word = forms.CharField(
        label=_("Satz an die Person"),
        required=False,
        max_length=LONGEST_WORD,
        help_text=_("In du-Form. Die Person liest ihn mit ihrem Code. Kann leer bleiben."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


@dataclass
class BookingPage(DeskPage):
    """One request for one appointment."""

    booking: Booking

    template = "admin/counseling/booking.html"
    gone = _("Der Termin hat sich inzwischen geändert oder ist gelöscht.")

    def own(self) -> dict[str, Any]:
        """Return the appointment."""
        return {
            "title": gettext("Termin %(code)s") % {"code": self.booking.public_id},
            "booking": self.booking,
            "deleted_on": booking_deleted_on(self.booking),
        }


def show_booking(page: BookingPage) -> HttpResponse:
    """Answer a request for one appointment."""
    return answer(page, read=_read, deeds=DEEDS)


def _read(page: BookingPage, *, reason: str = "", **shown: forms.Form) -> HttpResponse:
    at = timezone.now()
    opened = booking_desk.open_booking(booking=page.booking, user=page.user, at=at, reason=reason)
    row = opened.booking
    is_counsellor = may_read(page.user)
    initial = {"to": row.assigned_to_id, "deputy": row.deputy_id}
    context = {
        "about": opened.about.lines() if opened.about else [],
        "word": opened.word,
        "is_open": opened.about is not None,
        "may_mark": is_counsellor and row.starts_at <= at and row.state in ("booked", "came", "missed"),
        "assign_form": shown.get("assign_form") or AssignForm(prefix="assign", enquiry=row, initial=initial),
    }
    if opened.about is None:
        context["reason_form"] = shown.get("reason_form") or ReasonForm(prefix="reason")
    if is_counsellor and row.is_booked and row.starts_at > at:
        context["call_off_form"] = shown.get("call_off_form") or CallOffForm(prefix="off")
    return page.render(context)


def _read_with_reason(page: BookingPage) -> HttpResponse:
    form = ReasonForm(page.request.POST, prefix="reason")
    if not form.is_valid():
        return _read(page, reason_form=form)
    return _read(page, reason=form.cleaned_data["reason"])


def _came(page: BookingPage) -> HttpResponse:
    came = page.request.POST["tun"] == "da"
    booking_desk.mark(booking=page.booking, user=page.user, came=came, at=timezone.now())
    return page.done(gettext("Vermerkt."))


def _call_off(page: BookingPage) -> HttpResponse:
    form = CallOffForm(page.request.POST, prefix="off")
    if not form.is_valid():
        return _read(page, call_off_form=form)
    booking_desk.call_off(booking=page.booking, user=page.user, word=form.cleaned_data["word"], at=timezone.now())
    return page.done(gettext("Abgesagt. Die Person sieht es auf ihrer Seite, und per E-Mail, wenn sie eine nannte."))


def _assign(page: BookingPage) -> HttpResponse:
    form = AssignForm(page.request.POST, prefix="assign", enquiry=page.booking)
    if not form.is_valid():
        return _read(page, assign_form=form)
    data = form.cleaned_data
    booking_desk.assign(booking=page.booking, user=page.user, to=data["to"], deputy=data["deputy"], at=timezone.now())
    if not Booking.objects.visible_to(page.user).filter(pk=page.booking.pk).exists():
        messages.success(page.request, gettext("Übergeben. Sie sehen den Termin jetzt nicht mehr."))
        return page.back()
    return page.done(gettext("Gespeichert, wer den Termin hält."))


DEEDS: dict[str, Deed[BookingPage]] = {
    "lesen": _read_with_reason,
    "da": _came,
    "nicht-da": _came,
    "absagen": _call_off,
    "zuweisen": _assign,
}
