"""Records as a file or as a page to print: with the columns somebody chose, only what they may see."""

import io
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import audit
from directory.admin.exchange.base import kind_or_404, require
from directory.admin.exchange.forms import ExportForm
from directory.csv_cells import write_csv
from directory.exchange.columns import Column
from directory.exchange.exporting import chosen_columns, export_rows
from directory.exchange.kinds import Kind
from directory.exchange.workbook import csv_rows, write_workbook
from directory.rights import reach_of
from directory.text import fold

RIGHT = "directory.export_records"
MOST_KEYS = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_view(request: HttpRequest, key: str, site: admin.AdminSite) -> HttpResponse:
    """Ask for columns and form; with ``format`` the file itself. ``ids`` names the records, none means all."""
    kind = kind_or_404(key)
    require(request, RIGHT, kind)
    columns = chosen_columns(kind, request.GET.getlist("spalte"))
    keys = [int(part) for part in request.GET.get("ids", "").split(",") if part.isdecimal() and len(part) < 16]
    rows = kind.rows(reach_of(request.user)).order_by(kind.title, "pk")
    rows = rows.filter(pk__in=keys[:MOST_KEYS]) if keys else rows
    chosen = request.GET.get("format")
    if chosen in ("csv", "xlsx", "druck"):
        return _answer(request, kind, columns, rows, chosen, site)
    context = {
        **site.each_context(request),
        "opts": kind.model._meta,
        "title": _("%s ausgeben") % kind.label,
        "form": ExportForm(kind=kind, chosen=[column.name for column in columns]),
        "number": rows.count(),
        "is_part": bool(keys),
        "ids": ",".join(map(str, keys[:MOST_KEYS])),
    }
    return TemplateResponse(request, "admin/exchange/export.html", context)


def _answer(
    request: HttpRequest, kind: Kind, columns: list[Column], rows: Any, chosen: str, site: admin.AdminSite
) -> HttpResponse:
    user: Any = request.user
    reach, on, at = reach_of(user), timezone.localdate(), timezone.now()
    lines = list(export_rows(kind, columns, rows, reach=reach, on=on))
    audit.record(
        actor=user,
        action=f"{kind.model._meta.model_name}.export",
        subject=f"{kind.model._meta.label_lower}:",
        at=at,
        agency=reach.agency,
        detail=f"{chosen}: {len(lines) - 1}",
    )
    if chosen == "druck":
        head, body = lines[0], [list(zip(lines[0], line, strict=True)) for line in lines[1:]]
        context = {**site.each_context(request), "title": kind.label, "head": head, "records": body, "at": at}
        return TemplateResponse(request, "admin/exchange/print.html", context)
    name = f"{slugify(fold(str(kind.label)))}-{on.isoformat()}.{chosen}"
    if chosen == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        write_csv(response, csv_rows(lines))  # type: ignore[arg-type]
    else:
        file = io.BytesIO()
        write_workbook(file, lines, title=str(kind.label))
        response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
