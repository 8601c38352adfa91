"""Offers for tests: published, everything unknown unless said."""

import factory

from directory.actions import raise_content_version
from offers.models import Offer


class OfferFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Offer

    slug = factory.Sequence(lambda number: f"angebot-{number}")
    title = factory.Sequence(lambda number: f"Angebot {number:04d}")
    summary = "Das ist ein Angebot."
    kind = "beratung"
    status = "published"

    @factory.post_generation
    def situations(self, create, extracted, **kwargs):
        if create and extracted:
            self.situations.set(extracted)

    @factory.post_generation
    def municipalities(self, create, extracted, **kwargs):
        if create and extracted:
            self.municipalities.set(extracted)

    @factory.post_generation
    def languages(self, create, extracted, **kwargs):
        if create and extracted:
            self.languages.set(extracted)

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        if create:
            raise_content_version()
