"""The shipped set-up on loopback: PostgreSQL, gunicorn and nginx from the very files in ``docs/deploy``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruemsa_portal.settings")
