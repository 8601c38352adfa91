"""Agencies and glossary once more: their names are part of what offers are found by.

The directory does not know offers, so its two pages are replaced here, one layer up.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from directory.admin.agencies import AgencyAdmin
from directory.admin.texts import GlossaryTermAdmin
from directory.models import Agency, GlossaryTerm
from offers.admin.base import SearchWordAdmin
from offers.models import Offer

admin.site.unregister([Agency, GlossaryTerm])


@admin.register(Agency)
class SearchedAgencyAdmin(SearchWordAdmin, AgencyAdmin):
    """Stellen."""

    search_words = ("name", "short_name")

    def offers_with(self, rows: list[Any]) -> QuerySet[Offer]:
        """Offers in which the agency has a role."""
        return Offer.objects.filter(pk__in=Offer.objects.filter(agencies__in=rows).values("pk"))


@admin.register(GlossaryTerm)
class SearchedGlossaryTermAdmin(SearchWordAdmin, GlossaryTermAdmin):
    """Glossar. Other spellings of a word lead to the same offers."""

    search_words = ("term", "also", "former_name")

    def offers_with(self, rows: list[Any]) -> QuerySet[Offer]:
        """Any offer may use the word."""
        return Offer.objects.all()
