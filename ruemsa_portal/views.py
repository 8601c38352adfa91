"""Home, information pages, exit route, error pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from counseling.ways import Way, entrance
from directory.checklist import is_easy
from directory.models import ContactPoint, GlossaryTerm, Page, Stelle, VisitorReport
from directory.pages import filled
from directory.reports import public_notes
from directory.versions import content_version
from offers.dates import next_dates
from offers.models import Offer, Situation
from ruemsa_portal.feedback import feedback_mailbox, send_feedback
from ruemsa_portal.forms import FeedbackForm
from ruemsa_portal.outage import away, is_outage_now
from ruemsa_portal.texts import default_page, region_table

# Everyone looks at the weather; the page asks for nothing and is the same for all.
NEUTRAL_PAGE = "https://www.dwd.de/DE/wetter/wetter_node.html"
SITUATION_ICONS = {
    "at_school": "school",
    "no_certificate": "certificate",
    "seeking_training": "work",
    "training_trouble": "storm",
    "money_housing": "euro",
    "home_trouble": "home",
    "new_here": "globe",
    "parent": "family",
    "disability": "heart",
    "no_plan": "compass",
}
# Where in the finder a situation begins; any other one begins on its first page.
FINDER_STEPS: dict[str, dict[str, str]] = {
    "at_school": {"door": "schule"},
    "no_certificate": {"door": "schule"},
    "seeking_training": {"concern": "seeking_training"},
    "training_trouble": {"door": "ausbildung"},
    "money_housing": {"door": "geld"},
    "home_trouble": {"door": "zuhause"},
    "new_here": {"door": "neu-hier"},
    "disability": {"door": "gesundheit"},
    "no_plan": {"concern": "no_next_step"},
}
public_page = cache_control(public=True, max_age=60)


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The front door: the same for everybody, the whole day long."""
    version, on = content_version(), timezone.localdate()

    def fixed() -> dict[str, Any]:
        return {
            "doors": _doors(),
            "next_dates": next_dates(on=on, limit=5),
            "contact": _coordination(),
            "json_ld": _home_json_ld(),
        }

    return filled(request, "ruemsa_portal/home.html", version=version, key=on, fixed=fixed, values={})


@require_safe
@public_page
def parents(request: HttpRequest) -> HttpResponse:
    """What parents want to know: who, what the child may do alone, money, dates."""
    table = region_table("parents")
    slugs = {row["offer"] for row in table.get("money", []) + table.get("deadlines", []) if row.get("offer")}
    context = {
        "table": table,
        "stellen": dict(Stelle.choices),
        "offer_urls": _offer_urls(slugs),
        "contact": _coordination(),
    }
    return render(request, "ruemsa_portal/parents.html", context)


@require_safe
@public_page
def professionals(request: HttpRequest) -> HttpResponse:
    """For schools and partners: who is responsible and how to use the portal together."""
    context = {"table": region_table("professionals"), "terms": list(GlossaryTerm.objects.all())}
    return render(request, "ruemsa_portal/professionals.html", context)


@require_safe
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A text of the site itself: the edited one, else the region's default."""
    return render(request, "ruemsa_portal/page.html", _page_context(slug))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement with its feedback form."""
    contact = _coordination()
    mailbox = feedback_mailbox(contact)
    form = FeedbackForm(request.POST or None)
    failed = False
    if request.method == "POST" and mailbox and form.is_valid():
        if form.is_from_a_program or send_feedback(
            message=form.cleaned_data["message"], reply_to=form.cleaned_data["reply_to"], mailbox=mailbox
        ):
            return HttpResponseRedirect(f"{request.path}?gesendet=1")
        failed = True
    context = {
        **_page_context("barrierefreiheit"),
        "form": form,
        "has_mailbox": bool(mailbox),
        "failed": failed,
        "sent": request.GET.get("gesendet") == "1",
        "contact": contact,
        "accessibility": settings.REGION.get("accessibility", {}),
    }
    return render(request, "ruemsa_portal/accessibility.html", context, status=503 if failed else 200)


def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: forget what this site set and go somewhere harmless."""
    response = HttpResponseRedirect(NEUTRAL_PAGE)
    response["Cache-Control"] = "no-store"
    response["Clear-Site-Data"] = '"cookies", "storage"'
    return response


@require_safe
def traces(request: HttpRequest) -> HttpResponse:
    """What a phone remembers, what the exit can do about it, and what it cannot."""
    return render(request, "ruemsa_portal/traces.html")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    return render(request, "ruemsa_portal/robots.txt", content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words that the form was open too long, and keep the way back."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address holds something no page understands."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this visitor."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, but the ways on."""
    return render(request, "404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: asked too often in a short time; what was typed is still in the browser."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Uses no database and no context processor, either may be what broke."""
    if is_outage_now():
        return away(request)
    return render(None, "500.html", {"region": settings.REGION}, status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: busy or under repair, come back in a minute; a form keeps what was typed."""
    return away(request)


def _doors() -> list[Way]:
    """One door a situation, straight into the finder; parents have a page of their own."""
    doors = []
    for situation in Situation.objects.all():
        icon = SITUATION_ICONS.get(situation.slug, "door")
        if situation.slug == "parent":
            doors.append(Way(situation.label, reverse("parents"), icon=icon))
        else:
            doors.append(entrance(situation.label, icon, **FINDER_STEPS.get(situation.slug, {})))
    return doors


def _coordination() -> ContactPoint | None:
    """The office that knows whom to ask, with its phones, if it is public."""
    rows = ContactPoint.objects.published(on=timezone.localdate()).prefetch_related("phones")
    point: ContactPoint | None = rows.filter(slug=settings.REGION["coordination_point"]).first()
    return point


def _offer_urls(slugs: set[str]) -> dict[str, str]:
    """Addresses of those offers that are public today."""
    public = Offer.objects.published(on=timezone.localdate()).filter(slug__in=slugs).values_list("slug", flat=True)
    return {slug: reverse("offers:detail", args=[slug]) for slug in public}


def _page_context(slug: str) -> dict[str, Any]:
    """Title, text and last check of a page."""
    row = Page.objects.filter(slug=slug).first()
    title, body = (row.title, row.body) if row else default_page(slug)
    notes = public_notes(VisitorReport.Kind.PAGE, slug, version=content_version(), on=timezone.localdate())
    checked_on, easy = row.checked_on if row else None, is_easy(Page(slug=slug, body=body))
    return {"slug": slug, "title": title, "body": body, "checked_on": checked_on, "is_easy": easy, "notes": notes}


def _home_json_ld() -> dict[str, Any]:
    """schema.org data of the service as a whole."""
    region = settings.REGION
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": region["portal_name"],
        "description": region["claim"],
        "url": settings.BASE_URL + reverse("home"),
        "areaServed": {"@type": "AdministrativeArea", "name": region["name"]},
        "provider": {"@type": "GovernmentOrganization", "name": region["name"], "url": region["website"]},
        "audience": {"@type": "PeopleAudience", "suggestedMinAge": 13, "suggestedMaxAge": 26},
    }
