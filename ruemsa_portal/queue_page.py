"""The first page after the login: what waits for the account; and for the coordination, what waits where."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from directory import queue
from directory.models import Agency, Role
from directory.rights import Reach, reach_of, role_of

SHOWN, SHOWN_OF_ONE_KIND = 5, 200
SHOWN_AGENCIES = 50


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """How much waits at one agency; ``numbers`` in the order of the kinds, None where nothing does."""

    name: str
    numbers: tuple[int | None, ...]
    total: int


def queue_context(request: HttpRequest, *, on: date) -> dict[str, Any]:
    """Return what the first page shows: at most five pieces a kind, or all of one kind with ``?art=``."""
    reach = reach_of(request.user)
    kinds = {provider.kind for provider in queue.providers()}
    only = request.GET.get("art") if request.GET.get("art") in kinds else None
    limit = SHOWN_OF_ONE_KIND if only else SHOWN
    groups = queue.waiting_for(request.user, agencies=agencies_of(reach), on=on, limit=limit, only=only)
    names: dict[int, str] = {}
    if reach.everything:
        keys = {item.agency for group in groups for item in group.items} - {None}
        names = {agency.pk: agency.display_name for agency in Agency.objects.filter(pk__in=keys)} if keys else {}
    return {
        "title": gettext("Was wartet auf mich"),
        "groups": [(group, [(item, names.get(item.agency or 0, "")) for item in group.items]) for group in groups],
        "is_one_kind": only is not None,
        "sees_everything": reach.everything,
        "is_counsellor": role_of(request.user) == Role.COUNSELOR,
        "on": on,
    }


def agencies_of(reach: Reach) -> frozenset[int] | None:
    """Return whose work somebody sees: None for every agency's."""
    if reach.everything:
        return None
    return frozenset() if reach.agency is None else frozenset({reach.agency})


def counts_page(request: HttpRequest, site: Any) -> HttpResponse:
    """Show how much waits at which agency, the fullest desk first: for the coordination and the technicians."""
    if not reach_of(request.user).everything:
        raise PermissionDenied
    found = queue.counts_by_agency(on=timezone.localdate())
    there = {kind for numbers in found.values() for kind in numbers}
    kinds = [provider for provider in queue.providers() if provider.kind in there]
    names = {agency.pk: agency.display_name for agency in Agency.objects.filter(pk__in=found.keys() - {None})}
    lines = [
        AgencyLine(
            names.get(agency or 0, gettext("keine Stelle")),
            tuple(numbers.get(kind.kind) for kind in kinds),
            sum(numbers.values()),
        )
        for agency, numbers in found.items()
    ]
    lines.sort(key=lambda line: (-line.total, line.name))
    context = {
        **site.each_context(request),
        "title": gettext("Was wartet bei welcher Stelle?"),
        "labels": [kind.label for kind in kinds],
        "lines": lines if "alle" in request.GET else lines[:SHOWN_AGENCIES],
        "num_more": 0 if "alle" in request.GET else max(0, len(lines) - SHOWN_AGENCIES),
    }
    return TemplateResponse(request, "admin/queue/counts.html", context)
