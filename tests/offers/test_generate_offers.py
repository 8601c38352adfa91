"""Many generated offers: varied, marked, topped up, gone again."""

import io
import re
from collections import Counter
from random import Random

import pytest
from django.core.management import CommandError, call_command

from directory.index.writing import rebuild
from directory.models import ContentVersion, SearchEntry
from offers.generated import offer_slug
from offers.generated_text import MAX_SUMMARY, MAX_TITLE, Wording, occupations, write
from offers.generated_words import CLOSINGS, DETAILS, OPENINGS, POINTS, RECIPES, STEPS, TITLES, WISHES
from offers.models import Certificate, Decider, Offer, OfferAgency, OfferKind
from offers.region.plan import GENERATED_PREFIX


def generate(*arguments: str) -> str:
    out = io.StringIO()
    call_command("generate_offers", *arguments, stdout=out)
    return out.getvalue().strip()


def generated():
    return Offer.objects.filter(slug__startswith="gen-")


def texts(number: int) -> Wording:
    return write(list(RECIPES.values())[number % len(RECIPES)], "Wolmirstedt", Random(number))


def test_every_kind_has_a_recipe() -> None:
    assert set(RECIPES) == set(OfferKind)


def test_slugs_know_their_number() -> None:
    slugs = [offer_slug(number) for number in (1, 99_999, 100_000)]
    assert slugs == ["gen-00001", "gen-99999", "gen-100000"]
    assert [int(slug.removeprefix(GENERATED_PREFIX)) for slug in slugs] == [1, 99_999, 100_000]


def test_texts_are_distinct_and_the_same_each_time() -> None:
    written = [texts(number) for number in range(1, 401)]
    assert len({(text.title, text.summary, text.description) for text in written}) == 400
    assert texts(7) == written[6]
    assert max(len(text.title) for text in written) <= MAX_TITLE
    assert max(len(text.summary) for text in written) <= MAX_SUMMARY
    assert not [text for text in written if re.search(r"[{}]", f"{text}")]
    assert all(text.title[0].isupper() or text.title[0].isdigit() for text in written)


def test_vocabulary_is_large_and_uneven() -> None:
    """As in real German: a few words are everywhere, most of the others stand in one text or two."""
    counted = Counter(
        word
        for text in map(texts, range(1, 401))
        for word in re.findall(r"[^\W\d_]+", f"{text.title} {text.summary} {text.description}".casefold())
    )
    counts = sorted(counted.values(), reverse=True)
    assert len(counts) > 2000
    assert sum(counts[:100]) > sum(counts) / 2
    assert sum(count == 1 for count in counts) > len(counts) / 3


def test_patterns_are_not_repeated() -> None:
    for patterns in (TITLES, OPENINGS, DETAILS, POINTS, CLOSINGS, WISHES, STEPS):
        assert len(set(patterns)) == len(patterns)


def test_occupations_have_no_remarks() -> None:
    assert len(occupations()) > 200
    assert not [name for name in occupations() if "#" in name or not name[0].isupper() or name != name.strip()]


def test_offers_are_valid_varied_and_marked(region: None) -> None:
    assert generate("200") == "200 Angebote erzeugt; jetzt sind es mindestens 200."
    offers = generated()
    assert set(offers.values_list("is_example", "status")) == {(True, "published")}
    for offer in offers:
        offer.full_clean()
    assert set(offers.values_list("kind", flat=True)) == set(OfferKind.values)
    assert set(offers.values_list("reach", flat=True)) == set(Offer.Reach.values)
    assert set(offers.values_list("cost", flat=True)) == set(Offer.Cost.values)
    assert set(offers.values_list("age_state", flat=True)) == set(Offer.AgeState.values)
    assert len({*offers.values_list("decides_without_sgb2", flat=True)} & set(Decider.values)) >= 10
    assert {value for row in offers.values_list("certificates", flat=True) for value in row} == set(Certificate.values)
    assert offers.values("title").distinct().count() > 190
    assert offers.filter(situations=None).count() == 0
    assert offers.filter(reach="places", municipalities=None).count() == 0
    assert offers.values("municipalities").distinct().count() > 20
    assert OfferAgency.objects.filter(offer__in=offers).count() == 200
    assert offers.filter(deadlines=None).count() not in (0, 200)


def test_generated_offers_are_in_the_index(region: None) -> None:
    generate("40")
    entries = SearchEntry.objects.filter(kind="offer", key__startswith=GENERATED_PREFIX)
    assert entries.count() == 40
    assert not rebuild().wrote
    generate("--remove")
    assert entries.count() == 0
    assert not rebuild().wrote


def test_second_run_tops_up(region: None) -> None:
    generate("5")
    first = list(generated().order_by("slug").values("slug", "title", "description"))
    version = ContentVersion.objects.get().number
    assert generate("5").startswith("0 Angebote erzeugt")
    assert ContentVersion.objects.get().number == version
    generated().filter(slug="gen-00002").delete()
    assert generate("7").startswith("3 Angebote erzeugt")
    assert list(generated().order_by("slug").values("slug", "title", "description"))[:5] == first
    assert ContentVersion.objects.get().number == version + 1


def test_remove_takes_only_the_generated_ones(region: None) -> None:
    before = Offer.objects.count()
    generate("5")
    assert generate("--remove") == "5 erzeugte Angebote gelöscht."
    assert generate("--remove") == "0 erzeugte Angebote gelöscht."
    assert Offer.objects.count() == before


@pytest.mark.django_db
def test_without_a_region_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="Zuerst load_region ausführen"):
        generate("5")


@pytest.mark.parametrize("number", ["0", "-1", "100001"])
def test_number_out_of_range_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="N muss zwischen 1 und 100000 liegen"):
        call_command("generate_offers", number=int(number))
