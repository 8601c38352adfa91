"""What the two lists of an agency have in common: rows that only its readers see, and that nobody edits as fields."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from counseling.actions.desk import visit_inbox
from directory.admin.scope import ScopedAdmin
from directory.models import Role
from directory.rights import role_of

READERS = (Role.COUNSELOR, Role.LEAD)


class InboxAdmin(ScopedAdmin):
    """Rows can be opened, never added, edited in a form, exported or deleted here."""

    agency_path = "agency"
    list_display_links = ("public_id",)
    search_fields = ("public_id",)
    actions = None
    title: ClassVar[Any]
    order: ClassVar[tuple[str, ...]]

    def rows(self, request: HttpRequest) -> QuerySet:
        """Return the rows by the one rule that says who sees what."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Ask that rule; what a list shows first is what has to be done first."""
        return self.rows(request).order_by(*self.order)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The same order, so that the list does not sort it anew."""
        return self.order

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever has an inbox."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the role at the agency alone; being a technician does not help."""
        return role_of(request.user) in READERS

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: young people ask and book."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by a form of fields."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the person deletes, or time does."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the inbox and note that somebody looked."""
        response = super().changelist_view(request, {"title": self.title, **(extra_context or {})})
        visit_inbox(user=request.user, at=timezone.now())  # type: ignore[arg-type]
        return response
