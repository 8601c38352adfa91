"""Mails about appointments: that something is there, never what, where or when."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.outbox import register
from counseling.actions.bookings import MAIL_BOOKED, MAIL_CALLED_OFF, MAIL_CHANGED, MAIL_REMINDER, reminder_subject
from counseling.actions.enquiries import about_of, wants_mail
from counseling.emails import mailboxes
from counseling.models import Booking
from counseling.sealing import Keys


def register_mails() -> None:
    """Say who writes the mails; called once when the app is ready."""
    register(MAIL_BOOKED, new_booking)
    register(MAIL_CHANGED, changed_booking)
    register(MAIL_REMINDER, reminder)
    register(MAIL_CALLED_OFF, called_off)


def new_booking(subject: str, at: datetime) -> list[EmailMessage]:
    """Tell the counsellors of the agency that somebody booked."""
    booking = _find(subject)
    return _to_staff(booking, _("Neuer Termin %(code)s"), at) if booking and booking.is_booked else []


def changed_booking(subject: str, at: datetime) -> list[EmailMessage]:
    """Tell the counsellors that an appointment was moved or cancelled."""
    booking = _find(subject)
    return _to_staff(booking, _("Termin %(code)s geändert"), at) if booking else []


def reminder(subject: str, at: datetime) -> list[EmailMessage]:
    """Remind the person, if the appointment is still at the time the reminder was promised for."""
    booking = _find(subject.partition(" ")[0])
    if booking is None or not booking.is_booked or reminder_subject(booking) != subject or booking.starts_at <= at:
        return []
    return _to_person(booking, _("Erinnerung"), "emails/booking_reminder.txt")


def called_off(subject: str, at: datetime) -> list[EmailMessage]:
    """Tell the person to look: the office cannot keep the appointment."""
    booking = _find(subject)
    if booking is None or booking.state != Booking.State.CALLED_OFF:
        return []
    return _to_person(booking, _("Es gibt etwas Neues"), "emails/booking_called_off.txt")


def _to_staff(booking: Booking, title: str, at: datetime) -> list[EmailMessage]:
    url = settings.BASE_URL + reverse("admin:counseling_booking_change", args=[booking.pk])
    body = render_to_string("emails/booking_staff.txt", {"public_id": booking.public_id, "url": url})
    return [
        EmailMessage(title % {"code": booking.public_id}, body, None, [address])
        for address in mailboxes(booking, on=timezone.localdate(at))
    ]


def _to_person(booking: Booking, title: str, template: str) -> list[EmailMessage]:
    about = about_of(booking, Keys())
    if not wants_mail(about):
        return []
    body = render_to_string(template, {"url": settings.BASE_URL + reverse("counseling:answer")})
    return [EmailMessage(title, body, None, [about.email])]


def _find(subject: str) -> Booking | None:
    return Booking.objects.select_related("agency").filter(pk=UUID(subject)).first()
