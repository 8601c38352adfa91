"""Accessibility feedback by mail. Nothing of it is stored here."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from directory.models import ContactPoint


def feedback_mailbox(contact: ContactPoint | None) -> str:
    """Return the mailbox that reads the feedback, or nothing when none is set up.

    The coordination office's own mailbox comes first, then the region's. Outside of production
    the portal's sender gets it, so that the form can be tried.
    """
    configured = settings.REGION.get("accessibility", {}).get("feedback_email", "")
    own = contact.email if contact and not contact.is_example else ""
    return own or configured or ("" if settings.PRODUCTION else settings.DEFAULT_FROM_EMAIL)


def send_feedback(*, message: str, reply_to: str, mailbox: str) -> bool:
    """Send the message; return False when it could not be handed over.

    What the visitor wrote stands in the body only, never in a header.
    """
    body = _("Meldung zur Barrierefreiheit\n\n%(message)s\n\nAntwort an: %(reply_to)s\n") % {
        "message": message,
        "reply_to": reply_to or _("keine Antwort gewünscht"),
    }
    mail = EmailMessage(subject=_("Barriere gemeldet"), body=body, from_email=settings.DEFAULT_FROM_EMAIL, to=[mailbox])
    try:
        return mail.send() == 1
    except (SMTPException, OSError):
        return False
