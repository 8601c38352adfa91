"""Back office of the offers and of the words by which things are found."""

from offers.admin import offers, synonyms, vocabulary

__all__ = ["offers", "synonyms", "vocabulary"]
