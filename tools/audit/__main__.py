"""``make audit``: every kind of public page through every outside checker.

``python -m tools.audit [--only axe-core,pa11y] [--pages home,offers] [--fast]``. Ends with 1 when anything
is found. Sources, reports and ``summary.json`` lie in ``var/audit/``.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.urls_under_test import PAGES, PublicPage
from tools.audit import checkers
from tools.audit.browser import Result, run_axe
from tools.audit.server import FOLDER, prepare, serve

LIGHTHOUSE_PAGES = ("home", "offers", "offer", "finder", "contact-points", "contact-point")
SHOWN = 12


def main() -> int:
    """Run the checkers, print a table, write the summary; 1 when anything was found."""
    options = arguments()
    begin = time.monotonic()
    pages = [page for page in [*PAGES, *error_pages()] if page.is_html]
    if options.pages:
        pages = [page for page in pages if page.name in options.pages.split(",")]
    prepare()
    results, details = run(pages, options.only.split(",") if options.only else [])
    summary = {
        "seconds": round(time.monotonic() - begin),
        "pages": [page.name for page in pages],
        "tools": {r.tool: {"looked at": r.looked_at, "findings": r.findings, "seconds": r.seconds} for r in results},
        **details,
    }
    (FOLDER / "summary.json").write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    show(results, details)
    print(f"{sum(len(r.findings) for r in results)} findings in {summary['seconds']} s")
    return 1 if any(result.findings for result in results) else 0


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.audit", description=__doc__)
    parser.add_argument("--only", default="", help="names of checkers: axe, nu, html-validate, stylelint, pa11y, …")
    parser.add_argument("--pages", default="", help="names from tests/urls_under_test.py")
    return parser.parse_args()


def error_pages() -> list[PublicPage]:
    """Return the pages that only a failure shows."""
    kinds = {"400": 400, "403": 403, "403-form": 403, "404": 404, "429": 429, "500": 500, "503": 503}
    return [
        PublicPage(f"error-{kind}", f"/pruefung/{kind}/", "audit_fail", status=status) for kind, status in kinds.items()
    ]


def run(pages: list[PublicPage], only: list[str]) -> tuple[list[Result], dict[str, object]]:
    """Run the wanted checkers, all when none is named.

    pa11y waits half a second for each page, so the other checkers work beside it. Lighthouse
    measures time and runs alone.
    """
    details: dict[str, object] = {}

    def wanted(name: str) -> bool:
        return not only or name in only

    def others(address: str) -> Iterator[Result]:
        if wanted("axe") or wanted("nu") or wanted("html-validate"):  # the other two read what axe-core's run saves
            yield run_axe(address, pages)
        if wanted("nu"):
            yield checkers.run_nu(pages)
        if wanted("html-validate"):
            yield checkers.run_html_validate(pages)
        if wanted("stylelint"):
            yield checkers.run_stylelint()
        if wanted("observatory"):
            result, details["observatory"] = checkers.run_observatory(address)
            yield result

    with serve("example.sqlite3") as address, ThreadPoolExecutor(1) as beside:
        pa11y = [beside.submit(checkers.run_pa11y, address, pages)] if wanted("pa11y") else []
        results = [*others(address), *(running.result() for running in pa11y)]
    if wanted("lighthouse"):
        with serve("confirmed.sqlite3") as address:
            chosen = [page for page in pages if page.name in LIGHTHOUSE_PAGES]
            result, details["lighthouse"] = checkers.run_lighthouse(address, chosen)
            results.append(result)
    return results, details


def show(results: list[Result], details: dict[str, object]) -> None:
    """Print one line a checker, and the first findings of each."""
    print(f"\n{'checker':20} {'looked at':28} {'findings':>8} {'seconds':>8}")
    for result in results:
        print(f"{result.tool:20} {result.looked_at:28} {len(result.findings):8} {result.seconds:8.1f}")
    for name, value in details.items():
        print(f"{name}: {json.dumps(value)}")
    for result in results:
        for finding in result.findings[:SHOWN]:
            print(f"  {result.tool}: {finding}")
        if len(result.findings) > SHOWN:
            print(f"  {result.tool}: … and {len(result.findings) - SHOWN} more, see var/audit/summary.json")


if __name__ == "__main__":
    sys.exit(main())
