"""What lies in the database after a drill, looked at with the portal's own code."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection

from accounts.models import OutboxMessage
from counseling.actions.enquiries import MAIL_NEW
from counseling.actions.lookup import by_code
from counseling.codes import read_code
from counseling.models import DeskVisit, Enquiry, EnquiryCount
from counseling.sealing import Keys, unseal
from django.utils import timezone


@dataclass(frozen=True)
class Verdict:
    """What is not as it was promised."""

    stored: int
    lost: int
    double: int
    half: int

    @property
    def holds(self) -> bool:
        """Whether nothing is lost, double or half."""
        return not (self.lost or self.double or self.half)


def readers() -> list[str]:
    """Return the agencies that take enquiries, and let their counsellors look into the inbox now."""
    DeskVisit.objects.update(opened_at=timezone.now())
    return sorted(DeskVisit.objects.values_list("user__membership__agency__slug", flat=True))


def verdict(acknowledged: dict[str, str]) -> Verdict:
    """Compare what people were promised (mark → code) with what is stored."""
    connection.close()  # the server may have been another one in between
    keys = Keys()
    marks: Counter[str] = Counter()
    mark_of: dict[str, str] = {}
    half = 0
    for row in Enquiry.objects.prefetch_related("messages"):
        texts = [unseal(message, "text", keys=keys) for message in row.messages.all()]
        if len(texts) != 1:
            half += 1
            continue
        mark_of[str(row.pk)] = texts[0].split()[-1]
        marks[mark_of[str(row.pk)]] += 1
    promised = set(OutboxMessage.objects.filter(kind=MAIL_NEW).values_list("subject", flat=True))
    half += len(promised ^ set(mark_of))
    half += abs(EnquiryCount.objects.filter(event=EnquiryCount.Event.RECEIVED).count() - len(mark_of))
    return Verdict(
        stored=len(mark_of),
        lost=sum(not _opens(code, mark, mark_of) for mark, code in acknowledged.items()),
        double=sum(number - 1 for number in marks.values()),
        half=half,
    )


def _opens(typed: str, mark: str, mark_of: dict[str, str]) -> bool:
    code = read_code(typed)
    row = by_code(code) if code else None
    return row is not None and mark_of.get(str(row.pk)) == mark
