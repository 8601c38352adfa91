"""Staff accounts. Young people never have one."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A staff account. Refer to it by ``settings.AUTH_USER_MODEL`` only."""

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
