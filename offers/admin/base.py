"""Keeps the search text of offers in step with the words it is made of."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from directory.admin.base import ContentAdmin
from offers.models import Offer
from offers.search_text import refresh_search_texts


class SearchWordAdmin(ContentAdmin):
    """Base for rows whose name stands in the search text of offers."""

    search_words: tuple[str, ...] = ()

    def offers_with(self, rows: list[Any]) -> QuerySet[Offer]:
        """Return the offers whose search text holds a word of these rows."""
        raise NotImplementedError

    def content_saved(self, form: forms.ModelForm) -> None:
        """Rebuild the search texts when a word changed."""
        super().content_saved(form)
        if set(self.search_words) & set(form.changed_data):
            refresh_search_texts(self.offers_with([form.instance]))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the row and take its words out of the offers."""
        keys = list(self.offers_with([obj]).values_list("pk", flat=True))
        super().delete_model(request, obj)
        refresh_search_texts(Offer.objects.filter(pk__in=keys))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete the rows and take their words out of the offers."""
        keys = list(self.offers_with(list(queryset)).values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        refresh_search_texts(Offer.objects.filter(pk__in=keys))
