"""Outside checkers over every kind of public page."""

import os

# The list of addresses names records by the region's keys, which are settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tools.audit.settings")
