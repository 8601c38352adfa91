"""The place search: suggestions while typing, and a plain page that answers with a choice."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from directory.forms import PlaceForm
from directory.places import Place, find_place, gazetteer, suggest
from directory.versions import content_version

TARGETS = {"anlaufstellen": "directory:contact_points", "angebote": "offers:list"}
"""Where a choice may lead; any other value of ``weiter`` leads to the first."""
OWN_PARAMETERS = ("q", "ort", "ags", "weiter", "seite")
MAX_KEPT = 2000


@require_safe
def place_search(request: HttpRequest) -> HttpResponse:
    """JSON for a script, a page for a browser; both from the same address."""
    response = _page(request) if "text/html" in request.headers.get("Accept", "") else _suggestions(request)
    patch_vary_headers(response, ["Accept"])
    return response


def _suggestions(request: HttpRequest) -> JsonResponse:
    form = PlaceForm(request.GET)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    places = suggest(typed, version=content_version())
    rows = [{"label": place.label, "ort": place.name, "ags": place.ags} for place in places]
    return JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False})


def _page(request: HttpRequest) -> HttpResponse:
    version = content_version()
    form = PlaceForm(request.GET)
    typed = form.cleaned_data["q"] if form.is_valid() else ""
    answer = find_place(typed, version=version)
    target = request.GET.get("weiter", "")
    target = target if target in TARGETS else next(iter(TARGETS))
    kept = _kept(request)
    found = [answer.place] if answer.place else list(answer.choices)
    context = {
        "form": form,
        "answer": answer,
        "found": [_link(place, target, kept) for place in found],
        "all": [_link(place, target, kept) for place in gazetteer(version).municipalities],
        "target": target,
        "kept": kept,
    }
    return render(request, "directory/place_search.html", context)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The other parameters of the page one came from, so that its filters stay."""
    pairs = [(name, value) for name, values in request.GET.lists() if name not in OWN_PARAMETERS for value in values]
    return pairs if len(urlencode(pairs)) <= MAX_KEPT else []


def _link(place: Place, target: str, kept: list[tuple[str, str]]) -> dict[str, str]:
    query = urlencode([*kept, ("ort", place.name), ("ags", place.ags)])
    return {"label": place.label, "url": f"{reverse(TARGETS[target])}?{query}"}
