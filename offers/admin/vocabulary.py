"""Words by which offers are sorted and found."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from directory.admin.base import ContentAdmin
from directory.admin.forms import SlugForm
from directory.admin.scope import EVERYBODYS
from offers.models import LegalBasis, OccupationalField, Situation


class SituationForm(SlugForm):
    """Makes the short name from the sentence."""

    slug_source = "label"


@admin.register(Situation)
class SituationAdmin(ContentAdmin):
    """Situationen."""

    agency_path = EVERYBODYS
    form = SituationForm
    list_display = ("label", "position", "slug")
    list_editable = ("position",)
    search_fields = ("label", "slug")
    fields = ("label", "position", "slug")


@admin.register(OccupationalField)
class OccupationalFieldAdmin(ContentAdmin):
    """Berufsfelder."""

    agency_path = EVERYBODYS
    form = SlugForm
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    fields = ("name", "slug")


@admin.register(LegalBasis)
class LegalBasisAdmin(ContentAdmin):
    """Rechtsgrundlagen."""

    agency_path = EVERYBODYS
    list_display = ("__str__", "legal_area", "legal_state", "under_review")
    list_filter = ("legal_area", "under_review")
    search_fields = ("statute", "paragraph")
    fieldsets = (
        (None, {"fields": ("statute", "paragraph", "legal_area")}),
        (_("Wo steht es?"), {"fields": ("url", "legal_state", "under_review")}),
    )
