"""What the directory gives to the index: contact points, agencies, terms of the glossary.

No person, no telephone number and no e-mail address goes into the index.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from directory.index.plain import names_in, plain
from directory.index.sources import MAX_SUMMARY, Document
from directory.models import (
    Agency,
    ContactPerson,
    ContactPoint,
    ContactPointAgency,
    GlossaryTerm,
    Language,
    LegalArea,
    Municipality,
    Phone,
    SearchEntry,
)

M = TypeVar("M", bound=Model)
BATCH = 500
NAME, SHARE, SUMMARY, PLACE, REST = 30, 12, 10, 6, 4  # how much a word counts


def rows_of(rows: QuerySet[M, M], ids: Collection[int] | None) -> Iterator[M]:
    """Yield these rows, or all, by ascending id; related rows are read for a batch at once."""
    chosen = rows.order_by("pk") if ids is None else rows.filter(pk__in=ids).order_by("pk")
    return chosen.iterator(chunk_size=BATCH)


def ids_by_model(rows: Sequence[Model]) -> dict[type[Model], list[object]]:
    """Return the keys of rows of any models, by model."""
    found: dict[type[Model], list[object]] = {}
    for row in rows:
        if row.pk is not None:
            found.setdefault(type(row), []).append(row.pk)
    return found


Lookups = Mapping[type[Model], tuple[str, ...]]


def holders(model: type[Model], rows: Sequence[Model], lookups: Lookups) -> set[int]:
    """Return the ids of rows of ``model`` that are among ``rows`` or reach them by one of the lookups."""
    by_model = ids_by_model(rows)
    found = {int(str(key)) for key in by_model.get(model, ())}
    for other, names in lookups.items():
        if keys := by_model.get(other):
            for name in names:
                reached = model._default_manager.filter(Q(**{f"{name}__in": keys})).order_by()
                found.update(reached.values_list("pk", flat=True))
    return found


class RowSource(Generic[M]):
    """Gives a document for each row of a model. ``lookups`` say how rows of other models reach it."""

    kind: str
    model: type[M]
    lookups: Lookups = {}

    def rows(self) -> QuerySet[M, M]:
        """All rows with what their documents say."""
        return self.model._default_manager.all()

    def document(self, row: M) -> Document:
        """Return what a row gives to the index."""
        raise NotImplementedError

    def documents(self, ids: Collection[int] | None) -> Iterator[Document]:
        """Return the documents of these rows, or of all."""
        return map(self.document, rows_of(self.rows(), ids))

    def affected_by(self, rows: Sequence[Model]) -> Collection[int]:
        """Rows of the model that are among these or carry words of them."""
        return holders(self.model, rows, self.lookups)


class ContactPointSource(RowSource[ContactPoint]):
    """Anlaufstellen."""

    kind = SearchEntry.Kind.CONTACT_POINT
    model = ContactPoint
    lookups = {
        Agency: ("owner", "agencies"),
        ContactPointAgency: ("shares",),
        ContactPerson: ("persons",),
        Phone: ("phones",),
        Municipality: ("municipality", "service_area"),
        Language: ("languages",),
    }

    def rows(self) -> QuerySet[ContactPoint, ContactPoint]:
        """All contact points with their agencies, places, people and languages."""
        return ContactPoint.objects.select_related("owner", "municipality").prefetch_related(
            "shares__agency", "persons", "phones", "service_area", "languages"
        )

    def document(self, point: ContactPoint) -> Document:
        """Return name, summary, agencies behind the door, place and what is done there."""
        shares = list(point.shares.all())
        agencies = [point.owner, *(share.agency for share in shares)]
        places = [point.town, point.postal_code, point.municipality.name if point.municipality else ""]
        return Document(
            kind=self.kind,
            object_id=point.pk,
            key=point.slug,
            title=point.name,
            summary=plain(point.summary)[:MAX_SUMMARY],
            fields=(
                (point.name, NAME),
                (" ".join(f"{agency.name} {agency.short_name}" for agency in agencies), SHARE),
                (" ".join(dict.fromkeys(str(agency.get_stelle_display()) for agency in agencies)), SHARE),
                (plain(point.summary), SUMMARY),
                (" ".join(places), PLACE),
                (" ".join(share.role for share in shares), REST),
                (" ".join(person.topic for person in point.persons.all()), REST),
                (" ".join(phone.purpose for phone in point.phones.all()), REST),
                (" ".join(area.name for area in point.service_area.all()), REST),
                (" ".join(language.name for language in point.languages.all()), REST),
            ),
            names=names_in(point.name),
        )


class AgencySource(RowSource[Agency]):
    """Stellen."""

    kind = SearchEntry.Kind.AGENCY
    model = Agency
    lookups = {Agency: ("parent",)}

    def rows(self) -> QuerySet[Agency, Agency]:
        """All agencies with the one they belong to."""
        return Agency.objects.select_related("parent")

    def document(self, agency: Agency) -> Document:
        """Return names, sort, what the agency does and to what it belongs."""
        area = agency.get_legal_area_display() if agency.legal_area != LegalArea.OTHER else ""
        return Document(
            kind=self.kind,
            object_id=agency.pk,
            key=agency.slug,
            title=agency.display_name,
            summary=plain(agency.what_we_do)[:MAX_SUMMARY],
            fields=(
                (agency.short_name, NAME),
                (agency.name, NAME),
                (f"{agency.get_stelle_display()} {agency.get_kind_display()}", SHARE),
                (plain(agency.what_we_do), SUMMARY),
                (str(area), REST),
                (str(agency.parent or ""), REST),
            ),
            names=(agency.name, *names_in(agency.name), *names_in(agency.short_name)),
        )


class TermSource(RowSource[GlossaryTerm]):
    """Begriffe."""

    kind = SearchEntry.Kind.TERM
    model = GlossaryTerm

    def document(self, term: GlossaryTerm) -> Document:
        """Return the word, its other spellings and its explanation."""
        others = [name.strip() for name in (*term.also.split(";"), term.former_name) if name.strip()]
        return Document(
            kind=self.kind,
            object_id=term.pk,
            key=term.slug,
            title=term.term,
            summary=plain(term.explanation)[:MAX_SUMMARY],
            fields=((term.term, NAME), *((name, NAME) for name in others), (plain(term.explanation), REST)),
            names=(*others, *names_in(term.term)),
        )


CONTACT_POINTS = ContactPointSource()
AGENCIES = AgencySource()
TERMS = TermSource()
