#!/bin/sh
# F14: the last copy put back on a new database. Usage: tests/faults/restore.sh [--db sqlite|pg]; without: both databases
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] && exec .venv/bin/python tests/faults/restore.py "$@"
.venv/bin/python tests/faults/restore.py --db sqlite && exec .venv/bin/python tests/faults/restore.py --db pg
