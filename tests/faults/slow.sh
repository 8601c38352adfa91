#!/bin/sh
# F8: slow visitors. Usage: tests/faults/slow.sh [--db sqlite|pg]
cd "$(dirname "$0")/../.." && exec .venv/bin/python tests/faults/slow.py --only F8 "$@"
