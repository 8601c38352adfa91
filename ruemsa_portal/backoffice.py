"""The back office as one site: its name, and its pages grouped as people think of them."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import record, subject_of
from accounts.models import User
from accounts.sessions import IDLE, end_sessions, is_open
from accounts.views import account, again, links, login
from directory.rights import needs_second_factor, role_of
from directory.views.reading import reading
from ruemsa_portal import handbook
from ruemsa_portal.condition_page import condition_page
from ruemsa_portal.overview_page import download, overview
from ruemsa_portal.queue_page import counts_page, queue_context

# Address, view, name. These are open: they are the way in and ask themselves who stands there.
OPEN_PAGES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("login/code/", login.code_step, "login_code"),
    ("konto/zweiter-faktor/", account.set_up, "second_factor"),
    ("konto/zweiter-faktor/qr.svg", account.picture, "second_factor_picture"),
    ("passwort-vergessen/", links.forgotten, "password_forgotten"),
    ("passwort-vergessen/gesendet/", links.forgotten_done, "password_forgotten_done"),
    ("zugang/", links.choose_password, "one_time_link"),
)
OWN_PAGES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("konto/", account.overview, "account"),
    ("konto/notfallcodes/", account.recovery_codes, "recovery_codes"),
    ("konto/zweiter-faktor/aus/", account.switch_off, "second_factor_off"),
    ("konto/anmeldungen/<int:key>/beenden/", account.end_session, "session_end"),
    ("konto/anmeldungen/beenden/", account.end_all, "session_end_all"),
    ("konto/noch-einmal/", again.shown_again, "shown_again"),
    ("konto/weiter/", account.keep_login, "keep_login"),
    ("wartet/", counts_page, "queue_counts"),
    ("uebersicht/", overview, "overview"),
    ("uebersicht/<slug:name>.csv", download, "overview_download"),
    ("zustand/", condition_page, "condition"),
    ("lesbarkeit/", reading, "reading"),
    ("handbuch/", handbook.contents, "handbook"),
    ("handbuch/<slug:slug>/", handbook.page, "handbook_page"),
    ("handbuch/bilder/<slug:name>.png", handbook.picture, "handbook_picture"),
)
# The apps follow the direction of dependency; staff look for a subject instead.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("counseling", _("Anfragen und Termine"), ("Enquiry", "Booking", "DeskAbsence", "TextBlock", "EnquiryDesk")),
    (
        "directory",
        _("Anlaufstellen und Stellen"),
        ("ContactPoint", "ContactPerson", "Agency", "SlotRule", "SlotBlock", "Import"),
    ),
    ("offers", _("Angebote"), ("Offer", "Situation", "OccupationalField", "LegalBasis", "SearchGap")),
    ("directory", _("Texte und Wörter der Suche"), ("Page", "GlossaryTerm", "SynonymGroup")),
    (
        "directory",
        _("Orte, Ferien, Sprachen"),
        ("Municipality", "Locality", "NeighbourPlace", "SchoolHoliday", "Language"),
    ),
    ("directory", _("Personen und Konten"), ("Membership", "User", "AuditEntry")),
    ("directory", _("Hinweise und Links"), ("GroupCheck", "VisitorReport", "LinkCheck")),
)


class BackOffice(admin.AdminSite):
    """Django's admin with the name of this portal."""

    site_header = settings.REGION["short_name"]
    site_title = settings.REGION["short_name"]
    index_title = _("Angaben pflegen")
    enable_nav_sidebar = False

    def may_enter(self, user: Any) -> bool:
        """Whether the account has a place here at all."""
        return bool(user.is_active and user.is_staff and (user.is_superuser or role_of(user)))

    def needs_second_factor(self, user: Any) -> bool:
        """Whether the second factor is compulsory for the account."""
        return needs_second_factor(user)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who may enter, whose login still holds, and who showed the second factor where it must be.

        Asked several times a request, looked up once for the same account.
        """
        who = (request.user.pk, has_shown_second_factor(request))
        known = getattr(request, "_let_in", None)
        if known is None or known[0] != who:
            known = (who, self._let_in(request))
            request._let_in = known  # type: ignore[attr-defined]
        return bool(known[1])

    def _let_in(self, request: HttpRequest) -> bool:
        user: Any = request.user
        if not self.may_enter(user) or not is_open(request, at=timezone.now()):
            return False
        return not self.needs_second_factor(user) or has_shown_second_factor(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Say when the login ends, for the warning before."""
        context = super().each_context(request)
        context["help_url"] = handbook.help_url(request)
        ends_at = getattr(request, "login_ends_at", None)
        if context["has_permission"] and ends_at is not None:
            left = int((ends_at - timezone.now()).total_seconds())
            context["login_end"] = {"idle": int(IDLE.total_seconds()), "seconds": left}
        return context

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the steps of the login and the pages of the own account; close Django's short cut to any row."""
        opened = [path(address, view, {"site": self}, name=name) for address, view, name in OPEN_PAGES]
        own = [path(address, self.admin_view(view), {"site": self}, name=name) for address, view, name in OWN_PAGES]
        # The stock view tells for every row of every table whether it exists.
        closed = path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(_not_found), name="view_on_site")
        return [closed, *opened, *own, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Say what waits, above the list of everything one may edit."""
        return super().index(request, {**queue_context(request, on=timezone.localdate()), **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for the password, then for the second factor."""
        return login.password_step(request, site=self)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change the password; every other login of the account ends with the old one."""
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            user = cast("User", request.user)
            end_sessions(user=user, except_key=request.session.session_key)
            record(actor=user, action="user.password", subject=subject_of(user), at=timezone.now(), detail="change")
        return response

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return the models the account may see, in groups; what no group names keeps its app."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        entries = {entry["object_name"]: (app, entry) for app in apps for entry in app["models"]}
        groups = []
        for label, name, models in GROUPS:
            found = [entries.pop(model) for model in models if model in entries]
            if found:
                groups.append(
                    {**found[0][0], "app_label": label, "name": name, "models": [entry for _app, entry in found]}
                )
        left = {entry["object_name"] for _app, entry in entries.values()}
        rest = [{**app, "models": [entry for entry in app["models"] if entry["object_name"] in left]} for app in apps]
        return groups + [app for app in rest if app["models"]]


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Say whether this login showed a code of an app, or a recovery code."""
    return getattr(request.user, "otp_device", None) is not None


def _not_found(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
    raise Http404
