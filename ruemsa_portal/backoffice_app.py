"""Puts our back office in the place of Django's. Apart from it, because it is read before any model."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """Names the site; Django imports it once every app is there."""

    default_site = "ruemsa_portal.backoffice.BackOffice"
