"""Back office of the offers and of the words by which things are found."""

from offers.admin import gaps, offers, synonyms, vocabulary

__all__ = ["gaps", "offers", "synonyms", "vocabulary"]
