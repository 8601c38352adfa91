"""The form "Stimmt etwas nicht?" and the page that says what happens now."""

import math
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.throttle import Scope, admit, source_of
from directory.report_form import ReportForm
from directory.reportable import Record, find
from directory.reports import TooManyOpenError, receive

AT_ONCE = 30
"""A class behind the address of its school gets through …"""
THEN_EVERY = timedelta(minutes=6)
"""… and in any hour no more than 40."""


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("text")
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Show the form for a record, or take it."""
    at = timezone.now()
    if request.method == "POST":
        return _take(request, at=at)
    record = _record(request, at=at)
    if record is None:
        raise Http404
    return _page(request, ReportForm(at=at), record=record)


@require_safe
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens now, and lead back."""
    record = _record(request, at=timezone.now())
    if record is None:
        raise Http404
    return render(request, "directory/report_thanks.html", {"record": record})


def _take(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Store the report; whatever goes wrong, what was typed stays in the form."""
    form = ReportForm(request.POST, at=at)
    record = None
    try:
        record = _record(request, at=at)
        if record is None:
            form.is_valid()
            return _page(request, form, problem=_("Diesen Eintrag gibt es nicht mehr."), status=400)
        if not form.is_valid():
            return _page(request, form, record=record)
        wait = _wait(request, at=at)
        if wait:
            return _page(request, form, record=record, problem=_too_many(wait), status=429)
        receive(
            record=record, reason=form.cleaned_data["grund"], text=form.cleaned_data["text"], token=form.token, at=at
        )
    except TooManyOpenError:
        problem = _("Das hat gerade nicht geklappt. Der Fehler liegt bei uns. Drück gleich noch einmal auf Senden.")
        return _page(request, form, record=record, problem=problem, status=503)
    query = urlencode({"art": record.kind, "name": record.slug})
    return HttpResponseRedirect(f"{reverse('directory:report_thanks')}?{query}")


def _record(request: HttpRequest, *, at: datetime) -> Record | None:
    return find(request.GET.get("art", ""), request.GET.get("name", ""), on=timezone.localdate(at))


def _wait(request: HttpRequest, *, at: datetime) -> timedelta:
    source = source_of(request)
    return admit(Scope("report", source, AT_ONCE), every=THEN_EVERY, at=at) if source else timedelta(0)


def _too_many(wait: timedelta) -> str:
    minutes = math.ceil(wait / timedelta(minutes=1))
    text = ngettext(
        "Von hier kamen gerade viele Hinweise. Warte %(n)d Minute. Drück dann noch einmal auf Senden.",
        "Von hier kamen gerade viele Hinweise. Warte %(n)d Minuten. Drück dann noch einmal auf Senden.",
        minutes,
    )
    return text % {"n": minutes}


def _page(
    request: HttpRequest, form: ReportForm, *, record: Record | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "record": record, "problem": problem}
    response = render(request, "directory/report.html", context, status=status)
    if status in (429, 503):
        response["Retry-After"] = "60"
    return response
