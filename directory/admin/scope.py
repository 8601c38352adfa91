"""The one place that says which rows somebody sees in the back office.

Every page for rows is a ``ScopedAdmin`` and says by ``agency_path`` how its rows belong to an
agency. Lists, filters, suggestions, pop-ups, choices in forms, histories, previews and the tree
of a deletion all ask the same question. A row out of reach does not exist: 404.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import NotRelationField, get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from accounts.admin import PlainFields, SturdyAdmin
from directory.rights import reach_of

EVERYBODYS = None
"""The path of rows that belong to no agency: the role alone says who may do what with them."""


def path_of(site: admin.AdminSite, model: type[models.Model]) -> str | None:
    """Return how rows of a model belong to an agency; None for everybody's and for models without a page."""
    page = site._registry.get(model)
    return page.agency_path if isinstance(page, ScopedAdmin) else EVERYBODYS


class ScopedFields(PlainFields):
    """Choices of a form: what is one's own, what is public anyway, and what is chosen already."""

    agency_path: str | None
    admin_site: admin.AdminSite
    model: Any

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows within reach; the field that says whose a row is offers nothing but one's own."""
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer rows within reach."""
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _narrow(self, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        reach = reach_of(request.user)
        target = db_field.remote_field.model
        path = path_of(self.admin_site, target)
        if reach.everything or path is None or "queryset" in kwargs:
            return
        rows = target._default_manager.all()
        found = Q(pk__in=reach.own(rows, path).values("pk"))
        if db_field.name != (self.agency_path or "").split("__")[0]:
            mine = reach.own(self.model._default_manager.all(), self.agency_path)
            found |= Q(pk__in=mine.exclude(**{db_field.name: None}).values(db_field.name))
            if hasattr(rows, "published"):
                found |= Q(pk__in=rows.published(on=timezone.localdate()).values("pk"))
        kwargs["queryset"] = rows.filter(found)


class ScopedRows(ScopedFields, admin.TabularInline):
    """Rows inside a page, of which only those within reach are there."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the rows within reach."""
        return reach_of(request.user).own(super().get_queryset(request), self.agency_path)


class OwnRelatedFilter(admin.RelatedFieldListFilter):
    """A filter whose values are rows within reach."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Return value and name of the rows."""
        target = field.remote_field.model
        own = reach_of(request.user).own(target._default_manager.all(), path_of(model_admin.admin_site, target))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": own.order_by().values("pk")}
        )


class ScopedAdmin(ScopedFields, SturdyAdmin):
    """Base of every page for rows. There is no default for ``agency_path``: a page that forgets it does not open."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the rows within reach."""
        return reach_of(request.user).own(super().get_queryset(request), self.agency_path)

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Give filters by relation the values within reach."""
        return [self._own_filter(item) for item in super().get_list_filter(request)]

    def _own_filter(self, item: Any) -> Any:
        if not isinstance(item, str):
            return item
        try:
            field: Any = get_fields_from_path(self.model, item)[-1]
        except (FieldDoesNotExist, NotRelationField):
            return item
        return (item, OwnRelatedFilter) if field.is_relation else item

    def agencies_of(self, rows: Sequence[Any]) -> dict[Any, int]:
        """Return for each row the agency it belongs to; of several the one with the lowest key. One query."""
        if self.agency_path is None:
            return {}
        found = self.model._default_manager.filter(pk__in=[row.pk for row in rows]).order_by()
        pairs = [pair for pair in found.values_list("pk", self.agency_path) if pair[1] is not None]
        return dict(sorted(pairs, reverse=True))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what goes with a row only to whoever may see all of it; the others get the numbers."""
        tree, counts, missing, protected = super().get_deleted_objects(objs, request)
        if reach_of(request.user).everything:
            return tree, counts, missing, protected
        lines = [f"{name}: {number}" for name, number in counts.items()]
        return lines, counts, missing, [gettext("Andere Einträge hängen daran.")] if protected else []

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Save what hangs on the row; a row must not leave the reach of whoever saves it."""
        super().save_related(request, form, formsets, change)
        reach = reach_of(request.user)
        if reach.everything or self.agency_path is None:
            return
        rows = self.model._default_manager.filter(pk=form.instance.pk)
        if reach.agency is not None and not reach.own(rows, self.agency_path).exists():
            self.bring_back(request, form.instance, reach.agency)

    def bring_back(self, request: HttpRequest, obj: Any, agency: int) -> None:
        """Tie a row to the agency again; only rows that belong to several need it."""
        raise Http404
