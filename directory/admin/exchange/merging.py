"""The page on which the coordination makes one record of two."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.admin.exchange.base import kind_or_404, require
from directory.exchange.doubles import possible_doubles
from directory.exchange.kinds import Kind, NotMergeable
from directory.exchange.known import Known
from directory.exchange.merging import KEEP, Pair, check_mergeable, merge_records, pairs
from directory.models import Status
from directory.rights import reach_of

RIGHT = "directory.merge_records"


def merge_view(request: HttpRequest, key: str, site: admin.AdminSite) -> HttpResponse:
    """Without two records: those that may be the same. With two (``bleibt``, ``geht``): choose, then merge."""
    kind = kind_or_404(key)
    require(request, RIGHT, kind)
    asked = request.POST if request.method == "POST" else request.GET
    if "bleibt" not in asked and "geht" not in asked:
        return _choice_page(request, kind, site)
    keep, other = (_record(request, kind, asked.get(name, "")) for name in ("bleibt", "geht"))
    known = Known(reach_of(request.user), timezone.localdate())
    found = pairs(kind, keep, other, known)
    if request.method == "POST":
        return _merge(request, kind, keep, other, found)
    return _form_page(request, kind, site, (keep, other), found)


def _record(request: HttpRequest, kind: Kind, text: str) -> Any:
    """The record within reach; nonsense and others' are not found."""
    if not (text.isdecimal() and len(text) < 16):
        raise Http404
    record = kind.rows(reach_of(request.user)).filter(pk=int(text)).first()
    if record is None:
        raise Http404
    return record


def _merge(request: HttpRequest, kind: Kind, keep: Any, other: Any, found: list[Pair]) -> HttpResponse:
    chosen = {pair.column.name: request.POST.get(f"feld_{pair.column.name}", KEEP) for pair in found}
    user: Any = request.user
    try:
        waiting = merge_records(kind, keep, other, chosen=chosen, by=user, on=timezone.localdate(), at=timezone.now())
    except NotMergeable as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(_address(kind, keep, other))
    messages.success(request, _("Zusammengeführt. Die alte Adresse führt jetzt zum Eintrag, der bleibt."))
    if waiting is not None:
        messages.info(request, _("Die gewählten Angaben warten noch auf ihre Freigabe."))
    opts = kind.model._meta
    return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[keep.pk]))


def _form_page(
    request: HttpRequest, kind: Kind, site: admin.AdminSite, records: tuple[Any, Any], found: list[Pair]
) -> HttpResponse:
    keep, other = records
    problem = ""
    try:
        check_mergeable(kind, keep, other)
    except NotMergeable as error:
        problem = str(error)
    context = {
        **site.each_context(request),
        "opts": kind.model._meta,
        "title": _("Zusammenführen"),
        "keep": keep,
        "other": other,
        "pairs": [pair for pair in found if pair.differs],
        "problem": problem,
        "swap_url": _address(kind, other, keep),
    }
    return TemplateResponse(request, "admin/exchange/merge.html", context)


def _choice_page(request: HttpRequest, kind: Kind, site: admin.AdminSite) -> HttpResponse:
    keys = possible_doubles(kind)
    wanted = {pk for pair in keys or () for pk in pair}
    records = {record.pk: record for record in kind.model._default_manager.filter(pk__in=wanted)}
    shown = [_suggested(records[left], records[right]) for left, right in keys or ()]
    context = {
        **site.each_context(request),
        "opts": kind.model._meta,
        "title": _("Vielleicht doppelt"),
        "doubles": [(keep, other, _address(kind, keep, other)) for keep, other in shown],
        "is_too_much": keys is None,
    }
    return TemplateResponse(request, "admin/exchange/doubles.html", context)


def _suggested(left: Any, right: Any) -> tuple[Any, Any]:
    """The public one stays, else the older one."""
    if right.status == Status.PUBLISHED and left.status != Status.PUBLISHED:
        return right, left
    return left, right


def merge_address(kind: Kind, left: Any, right: Any) -> str:
    """Return the address of the page for two records."""
    return _address(kind, *_suggested(left, right))


def _address(kind: Kind, keep: Any, other: Any) -> str:
    return f"{reverse('admin:directory_import_merge', args=[kind.key])}?bleibt={keep.pk}&geht={other.pk}"
