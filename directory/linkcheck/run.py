"""One run of the link check: which addresses, in which order, and what is written down afterwards."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from directory.link_sources import LinkSource, addresses_in_texts, sources
from directory.linkcheck.address import RefusedError
from directory.linkcheck.fetch import Answer, UnreachableError
from directory.models import LinkCheck, LinkUse
from directory.models.links import ADDRESS_LENGTH, FILE

APART = timedelta(days=1)
"""A finding counts when a second one, at least this much later, says the same."""
UNCLEAR = frozenset({401, 403, 405, 406, 407, 418, 429, 451, 999})
"""Answers of sites that let no program in: a person has to look."""
Status = LinkCheck.Status
Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one address answered."""

    address: str
    status: str
    reason: str = ""
    http_status: int | None = None
    redirect_to: str = ""
    is_network: bool = False


@dataclass(slots=True)
class Run:
    """What a run did. ``is_offline``: so many hosts failed that it must be our own network; nothing is marked."""

    findings: list[Finding] = field(default_factory=list)
    num_addresses: int = 0
    num_too_long: int = 0
    is_offline: bool = False
    is_out_of_time: bool = False


def used_addresses() -> dict[str, set[tuple[str, int | None]]]:
    """Return every address in use with (subject, agency) of the records that use it."""
    found: dict[str, set[tuple[str, int | None]]] = defaultdict(set)
    for source in sources():
        agencies = _agencies(source)
        for row in source.rows().iterator(chunk_size=500):
            for address in source.addresses(row):
                for agency in agencies.get(row.pk) or {None}:
                    found[address].add((source.subject(row), agency))
    for name, address in addresses_in_texts():
        found[address].add((f"{FILE}{name}", None))
    return found


@transaction.atomic
def note_uses(uses: dict[str, set[tuple[str, int | None]]]) -> int:
    """Write down which addresses are used where; those used nowhere go. Return how many were too long to keep."""
    kept = {address: places for address, places in uses.items() if len(address) <= ADDRESS_LENGTH}
    gone = [key for key, address in LinkCheck.objects.values_list("pk", "address") if address not in kept]
    for start in range(0, len(gone), 500):
        LinkCheck.objects.filter(pk__in=gone[start : start + 500]).delete()
    new = [LinkCheck(address=address) for address in sorted(kept)]
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    keys = dict(LinkCheck.objects.values_list("address", "pk"))
    LinkUse.objects.all().delete()
    rows = [
        LinkUse(link_id=keys[address], subject=subject, agency_id=agency)
        for address, places in sorted(kept.items())
        for subject, agency in sorted(places, key=str)
    ]
    LinkUse.objects.bulk_create(rows, batch_size=500)
    return len(uses) - len(kept)


def check(
    addresses: Sequence[str],
    *,
    ask: Ask,
    pause: float,
    seconds: float,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Run:
    """Ask the addresses, one host after the other with a pause before each question, until the time is up."""
    run = Run(num_addresses=len(addresses))
    end = clock() + seconds
    for number, address in enumerate(_by_host(addresses)):
        if clock() >= end:
            run.is_out_of_time = True
            break
        if number:
            sleep(pause)
        run.findings.append(finding(address, ask))
    run.is_offline = _is_offline(run.findings)
    return run


def finding(address: str, ask: Ask) -> Finding:
    """Ask one address and say what the answer means."""
    try:
        answer = ask(address)
    except RefusedError as error:
        return Finding(address, Status.BROKEN, str(error))
    except UnreachableError as error:
        return Finding(address, Status.BROKEN, str(error), is_network=error.is_network)
    code = answer.status
    if code < 400:
        moved = answer.moved_to if len(answer.moved_to) <= ADDRESS_LENGTH else ""
        return Finding(address, Status.MOVED if moved else Status.OK, http_status=code, redirect_to=moved)
    if code in UNCLEAR:
        return Finding(address, Status.UNCLEAR, "Die Website lässt sich nicht automatisch prüfen.", code)
    reason = "Die Seite gibt es nicht mehr." if code in (404, 410) else "Die Website meldet einen Fehler."
    return Finding(address, Status.BROKEN, reason, code)


@transaction.atomic
def note_findings(findings: Iterable[Finding], *, at: datetime) -> None:
    """Write down what was found. Broken or moved twice, a day apart, is confirmed; anything good starts anew."""
    found = {item.address: item for item in findings}
    rows = list(LinkCheck.objects.filter(address__in=found))
    for row in rows:
        item = found[row.address]
        is_odd = item.status in (Status.BROKEN, Status.MOVED)
        if not is_odd or item.status != row.status:
            row.failing_since, row.is_confirmed = None, False
        if is_odd:
            row.failing_since = row.failing_since or at
            row.is_confirmed = row.is_confirmed or at - row.failing_since >= APART
        row.status, row.reason, row.http_status = item.status, item.reason, item.http_status
        row.redirect_to, row.checked_at = item.redirect_to, at
    fields = ["status", "reason", "http_status", "redirect_to", "checked_at", "failing_since", "is_confirmed"]
    LinkCheck.objects.bulk_update(rows, fields, batch_size=200)


def due_addresses(limit: int) -> list[str]:
    """Return the addresses that wait longest for a check, at most ``limit``."""
    rows = LinkCheck.objects.order_by("checked_at", "pk").values_list("address", "checked_at")
    never = [address for address, checked_at in rows if checked_at is None]
    return (never + [address for address, checked_at in rows if checked_at is not None])[:limit]


def _agencies(source: LinkSource) -> dict[object, set[int | None]]:
    """Return key of the row → agencies it belongs to. One query."""
    found: dict[object, set[int | None]] = defaultdict(set)
    if source.agencies:
        for key, agency in source.rows().order_by().values_list("pk", source.agencies):
            found[key].add(agency)
    return found


def _by_host(addresses: Sequence[str]) -> list[str]:
    """Bring the addresses of a host together, so that each host is asked for one short while."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        hosts[host_of(address)].append(address)
    return [address for found in hosts.values() for address in found]


def host_of(address: str) -> str:
    """Return the name of the host as it is written, in small letters."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _is_offline(findings: Sequence[Finding]) -> bool:
    """Whether more than half of all hosts gave no answer at all: then the fault is on our side."""
    answered: dict[str, bool] = {}
    for item in findings:
        host = host_of(item.address)
        answered[host] = answered.get(host, False) or not item.is_network
    silent = sum(not is_there for is_there in answered.values())
    return silent > len(answered) / 2
