#!/bin/sh
# Creates .venv and installs one pinned, hashed requirements file into it.
# Does nothing when the very same file was installed before.
# Usage: [PYTHON=python3.12] sh tools/environment.sh requirements.txt
set -eu
requirements=$1
cd "$(dirname "$0")/.."

if ! .venv/bin/python -c '' 2>/dev/null; then
    python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
        echo "Python 3.11 oder neuer fehlt. Installieren, oder nennen: make PYTHON=/pfad/zu/python3.12 …" >&2
        exit 1
    }
    "$python" -m venv --clear .venv || {
        echo "Das Modul venv fehlt (Debian: apt-get install python3-venv)." >&2
        exit 1
    }
fi

wanted=$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$requirements")
stamp=.venv/installed-$(basename "$requirements" .txt)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "== installing $requirements into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
    echo "$wanted" > "$stamp"
fi
