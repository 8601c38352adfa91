"""People: who works for which agency, as what. Invited here, by mail, with a link."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import CodeApp, User
from directory import people
from directory.admin.scope import ScopedAdmin
from directory.models import Agency, Membership, Role, roles_at
from directory.rights import agency_of, reach_of


class InviteForm(forms.Form):
    """Who is invited, and as what."""

    username = forms.CharField(
        label=_("Benutzername"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Zum Anmelden. Er steht später im Verlauf, den auch andere lesen: am besten ein Kürzel."),
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"), max_length=254, help_text=_("Dorthin geht der Link. Er gilt eine Stunde.")
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Stelle"))
    role = forms.ChoiceField(label=_("Aufgabe"), choices=Role.choices, help_text=_("Daraus folgen alle Rechte."))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = reach_of(request.user).own(Agency.objects.all(), "pk")
        agency: Any = self.fields["agency"]
        agency.queryset = own
        if mine := agency_of(request.user):
            agency.initial = mine.pk
            self.fields["role"].choices = [(role.value, role.label) for role in roles_at(mine)]  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """Names are unique, however they are written."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Diesen Benutzernamen gibt es schon."))
        return name

    def clean(self) -> dict[str, Any]:
        """Ask the agency which roles it can give."""
        data = super().clean() or self.cleaned_data
        if data.get("agency") and data.get("role") and data["role"] not in roles_at(data["agency"]):
            words = ", ".join(str(role.label) for role in roles_at(data["agency"]))
            self.add_error("role", _("An dieser Stelle gibt es nur: %(roles)s.") % {"roles": words})
        return data


class MembershipForm(forms.ModelForm):
    """What may change: the role, and whether the account is open."""

    is_active = forms.BooleanField(
        label=_("Konto ist offen"),
        required=False,
        help_text=_("Ohne Haken kommt die Person sofort nicht mehr hinein. Der Verlauf bleibt."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_active"].initial = self.instance.user.is_active
        if "role" in self.fields:
            self.fields["role"].choices = [(role.value, role.label) for role in roles_at(self.instance.agency)]  # type: ignore[attr-defined]


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Personen."""

    agency_path = "agency"
    form = MembershipForm
    list_display = ("__str__", "email", "agency", "role", "is_active", "has_second_factor", "last_login")
    list_filter = ("role", "user__is_active", "agency")
    list_select_related = ("user", "agency")
    search_fields = ("user__username", "user__email", "agency__name")
    fields = ("username", "email", "agency", "role", "is_active", "last_login")
    readonly_fields = ("username", "email", "agency", "last_login")
    actions = ("send_link", "reset_second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Say with the rows whether there is a second factor."""
        app = CodeApp.objects.filter(user=OuterRef("user"), confirmed=True)
        rows: QuerySet = super().get_queryset(request).select_related("user", "agency")
        found: QuerySet = rows.annotate(app=Exists(app))
        return found

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Nobody changes the own role or closes the own account."""
        return super().has_change_permission(request, obj) and (obj is None or obj.user_id != request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Never: whoever leaves is closed, and the history keeps its names."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Invite somebody. Not Django's own page, because a mail must not leave inside a transaction."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InviteForm(request.POST or None, request=request)
        if request.method == "POST" and form.is_valid():
            membership = self._add(request, form.cleaned_data)
            self._send(request, [membership])
            return redirect("admin:directory_membership_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Person einladen"),
            "form": form,
        }
        return TemplateResponse(request, "admin/directory/invite.html", context)

    @transaction.atomic
    def _add(self, request: HttpRequest, data: dict[str, Any]) -> Membership:
        membership = people.add_member(**data, by=cast("User", request.user), at=timezone.now())
        self.log_addition(request, membership, gettext("Eingeladen."))
        return membership

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        """Save the role; open or close the account."""
        super().save_model(request, obj, form, change)
        by, at = cast("User", request.user), timezone.now()
        if "role" in form.changed_data:
            people.note_role(membership=obj, before=form.initial["role"], by=by, at=at)
        if "is_active" in form.changed_data:
            people.set_active(membership=obj, is_active=form.cleaned_data["is_active"], by=by, at=at)

    @admin.action(description=_("Neuen Link zum Passwort schicken"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Send a new link; the old one ends."""
        self._send(request, self._others(request, queryset.filter(user__is_active=True)))

    @admin.action(description=_("Zweiten Faktor zurücksetzen (Telefon verloren)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Forget lost apps. Ask the person by phone first: this is what somebody else would ask for too."""
        rows = self._others(request, queryset)
        for membership in rows:
            people.reset_second_factor(membership=membership, by=cast("User", request.user), at=timezone.now())
            self.log_change(request, membership, gettext("Zweiter Faktor zurückgesetzt."))
        text = ngettext("%(n)d Person richtet ihn neu ein.", "%(n)d Personen richten ihn neu ein.", len(rows))
        self.message_user(request, text % {"n": len(rows)}, messages.SUCCESS)

    def _others(self, request: HttpRequest, queryset: QuerySet) -> list[Membership]:
        return list(queryset.exclude(user=request.user))

    def _send(self, request: HttpRequest, rows: list[Membership]) -> None:
        sent = [membership for membership in rows if people.invite(membership=membership, at=timezone.now())]
        if len(sent) < len(rows):
            text = gettext("Die Mail ging nicht hinaus. Bitte später noch einmal: „Neuen Link zum Passwort schicken“.")
            self.message_user(request, text, messages.WARNING)
        if sent:
            text = ngettext("%(n)d Link ist unterwegs.", "%(n)d Links sind unterwegs.", len(sent))
            self.message_user(request, text % {"n": len(sent)}, messages.SUCCESS)

    @admin.display(description=_("Benutzername"))
    def username(self, obj: Membership) -> str:
        """The name for the login."""
        return obj.user.get_username()

    @admin.display(description=_("E-Mail-Adresse"), ordering="user__email")
    def email(self, obj: Membership) -> str:
        """Where links go; only technicians change it."""
        return obj.user.email

    @admin.display(description=_("offen"), boolean=True, ordering="user__is_active")
    def is_active(self, obj: Membership) -> bool:
        """Whether the account is open."""
        return obj.user.is_active

    @admin.display(description=_("zweiter Faktor"), boolean=True)
    def has_second_factor(self, obj: Any) -> bool:
        """Whether an app is set up."""
        return bool(obj.app)

    @admin.display(description=_("zuletzt angemeldet"), ordering="user__last_login")
    def last_login(self, obj: Membership) -> Any:
        """When the person last came in."""
        return obj.user.last_login
