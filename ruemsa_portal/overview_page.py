"""The overview for the coordination and the technicians: one page, and each table as CSV."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.models import User
from directory.csv_cells import write_csv
from directory.models import LegalArea
from directory.rights import reach_of
from offers.gaps import SHOWN_FROM
from ruemsa_portal.overview import (
    TABLES,
    bars,
    changes_table,
    coverage_matrix,
    days_table,
    enquiries_table,
    finder_gaps_table,
    freshness_table,
    place_gaps_table,
    search_gaps_table,
)

SHOWN_LINES = 20
# Spreadsheets take a file for UTF-8 only when it says so.
BOM = "\ufeff"


class AreaForm(forms.Form):
    """Which legal area the matrix shows."""

    recht = forms.ChoiceField(label=_("Rechtskreis"), required=False, choices=[("", _("alle")), *LegalArea.choices])


@require_safe
def overview(request: HttpRequest, site: Any) -> HttpResponse:
    """Show coverage, gaps, freshness and changes."""
    _refuse_partners(request)
    on = timezone.localdate()
    form = AreaForm(request.GET)
    area = form.cleaned_data["recht"] if form.is_valid() else ""
    context = {
        **site.each_context(request),
        "title": _("Überblick"),
        "form": form,
        "area": area,
        "matrix": coverage_matrix(on, area=area),
        "shown_from": SHOWN_FROM,
        "shown_lines": SHOWN_LINES,
        "searches": search_gaps_table(on).rows[:SHOWN_LINES],
        "places": place_gaps_table(on).rows,
        "finder": finder_gaps_table(on).rows[:SHOWN_LINES],
        "enquiries": enquiries_table(on).rows[: 2 * SHOWN_LINES],
        **_freshness(on),
        **_changes(on),
    }
    return TemplateResponse(request, "admin/overview/page.html", context)


def _freshness(on: date) -> dict[str, Any]:
    rows = freshness_table(on).rows[:SHOWN_LINES]
    names = ("fresh", "due", "hidden", "never")
    charts = bars([(name, list(zip(names, numbers, strict=True))) for name, *numbers in rows])
    return {"freshness": list(zip(rows, charts, strict=True))}


def _changes(on: date) -> dict[str, Any]:
    days = days_table(on).rows
    most = max((number for _day, number in days), default=0) or 1
    columns = [
        (index * 10, 100 - round(100 * number / most), round(100 * number / most))
        for index, (_day, number) in enumerate(days)
    ]
    return {
        "changes": changes_table(on).rows,
        "days": days,
        "columns": columns,
        "most": most,
        "num_days": 10 * len(days),
    }


@require_safe
def download(request: HttpRequest, site: Any, name: str) -> HttpResponse:
    """Return one table as CSV, and note that it was taken along."""
    _refuse_partners(request)
    if name not in TABLES:
        raise Http404
    at = timezone.now()
    table = TABLES[name](timezone.localdate(at))
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate(at).isoformat()}.csv"'
    write_csv(cast("Any", response), [table.head, *table.rows])
    with transaction.atomic():
        user = cast("User", request.user)
        record(actor=user, action="overview.export", subject=f"directory.overview:{name}", at=at)
    return response


def _refuse_partners(request: HttpRequest) -> None:
    """The figures are about every agency; only those who look after all of them see them."""
    if not reach_of(request.user).everything:
        raise PermissionDenied
