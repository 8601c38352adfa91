"""What the mails say. They name records and agencies, never a person; addresses are looked up when a mail leaves."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import outbox
from directory.freshness.dates import LINK_DAYS, TO_COORDINATION
from directory.freshness.links import make_link
from directory.models import Agency, ConfirmationRequest, FieldGroup, GroupCheck, Membership, Role

TO_OWNER_KIND = "freshness.owner"
TO_COORDINATION_KIND = "freshness.coordination"
AGAIN_KIND = "freshness.again"

FIRST_WORDS: dict[str, Any] = {
    "ask": gettext_lazy("bitte sehen Sie kurz nach, ob diese Angaben noch stimmen. Das dauert etwa eine Minute."),
    "remind": gettext_lazy("vor einer Woche haben wir gefragt, ob diese Angaben noch stimmen. Die Antwort fehlt noch."),
    "again": gettext_lazy("diese Angaben hat noch niemand bestätigt. Auf der Website steht, dass sie geprüft werden."),
    "last": gettext_lazy(
        "in wenigen Tagen sind diese Einträge nicht mehr öffentlich. Mit Ihrer Antwort bleiben sie es."
    ),
    "hidden": gettext_lazy(
        "diese Einträge sind seit heute nicht mehr öffentlich. Mit Ihrer Antwort sind sie es wieder."
    ),
    "resend": gettext_lazy("hier ist der Link noch einmal. Der Link aus der Mail davor gilt nicht mehr."),
}
STAGE_WORDS: dict[str, Any] = {
    "copy": gettext_lazy("seit zwei Wochen ohne Antwort"),
    "again": gettext_lazy("seit einem Monat ohne Antwort"),
    "last": gettext_lazy("bald nicht mehr öffentlich"),
    "hidden": gettext_lazy("seit heute nicht mehr öffentlich"),
}


def register_mails() -> None:
    """Tell the outbox who writes the mails."""
    outbox.register(TO_OWNER_KIND, owner_mails)
    outbox.register(TO_COORDINATION_KIND, coordination_mails)
    outbox.register(AGAIN_KIND, again_mails)


def owner_mails(subject: str, at: datetime) -> Sequence[EmailMessage]:
    """Return the mail to one agency about all questions of a stage and day; none when all are answered.

    ``subject`` is key of the agency, stage and day. Each try makes new links: a secret is never stored.
    """
    agency_key, stage, day = subject.split(":")
    agency = Agency.objects.filter(pk=agency_key).first()
    requests = ConfirmationRequest.objects.filter(
        agency_id=int(agency_key), stage=stage, stage_on=date.fromisoformat(day), closed_on=None
    )
    return _questions(agency, requests, first=FIRST_WORDS[stage], at=at)


def again_mails(subject: str, at: datetime) -> Sequence[EmailMessage]:
    """Return the mail about one question once more; ``subject`` is its key. None when it is answered."""
    question = ConfirmationRequest.objects.filter(pk=subject, closed_on=None).select_related("agency").first()
    return _questions(question.agency, [question], first=FIRST_WORDS["resend"], at=at) if question else []


def _questions(
    agency: Agency | None, requests: Iterable[ConfirmationRequest], *, first: Any, at: datetime
) -> Sequence[EmailMessage]:
    titles = _titles(requests)
    open_now = [request for request in requests if (request.record, request.object_id) in titles]
    if agency is None or not agency.office_email or not open_now:
        return []
    entries = []
    for request in open_now:
        title, hidden_from = titles[request.record, request.object_id]
        groups = ", ".join(str(FieldGroup(group).label) for group in request.groups.split())
        entries.append(f"{title}\n{groups}{_until(hidden_from, timezone.localdate(at))}\n{make_link(request, at=at)}")
    words = {
        "first": first,
        "entries": "\n\n".join(entries),
        "days": LINK_DAYS,
        "portal": settings.REGION["short_name"],
    }
    number = len(entries)
    title = ngettext("Stimmt das noch? %(n)d Eintrag", "Stimmt das noch? %(n)d Einträge", number) % {"n": number}
    body = _(
        "Guten Tag,\n\n%(first)s\n\n%(entries)s\n\n"
        "Die Links gelten %(days)s Tage. Sie brauchen kein Konto. Bitte geben Sie die Links nicht weiter.\n\n"
        "%(portal)s\n"
    )
    return [EmailMessage(title, body % words, None, [agency.office_email])]


def coordination_mails(subject: str, at: datetime) -> Sequence[EmailMessage]:
    """Return the copy for the coordination about everything that moved on a day. It holds no link for an answer."""
    requests = ConfirmationRequest.objects.filter(
        stage__in=TO_COORDINATION, stage_on=date.fromisoformat(subject), closed_on=None
    ).select_related("agency")
    titles = _titles(requests)
    lines = [
        f"{titles[request.record, request.object_id][0]} ({request.agency.display_name}): {STAGE_WORDS[request.stage]}"
        for request in requests
        if (request.record, request.object_id) in titles
    ]
    receivers = _coordination()
    if not lines or not receivers:
        return []
    url = settings.BASE_URL + reverse("admin:directory_groupcheck_forecast")
    body = _(
        "Guten Tag,\n\nzu diesen Einträgen fehlt die Bestätigung der Stelle:\n\n%(lines)s\n\n"
        "Was in den nächsten Wochen nicht mehr öffentlich sein wird, sehen Sie hier:\n\n%(url)s\n"
    ) % {"lines": "\n".join(lines), "url": url}
    return [EmailMessage(_("Bestätigungen fehlen"), body, None, [address]) for address in receivers]


def _titles(requests: Any) -> dict[tuple[str, int], tuple[str, date | None]]:
    """Return title and first day hidden of each record. One query."""
    keys = {(request.record, request.object_id) for request in requests}
    rows = GroupCheck.objects.filter(object_id__in={pk for _record, pk in keys}, is_public=True)
    found: dict[tuple[str, int], tuple[str, date | None]] = {}
    for row in rows:
        key = (row.record, row.object_id)
        if key in keys:
            known = found.get(key, (row.title, None))[1]
            days = [day for day in (known, row.hidden_from) if day]
            found[key] = (row.title, min(days, default=None))
    return found


def _until(hidden_from: date | None, on: date) -> str:
    if hidden_from is None or hidden_from <= on:
        return ""
    return " – " + _("ohne Antwort öffentlich bis vor dem %(day)s") % {"day": date_format(hidden_from, "j. F Y")}


def _coordination() -> list[str]:
    """Return the mailbox of the coordination; without one the accounts of those who work there."""
    offices = Agency.objects.filter(kind=Agency.Kind.COORDINATION).exclude(office_email="")
    if found := list(offices.order_by("pk").values_list("office_email", flat=True)):
        return found
    people = Membership.objects.filter(user__is_active=True, role=Role.COORDINATOR).exclude(user__email="")
    return list(people.order_by("pk").values_list("user__email", flat=True))
