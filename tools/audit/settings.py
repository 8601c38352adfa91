"""The portal as visitors get it (hashed files, no debug pages), with an address for every error page."""

from ruemsa_portal.settings import *  # noqa: F403 the whole point: the same settings
from ruemsa_portal.settings import BASE_DIR

ROOT_URLCONF = "tools.audit.urls"
STATIC_ROOT = BASE_DIR / "var" / "audit" / "static"
