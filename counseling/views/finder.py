"""The pages of the finder: one question a page, then the door. Load, ask, render."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from counseling import finder as core
from counseling.calendar_file import deadlines_ics
from counseling.finder import Finding
from counseling.finder.facts import CONCERNS
from counseling.finder.questions import MAX_QUESTIONS, URGENT_QUESTIONS
from counseling.finder.wording import QUESTIONS
from counseling.finder_gaps import gap_of, note_finder_gap
from counseling.flow import CONCERN, PLACE_FACTS, Answers, address, is_sensitive, query, seal
from counseling.forms import DOORS_BY_KEY
from counseling.offices import Desk, open_desk
from counseling.result import open_case, prepare
from counseling.rulebook import rule_set_on
from counseling.views.steps import Step, from_address, from_form
from counseling.ways import (
    Way,
    ask_way,
    back_way,
    door_choices,
    first_doors,
    given,
    number_of,
    outside_way,
    place_ways,
    question_ways,
    result_way,
    skip_way,
    view_ways,
)
from directory.asking import Ways, ways_to
from directory.contact import ContactCard, public_points
from directory.moments import moment_end
from directory.pages import filled
from directory.parts import Shelf, hole, shelf
from directory.places import gazetteer
from directory.versions import content_version

PRIVATE = "no-store"
RESULT = "counseling/result.html"
# What the answers and the objects around them take.
STEP_BYTES = 2000


@dataclass(frozen=True)
class Visit:
    """One request, read: the step, the rules of the day, and what they say."""

    step: Step
    at: datetime
    version: str
    rules: core.RuleSet
    finding: Finding

    @property
    def answers(self) -> Answers:
        """The answers so far."""
        return self.step.answers

    @property
    def asked(self) -> str:
        """The question this page asks; empty when the result is shown."""
        if self.step.wrong:
            return next(iter(self.step.wrong))
        if self.step.again:
            return self.step.again
        if self.step.typed is not None and not self.step.typed.ags:
            return "place"
        if self.step.wants_result:
            return ""
        if self.answers.concern is None:
            return "" if CONCERN in self.answers.skipped else CONCERN
        if self.answers.waits_for_place:
            return "place"
        return self.finding.next_question or ""


# A POST changes nothing and reads no cookie: it only shows what follows from what it was sent.
# Without a token the page needs no cookie either, and nothing on the device tells of the visit.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def finder(request: HttpRequest) -> HttpResponse:
    """Ask the next question or show the door."""
    version = content_version()
    is_post = request.method == "POST"
    step = from_form(request, version=version) if is_post else from_address(request, version=version)
    if (is_post and _may_be_address(step)) or not step.is_clean or (step.typed is not None and step.typed.ags):
        response: HttpResponse = HttpResponseRedirect(address(step.answers, **step.extra))
        response["Cache-Control"] = PRIVATE
        return response
    at = timezone.localtime()
    if not is_post and _is_plain(step):
        page = _kept(request, step, at=at, version=version)
        if page is not None:
            return page
    visit = _visit(step, at=at, version=version)
    response = _render(request, visit)
    # A counted page is kept by nobody: the next visit would not be counted.
    is_private = is_post or step.is_sensitive or is_sensitive(visit.asked) or _note_gap(request, visit)
    if is_private:
        response["Cache-Control"] = PRIVATE
    return response


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page harmless answers lead to: the same for everybody who gave them, the whole day.

    ``office`` is the slug of the contact point on a result that one may write to; empty elsewhere.
    """

    template: str
    asked: str
    office: str


def _is_plain(step: Step) -> bool:
    """Whether the page depends on nothing but harmless answers: nothing typed, nothing wrong."""
    return not (step.is_sensitive or step.wrong or step.typed or step.is_lost)


def _kept(request: HttpRequest, step: Step, *, at: datetime, version: str) -> HttpResponse | None:
    """Return the page from what is kept; None when it is private or counted, and hence made anew each time."""
    key = (step.answers, step.again, step.door, step.wants_result, at.date())
    place: Shelf[Shown | bool] = shelf("finder-steps", version)
    found, context = place.get(key), None
    if found is None:
        found, context = _look_at(_visit(step, at=at, version=version))
        place.put(key, found, size=STEP_BYTES)
    if not isinstance(found, Shown):
        return None
    ways = _ways_to(found.office, at=at, version=version)
    open_ways = Ways(hole("write") if ways.write else "", hole("book") if ways.book else "")

    def fixed() -> dict[str, Any]:
        page = context or _page(_visit(step, at=at, version=version))[1]
        return {**page, "stand": hole("stand"), **({"ways": open_ways} if found.office else {})}

    return filled(
        request,
        found.template,
        version=version,
        # Only a result says what is open now.
        key=(key, open_ways, moment_end(at=at, version=version) if found.template == RESULT else None),
        fixed=fixed,
        values={"stand": seal(step.answers, _sealed_for(step, found)), "write": ways.write, "book": ways.book},
        shelf="finder-pages",
    )


def _look_at(visit: Visit) -> tuple[Shown | bool, dict[str, Any]]:
    """Return what is to be remembered of a page, False for a page that may not be kept, and what its template gets."""
    asked = visit.asked
    is_counted = not asked and not visit.step.door and gap_of(visit.finding) is not None
    if is_sensitive(asked) or is_counted:
        return False, {}
    template, context = _page(visit)
    return Shown(template, asked, _office_of(visit, context)), context


def _office_of(visit: Visit, context: Mapping[str, Any]) -> str:
    """The slug of the office on a result that a young person may write to; empty elsewhere."""
    result = context.get("result")
    card = (result.office.card or result.office.next_best) if result and visit.answers.view == "mich" else None
    return card.slug if card else ""


def _sealed_for(step: Step, shown: Shown) -> str:
    """The question that an answer on this page answers; behind a door it is the first one."""
    return CONCERN if step.door else shown.asked


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest) -> HttpResponse:
    """The dates of a result as calendar file: by address for harmless answers, else by POST."""
    version = content_version()
    is_post = request.method == "POST"
    step = from_form(request, version=version) if is_post else from_address(request, version=version)
    visit = _visit(step, at=timezone.localtime(), version=version)
    content = deadlines_ics(visit.finding, url=settings.BASE_URL + reverse("counseling:finder"), at=visit.at)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="fristen.ics"'
    if is_post:
        response["Cache-Control"] = PRIVATE
    return response


def _note_gap(request: HttpRequest, visit: Visit) -> bool:
    """Count a result that names no office; nothing of what was sent by POST. Say whether it was counted."""
    if request.method != "GET" or visit.asked or visit.step.door:
        return False
    gap = gap_of(visit.finding)
    if gap is None:
        return False
    note_finder_gap(*gap, on=visit.at.date())
    return True


def _may_be_address(step: Step) -> bool:
    """Whether what follows a POST may as well stand in an address, where it can be kept and shared."""
    is_open = step.typed is not None and not step.typed.ags
    return not (step.is_lost or step.wrong or is_open or step.is_sensitive)


def _visit(step: Step, *, at: datetime, version: str) -> Visit:
    rules = rule_set_on(at.date())
    answers = step.answers
    finding = core.resolve(answers.situation, rules, at.date(), skipped=answers.skipped, view=answers.view)
    return Visit(step, at, version, rules, finding)


def _render(request: HttpRequest, visit: Visit) -> HttpResponse:
    template, context = _page(visit)
    if template == RESULT:
        context["ways"] = _ways_to(_office_of(visit, context), at=visit.at, version=visit.version)
    return render(request, template, context)


def _page(visit: Visit) -> tuple[str, dict[str, Any]]:
    """Return template and context; where one can write to an office is not in it, because it changes by itself."""
    step, asked = visit.step, visit.asked
    if step.door and not step.wrong:
        return "counseling/choices.html", _choices(visit)
    if asked == CONCERN:
        return "counseling/start.html", _start(visit)
    if asked:
        return "counseling/question.html", _question(visit, asked)
    return RESULT, _result(visit)


def _frame(visit: Visit, asked: str) -> dict[str, Any]:
    """What every page of the finder needs."""
    answers = visit.answers
    is_private = visit.step.is_sensitive or is_sensitive(asked)
    desk = open_desk(visit.at, version=visit.version) if is_private else None
    places = gazetteer(visit.version) if set(PLACE_FACTS) & set(answers.said) else None
    return {
        "answers": answers,
        "view": answers.view,
        "sie": answers.view != "mich",
        "is_private": is_private,
        "is_urgent": answers.concern is not None and CONCERNS[answers.concern].urgent,
        "emergency": _emergency(answers.view) if is_private else [],
        "youth_office": _youth_office(desk),
        "stand": seal(answers, asked),
        "given": given(answers, places, () if asked else visit.finding.would_change),
        "wrong": visit.step.wrong.get(asked, ""),
        "is_error": bool(visit.step.wrong),
        "number": number_of(answers, asked) if asked else 0,
        "most": _most(answers),
    }


def _most(answers: Answers) -> int:
    urgent = answers.concern is not None and CONCERNS[answers.concern].urgent
    return URGENT_QUESTIONS if urgent else MAX_QUESTIONS


def _emergency(view: str) -> list[Mapping[str, str]]:
    """The numbers for an emergency; their sentences say du and are for young people only."""
    numbers: list[Mapping[str, str]] = settings.REGION.get("emergency", [])
    return numbers if view == "mich" else [{**row, "text": ""} for row in numbers]


def _youth_office(desk: Desk | None) -> ContactCard | None:
    return desk.youth_office if desk else None


def _start(visit: Visit) -> dict[str, Any]:
    answers = visit.answers
    return {
        **_frame(visit, CONCERN),
        "ways": first_doors(answers),
        "unknown": skip_way(answers, CONCERN),
        "views": view_ways(answers),
        "is_lost": visit.step.is_lost,
        "is_first": not answers.said,
    }


def _choices(visit: Visit) -> dict[str, Any]:
    door = DOORS_BY_KEY[visit.step.door]
    return {
        **_frame(visit, CONCERN),
        "door": door.label.for_view(visit.answers.view),
        "ways": door_choices(visit.answers, door),
        "unknown": skip_way(visit.answers, CONCERN),
        "back": ask_way(visit.answers, CONCERN, _("Zurück")),
    }


def _question(visit: Visit, asked: str) -> dict[str, Any]:
    answers, question = visit.answers, QUESTIONS[asked]
    ways = question_ways(answers, question, visit.rules, visit.at.date())
    age = answers.situation.age
    return {
        **_frame(visit, asked),
        "asked": asked,
        "label": question.label.for_view(answers.view),
        "hint": question.hint.for_view(answers.view),
        "why": question.why.for_view(answers.view),
        "ways": ways,
        "unknown": skip_way(answers, asked),
        "back": back_way(answers, asked),
        "early": result_way(answers, _("Ergebnis jetzt zeigen")) if answers.concern else None,
        "is_posted": _is_posted(answers, asked, ways),
        "carried": _carried(answers, asked),
        "age": str(age.lo) if age is not None and age.lo == age.hi else "",
        **(_place(visit, asked) if asked in PLACE_FACTS else {}),
    }


def _is_posted(answers: Answers, asked: str, ways: tuple[Way, ...]) -> bool:
    """Whether what is typed on this page must go by POST."""
    return answers.is_sensitive or is_sensitive(asked) or any(way.name for way in ways)


def _carried(answers: Answers, asked: str) -> list[tuple[str, str]]:
    """The other answers as hidden fields of a form that is sent by GET."""
    left = answers.forget(asked)
    return parse_qsl(query(left))


def _place(visit: Visit, asked: str) -> dict[str, Any]:
    answers, typed = visit.answers, visit.step.typed
    found = typed.answer if typed is not None and not typed.ags else None
    places = gazetteer(visit.version)
    return {
        "is_place": True,
        "is_error": bool(visit.step.wrong) or (found is not None and not found.choices and not found.outside_name),
        "found": found,
        "place_choices": place_ways(answers, asked, found.choices) if found else (),
        "municipalities": place_ways(answers, asked, places.municipalities),
        "outside": outside_way(answers, asked, None),
        "outside_named": outside_way(answers, asked, found),
        "typed": found.query if found else answers.name_of(asked),
    }


def _result(visit: Visit) -> dict[str, Any]:
    answers = visit.answers
    case = open_case(visit.finding, answers, visit.rules, at=visit.at, version=visit.version)
    result = prepare(case)
    harmless = not answers.is_sensitive
    return {
        **_frame(visit, ""),
        "result": result,
        "settle": ask_way(answers, result.settles, result.settles_label) if result.settles else None,
        "which_place": _place_way(answers, result.place_question),
        "ics_url": address(answers, to="counseling:deadlines") if harmless and result.has_dates else "",
        "views": view_ways(answers),
        "is_open": answers.view == "beruf",
        "ways": Ways(),
    }


def _ways_to(office: str, *, at: datetime, version: str) -> Ways:
    """Where a young person can write to the office or book a time, if somebody reads there."""
    point = public_points(at.date(), version=version).by_slug.get(office) if office else None
    return ways_to(point, at=at, version=version)


def _place_way(answers: Answers, fact: str) -> Way | None:
    return ask_way(answers, fact, QUESTIONS[fact].label.for_view(answers.view)) if fact else None
