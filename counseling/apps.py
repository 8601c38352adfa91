"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounselingConfig(AppConfig):
    """Who is responsible, and the way to a person."""

    name = "counseling"
    verbose_name = _("Beratung")
