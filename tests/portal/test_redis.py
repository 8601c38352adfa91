"""A real Redis between two processes: one keeps a page, the other sends it, and a release is never missed.

Left out where ``redis-server`` or the library (``pip install 'redis>=5'``) is not installed.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from directory.actions import raise_content_version
from directory.models import ContactPoint
from directory.versions import forget_lease
from tests.portal.test_page_cache import AT, Browser
from tests.urls_under_test import POINT

redis = pytest.importorskip("redis")
SERVER = shutil.which("redis-server", path="/usr/bin:/usr/local/bin:/usr/sbin")
PAGE = f"/anlaufstellen/{POINT}/"


@pytest.fixture
def shared(tmp_path: Path, settings: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A Redis of its own, on a free port, that keeps nothing on the disk; the portal is told where."""
    if SERVER is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        for _try in range(100):
            try:
                redis.Redis(port=port).ping()
                break
            except redis.exceptions.ConnectionError:
                time.sleep(0.1)
        place = {"BACKEND": "ruemsa_portal.shared_cache.SharedPages", "LOCATION": f"redis://127.0.0.1:{port}/0"}
        settings.CACHES = {**settings.CACHES, "pages": place}
        yield server
        caches["pages"].close()
        server.terminate()


def test_two_processes_share_a_page_and_see_a_release(region: None, shared: "subprocess.Popen[bytes]") -> None:
    first, second = Browser(lambda: AT), Browser(lambda: AT)
    body = first.get(PAGE).body
    assert (second.get(PAGE).body, first.asked, second.asked) == (body, 1, 0)
    ContactPoint.objects.filter(slug=POINT).update(name="Haus der Antworten")
    raise_content_version()
    forget_lease()
    assert b"Haus der Antworten" in second.get(PAGE).body
    assert b"Haus der Antworten" in first.get(PAGE).body
    assert (first.asked, second.asked) == (1, 1)
    # Gone, it costs speed and nothing else.
    shared.terminate()
    shared.wait()
    assert b"Haus der Antworten" in Browser(lambda: AT).get(PAGE).body
