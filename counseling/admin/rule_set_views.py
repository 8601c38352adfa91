"""The steps of a rule set as pages: check, consequences, picture, sign-off, start."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from counseling.actions import rules as actions
from counseling.approvals import changes_of, missing_approvals, rules_of
from counseling.finder import DoorChange, parse
from counseling.finder import RuleSet as Rules
from counseling.finder.facts import BODIES, CONCERNS
from counseling.finder.grammar import GrammarError
from counseling.flow_picture import flow_picture
from counseling.flow_picture import flow_svg as draw
from counseling.models import ResponsibilityRule, RuleSet
from counseling.models.records import BrokenRecordError, content_print
from counseling.plain_condition import plain
from counseling.rule_check import CheckReport
from counseling.rule_files import content_of
from directory.models import Agency
from directory.rights import agency_of
from directory.versions import derived

RuleSetView = Callable[..., HttpResponse]
SHOWN_CASES = 5
EDIT = "counseling.change_ruleset"


class DayForm(forms.Form):
    """A day."""

    on = forms.DateField(label=_("Tag"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class SignOffForm(forms.Form):
    """Which agency approves which rules."""

    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), widget=forms.HiddenInput)
    keys = forms.MultipleChoiceField(label=_("Regeln"), required=False, widget=forms.CheckboxSelectMultiple)
    every = forms.BooleanField(label=_("alle"), required=False)
    comment = forms.CharField(label=_("Bemerkung"), required=False, max_length=1000)

    def __init__(self, *args: Any, agencies: Any, keys: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["keys"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something must be chosen; ``keys`` is None for all of them."""
        data = super().clean() or self.cleaned_data
        if data.get("every"):
            data["keys"] = None
        elif not data.get("keys"):
            raise forms.ValidationError(_("Bitte mindestens eine Regel ankreuzen."))
        return data


@dataclass(frozen=True)
class OpenRule:
    """A rule an agency still has to look at: why, and what it says; nothing to read when it goes."""

    key: str
    what: str
    row: ResponsibilityRule | None
    words: str


@dataclass(frozen=True)
class DoorGroup:
    """Cases of one concern that move from one door to the same other one."""

    concern: str
    before: str
    after: str
    times: int
    cases: tuple[str, ...]
    is_example: bool


def steps(request: HttpRequest, rule_set: RuleSet) -> list[tuple[str, str]]:
    """Return address and name of the steps a set still has or keeps."""
    name = "admin:counseling_ruleset_"
    rules = f"{reverse('admin:counseling_responsibilityrule_changelist')}?regelwerk={rule_set.number}"
    scenarios = f"{reverse('admin:counseling_scenario_changelist')}?regelwerk={rule_set.number}"
    found = [
        (rules, gettext("Regeln")),
        (scenarios, gettext("Beispiele")),
        (reverse(f"{name}flow", args=[rule_set.pk]), gettext("Ablauf als Bild")),
        (reverse(f"{name}report", args=[rule_set.pk]), gettext("Prüfung")),
        (reverse(f"{name}diff", args=[rule_set.pk]), gettext("Folgen")),
        (reverse(f"{name}sign_off", args=[rule_set.pk]), gettext("Freigaben")),
    ]
    if rule_set.is_editable and request.user.has_perm("counseling.activate_rules"):
        found.append((reverse(f"{name}activate", args=[rule_set.pk]), gettext("In Kraft setzen")))
    if rule_set.is_editable and request.user.has_perm(EDIT):
        found.append((reverse(f"{name}discard", args=[rule_set.pk]), gettext("Entwurf verwerfen")))
    return found


def report(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin) -> HttpResponse:
    """Show the last check; by POST run it again."""
    if request.method == "POST":
        if not (request.user.has_perm(EDIT) and rule_set.is_editable):
            raise PermissionDenied
        actions.check(rule_set=rule_set, on=timezone.localdate())
        return redirect(request.path)
    stored = CheckReport.from_json(rule_set.report) if rule_set.report else None
    context = {
        "report": stored,
        "is_current": stored is not None and _is_current(rule_set, stored),
        "can_check": rule_set.is_editable and request.user.has_perm(EDIT),
    }
    return _render(request, page, rule_set, "admin/counseling/report.html", gettext("Prüfung"), context)


def _is_current(rule_set: RuleSet, stored: CheckReport) -> bool:
    """Whether the report speaks about what stands there now; only drafts change."""
    if rule_set.status != RuleSet.Status.DRAFT:
        return True
    try:
        content = content_of(rule_set)
    except BrokenRecordError:
        return stored.fingerprint == ""
    return content_print(content.rules, content.scenarios) == stored.fingerprint


def diff(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin) -> HttpResponse:
    """Show who gets another door than with the rules that count on that day."""
    today = timezone.localdate()
    form = DayForm(request.GET or None, initial={"on": today})
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    old = RuleSet.objects.in_force(on=on) if rule_set.is_editable else _before(rule_set)
    context = {"form": form, "on": on, "old": old, "groups": grouped(_changes(old, rule_set, on))}
    return _render(request, page, rule_set, "admin/counseling/diff.html", gettext("Folgen"), context)


def _before(rule_set: RuleSet) -> RuleSet | None:
    return RuleSet.objects.released().filter(number__lt=rule_set.number).last()


def _changes(old: RuleSet | None, new: RuleSet, on: date) -> tuple[DoorChange, ...]:
    """Work the difference out once for the same content and day."""
    content = content_of(new)
    key = (content_print(rules_of(old), ()), content_print(content.rules, content.scenarios), on)
    return derived("counseling.diff", key, lambda: actions.diff_of_consequences(old=old, new=new, on=on))


def grouped(changes: Iterable[DoorChange]) -> list[DoorGroup]:
    """Put cases of the same move together, examples first."""
    cases: dict[tuple[bool, str, str, str], list[str]] = {}
    for change in changes:
        key = (change.scenario is None, change.concern, change.before, change.after)
        cases.setdefault(key, []).append(change.scenario or change.case)
    return [
        DoorGroup(
            CONCERNS[concern].label if concern in CONCERNS else concern,
            BODIES[before],
            BODIES[after],
            len(words),
            tuple(words[:SHOWN_CASES]),
            not swept,
        )
        for (swept, concern, before, after), words in sorted(cases.items())
    ]


def flow(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin) -> HttpResponse:
    """Show the flow of one concern as a picture and as text."""
    concern = request.GET.get("anliegen", next(iter(CONCERNS)))
    if concern not in CONCERNS:
        raise Http404
    on = timezone.localdate()
    picture = flow_picture(concern, Rules(rules_of(rule_set)), on)
    context = {"concerns": CONCERNS.values(), "concern": CONCERNS[concern], "picture": picture}
    return _render(request, page, rule_set, "admin/counseling/flow.html", gettext("Ablauf"), context)


def flow_svg(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin, concern: str) -> HttpResponse:
    """Return the picture alone."""
    if concern not in CONCERNS:
        raise Http404
    picture = flow_picture(concern, Rules(rules_of(rule_set)), timezone.localdate())
    return HttpResponse(draw(picture), content_type="image/svg+xml; charset=utf-8")


def sign_off(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin) -> HttpResponse:
    """Show what is approved and what is open; by POST approve for one agency."""
    open_rules = _open_rules(rule_set) if rule_set.is_editable else {}
    agencies = Agency.objects.filter(slug__in=open_rules)
    own = _signs_for(request)
    form: SignOffForm | None = None
    refusals: tuple[str, ...] = ()
    if request.method == "POST":
        keys = sorted({key for listed in open_rules.values() for key in listed})
        form = SignOffForm(request.POST, agencies=agencies.filter(pk=own or 0), keys=keys)
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.sign_off(
                    rule_set=rule_set,
                    agency=data["agency"],
                    by=request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                    keys=data["keys"],
                    comment=data["comment"],
                )
            except actions.RuleError as error:
                refusals = error.sentences
            else:
                page.log_change(request, rule_set, gettext("Freigabe: %s") % data["agency"])
                page.message_user(request, gettext("Die Freigabe ist festgehalten."), messages.SUCCESS)
                return redirect(request.path)
        else:
            refusals = tuple(sorted({str(message) for listed in form.errors.values() for message in listed}))
    context = {
        "groups": [(agency, open_rules[agency.slug].values()) for agency in agencies],
        "orphans": open_rules.get("", {}),
        "sign_offs": rule_set.sign_offs.select_related("agency", "user"),
        "own": own,
        "refusals": refusals,
    }
    return _render(request, page, rule_set, "admin/counseling/sign_off.html", gettext("Freigaben"), context)


def _signs_for(request: HttpRequest) -> int | None:
    """Return the key of the agency the person signs for: the own one, or none."""
    agency = agency_of(request.user)
    return agency.pk if agency and request.user.has_perm("counseling.sign_off_rules") else None


def _open_rules(rule_set: RuleSet) -> dict[str, dict[str, OpenRule]]:
    """Return agency slug → rule key → what is open about it."""
    found: dict[str, dict[str, str]] = {}
    rows = {row.key: row for row in rule_set.rules.select_related("owner")}
    for row in rows.values():
        if row.under_review:
            found.setdefault(row.owner.slug if row.owner else "", {})[row.key] = gettext("Recht wird geprüft")
    for change in missing_approvals(rule_set):
        found.setdefault(change.owner, {})[change.key] = change.what
    return {
        slug: {key: OpenRule(key, what, rows.get(key), _words(rows.get(key))) for key, what in sorted(listed.items())}
        for slug, listed in found.items()
    }


def _words(row: ResponsibilityRule | None) -> str:
    """Return in one line for whom a rule holds."""
    condition = parse(row.condition)[0] if row else None
    return plain(condition) if condition is not None else ""


def activate(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin) -> HttpResponse:
    """Ask from which day the draft counts; refuse with every concrete case in the way."""
    if not request.user.has_perm("counseling.activate_rules"):
        raise PermissionDenied
    today = timezone.localdate()
    form = DayForm(request.POST or None, initial={"on": today})
    refusals: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        from_ = form.cleaned_data["on"]
        try:
            actions.activate(rule_set=rule_set, from_=from_, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except actions.RuleError as error:
            refusals = error.sentences
        else:
            page.log_change(request, rule_set, gettext("In Kraft ab %s") % from_.isoformat())
            page.message_user(request, gettext("%s ist in Kraft gesetzt.") % rule_set, messages.SUCCESS)
            return redirect("admin:counseling_ruleset_change", rule_set.pk)
    changed = changes_of(rule_set) if rule_set.is_editable else []
    context = {"form": form, "refusals": refusals, "changed": changed, "counts": Counter(item.what for item in changed)}
    return _render(request, page, rule_set, "admin/counseling/activate.html", gettext("In Kraft setzen"), context)


def discard(request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin) -> HttpResponse:
    """Ask once, then put the draft away."""
    if not (request.user.has_perm(EDIT) and rule_set.is_editable):
        raise PermissionDenied
    if request.method == "POST":
        actions.discard_draft(rule_set=rule_set, by=cast("User", request.user), at=timezone.now())
        page.log_change(request, rule_set, gettext("Entwurf verworfen."))
        page.message_user(request, gettext("Der Entwurf ist weggelegt."), messages.SUCCESS)
        return redirect("admin:counseling_ruleset_changelist")
    return _render(request, page, rule_set, "admin/counseling/discard.html", gettext("Entwurf verwerfen"), {})


def broken(
    request: HttpRequest, rule_set: RuleSet, page: admin.ModelAdmin, errors: tuple[GrammarError, ...]
) -> HttpResponse:
    """Say which rows the finder cannot read; only then is there something to show."""
    context = {"errors": errors}
    return _render(request, page, rule_set, "admin/counseling/broken.html", gettext("Nicht lesbar"), context)


def _render(
    request: HttpRequest, page: admin.ModelAdmin, rule_set: RuleSet, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    base = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{title}: {rule_set}",
        "rule_set": rule_set,
        "steps": steps(request, rule_set),
    }
    return TemplateResponse(request, template, base | context)
