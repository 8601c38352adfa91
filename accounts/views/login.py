"""Logging in: first the password, then the second factor."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import second_factor, throttle
from accounts.forms import CodeForm, LoginForm
from accounts.models import User
from accounts.throttle import Scope
from accounts.views import door
from accounts.views.door import Site

TOO_MANY, NO_SERVICE = 429, 503
NO_KEY = _lazy(
    "Dem Portal fehlt gerade der Schlüssel, um Codes der App zu prüfen. Bitte sagen Sie der Technik Bescheid. "
    "Ein Notfallcode geht trotzdem."
)


@sensitive_post_parameters("password")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def password_step(request: HttpRequest, site: Site) -> HttpResponse:
    """Ask for name and password. An unknown name and a wrong password get the same answer in the same time."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if request.method != "POST":
        if site.has_permission(request):
            return redirect(door.safe_target(request, target))
        user = request.user
        if isinstance(user, User) and user.is_authenticated and site.may_enter(user):
            # The role now asks for a second factor this login did not have.
            return door.next_step(request, site, user, target=target)
        return _password_page(request, site, LoginForm(), target)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _password_page(request, site, form, target)
    name = form.cleaned_data["username"]
    scopes, now = throttle.scopes_of(request, account=name), timezone.now()
    if wait := throttle.begin(scopes, at=now):
        return _password_page(request, site, form, target, wait=wait)
    found = authenticate(request, username=name, password=form.cleaned_data["password"])
    if found is None or not site.may_enter(found):
        door.refuse(None, "password")
        form.add_error(None, _("Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beides."))
        return _password_page(request, site, form, target)
    throttle.forgive(scopes, at=now)
    return door.next_step(request, site, found, target=target)


def _password_page(
    request: HttpRequest, site: Site, form: LoginForm, target: str, wait: timedelta | None = None
) -> HttpResponse:
    context = {"form": form, "next": target, "waiting": door.waiting_text(wait) if wait else ""}
    return door.page(request, site, "admin/login.html", _("Anmelden"), context, TOO_MANY if wait else 200)


@sensitive_post_parameters("code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def code_step(request: HttpRequest, site: Site) -> HttpResponse:
    """Ask for a code of the app, or for a recovery code. Without its master key the portal takes only the latter."""
    now = timezone.now()
    user = door.pending_user(request, at=now)
    if user is None or second_factor.device_of(user) is None:
        return redirect("admin:login")
    form = CodeForm(request.POST or None)
    wait = timedelta(0)
    if request.method == "POST" and form.is_valid():
        scopes = [code_scope(user)]
        wait = throttle.begin(scopes, at=now)
        try:
            device = None if wait else second_factor.verify(user=user, code=form.cleaned_data["code"])
        except second_factor.SecretsClosedError:
            form.add_error("code", NO_KEY)
            return door.page(request, site, "admin/accounts/code.html", _("Code eingeben"), {"form": form}, NO_SERVICE)
        if device is not None:
            throttle.forgive(scopes, at=now)
            _count_recovery_codes(request, user, form.cleaned_data["code"])
            return door.let_in(request, user, target=door.pending_target(request), device=device)
        if not wait:
            door.refuse(user, "code")
            form.add_error(
                "code", _("Dieser Code passt nicht oder wurde schon benutzt. Bitte nehmen Sie den nächsten.")
            )
    context = {"form": form, "waiting": door.waiting_text(wait) if wait else ""}
    return door.page(request, site, "admin/accounts/code.html", _("Code eingeben"), context, TOO_MANY if wait else 200)


def code_scope(user: User) -> Scope:
    """Return what tries of the second factor are counted for."""
    return Scope("code", str(user.pk), 5)


def _count_recovery_codes(request: HttpRequest, user: User, code: str) -> None:
    """Say how many recovery codes are left after one was used."""
    if second_factor.APP_CODE.fullmatch(second_factor.plain(code)):
        return
    left = second_factor.num_recovery_codes(user)
    text = ngettext(
        "Sie haben noch %(n)d Notfallcode. Unter „Mein Zugang“ gibt es neue.",
        "Sie haben noch %(n)d Notfallcodes. Unter „Mein Zugang“ gibt es neue.",
        left,
    )
    messages.warning(request, text % {"n": left})
