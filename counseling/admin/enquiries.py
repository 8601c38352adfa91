"""The desk: the inbox of one's own agency, oldest promise first. Nobody else's, not even a technician's."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from counseling.admin.enquiry_page import Page, show_enquiry
from counseling.admin.inbox import InboxAdmin
from counseling.models import DeskAbsence, Enquiry, EnquiryDesk, TextBlock
from counseling.periods import SILENT_AFTER, WARNED_BEFORE, closes_on
from directory.admin.scope import ScopedAdmin


class EnquiryAdmin(InboxAdmin):
    """Anfragen. Rows can be opened, never added, edited in a form, exported or deleted here."""

    title = _("Anfragen an uns")
    order = ("turn", "due_at", "pk")
    list_display = ("public_id", "due", "topic", "status", "handled_by", "received_at")
    list_filter = ("status", "topic")
    list_select_related = ("assigned_to", "agency")

    def rows(self, request: HttpRequest) -> QuerySet:
        """Who waits for us comes first, the oldest promise before the others."""
        status = Enquiry.Status
        turn = Case(
            When(status__in=[status.NEW, status.READ], then=Value(0)),
            When(status=status.CLOSED, then=Value(2)),
            default=Value(1),
            output_field=IntegerField(),
        )
        away = DeskAbsence.objects.on(timezone.localdate()).filter(user=OuterRef("assigned_to"))
        rows: QuerySet = Enquiry.objects.visible_to(request.user).annotate(turn=turn, is_away=Exists(away))
        return rows

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one enquiry, or do something with it."""
        enquiry = self.get_object(request, unquote(object_id))
        if enquiry is None or not self.has_view_permission(request, enquiry):
            raise Http404
        return show_enquiry(Page(request, self, enquiry))

    @admin.display(description=_("bearbeitet von"), ordering="assigned_to")
    def handled_by(self, obj: Any) -> str:
        """The named person, and whether somebody has to stand in today."""
        if obj.assigned_to is None:
            return "–"
        name = obj.assigned_to.get_username()
        return gettext("%(name)s, heute in Vertretung") % {"name": name} if obj.is_away else name

    @admin.display(description=_("Antwort bis"), ordering="due_at")
    def due(self, obj: Enquiry) -> str:
        """The promise, in words and not by colour alone."""
        day = date_format(timezone.localtime(obj.due_at), "D, j. M")
        if not obj.is_closed and obj.active_at < timezone.now() - SILENT_AFTER + WARNED_BEFORE:
            closing = date_format(closes_on(obj), "j. M")
            return gettext("schließt von selbst am %(day)s") % {"day": closing}
        if not obj.waits_for_us:
            return "–"
        if obj.due_at < timezone.now():
            return format_html('<strong class="due due--late">{} {}</strong>', gettext("überfällig seit"), day)
        if timezone.localdate(obj.due_at) == timezone.localdate():
            return format_html('<strong class="due due--today">{}</strong>', gettext("heute"))
        return day


class TextBlockAdmin(ScopedAdmin):
    """Textbausteine."""

    agency_path = "agency"
    list_display = ("title", "agency", "position")
    list_select_related = ("agency",)
    search_fields = ("title", "text")


class EnquiryDeskAdmin(ScopedAdmin):
    """Wie die eigene Stelle antwortet."""

    agency_path = "agency"
    list_display = ("agency", "answer_within_days")
    list_select_related = ("agency",)


admin.site.register(Enquiry, EnquiryAdmin)
admin.site.register(TextBlock, TextBlockAdmin)
admin.site.register(EnquiryDesk, EnquiryDeskAdmin)
