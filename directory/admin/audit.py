"""The audit log as a page: who did what when. Read only; the Leitung sees what concerns its own agency."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import SturdyAdmin, SturdyChangeList
from accounts.audit import TECHNICIAN
from accounts.models import AuditEntry, User
from directory.admin.scope import ScopedAdmin
from directory.audit_words import DEEDS, OWN_AGENCY_ONLY, deed_words, kind_words
from directory.models import Agency, Role
from directory.rights import reach_of

# Rows whose name is public anyway; of the others the list says the kind and the number.
NAMED = ("directory.contactpoint", "offers.offer", "directory.page")
FIRST_DAY, LAST_DAY, ONE_DAY = date(2000, 1, 1), date(2999, 12, 31), timedelta(days=1)
KINDS = (
    "offers.offer", "directory.contactpoint", "directory.contactperson", "directory.agency", "directory.page",
    "directory.membership", "accounts.user", "counseling.ruleset", "counseling.responsibilityrule", "offers.region",
)  # fmt: skip


class AuditList(SturdyChangeList):
    """Names what the rows of one page speak of: one query for each kind, however many rows."""

    def get_results(self, request: HttpRequest) -> None:
        """Load the rows of the page and the names in them."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        mine = reach_of(request.user)
        users = User.objects.filter(pk__in={row.actor for row in rows})
        if not mine.everything:
            users = users.filter(membership__agency=mine.agency)
        people = dict(users.values_list("pk", "username"))
        keys = {row.agency for row in rows} | set(_keys(rows, "directory.agency"))
        agencies = {agency.pk: agency.display_name for agency in Agency.objects.filter(pk__in=keys - {None})}
        names = {("directory.agency", str(key)): name for key, name in agencies.items()}
        for label in NAMED:
            if keys := set(_keys(rows, label)):
                found = apps.get_model(label)._default_manager.filter(pk__in=keys)
                names |= {(label, str(row.pk)): str(row) for row in found}
        for row in rows:
            label, _colon, key = row.subject.partition(":")
            row.who, row.agency_name, row.name = (
                people.get(row.actor),
                agencies.get(row.agency),
                names.get((label, key)),
            )
        self.result_list = rows


def _keys(rows: Sequence[Any], label: str) -> Iterator[int]:
    for row in rows:
        kind, _colon, key = row.subject.partition(":")
        if kind == label and key.isdecimal():
            yield int(key)


class DeedFilter(admin.SimpleListFilter):
    """By what was done, whatever it was done to."""

    title = _("Änderung")
    parameter_name = "tat"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Return the deeds that have words."""
        return list(DEEDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the entries of one deed."""
        return queryset.filter(action__endswith=f".{self.value()}") if self.value() in DEEDS else queryset


class KindFilter(admin.SimpleListFilter):
    """By the kind of item."""

    title = _("Art des Eintrags")
    parameter_name = "art"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Return the kinds by name."""
        return [(label, kind_words(label)) for label in KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the entries about one kind."""
        return queryset.filter(subject__startswith=f"{self.value()}:") if self.value() in KINDS else queryset


class DayFilter(admin.SimpleListFilter):
    """By day, entered as a date; a list of days would be a query over all entries."""

    title = _("Tag")
    parameter_name = "tag"
    template = "admin/audit/day_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Any day; Django leaves out a filter without choices."""
        return [("tag", _("Tag"))]

    def choices(self, changelist: ChangeList) -> Any:
        """Return what the field shows, and the other filters, which it keeps."""
        kept = {name: value for name, value in changelist.params.items() if name not in (self.parameter_name, "p")}
        clear = changelist.get_query_string(remove=[self.parameter_name])
        yield {"selected": bool(self.value()), "query_string": clear, "display": self.value() or "", "kept": kept}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the entries of the day; what is no day shows all."""
        try:
            day = date.fromisoformat(self.value() or "")
        except ValueError:
            return queryset
        # Django's own comparison by date would read every entry; and the calendar ends on both sides.
        start = timezone.make_aware(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time()))
        return queryset.filter(at__gte=start, at__lt=start + ONE_DAY)


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    """Protokoll. Entries come from what people do; nobody writes, changes or deletes them here."""

    agency_path = "agency"
    list_display = ("at", "account", "deed", "item", "detail", "agency_name")
    list_filter = (DayFilter, DeedFilter, KindFilter)
    search_fields = ("subject", "action", "detail")
    show_full_result_count = False
    fields = ("at", "account", "deed", "item", "detail", "agency_name")
    readonly_fields = fields
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return what was done to rows of the own agency, and what its people did; with every agency, no enquiry."""
        rows: QuerySet = SturdyAdmin.get_queryset(self, request)
        reach = reach_of(request.user)
        for prefix in OWN_AGENCY_ONLY if reach.everything else ():
            rows = rows.exclude(subject__startswith=prefix)
        if reach.everything:
            return rows
        if reach.agency is None:
            return rows.none()
        return rows.filter(Q(agency=reach.agency) | Q(actor_agency=reach.agency))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use the list that knows names."""
        return AuditList

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Never here; the nightly run deletes what is older than twelve months."""
        return False

    @admin.display(description=_("wer"), ordering="actor")
    def account(self, obj: Any) -> str:
        """The user name where the account is of the own agency, and the role at that time."""
        if obj.actor is None:
            return gettext("Programm")
        role = gettext("Technik") if obj.role == TECHNICIAN else dict(Role.choices).get(obj.role, "")
        who = getattr(obj, "who", None)
        return f"{who} ({role})" if who else str(role)

    @admin.display(description=_("was"), ordering="action")
    def deed(self, obj: AuditEntry) -> str:
        """The deed in words."""
        return deed_words(obj.action)

    @admin.display(description=_("woran"), ordering="subject")
    def item(self, obj: Any) -> str:
        """Kind and name of the row, with the way to it and to everything else that happened to it."""
        label, _colon, key = obj.subject.partition(":")
        words = f"{kind_words(label)} {getattr(obj, 'name', None) or key}"
        try:
            address = reverse(f"admin:{label.replace('.', '_')}_change", args=[key])
        except NoReverseMatch:
            return words
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=_("Stelle"), ordering="agency")
    def agency_name(self, obj: Any) -> str:
        """The agency the row belongs to."""
        return getattr(obj, "agency_name", None) or ""
