"""What must be confirmed before the portal goes live."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from directory.models import (
    AbsentState,
    Agency,
    ContactPoint,
    Locality,
    Municipality,
    Page,
    SchoolHoliday,
    Status,
)
from directory.record_checks import TO_COMPLETE, has_real_phone, no_address
from offers.models import LegalBasis, Offer
from offers.region.plan import GENERATED_PREFIX


@dataclass(frozen=True)
class Finding:
    """One open point. A blocking one keeps the portal from going live."""

    topic: str
    text: str
    is_blocking: bool = False


def launch_findings(*, coordination_slug: str, on: date) -> list[Finding]:
    """Return all open points, the blocking ones first.

    Only the coordination office blocks: it catches every gap, so it must itself have none.
    """
    return [
        *_coordination(coordination_slug, on),
        *_examples(),
        *_contact_points(),
        *_unverified(),
        *_reviews(on),
        *_law(),
        *_pages(),
    ]


def _coordination(slug: str, on: date) -> Iterator[Finding]:
    topic = "Koordinierungsstelle"
    point = ContactPoint.objects.filter(slug=slug).first()
    if point is None:
        yield Finding(topic, f"Die Anlaufstelle „{slug}“ (coordination_point in region.toml) gibt es nicht.", True)
        return
    checks = [
        (not point.is_example, "ist noch als Beispieldaten markiert"),
        (point.verified, "ist nicht als belegt markiert"),
        (ContactPoint.objects.published(on=on).filter(pk=point.pk).exists(), "ist nicht veröffentlicht"),
        (has_real_phone(point), "hat keine echte Telefonnummer"),
        (bool(point.street and point.postal_code and point.town), "hat keine vollständige Adresse"),
        (point.schedules.exists(), "hat keine Öffnungszeiten"),
    ]
    for is_fine, text in checks:
        if not is_fine:
            yield Finding(topic, f"„{point.name}“ ({slug}) {text}.", True)


def _live(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What is or would be public; drafts and archived rows are no business of the launch."""
    return rows.filter(status__in=[Status.PUBLISHED, Status.REVIEW])


def _offers() -> QuerySet[Any]:
    return _live(Offer.objects.exclude(slug__startswith=GENERATED_PREFIX))


def _each(topic: str, rows: Iterable[Any], text: str) -> Iterator[Finding]:
    for row in rows:
        yield Finding(topic, f"{row._meta.verbose_name} „{row}“ ({row.slug}) {text}.")


def _examples() -> Iterator[Finding]:
    topic = "Beispieldaten: bestätigen oder ersetzen"
    for rows in (_live(ContactPoint.objects.all()), _live(Agency.objects.all()), _offers()):
        yield from _each(topic, rows.filter(is_example=True), "ist noch nicht bestätigt")
    generated = Offer.objects.filter(slug__startswith=GENERATED_PREFIX).count()
    if generated:
        yield Finding(topic, f"{generated} erzeugte Angebote: weg damit (generate_offers 0 --remove).")


def _contact_points() -> Iterator[Finding]:
    topic = "Anlaufstellen: Angaben fehlen"
    rows = _live(ContactPoint.objects.all())
    missing = AbsentState.MISSING
    yield from _each(topic, rows.filter(phones__isnull=True, phone_state=missing), "hat kein Telefon")
    yield from _each(topic, rows.filter(schedules__isnull=True, hours_state=missing), "hat keine Öffnungszeiten")
    for point in rows.filter(is_example=False).prefetch_related("phones"):
        if point.phones.all() and not has_real_phone(point):
            yield Finding(topic, f"Anlaufstelle „{point}“ ({point.slug}) hat nur eine Beispielnummer.")
    yield from _each(topic, rows.filter(no_address(), address_state=missing), "hat keine vollständige Adresse")


def _unverified() -> Iterator[Finding]:
    topic = "Nicht belegt"
    gaps = _live(Agency.objects.filter(is_gap=True))
    yield from _each("Nur als Aufgabe bekannt: Wer macht das vor Ort?", gaps, "hat noch keine Anschrift")
    for rows in (
        _live(ContactPoint.objects.filter(is_example=False)),
        _live(Agency.objects.filter(is_gap=False)),
        _offers(),
    ):
        yield from _each(topic, rows.filter(verified=False), "hat keine belegte Quelle")
    for municipality in Municipality.objects.filter(verified=False):
        yield Finding(topic, f"Gemeinde „{municipality}“ ({municipality.ags}) hat keine belegte Quelle.")
    for holiday in SchoolHoliday.objects.filter(verified=False):
        yield Finding(topic, f"Schulferien „{holiday}“ haben keine belegte Quelle.")
    localities = Locality.objects.filter(mapping_verified=False).count()
    if localities:
        yield Finding(
            topic, f"{localities} Orte: Die Zuordnung zur Gemeinde ist nicht bestätigt (Filter in der Liste der Orte)."
        )


def _reviews(on: date) -> Iterator[Finding]:
    topic = "Prüfung fällig"
    for rows in (_live(ContactPoint.objects.all()), _live(Agency.objects.filter(is_gap=False)), _offers()):
        for row in rows.review_due(on=on):  # type: ignore[attr-defined]
            since = f"seit {row.review_due_on:%d.%m.%Y}" if row.review_due_on else "noch nie geprüft"
            yield Finding(topic, f"{row._meta.verbose_name} „{row}“ ({row.slug}): {since}.")


def _law() -> Iterator[Finding]:
    for basis in LegalBasis.objects.filter(under_review=True).annotate(num_offers=Count("offers")):
        yield Finding("Recht wird geprüft", f"{basis} (Angebote: {basis.num_offers}).")


def _pages() -> Iterator[Finding]:
    for page in Page.objects.all():
        places = f"{page.title}\n{page.body}".count(TO_COMPLETE)
        if places:
            yield Finding("Seiten ergänzen", f"Seite „{page}“ (/{page.slug}/): {places} × {TO_COMPLETE}.")
