"""What search engines are told about: public, confirmed records and the site's own pages."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from directory.models import Agency, ContactPoint, Publishable
from offers.models import Offer
from ruemsa_portal.texts import PAGE_SLUGS


class PortalSitemap(Sitemap):
    """Absolute addresses come from the configuration, never from the Host header."""

    @property
    def protocol(self) -> str:  # type: ignore[override]
        """Scheme of the public address."""
        return str(urlsplit(settings.BASE_URL).scheme)

    def get_domain(self, site: Any = None) -> str:
        """Host of the public address."""
        return str(urlsplit(settings.BASE_URL).netloc)


class RecordSitemap(PortalSitemap):
    """All indexable rows of one model; example data is never among them."""

    model: type[Offer] | type[ContactPoint] | type[Agency]

    def items(self) -> list[Publishable]:
        """Rows for search engines today."""
        return list(self.model.objects.indexable(on=timezone.localdate()).order_by("slug"))

    def lastmod(self, row: Publishable) -> date | datetime:
        """When the row was saved last."""
        return row.updated_at


class OfferSitemap(RecordSitemap):
    """Offers."""

    model = Offer


class ContactPointSitemap(RecordSitemap):
    """Contact points."""

    model = ContactPoint


class AgencySitemap(RecordSitemap):
    """Agencies."""

    model = Agency


class PageSitemap(PortalSitemap):
    """Pages without a record of their own."""

    def items(self) -> list[str]:
        """Addresses."""
        names = (
            "home",
            "counseling:finder",
            "offers:list",
            "directory:contact_points",
            "parents",
            "professionals",
            "directory:glossary",
        )
        return [reverse(name) for name in names] + [reverse("page", args=[slug]) for slug in PAGE_SLUGS]

    def location(self, item: str) -> str:
        """The item is the address."""
        return item


SITEMAPS = {
    "seiten": PageSitemap,
    "angebote": OfferSitemap,
    "anlaufstellen": ContactPointSitemap,
    "stellen": AgencySitemap,
}
