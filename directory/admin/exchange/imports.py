"""The import as pages: bring a table, say what its columns are, look at what it would do, let it happen."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.admin.exchange.exports import export_view
from directory.admin.exchange.forms import ColumnsForm, UploadForm
from directory.admin.exchange.merging import merge_view
from directory.admin.exchange.outcomes import TABS, shown_rows
from directory.admin.scope import ScopedAdmin
from directory.csv_cells import write_csv
from directory.exchange import steps
from directory.exchange.kinds import Kind
from directory.exchange.recognise import PROBLEM_HEAD, ROW_HEAD
from directory.exchange.registry import kind_of
from directory.exchange.sheets import protect, unprotect
from directory.models import Import, ImportRow
from directory.rights import reach_of

State = Import.State
PER_PAGE = 25
SAMPLES = 3


@admin.register(Import)
class ImportAdmin(ScopedAdmin):
    """Importe. A row is a table on its way in; what it holds is shown step by step."""

    agency_path = "agency"
    list_display = ("at", "what", "state", "agency")
    list_display_links = ("at",)
    list_select_related = ("agency",)
    list_filter = ("state",)
    actions = None
    change_list_template = "admin/exchange/imports.html"

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """Nothing of it is edited by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        """Whoever may bring a table may throw it away."""
        return self.has_add_permission(request)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its rows go with it; what was entered stays."""
        return [gettext("Was schon übernommen wurde, bleibt.")], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Import) -> None:
        """Delete the rows and note it."""
        steps.discard(obj, by=self._by(request), at=timezone.now())

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The audit log says it."""
        return []

    @admin.display(description=_("Was"))
    def what(self, obj: Import) -> str:
        """The kind of records."""
        kind = kind_of(obj.kind)
        return str(kind.label) if kind else obj.kind

    def get_urls(self) -> list[URLPattern]:
        """Add the pages beside Django's own before its catch-all."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/schritt/", view(self.step_view), name="directory_import_step"),
            path("<int:pk>/fehler.csv", view(self.wrong_view), name="directory_import_wrong"),
            path("ausgabe/<slug:key>/", view(self._with_site(export_view)), name="directory_import_export"),
            path("zusammenfuehren/<slug:key>/", view(self._with_site(merge_view)), name="directory_import_merge"),
            *super().get_urls(),
        ]

    def _with_site(self, page: Any) -> Any:
        def view(request: HttpRequest, key: str) -> HttpResponse:
            response: HttpResponse = page(request, key, self.admin_site)
            return response

        return view

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take a table."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            kind = kind_of(form.cleaned_data["kind"])
            if kind is not None:
                reach = reach_of(request.user)
                batch = steps.begin(
                    key=form.cleaned_data["key"],
                    kind=kind,
                    sheet=form.sheet,
                    agency=reach.agency,
                    by=self._by(request),
                    at=timezone.now(),
                )
                return self._to(self._mine(request, batch.pk))
        return self._page(request, "admin/exchange/upload.html", _("Tabelle importieren"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Lead to the step the import waits at."""
        batch = self.get_object(request, object_id)
        return self.step_view(request, batch.pk)

    def step_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what is next. What a form has started goes on with every look at the page."""
        batch = self._mine(request, pk)
        kind = kind_of(batch.kind)
        if kind is None:
            raise Http404
        if not request.user.has_perm(kind.permission):
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request, batch, kind)
        if batch.state in (State.CHECKING, State.RUNNING):
            return self._go_on(request, batch)
        wants_columns = batch.state == State.READY and "spalten" in request.GET
        if batch.state == State.COLUMNS or wants_columns:
            return self._columns_page(request, batch, kind, self._columns_form(batch, kind))
        return self._overview(request, batch, kind)

    def _act(self, request: HttpRequest, batch: Import, kind: Kind) -> HttpResponse:
        """Do what the pressed button says; pressed twice, it is done once."""
        if "columns" in request.POST:
            form = self._columns_form(batch, kind, request.POST)
            if not form.is_valid():
                return self._columns_page(request, batch, kind, form)
            steps.map_columns(batch, form.mapping())
            return self._to(batch)
        # Answers count whichever button was pressed.
        if choices := _answers(request.POST):
            steps.choose(batch, choices, reach=reach_of(request.user), on=timezone.localdate())
            self.message_user(request, _("Ihre Antworten sind gespeichert."), messages.SUCCESS)
        if "start" in request.POST and not steps.start(batch):
            self.message_user(request, _("Es ist nichts zu übernehmen."), messages.INFO)
        return self._to(batch)

    def _go_on(self, request: HttpRequest, batch: Import) -> HttpResponse:
        progress = steps.work(
            batch,
            reach=reach_of(request.user),
            by=self._by(request),
            on=timezone.localdate(),
            at=timezone.now(),
        )
        batch.refresh_from_db()
        if batch.state not in (State.CHECKING, State.RUNNING):
            return self._to(batch)
        return self._page(
            request, "admin/exchange/progress.html", batch.get_state_display(), batch=batch, progress=progress
        )

    def _columns_form(self, batch: Import, kind: Kind, data: Any = None) -> ColumnsForm:
        samples = batch.rows.values_list("cells", flat=True)[:SAMPLES]
        return ColumnsForm(data, batch=batch, kind=kind, samples=list(samples))

    def _columns_page(self, request: HttpRequest, batch: Import, kind: Kind, form: ColumnsForm) -> HttpResponse:
        return self._page(request, "admin/exchange/columns.html", _("Spalten zuordnen"), batch=batch, form=form)

    def _overview(self, request: HttpRequest, batch: Import, kind: Kind) -> HttpResponse:
        """What the table would do, or did, finding by finding."""
        numbers = steps.counts(batch)
        tabs = [(name, words, numbers.get(name, 0)) for name, words in TABS]
        present = [name for name, _words, number in tabs if number]
        wanted = request.GET.get("befund", "")
        current = wanted if wanted in present else next(iter(present), "")
        rows = Paginator(batch.rows.filter(outcome=current), PER_PAGE).get_page(request.GET.get("seite"))
        to_enter = batch.rows.filter(outcome__in=("new", "changed"), result="").count()
        return self._page(
            request,
            "admin/exchange/overview.html",
            f"{kind.label}: {batch.get_state_display()}",
            batch=batch,
            kind=kind,
            tabs=tabs,
            current=current,
            page=rows,
            rows=shown_rows(rows.object_list, batch, kind, reach_of(request.user), on=timezone.localdate()),
            to_enter=to_enter,
            results=[(label, numbers.get(value, 0)) for value, label in ImportRow.Result.choices if numbers.get(value)],
        )

    def wrong_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rows that are wrong as a table to correct and bring again."""
        batch = self._mine(request, pk)
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="fehler-{batch.pk}.csv"'
        width = len(batch.header)
        lines = [[str(ROW_HEAD), str(PROBLEM_HEAD), *batch.header]]
        for row in batch.rows.filter(outcome=ImportRow.Outcome.WRONG):
            words = " | ".join(f"{item['column']}: {item['message']}" for item in row.problems)
            # As it was typed: a ' that kept a cell from being a formula is put there again.
            cells = [protect(unprotect(cell)) for cell in row.cells]
            lines.append([str(row.number), words, *cells, *[""] * (width - len(cells))])
        write_csv(response, lines)  # type: ignore[arg-type]
        return response

    def _mine(self, request: HttpRequest, pk: int) -> Import:
        found: Import = self.get_object(request, str(pk))
        return found

    def _by(self, request: HttpRequest) -> Any:
        return request.user

    def _to(self, batch: Import) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:directory_import_step", args=[batch.pk]))

    def _page(self, request: HttpRequest, template: str, title: Any, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, {**shared, **context})


def _answers(data: QueryDict) -> dict[int, str]:
    """Return the answers about rows by their number; whatever else is in the form is left alone."""
    numbers = {name: name.removeprefix("row_") for name in data if name.startswith("row_")}
    return {int(text): str(data[name]) for name, text in numbers.items() if text.isdecimal() and len(text) < 8}
