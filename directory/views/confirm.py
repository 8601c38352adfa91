"""The page behind the link in the mail: is this still right? Opening it changes nothing; mail scanners open links too."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.throttle import Scope, begin, forgive, source_of
from directory.contact import fallback_point
from directory.freshness import answers
from directory.freshness.forms import GoneForm
from directory.freshness.links import find_request
from directory.freshness.subjects import Group, Subject, subject_for
from directory.models import ConfirmationRequest, GroupCheck

FREE_TRIES = 20
THANKS = frozenset({"stimmt", "geaendert", "weg", "schon"})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("t")
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Show what is stored, or take one answer. Without a good link: 410 and whom to ask."""
    at = timezone.now()
    scopes = [Scope("confirm-source", source, FREE_TRIES)] if (source := source_of(request)) else []
    if request.method == "POST" and scopes and begin(scopes, at=at):
        return _private(render(request, "429.html", status=429))
    token = (request.POST if request.method == "POST" else request.GET).get("t", "")
    question = find_request(token, at=at)
    record = answers.record_of(question) if question else None
    subject = subject_for(question.record) if question else None
    if question is None or record is None or subject is None:
        context = {"fallback": fallback_point(timezone.localdate(at))}
        return _private(render(request, "directory/confirm_gone.html", context, status=410))
    if request.method == "POST":
        forgive(scopes, at=at)
    return _private(_Visit(request, token, question, record, subject, at).answer())


@require_safe
@never_cache
def confirm_done(request: HttpRequest) -> HttpResponse:
    """Say thank you; the link is used up."""
    return render(request, "directory/confirm_done.html")


def _private(response: HttpResponse) -> HttpResponse:
    # The address holds the secret: no page, not even ours, gets it as where the visitor came from.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


class _Visit:
    """One opening of the page."""

    def __init__(
        self,
        request: HttpRequest,
        token: str,
        question: ConfirmationRequest,
        record: Any,
        subject: Subject,
        at: datetime,
    ) -> None:
        self.request, self.token, self.question = request, token, question
        self.record, self.subject, self.at = record, subject, at
        self.on = timezone.localdate(at)
        self.data = request.POST if request.method == "POST" else request.GET
        self.is_post = request.method == "POST"
        self.open = answers.open_groups(question)

    def answer(self) -> HttpResponse:
        """Take what was sent, or show the page that was asked for."""
        check = next((row for row in self.open if row.group == self.data.get("teil")), None)
        step = self.data.get("art", "")
        try:
            if step == "stimmt" and self.is_post:
                return self._right([check] if check else self.open)
            if step == "aendern" and check:
                return self._change(check)
            if step == "weg" and check:
                return self._gone(check)
        except answers.AlreadyAnsweredError:
            return self._next("schon")
        return self._next("schon") if self.is_post else self._overview()

    def _right(self, checks: list[GroupCheck]) -> HttpResponse:
        groups = [row.group for row in checks]
        answers.still_right(self.question, groups=groups, on=self.on, at=self.at)
        return self._next("stimmt")

    def _change(self, check: GroupCheck) -> HttpResponse:
        group = self.subject.groups[check.group]
        form: Any = group.form(self.request.POST if self.is_post else None, record=self.record)
        if self.is_post and form.is_valid():
            was_new = answers.changed(self.question, group=check.group, form=form, on=self.on, at=self.at)
            return self._next("geaendert" if was_new else "stimmt")
        return self._page("directory/confirm_change.html", check=check, group=group, form=form)

    def _gone(self, check: GroupCheck) -> HttpResponse:
        group = self.subject.groups[check.group]
        choices = [("alles", _("%(record)s gibt es nicht mehr.") % {"record": self.subject.noun})]
        if group.empty is not None:
            choices.insert(0, ("teil", _("%(what)s gibt es nicht mehr.") % {"what": group.empty_label}))
        form = GoneForm(self.request.POST if self.is_post else None, choices=choices)
        if self.is_post and form.is_valid():
            answers.gone(
                self.question,
                group=check.group,
                only_group=form.cleaned_data["what"] == "teil",
                comment=form.cleaned_data["comment"],
                on=self.on,
                at=self.at,
            )
            return self._next("weg")
        return self._page("directory/confirm_leave.html", check=check, group=group, form=form)

    def _next(self, said: str) -> HttpResponse:
        """Back to what is left; when nothing is, the link is used up."""
        if not answers.open_groups(self.question):
            return HttpResponseRedirect(reverse("directory:confirm_done"))
        query = urlencode({"t": self.token, "danke": said})
        return HttpResponseRedirect(f"{reverse('directory:confirm')}?{query}")

    def _overview(self) -> HttpResponse:
        cards = [(row, self.subject.groups[row.group], self._lines(row)) for row in self.open]
        said = self.request.GET.get("danke", "")
        return self._page("directory/confirm.html", cards=cards, said=said if said in THANKS else "")

    def _lines(self, check: GroupCheck) -> list[tuple[str, str]]:
        group: Group = self.subject.groups[check.group]
        return list(group.lines(self.record))

    def _page(self, template: str, **context: Any) -> HttpResponse:
        page = {"record": self.record, "subject": self.subject, "token": self.token, **context}
        return render(self.request, template, page)
