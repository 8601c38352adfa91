"""Offers and what hangs on them."""

from offers.models.gap import SearchGap
from offers.models.offer import Offer
from offers.models.parts import Deadline, OfferAgency, Precondition
from offers.models.vocabulary import Certificate, Decider, LegalBasis, OccupationalField, OfferKind, Situation

__all__ = [
    "Certificate",
    "Deadline",
    "Decider",
    "LegalBasis",
    "OccupationalField",
    "Offer",
    "OfferAgency",
    "OfferKind",
    "Precondition",
    "SearchGap",
    "Situation",
]
