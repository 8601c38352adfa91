"""The shipped files of the set-up say the same as the code."""

import re
from pathlib import Path

from django.conf import settings

from ruemsa_portal.cache_rules import NOBODY
from ruemsa_portal.middleware import HEADERS, HSTS

DEPLOY = Path(settings.BASE_DIR) / "docs" / "deploy"


def test_nginx_gives_its_own_pages_the_header_set() -> None:
    text = (DEPLOY / "portal-headers.conf").read_text(encoding="utf-8")
    found = dict(re.findall(r'^add_header (\S+) "(.+)" always;$', text, re.MULTILINE))
    assert found == {**HEADERS, "Strict-Transport-Security": HSTS, "Cache-Control": NOBODY}


def test_nginx_adds_nothing_to_the_pages_of_the_portal() -> None:
    """A second copy of a header confuses browsers and scanners."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "add_header" not in re.sub(r"#.*", "", text)
    assert "/etc/nginx/portal-headers.conf" in text
