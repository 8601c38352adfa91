"""Links by mail: asking for one, and choosing a password with it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttle
from accounts.emails import send_link
from accounts.forms import ForgottenForm, NewPasswordForm
from accounts.links import LinkGoneError, find_link, make_link, set_password
from accounts.models import OneTimeLink, User
from accounts.throttle import Scope
from accounts.views import door
from accounts.views.door import Site

TOKEN = "one_time_link"  # noqa: S105 the name of an entry in the session
MAX_TOKEN = 100
# Several accounts may share a mailbox, but nobody has more than a few.
MAX_ACCOUNTS = 5


class RedirectThenWork(HttpResponseRedirect):
    """Answers first and works afterwards, so that the answer takes the same time for every address."""

    def __init__(self, address: str, work: Callable[[], None]) -> None:
        super().__init__(address)
        self.work = work

    def close(self) -> None:
        """Called by the server when the answer is out."""
        self.work()
        super().close()


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest, site: Site) -> HttpResponse:
    """Ask where to send a link. The answer never tells whether the address is known."""
    form = ForgottenForm(request.POST or None)
    status, waiting = 200, ""
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        scopes = [Scope("mail", email.casefold(), 3)]
        if source := throttle.source_of(request):
            scopes.append(Scope("mail-source", source, 10))
        wait = throttle.begin(scopes, at=timezone.now())
        if not wait:
            return RedirectThenWork(reverse("admin:password_forgotten_done"), lambda: send_links(email))
        status, waiting = 429, door.waiting_text(wait)
    context = {"form": form, "waiting": waiting}
    return door.page(request, site, "admin/accounts/forgotten.html", _("Passwort vergessen"), context, status)


def send_links(email: str) -> None:
    """Send a link to every account with this address; nothing happens for an unknown one."""
    users = User.objects.filter(email__iexact=email, is_active=True, is_staff=True).order_by("pk")
    for user in users[:MAX_ACCOUNTS]:
        purpose = OneTimeLink.Purpose.RESET
        send_link(user=user, purpose=purpose, token=make_link(user=user, purpose=purpose, at=timezone.now()))


@never_cache
@require_safe
def forgotten_done(request: HttpRequest, site: Site) -> HttpResponse:
    """Say what happens now, whatever the address was."""
    return door.page(request, site, "admin/accounts/forgotten_done.html", _("Schauen Sie in Ihr Postfach"), {})


@sensitive_post_parameters("password", "again")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, site: Site) -> HttpResponse:
    """Choose a password with the link from a mail.

    The secret moves from the address into the session at once, so that it stays in no history and
    in no Referer. Only the POST uses the link up: mail scanners open links too.
    """
    if "t" in request.GET:
        request.session[TOKEN] = request.GET["t"][:MAX_TOKEN]
        return redirect("admin:one_time_link")
    now = timezone.now()
    link = find_link(request.session.get(TOKEN, ""), at=now)
    if link is None:
        return _link_gone(request, site)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = set_password(link=link, password=form.cleaned_data["password"], at=now)
        except LinkGoneError:
            return _link_gone(request, site)
        # Whoever was slowed down by somebody else's guesses is not any more.
        throttle.forgive([Scope("account", user.username.casefold(), 0)], at=now)
        request.session.flush()
        if link.purpose == OneTimeLink.Purpose.INVITATION and site.may_enter(user):
            return door.next_step(request, site, user, target="")
        messages.success(request, _("Ihr neues Passwort gilt. Bitte melden Sie sich damit an."))
        return redirect("admin:login")
    context = {"form": form, "account": link.user.username}
    return door.page(request, site, "admin/accounts/choose_password.html", _("Passwort wählen"), context)


def _link_gone(request: HttpRequest, site: Site) -> HttpResponse:
    return door.page(request, site, "admin/accounts/link_gone.html", _("Dieser Link gilt nicht mehr"), {}, 410)
