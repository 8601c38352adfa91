"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from directory.index.sources import register


class OffersConfig(AppConfig):
    """What young people can use."""

    name = "offers"
    verbose_name = _("Angebote")

    def ready(self) -> None:
        """Feed the search index."""
        register("offers.search_source.OFFERS")
