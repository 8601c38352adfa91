"""Back office of the offers, and the words of the directory by which offers are found."""

from offers.admin import names, offers, vocabulary

__all__ = ["names", "offers", "vocabulary"]
