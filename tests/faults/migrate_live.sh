#!/bin/sh
# F13: the code before serves on the new schema. Usage: tests/faults/migrate_live.sh [--db sqlite|pg]; without: both databases
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] && exec .venv/bin/python tests/faults/migrate_live.py "$@"
.venv/bin/python tests/faults/migrate_live.py --db sqlite && exec .venv/bin/python tests/faults/migrate_live.py --db pg
