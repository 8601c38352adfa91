"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who may log in, and what was done. The lowest app: it knows no other."""

    name = "accounts"
    verbose_name = _("Konten")
