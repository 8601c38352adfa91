"""The item of the offers that has a workflow."""

from directory.editorial.shapes import Part, Shape
from offers.models import Certificate, Deadline, Offer, OfferAgency, Precondition

OFFER = Shape(
    Offer,
    parts=(Part(OfferAgency, "offer"), Part(Precondition, "offer"), Part(Deadline, "offer")),
    agency_path="roles__agency",
    words={"certificates": dict(Certificate.choices)},
)
