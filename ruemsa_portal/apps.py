"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ruemsa_portal import checks  # noqa: F401 registers portal.E001 to portal.E005


class PortalConfig(AppConfig):
    """The site itself: knows every app, known by none."""

    name = "ruemsa_portal"
    verbose_name = _("Portal")
