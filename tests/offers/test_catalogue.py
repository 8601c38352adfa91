"""The masks against a slow reading of the same rows: counts must be exact for any selection."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.models import ContactPoint
from directory.places import distance_km, find_place
from directory.versions import content_version
from offers.catalogue import catalogue
from offers.dates import SOON_DAYS, next_occurrence
from offers.facets import counts, ways_out
from offers.filters import UNKNOWN_FACETS, OfferFilters
from offers.forms import RADII
from offers.models import Certificate, Decider, Offer, OfferKind, Situation

ON = date(2026, 11, 22)


def fits(offer, filters):
    """The same rules, said slowly for one offer."""
    checks = []
    if filters.kinds:
        checks.append(offer.kind in filters.kinds)
    if filters.decider:
        deciders = {offer.decides_without_sgb2, offer.decides_with_sgb2}
        checks.append(filters.decider in deciders or (filters.decider == "agentur" and "agentur_reha" in deciders))
    if filters.age is not None:
        low = offer.age_min if offer.age_min is not None else 0
        high = offer.age_max if offer.age_max is not None else 99
        unknown = offer.age_state == "unknown"
        checks.append(
            "alter" in filters.include_unknown if unknown else offer.age_state == "none" or low <= filters.age <= high
        )
    if filters.certificate:
        unknown = not offer.certificates
        checks.append("abschluss" in filters.include_unknown if unknown else filters.certificate in offer.certificates)
    if filters.situation:
        checks.append(filters.situation in {row.slug for row in offer.situations.all()})
    if filters.is_free:
        checks.append(offer.cost == "free" or (offer.cost == "unknown" and "kosten" in filters.include_unknown))
    if filters.without_application:
        unknown = offer.application == "unknown" and "antrag" in filters.include_unknown
        checks.append(offer.application == "no" or unknown)
    if filters.is_remote:
        checks.append(offer.is_remote or offer.reach == "online")
    if filters.starts_soon:
        days = [next_occurrence(row, on=ON) for row in offer.deadlines.all()]
        checks.append(any(day and (day - ON).days <= SOON_DAYS for day in days))
    if filters.radius_km and filters.place:
        checks.append(is_near(offer, filters))
    return all(checks)


def is_near(offer, filters):
    if offer.reach in ("everywhere", "online"):
        return True
    if offer.reach == "unknown":
        return "ort" in filters.include_unknown
    here = (filters.place.latitude, filters.place.longitude)
    spots = [(row.latitude, row.longitude) for row in offer.municipalities.all()]
    spots += [(row.latitude, row.longitude) for row in offer.contact_points.all() if row.status == "published"]
    if not spots:
        return "ort" in filters.include_unknown
    return any(distance_km(here, spot) <= filters.radius_km for spot in spots)


selections = st.builds(
    OfferFilters,
    kinds=st.lists(st.sampled_from(OfferKind.values), max_size=2, unique=True).map(tuple),
    decider=st.sampled_from(["", *Decider.values]),
    age=st.none() | st.integers(0, 99),
    certificate=st.sampled_from(["", *Certificate.values]),
    situation=st.sampled_from(["", "at_school", "no_certificate", "money_housing"]),
    radius_km=st.sampled_from([None, *RADII]),
    is_free=st.booleans(),
    without_application=st.booleans(),
    is_remote=st.booleans(),
    starts_soon=st.booleans(),
    include_unknown=st.frozensets(st.sampled_from(UNKNOWN_FACETS)),
    sort=st.sampled_from(["passend", "nah", "neu"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=selections, town=st.sampled_from(["Haldensleben", "Hörsingen", "Wanzleben"]))
def test_selection_counts_and_order_are_exact(region, filters, town):
    version = content_version()
    place = find_place(town, version=version, ags="").place
    filters = replace(filters, place=place, radius_km=filters.radius_km if place else None)
    cat = catalogue(version, on=ON)
    offers = list(
        Offer.objects.published(on=ON).prefetch_related("situations", "municipalities", "deadlines", "contact_points")
    )
    expected = {offer.pk for offer in offers if fits(offer, filters)}
    mask = cat.select(filters)
    assert set(cat.ordered(mask, filters)) == expected
    assert len(list(cat.ordered(mask, filters))) == mask.bit_count() == len(expected)
    shown = counts(cat, filters, None, RADII)
    for kind in OfferKind.values:
        alone = replace(filters, kinds=(kind,))
        assert shown["art"].get(kind, 0) == sum(fits(offer, alone) for offer in offers)
    free = replace(filters, is_free=True)
    assert shown["kosten"]["1"] == sum(fits(offer, free) for offer in offers)
    for way in ways_out(cat, filters, None):
        rest = filters.without(way.name) if way.name else OfferFilters()
        assert way.count == sum(fits(offer, rest) for offer in offers)


def test_nearest_comes_first(region):
    version = content_version()
    place = find_place("Oschersleben", version=version, ags="15083415").place
    filters = OfferFilters(place=place, sort="nah")
    cat = catalogue(version, on=ON)
    ids = list(cat.ordered(cat.everything, filters))
    with_places = [pk for pk in ids if any(mask >> cat.bit_of[pk] & 1 for mask in cat.points.values())]
    here = (place.latitude, place.longitude)

    def km(pk):
        return min(distance_km(here, point) for point, mask in cat.points.items() if mask >> cat.bit_of[pk] & 1)

    assert ids[: len(with_places)] == with_places
    assert [km(pk) for pk in with_places] == sorted(km(pk) for pk in with_places)


def test_specific_fit_comes_before_general(region):
    cat = catalogue(content_version(), on=ON)
    filters = OfferFilters(situation="no_certificate", age=17)
    slugs = dict(Offer.objects.values_list("pk", "slug"))
    order = [slugs[pk] for pk in cat.ordered(cat.select(OfferFilters(age=17)), filters)]
    tagged = set(Situation.objects.get(slug="no_certificate").offers.values_list("slug", flat=True))
    first_general = next(index for index, slug in enumerate(order) if slug not in tagged)
    assert tagged & set(order[:first_general])
    assert order.index("bvj") < order.index("check-u")


def test_example_data_is_not_public_in_production(region, settings):
    settings.SHOW_EXAMPLE_DATA = False
    assert ContactPoint.objects.published(on=ON).count() == 0
    assert Offer.objects.published(on=ON).count() == 63


@pytest.mark.parametrize("state", ["draft", "review", "archived"])
def test_only_published_offers_are_public(region, state):
    Offer.objects.filter(slug="bvj").update(status=state)
    assert not Offer.objects.published(on=ON).filter(slug="bvj").exists()


def test_publication_window_is_inclusive(region):
    Offer.objects.filter(slug="bvj").update(published_from=ON, published_until=ON)
    assert [
        Offer.objects.published(on=day).filter(slug="bvj").exists()
        for day in (date(2026, 11, 21), ON, date(2026, 11, 23))
    ] == [False, True, False]
