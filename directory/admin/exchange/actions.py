"""What lists of records offer: take the chosen ones away as a file, and make one of two."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.admin.exchange.exports import MOST_KEYS
from directory.admin.exchange.merging import merge_address
from directory.exchange.registry import kind_for


class ExchangeActions:
    """For pages of records that are a kind of import and export."""

    model: Any
    exchange_actions = ("export_records", "merge_records")
    change_list_template: Any = "admin/exchange/change_list.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Asked by Django for the action below."""
        return bool(request.user.has_perm("directory.export_records"))

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Asked by Django for the action below."""
        return bool(request.user.has_perm("directory.merge_records"))

    @admin.action(description=_("Als Datei ausgeben oder drucken"), permissions=["export"])
    def export_records(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Lead to the page that asks for columns and form."""
        kind = kind_for(self.model)
        if kind is None:
            return None
        keys = list(queryset.order_by().values_list("pk", flat=True)[: MOST_KEYS + 1])
        address = reverse("admin:directory_import_export", args=[kind.key])
        # All of a long list is the list itself; so many keys would fit in no address.
        part = f"?ids={','.join(map(str, keys))}" if len(keys) <= 200 else ""
        return HttpResponseRedirect(address + part)

    @admin.action(description=_("Zusammenführen (genau zwei)"), permissions=["merge"])
    def merge_records(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Lead to the page on which two records become one."""
        kind, found = kind_for(self.model), list(queryset[:3])
        if kind is None or len(found) != 2:
            messages.warning(request, _("Bitte genau zwei Einträge ankreuzen."))
            return None
        return HttpResponseRedirect(merge_address(kind, *found))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Say which links the list shows above itself."""
        kind = kind_for(self.model)
        links = {
            "exchange_kind": kind,
            "may_import": kind is not None and request.user.has_perm(kind.permission),
            "may_export": self.has_export_permission(request),
            "may_merge": self.has_merge_permission(request),
        }
        return super().changelist_view(request, {**(extra_context or {}), **links})  # type: ignore[misc]
