"""The mail about a record once more, because it went astray: links of before end, and not every minute."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import outbox
from accounts.audit import record
from accounts.models import OutboxMessage, User
from directory.freshness.mails import AGAIN_KIND
from directory.models import ConfirmationLink, ConfirmationRequest, Role
from directory.rights import role_of

WAIT = timedelta(hours=1)
A_DAY, MOST = timedelta(days=1), 3


class TooSoonError(Exception):
    """The mail left a moment ago, or often enough today."""


def may_send_again(user: Any) -> bool:
    """Tell whether somebody who sees the record may have its owner asked once more."""
    return bool(user.is_superuser) or role_of(user) in (Role.LEAD, Role.COORDINATOR)


def open_question(key: str, object_id: int) -> ConfirmationRequest | None:
    """Return the question about a record that waits for an answer and whose agency has a mailbox."""
    questions = ConfirmationRequest.objects.filter(record=key, object_id=object_id, closed_on=None)
    return questions.exclude(agency__office_email="").select_related("agency").first()


@transaction.atomic
def send_again(question: ConfirmationRequest, *, by: User, at: datetime) -> None:
    """Promise the mail; links of before end now, because nobody knows who has them. Raises TooSoonError."""
    ConfirmationRequest.objects.select_for_update().get(pk=question.pk)
    subject = str(question.pk)
    today = OutboxMessage.objects.filter(kind=AGAIN_KIND, subject=subject, created_at__gt=at - A_DAY)
    times = list(today.values_list("created_at", flat=True))
    if len(times) >= MOST or any(time > at - WAIT for time in times):
        raise TooSoonError
    ConfirmationLink.objects.filter(request=question).delete()
    outbox.enqueue(kind=AGAIN_KIND, subject=subject, at=at)
    about = f"{question.record}:{question.object_id}"
    record(actor=by, action="groupcheck.resend", subject=about, agency=question.agency_id, at=at)
