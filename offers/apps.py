"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    """What young people can use."""

    name = "offers"
    verbose_name = _("Angebote")
