#!/bin/sh
# F15: ten reloads under load. Usage: tests/faults/hup.sh [--db sqlite|pg]
cd "$(dirname "$0")/../.." && exec .venv/bin/python tests/faults/slow.py --only F15 "$@"
