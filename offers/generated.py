"""Generated example offers: varied, deterministic by number, marked as example data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import models, reset_queries, transaction

from directory.index.writing import rebuild
from directory.models import Agency, ContactPoint, Language, Locality, Municipality, Status, TriState
from offers import generated_text
from offers.generated_words import COSTS, NEEDS, RECIPES, Recipe
from offers.models import (
    Certificate,
    Deadline,
    LegalBasis,
    OccupationalField,
    Offer,
    OfferAgency,
    Precondition,
    Situation,
)
from offers.region.plan import GENERATED_PREFIX

BATCH = 1000
SOURCE = "Erzeugte Beispieldaten"
# Read once: each look-up of all values of a choice builds a new list.
CERTIFICATES, TRI_STATES, PURPOSES = Certificate.values, TriState.values, Deadline.Purpose.values
CAPACITIES, ACTS_ALONE, REACHES = Offer.Capacity.values, Offer.ActsAlone.values, Offer.Reach.values
KINDS = tuple(RECIPES)


class MissingRegionError(Exception):
    """There are no places or situations to make offers from."""


@dataclass(frozen=True)
class Stock:
    """What the database has to choose from."""

    municipalities: list[Municipality]
    localities: list[Locality]
    situations: dict[str, Situation]
    fields: list[OccupationalField]
    languages: list[Language]
    agencies: list[Agency]
    points: list[ContactPoint]
    bases: list[LegalBasis]


@dataclass
class Links:
    """Rows of the linking tables, collected and written at once."""

    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, row: models.Model) -> None:
        """Keep a row for later."""
        self.rows.setdefault(type(row), []).append(row)

    def write(self) -> None:
        """Write all rows, one table after the other."""
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows, batch_size=BATCH)


def generate_offers(number: int, *, on: date) -> int:
    """Top up the generated offers to ``gen-00001`` … ``gen-<number>``, index them, return how many are new.

    On one day a number always makes the same offer. Raises MissingRegionError before a region is loaded.
    """
    created = write_offers(number, on=on)
    if created:
        rebuild()  # raises the content version, once everything can be found
    return created


def write_offers(number: int, *, on: date) -> int:
    """Like ``generate_offers``, but leave the index to the caller: nothing new is found before ``rebuild``."""
    stock = _stock()
    with transaction.atomic():
        known = set(Offer.objects.filter(slug__startswith=GENERATED_PREFIX).values_list("slug", flat=True))
        missing = [count for count in range(1, number + 1) if offer_slug(count) not in known]
        for start in range(0, len(missing), BATCH):
            _write(missing[start : start + BATCH], stock, on)
    return len(missing)


def remove_generated_offers() -> int:
    """Delete all generated offers and return how many there were."""
    with transaction.atomic():
        rows = Offer.objects.filter(slug__startswith=GENERATED_PREFIX)
        number = rows.count()
        rows.delete()
    if number:
        rebuild()
    return number


def offer_slug(number: int) -> str:
    """Key of the generated offer of this number: five digits, from 100,000 on six."""
    return f"{GENERATED_PREFIX}{number:05}"


def _stock() -> Stock:
    stock = Stock(
        municipalities=list(Municipality.objects.order_by("ags")),
        localities=list(Locality.objects.select_related("municipality").order_by("municipality_id", "name")),
        situations={situation.slug: situation for situation in Situation.objects.all()},
        fields=list(OccupationalField.objects.order_by("slug")),
        languages=list(Language.objects.order_by("code")),
        agencies=list(Agency.objects.filter(status=Status.PUBLISHED).order_by("slug")),
        points=list(ContactPoint.objects.order_by("slug")),
        bases=list(LegalBasis.objects.order_by("statute", "paragraph")),
    )
    if not (stock.municipalities and stock.situations and stock.languages and stock.agencies):
        raise MissingRegionError("Es fehlen Orte, Situationen, Sprachen oder Stellen. Zuerst load_region ausführen.")
    return stock


def _write(numbers: Sequence[int], stock: Stock, on: date) -> None:
    """Write one batch: offers first, then what hangs on them."""
    made = [_make(number, stock, on) for number in numbers]
    Offer.objects.bulk_create([offer for offer, _ in made])
    links = Links()
    for offer, rows in made:
        for row in rows:
            if isinstance(row, tuple):
                model, other = row
                links.add(model(None, offer.pk, other))  # by position: keywords take twice the time
            else:
                row.offer_id = offer.pk
                links.add(row)
    links.write()
    reset_queries()  # in development each statement would stay in memory


def _make(number: int, stock: Stock, on: date) -> tuple[Offer, list[Any]]:
    """Return the offer of this number and its related rows, which still lack its id.

    A pair stands for a row of a plain linking table: the table and the id of the other side.
    """
    pick = Random(number)  # noqa: S311 example data
    kind = KINDS[number % len(KINDS)]
    recipe = RECIPES[kind]
    place = pick.choice(stock.localities) if stock.localities else None
    town = place.name if place else stock.municipalities[0].name
    offer = Offer(
        slug=offer_slug(number),
        kind=kind,
        is_example=True,
        status=Status.PUBLISHED,
        source=SOURCE,
        verified=pick.random() < 0.7,
        checked_on=on - timedelta(days=pick.randrange(400)),
        contact=pick.choice([*stock.points, None]),
    )
    offer.set_review_due()
    wording = generated_text.write(recipe, town, pick)
    for name in wording.__slots__:
        setattr(offer, name, getattr(wording, name))
    _put_facts(offer, recipe, pick)
    rows = _related(recipe, stock, pick, on)
    home = place.municipality if place else stock.municipalities[0]
    if offer.reach == Offer.Reach.PLACES:
        others = [item for item in pick.sample(stock.municipalities, min(2, len(stock.municipalities))) if item != home]
        rows += [(Offer.municipalities.through, item.pk) for item in (home, *others[: pick.randrange(2)])]
    return offer, rows


def _put_facts(offer: Offer, recipe: Recipe, pick: Random) -> None:
    offer.age_min, offer.age_max = pick.choice(recipe.ages)
    offer.age_state = Offer.AgeState.KNOWN
    if offer.age_min is None and offer.age_max is None:
        offer.age_state = pick.choice((Offer.AgeState.NONE, Offer.AgeState.UNKNOWN))
    amount = pick.randrange(5)
    chosen = pick.sample(CERTIFICATES, min(amount, 4))
    offer.certificates = [item for item in CERTIFICATES if item in chosen]
    offer.decides_without_sgb2, offer.decides_with_sgb2 = pick.choice(recipe.deciders)
    offer.application = pick.choice(TRI_STATES)
    offer.capacity = pick.choice(CAPACITIES)
    offer.acts_alone = pick.choice(ACTS_ALONE)
    offer.cost, offer.cost_text = pick.choice(COSTS)
    if offer.cost == Offer.Cost.PAID and pick.random() < 0.5:
        offer.cost_amount = Decimal(pick.randrange(5, 90))
    offer.reach = pick.choice((*[Offer.Reach.PLACES] * 4, *REACHES))
    offer.is_remote = offer.reach == Offer.Reach.ONLINE or pick.random() < 0.2


def _related(recipe: Recipe, stock: Stock, pick: Random, on: date) -> list[Any]:
    """Return the rows that hang on one offer."""
    situations = [stock.situations[slug] for slug in recipe.situations if slug in stock.situations]
    situations = pick.sample(situations, min(len(situations), pick.randrange(1, 4)))
    fields = _some(stock.fields, pick, 2)
    languages = {item.pk for item in [*stock.languages[:1], *_some(stock.languages, pick, 2)]}
    bases = _some(stock.bases, pick, 2)
    agency = pick.choice(stock.agencies)
    rows: list[Any] = [
        *((Offer.situations.through, item.pk) for item in situations),
        *((Offer.occupational_fields.through, item.pk) for item in fields),
        *((Offer.languages.through, code) for code in sorted(languages)),
        *((Offer.legal_bases.through, item.pk) for item in bases),
        *((Offer.contact_points.through, item.pk) for item in _some(stock.points, pick, 2)),
        OfferAgency(agency_id=agency.pk, role=OfferAgency.Role.PROVIDER),
    ]
    if pick.random() < 0.5:
        rows.append(Precondition(text=pick.choice(NEEDS), is_hard=pick.random() < 0.5))
    if pick.random() < 0.3:
        rows.append(_deadline(pick, on))
    return rows


def _deadline(pick: Random, on: date) -> Deadline:
    day = on + timedelta(days=pick.randrange(1, 365))
    purpose = pick.choice(PURPOSES)
    if pick.random() < 0.5:
        text = f"Merk dir den {day.day}.{day.month}.{day.year}."
        return Deadline(kind=Deadline.Kind.FIXED, purpose=purpose, date=day, text=text)
    day = day.replace(day=min(day.day, 28))
    text = f"Merk dir jedes Jahr den {day.day}.{day.month}."
    return Deadline(kind=Deadline.Kind.YEARLY, purpose=purpose, month=day.month, day=day.day, text=text)


def _some(items: Sequence[Any], pick: Random, most: int) -> Iterable[Any]:
    """Up to ``most`` of the items, often none."""
    return pick.sample(items, min(len(items), pick.randrange(most + 1)))
