"""Pages that say where a record is used, before somebody takes it away."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import ngettext

from directory.admin.scope import ScopedAdmin
from directory.usage import Use, count_uses, uses_of


@dataclass(frozen=True, slots=True)
class Line:
    """One record that leans on another; ``url`` leads to its form, "" where the account may not go there."""

    kind: str
    title: str
    effect: str
    url: str = ""


def lines_for(request: HttpRequest, site: admin.AdminSite, uses: Iterable[Use]) -> tuple[list[Line], int]:
    """Return what somebody may read of the uses, and how many lie with other agencies and are no business of theirs.

    One query for each kind of row, two where some of them are out of reach.
    """
    uses = list(uses)
    keys: dict[type[Model], set[Any]] = defaultdict(set)
    for use in uses:
        if use.row is not None:
            keys[type(use.row)].add(use.row.pk)
    own = {model: _own(request, site, model, found) for model, found in keys.items()}
    public = {model: _public(model, found - own[model]) for model, found in keys.items()}
    lines, hidden = [], 0
    for use in uses:
        if use.row is None:
            lines.append(Line("", "", str(use.effect)))
            continue
        model = type(use.row)
        if use.row.pk in own[model] or use.row.pk in public[model]:
            url = _change_url(use.row) if use.row.pk in own[model] else ""
            lines.append(Line(str(model._meta.verbose_name), str(use.row), str(use.effect), url))
        else:
            hidden += 1
    return lines, hidden


def _own(request: HttpRequest, site: admin.AdminSite, model: type[Model], keys: set[Any]) -> set[Any]:
    page = site._registry.get(model)
    return set(page.get_queryset(request).filter(pk__in=keys).values_list("pk", flat=True)) if page and keys else set()


def _public(model: type[Model], keys: set[Any]) -> set[Any]:
    rows: Any = model._default_manager.all()
    if not keys or not hasattr(rows, "published"):
        return set()
    return set(rows.published(on=timezone.localdate()).filter(pk__in=keys).values_list("pk", flat=True))


def _change_url(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[quote(row.pk)])


class UsageAdmin(ScopedAdmin):
    """A page for rows that others lean on."""

    delete_confirmation_template = "admin/content/delete_confirmation.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page "Wird verwendet in …" before Django's catch-all."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_usage"
        return [
            path("<path:object_id>/verwendung/", self.admin_site.admin_view(self.usage_view), name=name),
            *super().get_urls(),
        ]

    def usage_url(self, obj: Any) -> str:
        """Address of that page."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_usage", args=[quote(obj.pk)])

    def usage_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """List what would break if the row went."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        lines, hidden = lines_for(request, self.admin_site, uses_of(obj))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": str(obj),
            "lines": lines,
            "num_hidden": hidden,
        }
        return TemplateResponse(request, "admin/content/usage.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Give the page the number of uses and the address of the list."""
        obj = context.get("original")
        if obj is not None:
            context |= {"usage_url": self.usage_url(obj), "num_uses": count_uses(obj)}
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say before a deletion what it would break."""
        obj = self.get_object(request, unquote(object_id)) if request.method == "GET" else None
        found = {"usage_url": self.usage_url(obj), "num_uses": count_uses(obj)} if obj else {}
        return super().delete_view(request, object_id, {**(extra_context or {}), **found})

    def _hide(self, request: HttpRequest, queryset: QuerySet, deed: str, hide: Callable[..., int]) -> int:
        """Hide rows, and say who still names them."""
        rows = list(queryset)
        number: int = super()._hide(request, queryset, deed, hide)  # type: ignore[misc]
        for row in rows[:10]:
            if uses := count_uses(row):
                words = ngettext("Wird noch in %(n)d Eintrag verwendet", "Wird noch in %(n)d Einträgen verwendet", uses)
                link = format_html('{}: <a href="{}">{}</a>', row, self.usage_url(row), words % {"n": uses})
                self.message_user(request, link, messages.WARNING)
        return number
