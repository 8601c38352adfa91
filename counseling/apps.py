"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from directory.index.sources import register


class CounselingConfig(AppConfig):
    """Who is responsible, and the way to a person."""

    name = "counseling"
    verbose_name = _("Beratung")

    def ready(self) -> None:
        """Feed the search index."""
        register("counseling.search_source.CONCERN_SOURCE")
