"""Municipalities, localities, neighbours, school holidays, languages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.admin.base import ContentAdmin
from directory.admin.scope import EVERYBODYS
from directory.models import Language, Locality, Municipality, NeighbourPlace, SchoolHoliday


class FixedKeyAdmin(ContentAdmin):
    """The key is chosen once: another one would make a second row instead of renaming the first."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Lock the key of an existing row."""
        return (str(self.opts.pk.name),) if obj else ()


@admin.register(Municipality)
class MunicipalityAdmin(FixedKeyAdmin):
    """Gemeinden."""

    agency_path = EVERYBODYS
    list_display = ("name", "ags", "kind", "association", "postal_codes", "verified")
    list_filter = ("kind", "association", "verified")
    search_fields = ("name", "ags", "association", "postal_codes", "aliases")
    fieldsets = (
        (None, {"fields": ("name", "ags", "kind", "association")}),
        (_("So wird gesucht"), {"fields": ("postal_codes", "aliases")}),
        (_("Lage auf der Karte"), {"fields": (("latitude", "longitude"),)}),
        (_("Herkunft"), {"fields": ("source", "verified")}),
    )


@admin.register(Locality)
class LocalityAdmin(ContentAdmin):
    """Orte und Ortsteile."""

    agency_path = EVERYBODYS
    list_display = ("name", "postal_code", "municipality", "mapping_verified")
    list_filter = ("mapping_verified", "municipality")
    list_select_related = ("municipality",)
    search_fields = ("name", "postal_code", "aliases", "municipality__name")
    fieldsets = (
        (None, {"fields": ("name", "postal_code", "municipality")}),
        (_("So wird gesucht"), {"fields": ("aliases",)}),
        (_("Lage auf der Karte"), {"fields": (("latitude", "longitude"),)}),
        (_("Herkunft"), {"fields": ("source", "mapping_verified")}),
    )


@admin.register(NeighbourPlace)
class NeighbourPlaceAdmin(ContentAdmin):
    """Orte außerhalb, damit die Suche den richtigen Landkreis nennt."""

    agency_path = EVERYBODYS
    list_display = ("name", "county", "postal_codes")
    list_filter = ("county",)
    search_fields = ("name", "aliases", "county", "postal_codes")


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(ContentAdmin):
    """Schulferien: Sie entscheiden, ob „nur an Schultagen“ gilt."""

    agency_path = EVERYBODYS
    list_display = ("name", "starts_on", "ends_on", "verified")
    list_filter = ("verified",)
    search_fields = ("name",)
    ordering = ("-starts_on",)
    fieldsets = (
        (None, {"fields": ("name", ("starts_on", "ends_on"))}),
        (_("Herkunft"), {"fields": ("source", "verified")}),
    )


@admin.register(Language)
class LanguageAdmin(FixedKeyAdmin):
    """Sprachen, in denen geholfen wird."""

    agency_path = EVERYBODYS
    list_display = ("name", "code")
    search_fields = ("name", "code")
