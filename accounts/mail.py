"""Sending by SMTP, with the one difference that matters: did the server have the whole mail?"""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

ACCEPTED = 250
REFUSED = 400


class DeliveryUnknownError(Exception):
    """The mail was handed over, but the server's answer never came: it may have arrived."""


class _CarefulSMTP(smtplib.SMTP):
    """Tells a hang-up before the mail from one after it."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the mail over. Raises DeliveryUnknownError once the server may have it."""
        self._started = False
        try:
            code, reply = super().data(msg)
        except OSError as error:  # every SMTPException is one
            if self._started:
                raise DeliveryUnknownError from error
            raise
        if code != ACCEPTED and code < REFUSED:  # an answer nobody understands
            raise DeliveryUnknownError
        return code, reply

    def send(self, s: Any) -> None:
        """Send bytes; the body of a mail is the only thing that does not come as text."""
        self._started = isinstance(s, bytes)
        super().send(s)


class _CarefulSSL(smtplib.SMTP_SSL, _CarefulSMTP):
    """The same over TLS from the first byte."""


class SmtpBackend(EmailBackend):
    """Django's backend with a connection that can tell."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the careful connection."""
        return _CarefulSSL if self.use_ssl else _CarefulSMTP
