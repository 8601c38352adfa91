"""The grade that Mozilla's HTTP Observatory gives the running set-up."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tools.production.checks import expect
from tools.production.setup import FOLDER, HOST, ROOT, Portal

OBSERVATORY = ROOT / "node_modules" / "@mdn" / "mdn-http-observatory"
BEST = "A+"


def grade(portal: Portal) -> str:
    """A+, every rule passes: over TLS, with the certificate of this run as the only one that is trusted."""
    node = shutil.which("node")
    if node is None or not OBSERVATORY.exists():
        expect(os.environ.get("CI") != "true", "Node oder node_modules fehlt (make node_modules/.installed)")
        return "not installed, left out"
    preload = OBSERVATORY / "conf" / "hsts-preload.json"
    if not preload.exists():  # fetched by an install script that does not run here
        preload.write_text("{}", encoding="utf-8")
    script = Path(__file__).with_name("observatory.mjs")
    done = subprocess.run(
        [node, str(script), HOST, str(portal.http), str(portal.https)],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(FOLDER / "fullchain.pem")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    expect(done.returncode == 0 and bool(done.stdout), f"no answer: {done.stderr[-300:]}")
    said = json.loads(done.stdout)
    failed = {name: rule["result"] for name, rule in said["rules"].items() if not rule["pass"]}
    expect(not failed and said["grade"] == BEST, f"{said['grade']} {said['score']}: {failed}")
    return f"{said['grade']}, {said['score']} points, {len(said['rules'])} of {len(said['rules'])} rules pass"
