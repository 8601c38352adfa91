"""What the publish checklist looks at in contact points, agencies, pages and words of the glossary."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.checklist import HINT, KINDS, REASON, STOP, Finding, Item
from directory.link_sources import addresses_of
from directory.models import AbsentState, Agency, ContactPoint, GlossaryTerm, LinkCheck, Page, Publishable
from directory.readability import STAFF, YOUTH

TO_COMPLETE = "[vom Landkreis zu ergänzen]"
LAW_PAGES = ("impressum", "datenschutz", "barrierefreiheit", "credits")
"""Their words are the law's, so nobody judges how easy they are."""
# Kept free by the Bundesnetzagentur for films and examples; nobody ever answers there.
EXAMPLE_NUMBERS = re.compile(r"^\+49(3023125|4066969|6990009|2214710|8999998)")


def has_real_phone(point: ContactPoint) -> bool:
    """Whether somebody may answer under one of its numbers."""
    return any(not EXAMPLE_NUMBERS.match(phone.number) for phone in point.phones.all())


def no_address() -> Q:
    """Contact points without a whole address."""
    return Q(street="") | Q(postal_code="") | Q(town="")


def reviewed(obj: Publishable, *, on: date) -> Iterator[Finding]:
    """Yield what every record with a source and a last check must say."""
    if obj.verified and not obj.source.strip():
        yield Finding("law", "source", REASON, _("„Belegt“ ist angekreuzt, aber die Quelle fehlt."))
    if not obj.verified and not obj.is_example:
        yield Finding("law", "verified", HINT, _("Nicht belegt. Was keine Quelle hat, erscheint als „Angabe fehlt“."))
    if obj.checked_on is None:
        yield Finding("check", "checked_on", REASON, _("Noch nie geprüft. Tragen Sie den Tag ein."))
    elif obj.checked_on > on:
        yield Finding("check", "checked_on", STOP, _("Der Tag der Prüfung liegt in der Zukunft."))
    elif obj.review_due_on and obj.review_due_on <= on:
        yield Finding("check", "checked_on", HINT, _("Die nächste Prüfung ist fällig."))
    if obj.published_until and obj.published_until < on:
        yield Finding("fact", "published_until", STOP, _("„Öffentlich bis“ ist vorbei. So sieht es niemand."))


def dead_links(obj: Any) -> Iterator[Finding]:
    """Yield the addresses of a record that two runs of the link check could not reach, or found elsewhere."""
    addresses = addresses_of(obj)
    for link in LinkCheck.objects.waiting().filter(address__in=addresses) if addresses else ():
        if link.status == LinkCheck.Status.BROKEN:
            yield Finding("link", "", REASON, _("Ein Link führt ins Leere."), (link.address,))
        else:
            yield Finding("link", "", HINT, _("Ein Link ist umgezogen: alt und neu."), (link.address, link.redirect_to))


def check_point(point: ContactPoint, *, on: date) -> Iterator[Finding]:
    """Yield what keeps people from finding, calling or entering a contact point."""
    yield from reviewed(point, on=on)
    yield from dead_links(point)
    if not point.summary.strip():
        yield Finding("fact", "summary", HINT, _("Ein Satz fehlt, was hier passiert."))
    if not (point.municipality_id or point.serves_whole_county or _has(point, "service_area")):
        yield Finding("fact", "service_area", HINT, _("Es steht nicht da, für wen die Anlaufstelle zuständig ist."))
    yield from _hours(point)
    yield from _contact(point)


def _hours(point: ContactPoint) -> Iterator[Finding]:
    if not _has(point, "schedules") and point.hours_state == AbsentState.MISSING:
        yield Finding(
            "hours", "schedules", HINT, _("Zeiten fehlen. Öffentlich steht dann „Angabe fehlt“ und wen man fragt.")
        )


def _contact(point: ContactPoint) -> Iterator[Finding]:
    has_phone, has_address = _has(point, "phones"), bool(point.street and point.postal_code and point.town)
    if not (has_phone or has_address or point.email or point.website):
        yield Finding("contact", "phones", REASON, _("Weder Telefon noch Adresse, E-Mail oder Website."))
    if not has_phone and point.phone_state == AbsentState.MISSING:
        yield Finding("contact", "phones", HINT, _("Telefon fehlt. Öffentlich steht dann „Angabe fehlt“."))
    if has_phone and not point.is_example and not has_real_phone(point):
        yield Finding("contact", "phones", STOP, _("Es gibt nur eine Beispielnummer. Dort geht niemand ans Telefon."))
    if not has_address and point.address_state == AbsentState.MISSING:
        yield Finding("contact", "street", HINT, _("Die Adresse ist nicht vollständig."))
    if point.has_phone and point.phone_state == AbsentState.NONE:
        yield Finding("contact", "has_phone", REASON, _("„Am Telefon“ ist angekreuzt, aber es gibt kein Telefon."))
    if point.has_in_person and point.address_state == AbsentState.NONE:
        yield Finding("contact", "has_in_person", REASON, _("„Persönlich“ ist angekreuzt, aber es gibt keine Adresse."))


def _has(point: ContactPoint, parts: str) -> bool:
    return point.pk is not None and bool(getattr(point, parts).exists())


def check_agency(agency: Agency, *, on: date) -> Iterator[Finding]:
    """Yield what an agency must say; one known by its task only says nothing of itself."""
    if agency.is_gap:
        yield Finding(
            "contact", "is_gap", HINT, _("Nur als Aufgabe bekannt. Öffentlich steht die Koordinierungsstelle.")
        )
        return
    yield from reviewed(agency, on=on)
    yield from dead_links(agency)
    if not agency.what_we_do.strip():
        yield Finding("fact", "what_we_do", HINT, _("Es fehlt, was die Stelle für junge Menschen tut."))
    if not agency.website and agency.pk and not agency.owned_contact_points.exists() and not agency.shares.exists():
        yield Finding(
            "contact", "website", HINT, _("Weder Website noch Anlaufstelle. Öffentlich steht, wen man fragt.")
        )


def check_page(page: Page, *, on: date) -> Iterator[Finding]:
    """Yield what a page of the site still lacks."""
    yield from dead_links(page)
    if page.checked_on is None:
        yield Finding("check", "checked_on", HINT, _("Noch nie geprüft. Tragen Sie den Tag ein."))
    if TO_COMPLETE in f"{page.title}\n{page.body}":
        yield Finding("fact", "body", REASON, _("Hier steht noch „vom Landkreis zu ergänzen“."))


def _page_reader(page: Any) -> str | None:
    return None if page.slug in LAW_PAGES else YOUTH


def _term_reader(term: Any) -> str | None:
    return STAFF if term.audience == GlossaryTerm.Audience.STAFF else YOUTH


AGENCY_KINDS = tuple(kind for kind in KINDS if kind != "hours")
PAGE_KINDS = tuple(kind for kind in KINDS if kind not in ("hours", "law", "contact"))

CONTACT_POINT = Item(ContactPoint, {"summary": YOUTH, "directions": YOUTH}, check_point)
AGENCY = Item(Agency, {"what_we_do": YOUTH}, check_agency, AGENCY_KINDS)
PAGE = Item(Page, {"body": _page_reader}, check_page, PAGE_KINDS)
TERM = Item(GlossaryTerm, {"explanation": _term_reader})
