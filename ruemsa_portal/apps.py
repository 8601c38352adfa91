"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from directory import link_sources, reportable
from ruemsa_portal import checks  # noqa: F401 registers portal.E001 to portal.E005


class PortalConfig(AppConfig):
    """The site itself: knows every app, known by none."""

    name = "ruemsa_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Say how visitors can report on the site's own texts."""
        reportable.register("seite", "ruemsa_portal.report_subjects.page")
        link_sources.register_texts("ruemsa_portal.link_texts.addresses")
