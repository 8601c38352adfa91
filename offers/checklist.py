"""What the publish checklist looks at in offers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.checklist import HINT, KINDS, REASON, Finding, Item, text_findings
from directory.readability import YOUTH
from directory.record_checks import dead_links, reviewed
from offers.dates import next_occurrence
from offers.models import Deadline, Decider, Offer, Precondition

NEEDED = (
    ("for_whom", _("Es fehlt, für wen das Angebot ist.")),
    ("description", _("Es fehlt, was dort passiert.")),
    ("steps", _("Es fehlt, wie man hineinkommt.")),
)
READERS = {
    "summary": YOUTH,
    "description": YOUTH,
    "for_whom": YOUTH,
    "decides_text": YOUTH,
    "steps": YOUTH,
    "to_bring": YOUTH,
    "gets_text": YOUTH,
}
# Texts of one line: the list names them, the field does not.
SHORT = ("duration", "cost_text", "place_note")


def check_offer(offer: Offer, *, on: date) -> Iterator[Finding]:
    """Yield what a young person would miss on the page of an offer."""
    yield from reviewed(offer, on=on)
    yield from dead_links(offer)
    for field, text in NEEDED:
        if not getattr(offer, field).strip():
            yield Finding("fact", field, HINT, text)
    for field, value, text in _unknown(offer):
        if value == "unknown":
            yield Finding("fact", field, HINT, text)
    for field in SHORT:
        yield from text_findings(getattr(offer, field), YOUTH, field=field)
    if offer.pk is not None:
        yield from _law(offer)
        yield from _contact(offer)
        yield from _dates(offer, on)


def _unknown(offer: Offer) -> tuple[tuple[str, str, Any], ...]:
    return (
        ("age_state", offer.age_state, _("Das Alter ist nicht bekannt.")),
        ("cost", offer.cost, _("Die Kosten sind nicht bekannt.")),
        ("decides_without_sgb2", offer.decides_without_sgb2, _("Es ist nicht bekannt, wer entscheidet.")),
    )


def _law(offer: Offer) -> Iterator[Finding]:
    bases = list(offer.legal_bases.all())
    is_decided = offer.decides_without_sgb2 not in (Decider.UNKNOWN, Decider.NONE)
    if not bases:
        text = _("Keine Rechtsgrundlage. Wer entscheidet, tut das nach einem Gesetz.")
        yield Finding("law", "legal_bases", REASON if is_decided else HINT, text)
    if any(not basis.url for basis in bases):
        yield Finding(
            "law", "legal_bases", HINT, _("Zu einer Rechtsgrundlage fehlt die Quelle: der Text des Gesetzes.")
        )
    if any(basis.under_review for basis in bases):
        yield Finding("law", "legal_bases", HINT, _("Ein Gesetz wird gerade geprüft. Das steht auch öffentlich da."))


def _contact(offer: Offer) -> Iterator[Finding]:
    if not offer.roles.exists():
        yield Finding("contact", "roles", REASON, _("Keine Stelle ist beteiligt. So pflegt das Angebot niemand."))
    if not offer.contact_id and not offer.contact_points.exists():
        yield Finding("contact", "contact", HINT, _("Keine Anlaufstelle. Öffentlich steht die Koordinierungsstelle."))


def _dates(offer: Offer, on: date) -> Iterator[Finding]:
    for precondition in offer.preconditions.all():
        yield from text_findings(precondition.text, YOUTH, field="preconditions")
    rows = list(offer.deadlines.all())
    for row in rows:
        yield from text_findings(row.text, YOUTH, field="deadlines")
    fixed = [row for row in rows if row.kind != Deadline.Kind.BEFORE_EVENT]
    if fixed and all(next_occurrence(row, on=on) is None for row in fixed):
        yield Finding("fact", "deadlines", HINT, _("Alle Tage unter „Fristen und Termine“ sind vorbei."))


OFFER = Item(Offer, READERS, check_offer, tuple(kind for kind in KINDS if kind != "hours"))
# The rows inside an offer: measured beside their fields; their findings stand in the list of the offer.
PRECONDITION = Item(Precondition, {"text": YOUTH})
DEADLINE = Item(Deadline, {"text": YOUTH})
