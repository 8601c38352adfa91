"""Many agencies with contact points, people and offers, as a full installation has them. Nothing in it is real."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import AuditEntry, User
from directory.freshness.state import refresh_all
from directory.models import (
    Agency,
    ContactPerson,
    ContactPoint,
    GlossaryTerm,
    Membership,
    Municipality,
    Phone,
    Status,
    SynonymGroup,
    VisitorReport,
)
from offers.generated import write_offers
from offers.models import Offer, OfferAgency

BATCH = 1000


@dataclass(frozen=True)
class Size:
    """How much of everything there shall be."""

    offers: int
    agencies: int
    users: int
    audit: int

    @property
    def points(self) -> int:
        """One contact point an agency."""
        return self.agencies


# A list of "100 rows" has 100 of everything.
SMALL = Size(offers=100, agencies=100, users=100, audit=100)
LARGE = Size(offers=10_000, agencies=500, users=200, audit=50_000)


def fill(size: Size, *, on: date) -> None:
    """Top everything up to the size. A region must be loaded. Draws nothing by chance: twice gives the same."""
    at = timezone.now()
    _agencies(size.agencies, on)
    _points(size.points, on)
    _users(size.users)
    write_offers(size.offers, on=on)
    _share_of_one()
    _words(size.agencies)
    _reports(size.agencies, at)
    refresh_all(on=on)
    _audit(size.audit, at)


def _agencies(number: int, on: date) -> None:
    first = Agency.objects.filter(slug__startswith="menge-").count()
    rows = [
        Agency(
            slug=f"menge-{key:05}",
            name=f"Verein Nummer {key}",
            kind=Agency.Kind.EDUCATION_PROVIDER,
            status=Status.PUBLISHED,
            is_example=True,
            checked_on=on - timedelta(days=key % 400),
        )
        for key in range(first, number)
    ]
    for row in rows:
        row.set_review_due()
    Agency.objects.bulk_create(rows, batch_size=BATCH)


def _points(number: int, on: date) -> None:
    first = ContactPoint.objects.filter(slug__startswith="menge-").count()
    owners = list(Agency.objects.filter(slug__startswith="menge-").order_by("slug"))
    places = list(Municipality.objects.order_by("ags"))
    rows = [
        ContactPoint(
            slug=f"menge-{key:05}",
            name=f"Haus Nummer {key}",
            owner=owners[key % len(owners)],
            municipality=places[key % len(places)],
            latitude=places[key % len(places)].latitude,
            longitude=places[key % len(places)].longitude,
            status=Status.PUBLISHED,
            is_example=True,
            checked_on=on - timedelta(days=key % 400),
        )
        for key in range(first, number)
    ]
    for row in rows:
        row.set_review_due()
    made = ContactPoint.objects.bulk_create(rows, batch_size=BATCH)
    ContactPerson.objects.bulk_create([ContactPerson(contact_point=row, name=f"Beratung {row.slug}") for row in made])
    Phone.objects.bulk_create([Phone(contact_point=row, number="+4939041000") for row in made])


def _users(number: int) -> None:
    first = User.objects.filter(username__startswith="menge-").count()
    homes = list(Agency.objects.filter(slug__startswith="menge-").order_by("slug"))
    names = [f"menge-{key:05}" for key in range(first, number)]
    made = User.objects.bulk_create([User(username=name, email=f"{name}@example.org", is_staff=True) for name in names])
    Membership.objects.bulk_create(
        [Membership(user=user, agency=homes[key % len(homes)], role="editor") for key, user in enumerate(made)]
    )


def _share_of_one() -> None:
    """Let the first agency provide a hundred offers, so that its people see a full list in every size."""
    home = Agency.objects.filter(slug__startswith="menge-").earliest("slug")
    first = Offer.objects.filter(slug__startswith="gen-").order_by("slug").values("pk")[:100]
    OfferAgency.objects.filter(offer__in=list(first.values_list("pk", flat=True))).update(agency=home)


def _words(number: int) -> None:
    first = GlossaryTerm.objects.filter(slug__startswith="menge-").count()
    keys = range(first, number)
    GlossaryTerm.objects.bulk_create(
        [GlossaryTerm(slug=f"menge-{key:05}", term=f"Wort {key}", explanation="Das heißt so.") for key in keys]
    )
    SynonymGroup.objects.bulk_create(
        [SynonymGroup(name=f"Gruppe {key}", words=f"lehre{key}\nausbildung{key}") for key in keys]
    )


def _reports(number: int, at: datetime) -> None:
    first = VisitorReport.objects.filter(title__startswith="Verein Nummer").count()
    homes = list(Agency.objects.filter(slug__startswith="menge-").order_by("slug"))
    VisitorReport.objects.bulk_create(
        [
            VisitorReport(
                kind="stelle",
                key=homes[key].pk,
                title=homes[key].name,
                agency=homes[key],
                reason="fehlt",
                created_at=at,
                token=f"menge-{key:05}",
            )
            for key in range(first, number)
        ]
    )


def _audit(number: int, at: datetime) -> None:
    first = AuditEntry.objects.count()
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                at=at - timedelta(minutes=key),
                role="editor",
                action="offer.change",
                subject=f"offers.offer:{key}",
                agency=key % 500,
                detail="Titel",
            )
            for key in range(first, number)
        ],
        batch_size=BATCH,
    )
