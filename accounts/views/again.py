"""Showing once more who one is, before a deed that could lock the owner out or keep a thief in.

A login that is open may have been left open. What was shown counts for some minutes, so that three buttons in a
row ask once; a login of a moment ago counts too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import second_factor, throttle
from accounts.audit import record, subject_of
from accounts.forms import AgainForm
from accounts.models import User
from accounts.sessions import LONGEST
from accounts.views import door
from accounts.views.door import Site
from accounts.views.login import NO_KEY, NO_SERVICE, TOO_MANY, code_scope

SHOWN = "shown_again_at"
FRESH = timedelta(minutes=5)
LONG_ENOUGH_TO_FILL_IN = timedelta(minutes=15)
View = Callable[..., HttpResponse]


def is_fresh(request: HttpRequest, *, at: datetime, within: timedelta = FRESH) -> bool:
    """Whether this login was made, or the account shown again, within the last minutes."""
    started = cast("datetime", request.login_ends_at) - LONGEST  # type: ignore[attr-defined]
    latest = max(started.timestamp(), float(request.session.get(SHOWN, 0)))
    return at.timestamp() - latest < within.total_seconds()


def ask(request: HttpRequest, *, back_to: str) -> HttpResponse:
    """Lead to the page that asks; afterwards one is where the button is."""
    if request.method == "POST":
        messages.info(request, _("Zeigen Sie bitte zuerst noch einmal, dass Sie es sind. Drücken Sie dann erneut."))
    return redirect(f"{reverse('admin:shown_again')}?{urlencode({'next': back_to})}")


def asks_again(view: View) -> View:
    """Do what a button of the own account does only for somebody who has just shown who they are."""

    @wraps(view)
    def asking(request: HttpRequest, site: Site, **kwargs: Any) -> HttpResponse:
        if not is_fresh(request, at=timezone.now()):
            return ask(request, back_to=reverse("admin:account"))
        return view(request, site, **kwargs)

    return asking


@sensitive_post_parameters("password", "code")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def shown_again(request: HttpRequest, site: Site) -> HttpResponse:
    """Ask for the password, and for a code where the account has an app."""
    user, now = cast("User", request.user), timezone.now()
    target = request.POST.get("next", request.GET.get("next", ""))
    form = AgainForm(request.POST or None, with_code=second_factor.device_of(user) is not None)
    wait, status = timedelta(0), 200
    if request.method == "POST" and form.is_valid():
        scopes = [*throttle.scopes_of(request, account=user.get_username()), code_scope(user)]
        wait = throttle.begin(scopes, at=now)
        try:
            if not wait and _is_right(request, user, form):
                throttle.forgive(scopes, at=now)
                request.session[SHOWN] = now.timestamp()
                record(actor=user, action="user.shown_again", subject=subject_of(user), at=now)
                return redirect(door.safe_target(request, target))
        except second_factor.SecretsClosedError:
            form.add_error("code", NO_KEY)
            status = NO_SERVICE
        else:
            if not wait:
                door.refuse(user, "again")
                form.add_error(None, _("Das passt nicht. Bitte prüfen Sie alles und nehmen Sie einen neuen Code."))
    context = {"form": form, "next": target, "waiting": door.waiting_text(wait) if wait else ""}
    title = _("Zeigen Sie noch einmal, dass Sie es sind")
    return door.page(request, site, "admin/accounts/again.html", title, context, TOO_MANY if wait else status)


def _is_right(request: HttpRequest, user: User, form: AgainForm) -> bool:
    """Compare the password first, so that a wrong one does not use up a code."""
    found = authenticate(request, username=user.get_username(), password=form.cleaned_data["password"])
    if found is None or found.pk != user.pk:
        return False
    return "code" not in form.fields or second_factor.verify(user=user, code=form.cleaned_data["code"]) is not None
