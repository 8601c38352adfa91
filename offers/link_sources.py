"""Which fields of offers hold addresses outside of this site."""

from directory.link_sources import LinkSource, in_markdown, in_words, one_address

OFFERS = (
    LinkSource("offers.offer", {"description": in_markdown, "source": in_words}, agencies="roles__agency"),
    LinkSource("offers.deadline", {"source_url": one_address}, agencies="offer__roles__agency", parent="offer"),
    LinkSource("offers.legalbasis", {"url": one_address}),
)
