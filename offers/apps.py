"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from directory import checklist, link_sources, queue, reportable, usage
from directory.editorial.shapes import register as register_shape
from directory.exchange import registry as exchange
from directory.freshness.subjects import register as register_freshness
from directory.index.sources import register
from offers.link_sources import OFFERS
from offers.usage import OF_AGENCIES, OF_CONTACT_POINTS, OF_TERMS


class OffersConfig(AppConfig):
    """What young people can use."""

    name = "offers"
    verbose_name = _("Angebote")

    def ready(self) -> None:
        """Feed the search index; say what the publish checklist looks at."""
        register("offers.search_source.OFFERS")
        register_shape("offers.editorial.OFFER")
        register_freshness("offers.freshness.OFFER")
        checklist.register("offers.checklist.OFFER")
        checklist.register("offers.checklist.PRECONDITION")
        checklist.register("offers.checklist.DEADLINE")
        link_sources.register(*OFFERS)
        queue.register("offers.waiting.GAPS")
        reportable.register("angebot", "offers.report_subjects.offer", "offers.offer")
        usage.register("directory.contactpoint", *OF_CONTACT_POINTS)
        usage.register("directory.agency", *OF_AGENCIES)
        usage.register("directory.glossaryterm", *OF_TERMS)
        exchange.register("offers.exchange.offer_kind.OFFER_KIND")
