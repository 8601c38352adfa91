"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """Who exists and where: places, agencies, contact points, opening hours."""

    name = "directory"
    verbose_name = _("Verzeichnis")
