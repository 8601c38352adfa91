"""What must hold for the running set-up, seen from outside. A check returns a line for the report or raises ``Wrong``."""

import http.client
import os
import re
import socket
import ssl
import subprocess
import threading
import time
from shutil import which
from urllib.parse import urlencode

from ruemsa_portal.middleware import HEADERS, HSTS, STRICTER_REFERRER
from tests.urls_under_test import PAGES
from tools.production.setup import FOLDER, HOST, Portal, Reply

RELOADS, PAUSE = 10, 0.01
SLOW_VISITORS = 200
SET = {name.lower(): value for name, value in {**HEADERS, "Strict-Transport-Security": HSTS}.items()}
# Of a certificate that nobody signed, of a name that does not exist, and what testssl says of any compressed page.
ALLOWED_FINDINGS = ("cert_chain_of_trust", "cert_revocation", "OCSP_stapling", "DNS_CAArecord", "BREACH", "cert_trust")
SEVERE = ("MEDIUM", "HIGH", "CRITICAL")


class Wrong(Exception):
    """A check found something; the text says what."""


def expect(holds: bool, text: str) -> None:
    """Raise ``Wrong`` unless it holds."""
    if not holds:
        raise Wrong(text)


def same_headers(reply: Reply, path: str, **other: str) -> None:
    """Every header of the set, once, with its value; ``other`` names what is meant to differ."""
    for name, value in {**SET, **other}.items():
        expect(reply.headers.get(name) == [value], f"{path}: {name} is {reply.headers.get(name)}")


def every_page(portal: Portal) -> str:
    """Every public address answers as in the tests, with the header set and the right cookies."""
    pages = [page for page in PAGES if page.form is None]
    for page in pages:
        reply = portal.ask(page.path, Accept=page.media)
        expect(reply.status == page.status, f"{page.path}: {reply.status}")
        # The address of this one page holds a secret.
        stricter = {"referrer-policy": STRICTER_REFERRER} if page.route == "directory:confirm" else {}
        same_headers(reply, page.path, **stricter)
        cookies = reply.headers.get("set-cookie", [])
        expect(bool(cookies) is (b"csrfmiddlewaretoken" in reply.body), f"{page.path}: cookies {cookies}")
        rule = reply.headers.get("cache-control", [])
        expect(len(rule) == 1 or page.status == 301, f"{page.path}: Cache-Control {rule}")
        for secret in ("x-accel-expires", "x-powered-by"):
            expect(secret not in reply.headers, f"{page.path}: {secret}")
    for path, status in (("/admin/login/", 200), ("/admin/", 302), ("/static/gibt-es-nicht.css", 404)):
        reply = portal.ask(path)
        expect(reply.status == status, f"{path}: {reply.status}")
        same_headers(reply, path)
    return f"{len(pages) + 3} addresses"


def host_and_scheme(portal: Portal) -> str:
    """Plain HTTP leads to HTTPS; a foreign host name gets nothing of ours."""
    reply = portal.ask_plain("/angebote/?art=x")
    expect(reply.status == 301, f"http: {reply.status}")
    expect(reply.headers["location"] == [f"https://{HOST}/angebote/?art=x"], f"http: {reply.headers}")
    reply = portal.ask("/", Host="evil.example.org")
    expect(reply.status == 400, f"foreign host: {reply.status}")
    expect(b"evil" not in reply.body, "foreign host is repeated")
    return "301 to https, foreign host 400"


def protocols(portal: Portal) -> str:
    """TLS 1.2 and 1.3, nothing older."""
    spoken = []
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        # The client's own caution would refuse the old ones before the server could.
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        try:
            with (
                socket.create_connection(("127.0.0.1", portal.https), timeout=10) as plain,
                context.wrap_socket(plain, server_hostname=HOST) as secure,
            ):
                spoken.append(str(secure.version()))
        except (ssl.SSLError, ConnectionError):
            continue
    expect(spoken == ["TLSv1.2", "TLSv1.3"], f"speaks {spoken}")
    return " ".join(spoken)


def testssl(portal: Portal) -> str:
    """testssl.sh finds nothing from MEDIUM upwards but what a certificate of our own must have."""
    program = which("testssl") or which("testssl.sh")
    if program is None:
        if os.environ.get("CI") == "true":
            raise Wrong("testssl fehlt (Debian: apt-get install testssl.sh)")
        return "not installed, left out"
    report = FOLDER / "testssl.csv"
    command = [program, "--quiet", "--color", "0", "--warnings", "off", "--ip", "127.0.0.1", "--nodns", "none"]
    command += ["--protocols", "--std", "--fs", "--server-preference", "--server-defaults", "--vulnerable"]
    command += ["--severity", "MEDIUM", "--csvfile", str(report), f"{HOST}:{portal.https}"]
    subprocess.run(command, check=False, capture_output=True, timeout=300)
    expect(report.exists(), "testssl wrote nothing")
    lines = [line.split('","') for line in report.read_text(encoding="utf-8").splitlines()[1:]]
    found = [f"{line[0].strip(chr(34))} {line[3]}: {line[4]}" for line in lines if line[3:4] and line[3] in SEVERE]
    bad = [line for line in found if not line.startswith(ALLOWED_FINDINGS)]
    expect(not bad, "; ".join(bad))
    return f"{len(found)} findings, all of the certificate or general"


def form(portal: Portal) -> str:
    """A form can be sent over HTTPS: cookie with its prefix, token, the page after it."""
    page = portal.ask("/admin/login/")
    cookie = page.headers["set-cookie"][0]
    expect(cookie.startswith("__Host-csrftoken=") and "Secure" in cookie and "HttpOnly" in cookie, cookie)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body.decode())
    expect(token is not None, "no token")
    fields = {"csrfmiddlewaretoken": token.group(1) if token else "", "username": "niemand", "password": "falsch"}
    body = urlencode(fields).encode()
    headers = {"Cookie": cookie.split(";")[0], "Content_Type": "application/x-www-form-urlencoded"}
    sent = portal.ask("/admin/login/", method="POST", body=body, Referer=f"https://{HOST}/", **headers)
    expect(sent.status == 200, f"wrong password: {sent.status}")
    refused = portal.ask("/admin/login/", method="POST", body=body, Referer="https://evil.example.org/", **headers)
    expect(refused.status == 403, f"from elsewhere: {refused.status}")
    return "token and cookie taken, foreign origin 403"


def too_large(portal: Portal) -> str:
    """A body beyond the limit is refused by nginx, with the same headers and a page that helps."""
    reply = portal.ask("/zustaendigkeit/", method="POST", body=b"x" * (1024 * 1024 + 1))
    expect(reply.status == 413, f"{reply.status}")
    same_headers(reply, "413")
    expect("zu viel" in reply.body.decode(), "no helpful page")
    return "413 with the header set"


def reload_under_load(portal: Portal) -> str:
    """Ten reloads while visitors read: nobody gets an error."""
    stop = threading.Event()
    seen: list[int] = []
    failed: list[str] = []

    def visit() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            # Four who never rest would leave the new processes nothing of two cores; hundreds a second are enough.
            time.sleep(PAUSE)
            try:
                reply = portal.ask(f"/angebote/?alter={15 + number % 12}&n={number}")
                seen.append(reply.status)
            except (OSError, http.client.HTTPException) as error:
                failed.append(type(error).__name__)

    visitors = [threading.Thread(target=visit) for _one in range(4)]
    for visitor in visitors:
        visitor.start()
    try:
        for _time in range(RELOADS):
            before = {portal.service.main, *portal.workers()}
            portal.reload()
            kept = before & {portal.service.main, *portal.workers()}
            expect(not kept, f"{kept} are still there")
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join()
    bad = [status for status in seen if status != 200]
    expect(not failed and not bad, f"{len(failed)} without answer {set(failed)}, {len(bad)} with an error {set(bad)}")
    expect(len(seen) >= RELOADS * 4, f"only {len(seen)} answers")
    return f"{RELOADS} reloads, {len(seen)} answers, 0 failed"


def slow_visitors(portal: Portal) -> str:
    """Two hundred visitors who never finish their request do not keep the others waiting (F8)."""
    slow = []
    for _one in range(SLOW_VISITORS):
        link = socket.create_connection(("127.0.0.1", portal.http), timeout=10)
        link.sendall(b"POST /zustaendigkeit/ HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\nContent-Length: 900\r\n")
        slow.append(link)
    waits = []
    try:
        for number in range(40):
            begin = time.monotonic()
            expect(portal.ask(f"/anlaufstellen/?n={number}").status == 200, "a visitor got an error")
            waits.append(time.monotonic() - begin)
    finally:
        for link in slow:
            link.close()
    worst = sorted(waits)[int(len(waits) * 0.95) - 1]
    expect(worst < 0.5, f"p95 {worst * 1000:.0f} ms")
    return f"{SLOW_VISITORS} slow, p95 of the others {worst * 1000:.0f} ms"
