"""Appointments in the back office: when there are any, who comes, and the list of a day to print."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.keys import KeyMissingError
from counseling.actions.booking_desk import open_day
from counseling.actions.desk import may_read, visit_inbox
from counseling.admin.booking_page import BookingPage, show_booking
from counseling.admin.inbox import InboxAdmin
from counseling.encryption import UnreadableError
from counseling.models import Booking


class BookingAdmin(InboxAdmin):
    """Termine. Rows can be opened, never added, edited in a form, exported or deleted here."""

    title = _("Termine bei uns")
    # The latest day first: what is over goes after two weeks.
    order = ("-starts_at", "seat", "pk")
    list_display = ("public_id", "starts_at", "topic", "channel", "state", "contact_point", "assigned_to")
    list_filter = ("state", "topic", "channel")
    list_select_related = ("contact_point", "assigned_to", "agency")
    change_list_template = "admin/counseling/booking_list.html"

    def rows(self, request: HttpRequest) -> QuerySet:
        """Ask the one rule that says who sees what."""
        return Booking.objects.visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        """Add the list of a day."""
        page = path("tag/", self.admin_site.admin_view(self.day_view), name="counseling_booking_day")
        return [page, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one appointment, or do something with it."""
        booking = self.get_object(request, unquote(object_id))
        if booking is None or not self.has_view_permission(request, booking):
            raise Http404
        return show_booking(BookingPage(request, self, booking))

    def day_view(self, request: HttpRequest) -> HttpResponse:
        """The appointments of one day, opened for whoever counsels; made to be printed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user: Any = request.user
        on = _day(request.GET.get("tag", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Termine eines Tages"),
            "opts": self.opts,
            "on": on,
            "may_read": may_read(user),
        }
        try:
            context["opened"] = open_day(user=user, on=on, at=timezone.now())
        except (KeyMissingError, UnreadableError):
            return TemplateResponse(request, "admin/counseling/booking_day.html", context, status=503)
        visit_inbox(user=user, at=timezone.now())
        return TemplateResponse(request, "admin/counseling/booking_day.html", context)


def _day(text: str) -> date:
    """Return the day of an address; today when there is none, or nonsense."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    # The first and the last day of all have no midnight on either side.
    return found if found and date.min < found < date(9999, 12, 30) else timezone.localdate()


admin.site.register(Booking, BookingAdmin)
