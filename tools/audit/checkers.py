"""The checkers that are programs of their own: Nu, html-validate, pa11y, stylelint, Lighthouse, Observatory."""

import json
import os
import re
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from tests.urls_under_test import PublicPage
from tools.audit.browser import ARGUMENTS, CHROMIUM, SCHEMES, WIDTHS, Result, source_file
from tools.audit.server import FOLDER, ROOT

NODE = ROOT / "node_modules"
LIMIT_SECONDS = 600
LIGHTHOUSE_MINIMUM = 99
LIGHTHOUSE_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# On Lighthouse's simulated slow phone: milliseconds until the largest part is drawn, shifts, blocked milliseconds.
# Goals: 1200, 0, 0. The two times depend on how busy this machine is, so they are printed and fail nothing.
VITALS = {
    "largest-contentful-paint": "LCP",
    "cumulative-layout-shift": "CLS",
    "total-blocking-time": "TBT",
    "total-byte-weight": "bytes",
}
MOST_SHIFT = 0
# Of a first visit on the wire, with headers. Not a matter of how busy the machine is.
MOST_BYTES = 60_000
# Lighthouse's clock is the wall clock: what one busy run sees is no finding, what three in a row see is one.
LIGHTHOUSE_TRIES = 3
# There is no TLS on loopback, so these two rules of the Observatory cannot pass here.
NEEDS_TLS = {"redirection", "strict-transport-security"}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def _failed(done: subprocess.CompletedProcess[str]) -> list[str]:
    """A checker that broke has checked nothing: that is a finding too."""
    return [f"the checker itself failed: {(done.stderr or done.stdout).strip()[-500:]}"]


def run_nu(pages: list[PublicPage]) -> Result:
    """The W3C's Nu checker over the saved sources: no errors."""
    begin = time.monotonic()
    files = [str(source_file(page)) for page in pages]
    jar = str(NODE / "vnu-jar" / "build" / "dist" / "vnu.jar")
    done = _run("java", "-jar", jar, "--errors-only", "--format", "json", "--exit-zero-always", *files)
    result = Result("Nu HTML checker", f"{len(files)} pages")
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        result.findings = _failed(done)
    else:
        for found in messages:
            name = found["url"].rsplit("/", 1)[-1]
            result.findings.append(f"{name}:{found.get('lastLine')} {found['message']} {found.get('extract', '')!r}")
    result.seconds = time.monotonic() - begin
    return result


def run_html_validate(pages: list[PublicPage]) -> Result:
    """html-validate over the saved sources: nothing."""
    begin = time.monotonic()
    files = [str(source_file(page)) for page in pages]
    # Into a file: what goes to a pipe is cut off when the program ends.
    output = FOLDER / "html-validate.json"
    program = str(NODE / ".bin" / "html-validate")
    done = _run(program, "--config", ".htmlvalidate.json", "--formatter", f"json={output}", *files)
    result = Result("html-validate", f"{len(files)} pages")
    try:
        reports = json.loads(output.read_text())
    except (ValueError, OSError):
        result.findings = _failed(done)
    else:
        for report in reports:
            name = report["filePath"].rsplit("/", 1)[-1]
            for found in report["messages"]:
                result.findings.append(f"{name}:{found['line']} {found['ruleId']}: {found['message']}")
    result.seconds = time.monotonic() - begin
    return result


def run_stylelint() -> Result:
    """stylelint over every style sheet: nothing."""
    begin = time.monotonic()
    done = _run(str(NODE / ".bin" / "stylelint"), "--formatter", "json", "static/css/**/*.css")
    files = json.loads(done.stderr or done.stdout or "[]")
    result = Result("stylelint", f"{len(files)} files")
    for file in files:
        name = file["source"].rsplit("/", 1)[-1]
        result.findings += [f"{name}:{found['line']} {found['text']}" for found in file["warnings"]]
    result.seconds = time.monotonic() - begin
    return result


def run_pa11y(address: str, pages: list[PublicPage]) -> Result:
    """pa11y (HTML_CodeSniffer, WCAG2AA) over every page in every view: no errors."""
    begin = time.monotonic()
    orders = [_order(address, page) for page in pages]
    result = Result("pa11y", f"{len(pages)} pages × {len(WIDTHS) * len(SCHEMES)} views")
    with ThreadPoolExecutor(len(WIDTHS)) as both:
        for findings in both.map(lambda width: _pa11y_at(width, orders), WIDTHS):
            result.findings += findings
    result.seconds = time.monotonic() - begin
    return result


def _pa11y_at(width: int, orders: list[dict[str, object]]) -> list[str]:
    plan = FOLDER / f"pa11y-{width}.json"
    view = {"width": width, "schemes": SCHEMES}
    plan.write_text(json.dumps({"chromium": CHROMIUM, "args": ARGUMENTS, "pages": orders, **view}))
    done = _run("node", "tools/audit/pa11y.mjs", str(plan))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    findings = [f"{row['name']} [{row['view']}] {row['code']}: {row['text']} at {row['at']}" for row in rows]
    return findings + (_failed(done) if done.returncode else [])


def _order(address: str, page: PublicPage) -> dict[str, object]:
    """Return what to ask for: GET, or POST with the token and the cookie of the form."""
    order: dict[str, object] = {"name": page.name, "url": address + page.path, "method": "GET"}
    if page.form is None:
        return order
    with urllib.request.urlopen(address + page.path, timeout=20) as answer:
        found = _TOKEN.search(answer.read().decode())
        cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
    token = {"csrfmiddlewaretoken": found[1]} if found else {}
    headers = {"Content-Type": "application/x-www-form-urlencoded", **({"Cookie": cookie} if cookie else {})}
    return {**order, "method": "POST", "body": urlencode({**page.form, **token}, doseq=True), "headers": headers}


def run_lighthouse(address: str, pages: list[PublicPage]) -> tuple[Result, dict[str, dict[str, int]]]:
    """Lighthouse, mobile: at least 99 in all four categories, nothing that shifts, 60 kB. Returns the figures too.

    A page with findings is measured again, and the best run counts.
    """
    begin = time.monotonic()
    result = Result("Lighthouse mobile", f"{len(pages)} pages")
    scores: dict[str, dict[str, int]] = {}
    for page in pages:
        findings, scores[page.name] = _best_of(LIGHTHOUSE_TRIES, address, page)
        result.findings += findings
    result.seconds = time.monotonic() - begin
    return result, scores


def _best_of(tries: int, address: str, page: PublicPage) -> tuple[list[str], dict[str, int]]:
    """Return the run with the fewest findings; the first without any ends it."""
    runs: list[tuple[list[str], dict[str, int]]] = []
    while len(runs) < tries and all(findings for findings, _scores in runs):
        runs.append(_lighthouse(address, page))
    # A run that broke has one finding and no figures: it is not better than one that saw two.
    return min(runs, key=lambda run: (not run[1], len(run[0])))


def _lighthouse(address: str, page: PublicPage) -> tuple[list[str], dict[str, int]]:
    report = FOLDER / f"lighthouse-{page.name}.json"
    done = _run(
        str(NODE / ".bin" / "lighthouse"),
        address + page.path,
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
        "--output=json",
        f"--output-path={report}",
        "--quiet",
        CHROME_PATH=CHROMIUM,
    )
    if done.returncode:
        return [f"{page.name}: {text}" for text in _failed(done)], {}
    data = json.loads(report.read_text())
    scores = {name: round(100 * (data["categories"][name]["score"] or 0)) for name in LIGHTHOUSE_CATEGORIES}
    low = {name: score for name, score in scores.items() if score < LIGHTHOUSE_MINIMUM}
    findings = [f"{page.name}: {name} {score}: {', '.join(_weak_audits(data, name))}" for name, score in low.items()]
    values = {name: data["audits"][audit].get("numericValue") for audit, name in VITALS.items()}
    scores |= {name: round(value) for name, value in values.items() if value is not None}
    if values["CLS"] is None or values["CLS"] > MOST_SHIFT:
        findings.append(f"{page.name}: CLS {values['CLS']}, at most {MOST_SHIFT}")
    if values["bytes"] is None or values["bytes"] > MOST_BYTES:
        findings.append(f"{page.name}: {values['bytes']} bytes, at most {MOST_BYTES}")
    return findings, scores


def _weak_audits(data: dict[str, dict], category: str) -> list[str]:
    weights = {row["id"]: row["weight"] for row in data["categories"][category]["auditRefs"]}
    return [key for key, weight in weights.items() if weight and (data["audits"][key]["score"] or 0) < 0.9]


def run_observatory(address: str) -> tuple[Result, dict[str, object]]:
    """Mozilla's Observatory rules: everything passes but what needs TLS."""
    begin = time.monotonic()
    result = Result("HTTP Observatory", "front page")
    # The list is fetched by an install script that does not run here; without TLS nothing reads it.
    preload = NODE / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json"
    if not preload.exists():
        preload.write_text("{}")
    done = _run(str(NODE / ".bin" / "mdn-http-observatory-scan"), address.removeprefix("http://"))
    try:
        data = json.loads(done.stdout)
        tests = data["tests"]
    except (ValueError, KeyError):
        result.findings = _failed(done)
        return result, {}
    failed = {name for name, test in tests.items() if not test["pass"]}
    result.findings = [f"{name}: {tests[name]['result']}" for name in sorted(failed - NEEDS_TLS)]
    result.seconds = time.monotonic() - begin
    return result, {"grade": data["scan"]["grade"], "score": data["scan"]["score"], "failed": sorted(failed)}
