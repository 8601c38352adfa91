"""How fast the lists of the back office are with 100 rows and with a full installation, and the first page.

Usage: python bench/admin_lists.py [--times N] [--roles TKE]. Builds its own SQLite database from the region
folder, once small and once full. Exit code 1 when a goal is missed: a list ≤ 12 queries in both and at most
twice as slow in the full one, the queue ≤ 15 queries.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory()
os.environ["DJANGO_SETTINGS_MODULE"] = "ruemsa_portal.settings"
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/bench.sqlite3"
os.environ["DEBUG"] = "0"
os.environ["STATIC_ROOT"] = f"{FOLDER.name}/static"

from accounts.keys import new_entry  # noqa: E402

os.environ["ENQUIRY_KEYS"] = new_entry("bench")  # second factors are sealed

import django  # noqa: E402 the settings come first

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.crowd import LARGE, SMALL, fill  # noqa: E402
from directory.models import Agency  # noqa: E402
from tests.factories.accounts import log_in, staff  # noqa: E402

LIST_QUERIES, QUEUE_QUERIES, TIMES_SLOWER = 12, 15, 2.0
# Below this a difference is noise of the machine.
FLOOR_MS = 5.0
NAMES = {"T": "technician", "K": "coordinator", "E": "editor"}
Measured = dict[tuple[str, str], tuple[int, float]]


def clients(letters: str) -> dict[str, Client]:
    """Return a browser for each role, each logged in; the editor works for the first agency."""
    found = {}
    for letter in letters:
        if letter == "T":
            user = staff("bench-T", is_superuser=True)
        elif letter == "E":
            user = staff("bench-E", agency=Agency.objects.filter(slug__startswith="menge-").earliest("slug"))
        else:
            user = staff(f"bench-{letter}", role=NAMES[letter])
        found[letter] = log_in(Client(SERVER_NAME="127.0.0.1"), user)
    return found


def addresses() -> dict[str, str]:
    """Return every change list by name, and the pages that show the queue."""
    lists = {
        model._meta.label: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }
    return {
        **lists,
        "Warteschlange": reverse("admin:index"),
        "Warteschlange nach Stellen": reverse("admin:queue_counts"),
    }


def measure(browsers: dict[str, Client], times: int, sizes: Sequence[str]) -> list[Measured]:
    """Return for each size (role, page) → (queries, median in ms) of every page the role may open.

    ``sizes`` are the files of the SQLite databases; each page is asked in all of them by turns, and with the
    time of this process alone, so that what else the machine does falls on all of them alike.
    """
    found: list[Measured] = [{} for _size in sizes]
    for letter, client in browsers.items():
        for name, address in addresses().items():
            for measured, size in zip(found, sizes, strict=True):
                use(size)
                if client.get(address).status_code == 200:
                    with CaptureQueriesContext(connection) as queries:
                        client.get(address)
                    measured[letter, name] = (len(queries), 0.0)
            took: list[list[float]] = [[] for _size in sizes]
            for _time in range(times if (letter, name) in found[0] else 0):
                for times_here, size in zip(took, sizes, strict=True):
                    use(size)
                    client.get(reverse("admin:account"))  # opens the database
                    started = process_time()
                    client.get(address)
                    times_here.append((process_time() - started) * 1000)
            for measured, times_here in zip(found, took, strict=True):
                if times_here:
                    measured[letter, name] = (measured[letter, name][0], statistics.median(times_here))
    return found


def use(file: str) -> None:
    """Go on with another SQLite file."""
    if connection.settings_dict["NAME"] != file:
        connection.close()
        connection.settings_dict["NAME"] = file


def report(small: Measured, large: Measured) -> bool:
    """Print one line a page; say whether every goal holds."""
    good = True
    print(f"{'':2} {'page':36} {'queries':>9} {'ms 100':>8} {'ms full':>8} {'ratio':>6}")
    for (letter, name), (queries, took) in sorted(large.items()):
        few_queries, few = small.get((letter, name), (queries, took))
        ratio = max(took, FLOOR_MS) / max(few, FLOOR_MS)
        most = QUEUE_QUERIES if name.startswith("Warteschlange") else LIST_QUERIES
        held = max(queries, few_queries) <= most and (ratio <= TIMES_SLOWER or name.startswith("Warteschlange"))
        good = good and held
        mark = "" if held else "  <-- missed"
        print(f"{letter:2} {name:36} {few_queries:>3} → {queries:>3} {few:>8.1f} {took:>8.1f} {ratio:>6.2f}{mark}")
    return good


def cache_templates() -> None:
    """Parse every template once, as in service."""
    template_options = settings.TEMPLATES[0]["OPTIONS"]
    if isinstance(template_options["loaders"][0], str):
        template_options["loaders"] = [("django.template.loaders.cached.Loader", template_options["loaders"])]


def main() -> int:
    """Fill, measure, fill more, measure again; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7, help="requests per page")
    parser.add_argument("--roles", default="TKE", help="whose pages: T technician, K coordination, E editor")
    options = parser.parse_args()
    call_command("collectstatic", "--no-input", verbosity=0)
    cache_templates()
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    on = timezone.localdate()
    call_command("migrate", verbosity=0)
    call_command("load_region", str(settings.REGION_DIR), verbosity=0)
    call_command("load_rules", str(settings.REGION_DIR), verbosity=0)
    fill(SMALL, on=on)
    browsers = clients(options.roles)
    large = str(connection.settings_dict["NAME"])
    small = f"{FOLDER.name}/small.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("VACUUM INTO %s", [small])
    fill(LARGE, on=on)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    good = report(*measure(browsers, options.times, [small, large]))
    connection.close()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
