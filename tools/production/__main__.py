"""``make production-check``: the shipped set-up, started on loopback and looked at from outside.

``python -m tools.production [--only "TLS versions,form"]``. With DATABASE_URL set (``tools/postgres.sh run``
starts a throw-away PostgreSQL) it runs on that, else on SQLite. One line a check; ends with 1 when one fails.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

from tools.production import checks, grade, inside
from tools.production.checks import Wrong
from tools.production.setup import NotHere, Portal, prepare, running

CHECKS: tuple[tuple[str, Callable[[Portal], str]], ...] = (
    ("pages and headers", checks.every_page),
    ("back office", inside.back_office),
    ("host and scheme", checks.host_and_scheme),
    ("TLS versions", checks.protocols),
    ("TLS weaknesses", checks.testssl),
    ("grade", grade.grade),
    ("compression and tags", inside.compression),
    ("static files", inside.static_files),
    ("released change", inside.released_change),
    ("form", checks.form),
    ("too large", checks.too_large),
    ("error page", inside.broken_table),
    ("jobs and doctor", inside.jobs_and_doctor),
    ("figures", inside.figures),
    ("slow visitors", checks.slow_visitors),
    ("reload under load", checks.reload_under_load),
    ("logs", inside.logs),
    # The last one: nothing answers after it.
    ("portal away", inside.portal_away),
)


def main() -> int:
    """Prepare, start, check; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.production", description=__doc__)
    parser.add_argument("--only", default="", help="names of checks, with commas")
    only = [name.strip() for name in parser.parse_args().only.split(",") if name.strip()]
    unknown = set(only) - {name for name, _check in CHECKS}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    try:
        prepare()
    except NotHere as missing:
        print(missing, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    wrong = 0
    with running() as portal:
        for name, check in CHECKS:
            if only and name not in only:
                continue
            begin = time.monotonic()
            try:
                word, text = "ok", check(portal)
            except (Wrong, RuntimeError, OSError) as problem:
                word, text, wrong = "WRONG", f"{type(problem).__name__}: {problem}", wrong + 1
            print(f"{name:22} {word:6} {time.monotonic() - begin:5.1f} s  {text}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
