"""Links to other sites: what the last check found, where they are used, another address for all of them."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from directory.admin.scope import ScopedAdmin
from directory.admin.usage import lines_for
from directory.link_replace import Outcome, items_holding, replace_everywhere
from directory.linkcheck.address import RefusedError, read_target
from directory.models import LinkCheck
from directory.models.links import FILE
from directory.usage import Use

SHORTEST_FIELD = 200
"""What fits in every field that holds an address."""


class NewAddressForm(forms.Form):
    """The address that takes the place of the old one."""

    address = forms.URLField(
        label=_("Neue Adresse"),
        max_length=SHORTEST_FIELD,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        error_messages={"required": _("Tragen Sie die neue Adresse ein.")},
    )

    def __init__(self, data: Any = None, *, link: LinkCheck) -> None:
        self.link = link
        super().__init__(data, initial={"address": link.redirect_to})

    def clean_address(self) -> str:
        """Refuse what the check would refuse, and what is no change."""
        address: str = self.cleaned_data["address"]
        try:
            read_target(address)
        except RefusedError as error:
            raise ValidationError(str(error)) from error
        if address == self.link.address:
            raise ValidationError(_("Das ist die alte Adresse."))
        return address


@admin.register(LinkCheck)
class LinkCheckAdmin(ScopedAdmin):
    """Links nach außen. ``manage.py check_links`` fills the list; nothing is typed here."""

    agency_path = "uses__agency"
    actions = None
    change_form_template = "admin/content/link.html"
    list_display = ("address", "status", "reason", "failing_since", "redirect_to")
    list_filter = ("status", "is_confirmed")
    search_fields = ("address",)
    ordering = ("-is_confirmed", "status", "address")
    fields = ("visit", "status", "reason", "http_status", "failing_since", "checked_at", "redirect_to")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The command collects them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: LinkCheck | None = None) -> bool:
        """What was found is not edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LinkCheck | None = None) -> bool:
        """The command forgets what is used nowhere."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the page that replaces an address."""
        view = self.admin_site.admin_view(self.replace_view)
        return [path("<path:object_id>/ersetzen/", view, name="directory_linkcheck_replace"), *super().get_urls()]

    @admin.display(description=_("Adresse"))
    def visit(self, obj: LinkCheck) -> str:
        """The address to look at oneself; only what is an address of the web becomes a link."""
        try:
            read_target(obj.address)
        except RefusedError:
            return obj.address
        return format_html('<a href="{}" rel="noreferrer">{}</a>', obj.address, obj.address)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add where the address is used and the way to replace it."""
        link = context["original"]
        context |= self._uses(request, link)
        context["replace_url"] = reverse("admin:directory_linkcheck_replace", args=[link.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def replace_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the new address, say where it will stand, and write it there."""
        link = self.get_object(request, unquote(object_id))
        if link is None:
            raise Http404
        if not self.has_view_permission(request, link):
            raise PermissionDenied
        form = NewAddressForm(request.POST if request.method == "POST" else None, link=link)
        if request.method == "POST" and form.is_valid():
            by = cast("User", request.user)
            new = form.cleaned_data["address"]
            outcome = replace_everywhere(link=link, new=new, by=by, at=timezone.now())
            self._tell(request, outcome)
            return HttpResponseRedirect(reverse("admin:directory_linkcheck_changelist"))
        context = {
            **self.admin_site.each_context(request),
            **self._uses(request, link),
            "opts": self.opts,
            "original": link,
            "title": gettext("Überall ersetzen"),
            "form": form,
        }
        return TemplateResponse(request, "admin/content/link_replace.html", context)

    def _uses(self, request: HttpRequest, link: LinkCheck) -> dict[str, Any]:
        uses = [
            Use(item, gettext("lässt sich ersetzen") if can else gettext("wird von Hand geändert"))
            for item, can in items_holding(link.address)
        ]
        subjects = link.uses.filter(subject__startswith=FILE).values_list("subject", flat=True)
        uses += [Use(None, gettext("Datei der Region: %s") % subject.removeprefix(FILE)) for subject in subjects]
        lines, num_hidden = lines_for(request, self.admin_site, uses)
        return {"lines": lines, "num_hidden": num_hidden}

    def _tell(self, request: HttpRequest, outcome: Outcome) -> None:
        """Say what happened to how many."""
        told = (
            (outcome.saved, ngettext("%(n)d Eintrag hat die neue Adresse.", "%(n)d Einträge haben die neue Adresse.", outcome.saved)),
            (outcome.proposed, ngettext("%(n)d öffentlicher Eintrag hat eine Änderung, die auf die Freigabe wartet.", "%(n)d öffentliche Einträge haben eine Änderung, die auf die Freigabe wartet.", outcome.proposed)),
            (outcome.by_hand, ngettext("%(n)d Regel wird von Hand geändert: in einem Entwurf des Regelwerks.", "%(n)d Regeln werden von Hand geändert: in einem Entwurf des Regelwerks.", outcome.by_hand)),
            (outcome.elsewhere, ngettext("%(n)d Eintrag liegt bei einer anderen Stelle.", "%(n)d Einträge liegen bei anderen Stellen.", outcome.elsewhere)),
        )  # fmt: skip
        text = " ".join(words % {"n": number} for number, words in told if number)
        text = text or gettext("Die Adresse steht nirgends mehr.")
        self.message_user(request, text, messages.SUCCESS if outcome.saved or outcome.proposed else messages.WARNING)
