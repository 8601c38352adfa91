"""What offers give to the search index: each text, and how much a word in it counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model

from directory.index.directory_source import BATCH, Lookups, holders
from directory.index.plain import names_in, plain
from directory.index.sources import MAX_SUMMARY, Document
from directory.index.store import chunks
from directory.models import Agency, ContactPoint, Language, Municipality, SearchEntry
from offers.models import (
    Certificate,
    Deadline,
    Decider,
    LegalBasis,
    OccupationalField,
    Offer,
    OfferAgency,
    OfferKind,
    Precondition,
    Situation,
)

TITLE, SORT, SUMMARY, ASKED, WHOM, TEXT, NOTE = 30, 14, 12, 20, 8, 5, 3
GERMAN = "de"
NOT_SAID = (Decider.UNKNOWN, Decider.NONE)

# Kind of what belongs to an offer → the linking table and its column.
LINKS: dict[str, tuple[type[Model], str]] = {
    "situations": (Offer.situations.through, "situation_id"),
    "fields": (Offer.occupational_fields.through, "occupationalfield_id"),
    "agencies": (OfferAgency, "agency_id"),
    "bases": (Offer.legal_bases.through, "legalbasis_id"),
    "points": (Offer.contact_points.through, "contactpoint_id"),
    "places": (Offer.municipalities.through, "municipality_id"),
    "languages": (Offer.languages.through, "language_id"),
}


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
        rows = Offer.objects.order_by("pk")
        wanted = list(rows.values_list("pk", flat=True)) if ids is None else sorted(ids)
        names = _names()
        for chunk in chunks(wanted, BATCH):
            batch = _Batch(names, chunk)
            for offer in rows.filter(pk__in=chunk):
                yield _document(offer, batch)

    def affected_by(self, rows: Sequence[Model]) -> Collection[int]:
        """Offers that carry words of these rows."""
        return holders(Offer, rows, self.lookups)


@dataclass(frozen=True, slots=True)
class _Names:
    """The words of everything that can belong to an offer, by kind and key, and the labels of choices."""

    rows: Mapping[str, Mapping[object, str]]
    kinds: Mapping[str, str]
    deciders: Mapping[str, str]
    certificates: Mapping[str, str]
    free: str


def _names() -> _Names:
    """Read the names once for all offers: related rows as objects would take most of the time."""
    agencies = Agency.objects.values_list("pk", "name", "short_name")
    points = ContactPoint.objects.values_list("pk", "name", "town")
    rows: dict[str, Mapping[object, str]] = {
        "situations": dict(Situation.objects.values_list("pk", "label")),
        "fields": dict(OccupationalField.objects.values_list("pk", "name")),
        "agencies": {pk: f"{name} {short}" for pk, name, short in agencies},
        "bases": {basis.pk: str(basis) for basis in LegalBasis.objects.all()},
        "points": {pk: f"{name} {town}" for pk, name, town in points},
        "places": dict(Municipality.objects.values_list("pk", "name")),
        "languages": dict(Language.objects.exclude(pk=GERMAN).values_list("pk", "name")),
    }
    deciders = {value: str(label) for value, label in Decider.choices if value not in NOT_SAID}
    kinds = {value: str(label) for value, label in OfferKind.choices}
    certificates = {value: str(label) for value, label in Certificate.choices}
    return _Names(rows, kinds, deciders, certificates, str(Offer.Cost.FREE.label))


class _Batch:
    """What belongs to some offers, read with one query a table."""

    def __init__(self, names: _Names, ids: Sequence[int]) -> None:
        self.names = names
        self._keys = {kind: _by_offer(table, ids, column) for kind, (table, column) in LINKS.items()}
        self.preconditions = _by_offer(Precondition, ids, "text")
        self.deadlines = _by_offer(Deadline, ids, "text")

    def texts(self, offer: Offer, kind: str, *more: object) -> str:
        """Return the names of what belongs to the offer, each once, in alphabetical order."""
        known = self.names.rows[kind]
        keys = {*self._keys[kind].get(offer.pk, ()), *more}
        return "\n".join(sorted(known[key] for key in keys if key in known))


def _by_offer(table: type[Model], ids: Sequence[int], column: str) -> dict[int, list[object]]:
    found: dict[int, list[object]] = {}
    rows: Iterable[tuple[int, object]] = (
        table._default_manager.filter(offer_id__in=ids).order_by().values_list("offer_id", column)
    )
    for offer, value in rows:
        found.setdefault(offer, []).append(value)
    return found


def _document(offer: Offer, batch: _Batch) -> Document:
    summary = plain(offer.summary)
    return Document(
        kind=OfferSource.kind,
        object_id=offer.pk,
        key=offer.slug,
        title=offer.title,
        summary=summary[:MAX_SUMMARY],
        fields=(
            (offer.title, TITLE),
            (batch.names.kinds.get(offer.kind, ""), SORT),
            (batch.texts(offer, "fields"), SORT),
            (batch.texts(offer, "situations"), SORT),
            (batch.texts(offer, "agencies"), SORT),
            (summary, SUMMARY),
            (plain(offer.for_whom), WHOM),
            (offer.asked_as, ASKED),
            (plain(offer.description), TEXT),
            (plain(offer.steps), TEXT),
            (_lines(batch.preconditions.get(offer.pk, ())), TEXT),
            (batch.texts(offer, "bases"), TEXT),
            (_money(offer, batch.names), TEXT),
            ("\n".join((batch.texts(offer, "points", offer.contact_id), batch.texts(offer, "places"))), TEXT),
            (offer.place_note, TEXT),
            (plain(f"{offer.to_bring}\n{offer.duration}\n{offer.decides_text}"), NOTE),
            (_facts(offer, batch), NOTE),
            (_lines(batch.deadlines.get(offer.pk, ())), NOTE),
        ),
        names=names_in(offer.title),
    )


def _lines(texts: Iterable[object]) -> str:
    return "\n".join(sorted(map(str, texts)))


def _money(offer: Offer, names: _Names) -> str:
    free = names.free if offer.cost == Offer.Cost.FREE else ""
    return plain(f"{offer.gets_text}\n{offer.cost_text}\n{free}")


def _facts(offer: Offer, batch: _Batch) -> str:
    """Facts that stand on the page as words. What nobody knows, and what holds for all, says nothing."""
    names = batch.names
    deciders = dict.fromkeys((offer.decides_without_sgb2, offer.decides_with_sgb2))
    certificates = offer.certificates if len(offer.certificates) < len(Certificate) else []
    words = [names.deciders.get(value, "") for value in deciders]
    words += [names.certificates.get(value, "") for value in certificates]
    words += [offer.school_forms, "online" if offer.is_remote or offer.reach == Offer.Reach.ONLINE else ""]
    return "\n".join((*words, batch.texts(offer, "languages")))


OFFERS = OfferSource()
