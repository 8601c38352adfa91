"""Words by which offers are sorted and found."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.admin.forms import SlugForm
from offers.admin.base import SearchWordAdmin
from offers.models import LegalBasis, OccupationalField, Offer, Situation


class SituationForm(SlugForm):
    """Makes the short name from the sentence."""

    slug_source = "label"


@admin.register(Situation)
class SituationAdmin(SearchWordAdmin):
    """Situationen."""

    form = SituationForm
    search_words = ("label",)
    list_display = ("label", "position", "slug")
    list_editable = ("position",)
    search_fields = ("label", "slug")
    fields = ("label", "position", "slug")

    def offers_with(self, rows: list[Any]) -> QuerySet[Offer]:
        """Offers for these situations."""
        return Offer.objects.filter(pk__in=Offer.objects.filter(situations__in=rows).values("pk"))


@admin.register(OccupationalField)
class OccupationalFieldAdmin(SearchWordAdmin):
    """Berufsfelder."""

    form = SlugForm
    search_words = ("name",)
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    fields = ("name", "slug")

    def offers_with(self, rows: list[Any]) -> QuerySet[Offer]:
        """Offers in these fields."""
        return Offer.objects.filter(pk__in=Offer.objects.filter(occupational_fields__in=rows).values("pk"))


@admin.register(LegalBasis)
class LegalBasisAdmin(SearchWordAdmin):
    """Rechtsgrundlagen."""

    search_words = ("statute", "paragraph")
    list_display = ("__str__", "legal_area", "legal_state", "under_review")
    list_filter = ("legal_area", "under_review")
    search_fields = ("statute", "paragraph")
    fieldsets = (
        (None, {"fields": ("statute", "paragraph", "legal_area")}),
        (_("Wo steht es?"), {"fields": ("url", "legal_state", "under_review")}),
    )

    def offers_with(self, rows: list[Any]) -> QuerySet[Offer]:
        """Offers that rest on these paragraphs."""
        return Offer.objects.filter(pk__in=Offer.objects.filter(legal_bases__in=rows).values("pk"))
