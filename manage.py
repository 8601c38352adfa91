#!/usr/bin/env python
"""Command line of the portal."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruemsa_portal.settings")
    if "demo" in sys.argv[1:2]:
        # A demonstration shows the portal's own error pages, not the developer's.
        os.environ.setdefault("DEBUG", "0")
    execute_from_command_line(sys.argv)
