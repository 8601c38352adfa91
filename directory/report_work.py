"""Reports as work for staff: the mail that says there is one, and the place in the queue."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import outbox
from directory.models import Membership, Role, VisitorReport
from directory.queue import Waiting
from directory.reports import MAIL_KIND

READERS = (Role.EDITOR, Role.LEAD, Role.SCHOOL)
"""Who answers reports at an agency; reports of no agency are the coordination's."""


def report_mails(subject: str, at: datetime) -> list[EmailMessage]:
    """Return the mail "Es gibt einen Hinweis", without any content; none when all are answered by now.

    ``subject`` is the key of the agency, 0 for none, and the day.
    """
    agency = int(subject.partition(":")[0])
    waiting = VisitorReport.objects.open().filter(agency=agency or None)
    if not waiting.exists():
        return []
    people = Membership.objects.filter(user__is_active=True).exclude(user__email="")
    people = people.filter(agency=agency, role__in=(*READERS, Role.COORDINATOR)) if agency else people.none()
    if not people.exists():  # nobody there has an account: the coordination takes care
        people = Membership.objects.filter(user__is_active=True, role=Role.COORDINATOR).exclude(user__email="")
    url = settings.BASE_URL + reverse("admin:directory_visitorreport_changelist") + "?state__exact=open"
    body = _(
        "Guten Tag,\n\nzu einem Eintrag gibt es einen Hinweis. Hier lesen und beantworten Sie ihn:\n\n%(url)s\n"
    ) % {"url": url}
    return [
        EmailMessage(_("Es gibt einen Hinweis"), body, settings.DEFAULT_FROM_EMAIL, [address])
        for address in people.order_by("pk").values_list("user__email", flat=True)
    ]


def register_mails() -> None:
    """Tell the outbox who writes the mails."""
    outbox.register(MAIL_KIND, report_mails)


class ReportsWaiting:
    """Open reports in "Was wartet auf mich"."""

    kind = "report"
    label = gettext_lazy("Hinweise von Besuchern")

    def waiting(self, *, user: Any, agencies: frozenset[int] | None, on: date, limit: int) -> Sequence[Waiting]:
        """Return open reports, the oldest first; a wrong number or a barrier is urgent."""
        if not user.has_perm("directory.change_visitorreport"):
            return []
        rows = VisitorReport.objects.open().order_by("created_at", "pk")
        if agencies is not None:
            rows = rows.filter(agency__in=agencies)
        return [
            Waiting(
                kind=self.kind,
                title=f"{row.get_reason_display()}: {row.title}",
                url=reverse("admin:directory_visitorreport_change", args=[row.pk]),
                agency=row.agency_id,
                since=timezone.localdate(row.created_at),
                urgent=row.reason in (VisitorReport.Reason.PHONE, VisitorReport.Reason.BARRIER),
            )
            for row in rows.defer("text")[:limit]
        ]

    def counts(self, *, agencies: frozenset[int] | None, on: date) -> dict[int | None, int]:
        """Return how many are open at each agency."""
        rows = VisitorReport.objects.open().order_by()
        if agencies is not None:
            rows = rows.filter(agency__in=agencies)
        return dict(rows.values_list("agency").annotate(number=Count("pk")))


REPORTS = ReportsWaiting()
