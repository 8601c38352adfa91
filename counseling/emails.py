"""Mails about enquiries: that something is there, never what. Subject and sender tell a stranger nothing."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.outbox import register
from counseling.actions.enquiries import MAIL_ANSWER, MAIL_NEW, about_of, wants_mail
from counseling.actions.lookup import ALARM_AT, MAIL_GUESSING
from counseling.models import Booking, DeskAbsence, Enquiry
from counseling.sealing import Keys
from directory.models import Agency, Role


def register_mails() -> None:
    """Say who writes the mails; called once when the app is ready."""
    register(MAIL_NEW, new_enquiry)
    register(MAIL_ANSWER, answer_is_there)
    register(MAIL_GUESSING, somebody_guesses)


def new_enquiry(subject: str, at: datetime) -> list[EmailMessage]:
    """Tell the counsellors of the agency; nothing once somebody has read it."""
    enquiry = _find(subject)
    if enquiry is None or enquiry.status != Enquiry.Status.NEW:
        return []
    body = render_to_string(
        "emails/enquiry_new.txt",
        {
            "public_id": enquiry.public_id,
            "due_at": enquiry.due_at,
            "url": settings.BASE_URL + reverse("admin:counseling_enquiry_change", args=[enquiry.pk]),
        },
    )
    title = _("Neue Anfrage %(code)s") % {"code": enquiry.public_id}
    return [EmailMessage(title, body, None, [address]) for address in mailboxes(enquiry, on=timezone.localdate(at))]


def answer_is_there(subject: str, at: datetime) -> list[EmailMessage]:
    """Tell the person, if they left an address. Neither subject nor sender name a topic or an office."""
    enquiry = _find(subject)
    if enquiry is None:
        return []
    about = about_of(enquiry, Keys())
    if not wants_mail(about):
        return []
    body = render_to_string("emails/enquiry_answer.txt", {"url": settings.BASE_URL + reverse("counseling:answer")})
    return [EmailMessage(_("Es gibt eine Antwort"), body, None, [about.email])]


def somebody_guesses(subject: str, at: datetime) -> list[EmailMessage]:
    """Tell the technicians that codes are being guessed; ``subject`` is the moment."""
    body = render_to_string("emails/enquiry_guessing.txt", {"number": ALARM_AT, "since": subject})
    people = User.objects.filter(is_active=True, is_superuser=True).exclude(email="").order_by("pk")
    return [EmailMessage(_("Codes werden geraten"), body, None, [person.email]) for person in people]


def mailboxes(row: Enquiry | Booking, *, on: date) -> list[str]:
    """Who may read it gets the mail: in a youth office the named persons, else every counsellor.

    Whoever is away gets none; the substitute does. Unless nobody would be left.
    """
    people = User.objects.filter(
        is_active=True, membership__agency=row.agency_id, membership__role=Role.COUNSELOR
    ).exclude(email="")
    away = dict(DeskAbsence.objects.on(on).filter(user__in=people).values_list("user", "substitute"))
    named = {row.assigned_to_id, row.deputy_id} - {None}
    if named and row.agency.kind == Agency.Kind.YOUTH_WELFARE_OFFICE:
        people = people.filter(pk__in=named | {away[pk] for pk in named if pk in away})
    addresses = dict(people.order_by("pk").values_list("pk", "email"))
    return [addresses[pk] for pk in addresses if pk not in away] or list(addresses.values())


def _find(subject: str) -> Enquiry | None:
    return Enquiry.objects.select_related("agency").filter(pk=UUID(subject)).first()
