"""Which two agencies may become one. Public content moves; people, enquiries and signatures never do (ADR 0029)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from directory.exchange.kinds import NotMergeable
from directory.models import Agency, Membership

MOVING_APPS = ("directory", "offers")
"""Rows of these apps go along. What any other app ties to an agency is a promise of that one body."""
STAYING_MODELS = (Membership,)


def check_agencies(keep: Agency, other: Agency) -> None:
    """Raise NotMergeable when something hangs on ``other`` that cannot change its agency."""
    if other.slug in _named_in_region():
        raise NotMergeable(_("Diese Stelle nennt der Regionsordner beim Namen. Sie muss bleiben."))
    if other.pk in _above(keep):
        raise NotMergeable(_("Die Stelle, die bleiben soll, gehört zur anderen. Bitte andersherum zusammenführen."))
    if found := staying_with(other):
        text = _(
            "An „%(agency)s“ hängen noch: %(what)s. So etwas wechselt nie die Stelle: Eine Anfrage gehört einer Stelle "
            "und ihrem Schlüssel, eine Regel ihrer Unterschrift, ein Konto seiner Stelle. Bitte dort zuerst auflösen."
        )
        raise NotMergeable(text % {"agency": other, "what": ", ".join(found)})


def staying_with(agency: Agency) -> list[str]:
    """Return what hangs on an agency and never moves, in words. A query for each kind of row that could."""
    found = set()
    for relation in Agency._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        model: Any = relation.related_model
        if model._meta.app_label in MOVING_APPS and model not in STAYING_MODELS:
            continue
        if model._base_manager.filter(**{relation.field.name: agency}).exists():  # type: ignore[union-attr]
            found.add(str(model._meta.verbose_name_plural))
    return sorted(found)


def _named_in_region() -> set[str]:
    return {str(value) for key, value in settings.REGION.items() if key.endswith("_agency")}


def _above(agency: Agency) -> set[int]:
    """Return the keys of the agencies it belongs to, however far up."""
    parents = dict(Agency.objects.values_list("pk", "parent"))
    found: set[int] = set()
    at = parents.get(agency.pk)
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return found
