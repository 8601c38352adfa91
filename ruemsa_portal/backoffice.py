"""The back office as one site: its name, and its pages grouped as people think of them."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

# The apps follow the direction of dependency; staff look for a subject instead.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("directory", _("Anlaufstellen und Stellen"), ("ContactPoint", "ContactPerson", "Agency")),
    ("offers", _("Angebote"), ("Offer", "Situation", "OccupationalField", "LegalBasis", "SearchGap")),
    ("directory", _("Texte und Wörter der Suche"), ("Page", "GlossaryTerm", "SynonymGroup")),
    (
        "directory",
        _("Orte, Ferien, Sprachen"),
        ("Municipality", "Locality", "NeighbourPlace", "SchoolHoliday", "Language"),
    ),
    ("accounts", _("Konten"), ("User", "Group")),
)


class BackOffice(admin.AdminSite):
    """Django's admin with the name of this portal."""

    site_header = settings.REGION["short_name"]
    site_title = settings.REGION["short_name"]
    index_title = _("Angaben pflegen")
    enable_nav_sidebar = False

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


class BackOfficeConfig(AdminConfig):
    """Puts the site above in the place of Django's."""

    default_site = "ruemsa_portal.backoffice.BackOffice"
