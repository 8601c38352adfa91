"""The own account: second factor, recovery codes, open logins."""

import io
from datetime import timedelta
from typing import cast

import django_otp
import segno
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp.models import Device

from accounts import second_factor, throttle
from accounts.audit import record, subject_of
from accounts.forms import CodeForm
from accounts.keys import KeyMissingError
from accounts.models import User
from accounts.sessions import end_sessions
from accounts.views import door
from accounts.views.again import FRESH, LONG_ENOUGH_TO_FILL_IN, ask, asks_again, is_fresh
from accounts.views.door import Site
from accounts.views.login import NO_SERVICE, TOO_MANY, code_scope


@require_safe
def overview(request: HttpRequest, site: Site) -> HttpResponse:
    """Show how the own account is protected and where it is logged in."""
    user = cast("User", request.user)
    context = {
        "device": second_factor.device_of(user),
        "codes_left": second_factor.num_recovery_codes(user),
        "is_compulsory": site.needs_second_factor(user),
        "sessions": user.staff_sessions.filter(session__expire_date__gt=timezone.now()),
        "own_key": request.session.session_key,
    }
    return door.page(request, site, "admin/accounts/overview.html", _("Mein Zugang"), context)


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, site: Site) -> HttpResponse:
    """Set up the app by QR code; the first right code takes it in use and shows the recovery codes."""
    user = door.visitor(request, site)
    if user is None:
        return redirect("admin:login")
    within = LONG_ENOUGH_TO_FILL_IN if request.method == "POST" else FRESH
    if site.has_permission(request) and not is_fresh(request, at=timezone.now(), within=within):
        return ask(request, back_to=request.path)
    try:
        second_factor.open_device(user)
    except KeyMissingError:
        title = _("Zweiten Faktor einrichten")
        return door.page(request, site, "admin/accounts/no_key.html", title, {}, NO_SERVICE)
    form, wait = CodeForm(request.POST or None), timedelta(0)
    if request.method == "POST" and form.is_valid():
        wait = throttle.begin([code_scope(user)], at=timezone.now())
        device = None if wait else second_factor.confirm(user=user, code=form.cleaned_data["code"])
        if device is not None:
            throttle.forgive([code_scope(user)], at=timezone.now())
            target = door.safe_target(request, door.pending_target(request))
            _take_in_use(request, site, user, device)
            return _codes_page(request, site, user, target)
        if not wait:
            form.add_error("code", _("Dieser Code passt nicht. Bitte nehmen Sie den nächsten aus der App."))
    waiting = second_factor.open_device(user)
    context = {
        "form": form,
        "secret": second_factor.secret_text(waiting),
        "address": waiting.config_url,
        "waiting": door.waiting_text(wait) if wait else "",
        "is_in": site.has_permission(request),
    }
    status = TOO_MANY if wait else 200
    return door.page(request, site, "admin/accounts/set_up.html", _("Zweiten Faktor einrichten"), context, status)


def _take_in_use(request: HttpRequest, site: Site, user: User, device: Device) -> None:
    """Other logins end, because they were made without this app; this one has just shown it."""
    record(actor=user, action="user.second_factor_on", subject=subject_of(user), at=timezone.now())
    if site.has_permission(request):
        django_otp.login(request, device)
        end_sessions(user=user, except_key=request.session.session_key)
    else:
        end_sessions(user=user)
        door.enter(request, user, device=device)


@never_cache
@require_safe
def picture(request: HttpRequest, site: Site) -> HttpResponse:
    """Return the QR code of the app that waits. It is made here and leaves no trace elsewhere."""
    user = door.visitor(request, site)
    if user is None:
        raise Http404
    try:
        address = second_factor.open_device(user).config_url
    except KeyMissingError as error:
        raise Http404 from error
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        out, kind="svg", scale=6, border=4, dark="#000", light="#fff", xmldecl=False, svgclass=None, lineclass=None
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml; charset=utf-8")


@require_POST
@asks_again
def recovery_codes(request: HttpRequest, site: Site) -> HttpResponse:
    """Make new recovery codes and show them once."""
    user = cast("User", request.user)
    if second_factor.device_of(user) is None:
        raise Http404
    return _codes_page(request, site, user, "admin:account")


def _codes_page(request: HttpRequest, site: Site, user: User, target: str) -> HttpResponse:
    with transaction.atomic():
        codes = second_factor.new_recovery_codes(user=user)
        record(actor=user, action="user.recovery_codes", subject=subject_of(user), at=timezone.now())
    context = {"codes": codes, "target": resolve_url(target)}
    return door.page(request, site, "admin/accounts/recovery_codes.html", _("Ihre Notfallcodes"), context)


@require_POST
@asks_again
def switch_off(request: HttpRequest, site: Site) -> HttpResponse:
    """Give the second factor up where it is not compulsory."""
    user = cast("User", request.user)
    if site.needs_second_factor(user):
        raise Http404
    with transaction.atomic():
        second_factor.switch_off(user=user)
        record(actor=user, action="user.second_factor_off", subject=subject_of(user), at=timezone.now())
    messages.success(request, _("Der zweite Faktor ist ausgeschaltet."))
    return redirect("admin:account")


@require_POST
def end_session(request: HttpRequest, site: Site, key: int) -> HttpResponse:
    """End one of the own logins."""
    row = cast("User", request.user).staff_sessions.filter(pk=key).first()
    if row is None:
        raise Http404
    if row.session_id == request.session.session_key:
        logout(request)
        return redirect("admin:login")
    if not is_fresh(request, at=timezone.now()):
        return ask(request, back_to=reverse("admin:account"))
    row.session.delete()
    messages.success(request, _("Die Anmeldung ist beendet."))
    return redirect("admin:account")


@require_POST
@asks_again
def end_all(request: HttpRequest, site: Site) -> HttpResponse:
    """End every login of the own account, this one too."""
    end_sessions(user=cast("User", request.user))
    logout(request)
    messages.success(request, _("Sie sind überall abgemeldet."))
    return redirect("admin:login")


@require_POST
def keep_login(request: HttpRequest, site: Site) -> HttpResponse:
    """Answer nothing: asking is use, and use keeps the login open."""
    return HttpResponse(status=204)
