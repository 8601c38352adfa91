"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from directory.index.sources import register


class DirectoryConfig(AppConfig):
    """Who exists and where: places, agencies, contact points, opening hours."""

    name = "directory"
    verbose_name = _("Verzeichnis")

    def ready(self) -> None:
        """Feed the search index."""
        register("directory.index.directory_source.CONTACT_POINTS")
        register("directory.index.directory_source.AGENCIES")
        register("directory.index.directory_source.TERMS")
