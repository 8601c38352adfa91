"""What must hold for the running set-up and needs a hand inside: staff at work, a release, jobs, logs, an accident."""

import gzip
import json
import os
import re
import signal
import threading
import time
from pathlib import Path

import brotli

from tests.urls_under_test import POINT
from tools.production.checks import expect, same_headers
from tools.production.setup import FOLDER, HOST, STAFF, Portal, Reply, manage

PAGE = f"/anlaufstellen/{POINT}/"
# A change takes the way of the back office: proposed on the item, then released by somebody who may.
RELEASE = """
import time
from django.utils import timezone
from accounts.models import User
from directory.editorial.changes import propose
from directory.editorial.releasing import release, seen
from directory.models import ContactPoint
at = timezone.now()
who = User.objects.get_or_create(username="pruefung", defaults={{"is_staff": True, "is_superuser": True}})[0]
point = ContactPoint.objects.get(slug={slug!r})


def edit(row):
    row.name = {name!r}
    row.phones.update(number="+4939047240001")  # the county's data have numbers for examples, which stop a release


change = propose(point, edit=edit, by=who, origin="form", at=at)
looked = [seen(point, change)]
release(change, by=who, at=at, on=timezone.localdate(at), reason="Prüfung der Installation", previewed=looked)
print(time.time())
"""
# Somebody who has shown both factors; prints the session and every address of the back office without arguments.
ENTER = """
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from accounts.models import User
from ruemsa_portal.overview import TABLES
from tests.factories.accounts import log_in
who = User.objects.get_or_create(username="technik", defaults={"is_staff": True, "is_superuser": True})[0]
print(log_in(Client(), who).session.session_key)
resolver = get_resolver().namespace_dict["admin"][1]
for name in sorted(key for key in resolver.reverse_dict if isinstance(key, str)):
    try:
        print(reverse(f"admin:{name}"))
    except NoReverseMatch:
        pass
for name in TABLES:
    print(reverse("admin:overview_download", args=[name]))
"""
# Links are in the hands of others; a check that needs them would say nothing about us.
NO_LINKS = """
from django.utils import timezone
from accounts.models import JobRun
JobRun.objects.get_or_create(name="check_links", defaults={"began_at": timezone.now(), "done_at": timezone.now()})
"""
TABLE = """
from django.db import connection
connection.cursor().execute("ALTER TABLE {0} RENAME TO {1}")
"""


def _direct(portal: Portal, path: str, **headers: str) -> Reply:
    return portal.ask_plain(path, port=portal.gunicorn, X_Forwarded_Proto="https", Host=HOST, **headers)


def compression(portal: Portal) -> str:
    """Pages come compressed to who asks, with a strong tag of their own; the same again costs a 304."""
    plain, packed = portal.ask("/angebote/"), portal.ask("/angebote/", Accept_Encoding="gzip, br")
    encoding = packed.headers.get("content-encoding")
    expect(encoding in (["gzip"], ["br"]), f"{packed.headers}")
    body = gzip.decompress(packed.body) if encoding == ["gzip"] else brotli.decompress(packed.body)
    expect(body == plain.body, "the packed page is another one")
    tags = [reply.headers["etag"][0] for reply in (plain, packed)]
    expect(tags[0] != tags[1] and all(tag.startswith('"') for tag in tags), f"tags {tags}")
    for again in (
        portal.ask("/angebote/", Accept_Encoding="gzip, br", If_None_Match=tags[1]),
        _direct(portal, "/angebote/", Accept_Encoding="gzip, br", If_None_Match=tags[1]),
    ):
        expect((again.status, again.body) == (304, b""), f"again: {again.status}")
    other = portal.ask("/angebote/", If_None_Match='"anders"')
    expect(other.status == 200, f"another tag: {other.status}")
    return f"{len(plain.body)} bytes plain, {len(packed.body)} as {(encoding or ['?'])[0]}, strong tags, 304 again"


def static_files(portal: Portal) -> str:
    """Files have their hash in the name, may be kept for ever and lie packed in both ways on the disk."""
    page = portal.ask("/").body.decode()
    paths = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    expect(bool(paths), "no static file in the page")
    sizes = {"": 0, "gzip": 0, "br": 0}
    for path in paths:
        for wanted in sizes:
            # As browsers say it: who unpacks brotli unpacks gzip too.
            says = "gzip, deflate, br" if wanted == "br" else wanted or "identity"
            reply = portal.ask(path, Accept_Encoding=says)
            expect(reply.status == 200, f"{path}: {reply.status}")
            expect("immutable" in reply.headers["cache-control"][0], f"{path}: {reply.headers['cache-control']}")
            encoding = reply.headers.get("content-encoding", [""])[0]
            expect(encoding == wanted, f"{path}: asked for {wanted or 'plain'}, got {encoding or 'plain'}")
            expect(reply.headers.get("vary") == ["Accept-Encoding"], f"{path}: Vary {reply.headers.get('vary')}")
            same_headers(reply, path)
            sizes[wanted] += len(reply.body)
    return f"{len(paths)} files: {sizes['']} bytes plain, {sizes['gzip']} gzip, {sizes['br']} brotli"


def released_change(portal: Portal) -> str:
    """What staff release is in the next answer of every worker, and after at most a second at nginx."""
    workers = portal.workers()
    expect(len(workers) == 2, f"{len(workers)} workers")
    for worker in workers:
        with portal.only(worker):
            first, kept = _direct(portal, PAGE), _direct(portal, PAGE)
            expect(first.status == 200 and first.body == kept.body, f"worker {worker}: {first.status}")
    name = f"Haus Nummer {time.time_ns()}"
    stop, old = threading.Event(), [0.0]

    def visit() -> None:
        # Visitors keep the old page warm at nginx until they see the new one.
        while not stop.is_set():
            asked = time.time()
            if name in portal.ask(PAGE).body.decode():
                return
            old[0] = asked

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        said = manage("shell", "--verbosity=0", "-c", RELEASE.format(slug=POINT, name=name))
        for worker in workers:
            with portal.only(worker):
                expect(name in _direct(portal, PAGE).body.decode(), f"worker {worker} showed the old page")
        visitor.join(timeout=3)
    finally:
        stop.set()
        visitor.join()
    age = old[0] - float(said.split()[-1])
    expect(age <= 1, f"nginx showed the old page {age:.2f} s after the release")
    expect(name in portal.ask(PAGE).body.decode(), "nginx still shows the old page")
    return f"next answer of each of {len(workers)} workers, the last old one at nginx after {max(0.0, age):.2f} s"


def back_office(portal: Portal) -> str:
    """Every page and export for staff carries the header set, is kept by nobody and breaks nowhere."""
    session, *paths = manage("shell", "--verbosity=0", "-c", ENTER).split()
    seen: dict[int, int] = {}
    for path in [*paths, "/admin/gibt-es-nicht/"]:
        reply = portal.ask(path, Cookie=f"__Host-sessionid={session}")
        expect(reply.status < 500, f"{path}: {reply.status}")
        same_headers(reply, path)
        kept_by_nobody = reply.headers.get("cache-control", [""])[0]
        expect("no-store" in kept_by_nobody or reply.status in (301, 302), f"{path}: Cache-Control {kept_by_nobody}")
        seen[reply.status] = seen.get(reply.status, 0) + 1
    expect(seen.get(200, 0) > len(paths) / 2, f"hardly anything opened: {seen}")
    return f"{len(paths) + 1} addresses, answers {seen}"


def broken_table(portal: Portal) -> str:
    """An error of the program shows a page with a way on, the header set, and nothing about itself."""
    names = ("directory_contactpoint", "away_for_a_moment")
    path = f"/anlaufstellen/noch-nie-gefragt-{time.time_ns()}/"
    manage("shell", "--verbosity=0", "-c", TABLE.format(*names))
    try:
        reply = portal.ask(path)
    finally:
        manage("shell", "--verbosity=0", "-c", TABLE.format(*reversed(names)))
    expect(reply.status in (500, 503), f"{reply.status}")
    same_headers(reply, "error page")
    text = reply.body.decode()
    expect('href="/' in text, "no way on")
    expect(not re.search(r"Traceback|contactpoint|psycopg|sqlite", text), "the page tells what broke")
    time.sleep(1.1)  # longer than nginx keeps anything
    expect(portal.ask(path).status == 404, "does not come back")
    return f"{reply.status} with the header set, fine again afterwards"


def jobs_and_doctor(portal: Portal) -> str:
    """What runs by itself runs, a copy lies there, and the doctor finds nothing that must be mended."""
    manage("shell", "--verbosity=0", "-c", NO_LINKS)
    ran = manage("run_jobs").split()
    expect("backup" in ran and "purge" in ran, f"ran {ran}")
    copies = list((FOLDER / "copies").iterdir())
    expect(len(copies) == 1 and copies[0].stat().st_mode & 0o777 == 0o600, f"copies {copies}")
    said = manage("doctor")
    expect("!!" not in said, said)
    return f"{len(ran)} jobs, copy of {copies[0].stat().st_size} bytes, doctor: {said.count('ok ')} fine"


def figures(portal: Portal) -> str:
    """The figures add up over both workers, through nginx as well, and name nobody."""
    begin = _live_count(portal)
    for worker in portal.workers():
        with portal.only(worker):
            for _three in range(3):
                _direct(portal, "/health/live")
            # Who answers writes its own down; the other one did so the same way.
            _live_count(portal)
    end = _live_count(portal)
    expect(end - begin == 6, f"{end - begin} instead of 6")
    # nginx says who asks, whatever a visitor claims.
    claimed = portal.ask("/health/metrics", X_Real_IP=STAFF)
    expect(claimed.status == 404, f"from elsewhere: {claimed.status}")
    return "6 of 6 requests counted, 404 from elsewhere"


def _live_count(portal: Portal) -> int:
    text = _direct(portal, "/health/metrics", X_Real_IP=STAFF).body.decode()
    expect(not re.search(r"\d+\.\d+\.\d+\.\d+", text), "an address in the figures")
    found = re.search(r'portal_requests_total\{view="health_live",status="200"\} (\d+)', text)
    return int(found.group(1)) if found else 0


def logs(portal: Portal) -> str:
    """No line of any log holds an address, a query string or what a form said."""
    portal.ask("/angebote/?q=Kanarienvogel", Referer="https://kanarienvogel.example/", User_Agent="Kanarienvogel")
    lines = 0
    for path in (FOLDER / "gunicorn.log", FOLDER / "portal.log", FOLDER / "portal-error.log"):
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        bad = re.search(r"(?i)kanarienvogel|csrf\w*=|alter=|\d+\.\d+\.\d+\.\d+|\?", text)
        expect(bad is None, f"{path.name}: {text[max(0, bad.start() - 60) : bad.end() + 60] if bad else ''}")
        lines += text.count("\n")
    for line in Path(FOLDER / "gunicorn.log").read_text(encoding="utf-8").splitlines():
        expect(set(json.loads(line)) >= {"time", "level", "logger", "message"}, line)
    return f"{lines} lines"


def portal_away(portal: Portal) -> str:
    """Without the portal nginx says so itself, with the same headers and the numbers that help."""
    os.kill(portal.service.main, signal.SIGTERM)
    for _try in range(80):
        reply = portal.ask(f"/?n={time.time_ns()}")
        if reply.status != 200:
            break
        time.sleep(0.25)
    expect(reply.status == 503, f"{reply.status}")
    same_headers(reply, "503")
    expect("116 111" in reply.body.decode(), "no helpful page")
    return "503 with the header set"
