"""Say within the hour whose enquiries and appointments a breach may have touched."""

from argparse import ArgumentParser
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from accounts.models import AuditEntry
from directory.models import Agency

KINDS = {"counseling.enquiry": "Anfrage", "counseling.booking": "Termin"}


class Command(BaseCommand):
    """List the code ids that were opened in a span of days, by agency. No content, no names."""

    help = (
        "Nennt je Stelle die Kennungen, die in den Tagen geöffnet, exportiert oder beantwortet wurden (Art. 33 DSGVO)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which days, and whose account."""
        parser.add_argument("--from", dest="first", required=True, help="erster Tag, JJJJ-MM-TT")
        parser.add_argument("--to", dest="last", required=True, help="letzter Tag, JJJJ-MM-TT")
        parser.add_argument("--account", type=int, help="nur dieses Konto (Nummer)")

    def handle(self, *args: Any, first: str, last: str, account: int | None, **options: Any) -> None:
        """Print one line an agency and one a code id."""
        try:
            start, end = _midnight(first), _midnight(last) + timedelta(days=1)
        except ValueError as error:
            raise CommandError("Bitte Tage als JJJJ-MM-TT, zum Beispiel 2026-11-22.") from error
        entrusted = Q(subject__startswith="counseling.enquiry:") | Q(subject__startswith="counseling.booking:")
        rows = AuditEntry.objects.filter(entrusted, at__gte=start, at__lt=end, actor__isnull=False)
        if account is not None:
            rows = rows.filter(actor=account)
        found: dict[int | None, dict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
        for agency, subject, actor in rows.values_list("agency", "subject", "actor"):
            kind, _colon, code = subject.partition(":")
            found[agency][code, KINDS[kind]].add(actor or 0)
        names = dict(Agency.objects.filter(pk__in=[key for key in found if key]).values_list("pk", "name"))
        self.stdout.write(f"Geöffnet vom {first} bis {last}: {sum(map(len, found.values()))} Anfragen und Termine")
        for agency, codes in sorted(found.items(), key=lambda item: names.get(item[0] or 0, "")):
            self.stdout.write(f"{names.get(agency or 0, 'Stelle gelöscht')}: {len(codes)}")
            for (code, kind), actors in sorted(codes.items()):
                self.stdout.write(f"  {code}  Konten: {', '.join(map(str, sorted(actors)))}  {kind}")
        self.stdout.write("Wie es weitergeht: docs/operations/breach.md")


def _midnight(text: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(text), time()))
