"""Mails about an account. They name no person, only the portal and a link."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import OneTimeLink, User

# What mail servers and networks raise; anything else is a mistake of ours and shall be seen.
MAIL_ERRORS = (SMTPException, OSError)

SUBJECTS: dict[str, Any] = {
    OneTimeLink.Purpose.INVITATION: _("%(portal)s: Ihr Zugang zur Verwaltung"),
    OneTimeLink.Purpose.RESET: _("%(portal)s: neues Passwort"),
}
BODIES: dict[str, Any] = {
    OneTimeLink.Purpose.INVITATION: _(
        "Guten Tag,\n\n"
        "für diese Adresse wurde ein Zugang zur Verwaltung von „%(portal)s“ eingerichtet.\n"
        "Mit diesem Link wählen Sie Ihr Passwort:\n\n"
        "%(address)s\n\n"
        "Der Link gilt %(minutes)s Minuten und nur ein Mal. Ist er abgelaufen?\n"
        "Dann fordern Sie hier einen neuen an:\n\n"
        "%(again)s\n\n"
        "Sie haben damit nicht gerechnet? Dann tun Sie nichts. Ohne den Link kann niemand den Zugang benutzen.\n"
    ),
    OneTimeLink.Purpose.RESET: _(
        "Guten Tag,\n\n"
        "jemand möchte das Passwort für die Verwaltung von „%(portal)s“ neu wählen.\n"
        "Waren Sie das? Dann benutzen Sie diesen Link:\n\n"
        "%(address)s\n\n"
        "Der Link gilt %(minutes)s Minuten und nur ein Mal. Ein neuer Link geht hier:\n\n"
        "%(again)s\n\n"
        "Waren Sie es nicht? Dann tun Sie nichts. Ihr Passwort bleibt, wie es ist.\n"
    ),
}
logger = logging.getLogger(__name__)


def link_address(token: str) -> str:
    """Return the address of a link. The secret stands behind the question mark, which no log keeps."""
    return f"{settings.BASE_URL}{reverse('admin:one_time_link')}?t={token}"


def send_link(*, user: User, purpose: str, token: str) -> bool:
    """Send the link; False when the mail server did not take it. Never call it inside a transaction."""
    words = {
        "portal": settings.REGION["short_name"],
        "address": link_address(token),
        "again": f"{settings.BASE_URL}{reverse('admin:password_forgotten')}",
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    try:
        send_mail(str(SUBJECTS[purpose]) % words, str(BODIES[purpose]) % words, None, [user.email])
    except MAIL_ERRORS as error:
        logger.error("mail to account %s failed: %s", user.pk, type(error).__name__)
        return False
    return True
