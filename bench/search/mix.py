"""What people type, for the measurements of speed: judged queries, titles, and words that many offers have."""

import re
from collections import Counter
from itertools import pairwise
from random import Random

from bench.search.measures import read_queries
from offers.models import Offer

NUM_TITLES, NUM_WORDS = 60, 40
SAMPLE = 2000
WORD = re.compile(r"[^\W\d_]{4,}")


def queries() -> list[str]:
    """200 queries in a mixed order, the same on every engine for the same content."""
    pick = Random(20261201)
    titles = list(Offer.objects.order_by("slug").values_list("title", flat=True))
    # As people do: the beginning of a title, or all of it.
    typed = [title if pick.random() < 0.5 else " ".join(title.split()[:2]) for title in pick.sample(titles, NUM_TITLES)]
    mixed = [*(judged.query for judged in read_queries("open")), *typed, *common_words()]
    pick.shuffle(mixed)
    return mixed


def fresh(number: int) -> list[str]:
    """Up to so many different queries of one or two words that stand together in a title, in a mixed order."""
    pick = Random(20261202)
    found: dict[str, None] = {}
    for title in Offer.objects.order_by("slug").values_list("title", flat=True):
        words = WORD.findall(title)
        found |= dict.fromkeys([*words, *(" ".join(pair) for pair in pairwise(words))])
    return pick.sample(list(found), min(number, len(found)))


def common_words() -> list[str]:
    """Words that stand in the most summaries: the worst case of every index."""
    counted: Counter[str] = Counter()
    for summary in Offer.objects.order_by("slug").values_list("summary", flat=True)[:SAMPLE]:
        counted.update(set(WORD.findall(summary)))
    # Words with the same count in a fixed order, whatever order the set had.
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _number in ranked[:NUM_WORDS]]
