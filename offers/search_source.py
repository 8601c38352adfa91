"""What offers give to the search index: each text, and how much a word in it counts."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from django.db.models import Model

from directory.index.directory_source import Lookups, holders, rows_of
from directory.index.plain import names_in, plain
from directory.index.sources import MAX_SUMMARY, Document
from directory.models import Agency, ContactPoint, Language, Municipality, SearchEntry
from offers.models import (
    Certificate,
    Deadline,
    Decider,
    LegalBasis,
    OccupationalField,
    Offer,
    OfferAgency,
    Precondition,
    Situation,
)

TITLE, SORT, SUMMARY, WHOM, TEXT, NOTE = 30, 14, 12, 8, 5, 3
GERMAN = "de"
NOT_SAID = (Decider.UNKNOWN, Decider.NONE)


class OfferSource:
    """Angebote."""

    kind: str = SearchEntry.Kind.OFFER
    lookups: Lookups = {
        Agency: ("agencies",),
        ContactPoint: ("contact_points", "contact"),
        Municipality: ("municipalities",),
        Language: ("languages",),
        Situation: ("situations",),
        OccupationalField: ("occupational_fields",),
        LegalBasis: ("legal_bases",),
        OfferAgency: ("roles",),
        Precondition: ("preconditions",),
        Deadline: ("deadlines",),
    }

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        """Return what an offer says of itself, and the names of all that belongs to it."""
        rows = Offer.objects.select_related("contact").prefetch_related(
            "situations",
            "occupational_fields",
            "agencies",
            "legal_bases",
            "preconditions",
            "deadlines",
            "contact_points",
            "municipalities",
            "languages",
        )
        return map(self._document, rows_of(rows, ids))

    def _document(self, offer: Offer) -> Document:
        return Document(
            kind=self.kind,
            object_id=offer.pk,
            key=offer.slug,
            title=offer.title,
            summary=plain(offer.summary)[:MAX_SUMMARY],
            fields=(
                (offer.title, TITLE),
                (str(offer.get_kind_display()), SORT),
                (" ".join(str(row) for row in offer.occupational_fields.all()), SORT),
                (" ".join(str(row) for row in offer.situations.all()), SORT),
                (_agency_names(offer), SORT),
                (plain(offer.summary), SUMMARY),
                (plain(offer.for_whom), WHOM),
                (plain(offer.description), TEXT),
                (plain(offer.steps), TEXT),
                (" ".join(row.text for row in offer.preconditions.all()), TEXT),
                (" ".join(str(row) for row in offer.legal_bases.all()), TEXT),
                (plain(f"{offer.gets_text} {offer.cost_text} {_cost(offer)}"), TEXT),
                (_place_names(offer), TEXT),
                (plain(f"{offer.to_bring} {offer.duration} {offer.decides_text}"), NOTE),
                (_facts(offer), NOTE),
                (" ".join(f"{row.text} {row.anchor}" for row in offer.deadlines.all()), NOTE),
            ),
            names=names_in(offer.title),
        )

    def affected_by(self, rows: Sequence[Model]) -> Collection[int]:
        """Offers that carry words of these rows."""
        return holders(Offer, rows, self.lookups)


def _agency_names(offer: Offer) -> str:
    # An agency may have several roles; its name counts once.
    agencies = {agency.pk: agency for agency in offer.agencies.all()}
    return " ".join(f"{agencies[pk].name} {agencies[pk].short_name}" for pk in sorted(agencies))


def _place_names(offer: Offer) -> str:
    points = {point.pk: point for point in (offer.contact, *offer.contact_points.all()) if point}
    named = (f"{points[pk].name} {points[pk].town}" for pk in sorted(points))
    return " ".join(chain(named, (place.name for place in offer.municipalities.all()), (offer.place_note,)))


def _cost(offer: Offer) -> str:
    return str(offer.get_cost_display()) if offer.cost == Offer.Cost.FREE else ""


def _facts(offer: Offer) -> str:
    """Facts that stand on the page as words. What nobody knows, and what holds for all, says nothing."""
    deciders = dict.fromkeys(
        (
            (offer.decides_without_sgb2, str(offer.get_decides_without_sgb2_display())),
            (offer.decides_with_sgb2, str(offer.get_decides_with_sgb2_display())),
        )
    )
    certificates = offer.certificates if len(offer.certificates) < len(Certificate) else []
    words = [label for value, label in deciders if value not in NOT_SAID]
    words += [str(Certificate(value).label) for value in certificates if value in Certificate.values]
    words += [offer.school_forms, "online" if offer.is_remote or offer.reach == Offer.Reach.ONLINE else ""]
    words += [language.name for language in offer.languages.all() if language.code != GERMAN]
    return " ".join(words)


OFFERS = OfferSource()
