#!/bin/sh
# Templates: djade, then djhtml; both twice change nothing. Usage: sh tools/templates.sh check|format
set -eu
cd "$(dirname "$0")/.."
files=$(find templates */templates -name '*.html' 2>/dev/null | sort)
[ -n "$files" ] || exit 0
case "$1" in
format)
    .venv/bin/djade --target-version 5.2 $files || true
    .venv/bin/djhtml --tabwidth 2 $files || true
    ;;
check)
    status=0
    .venv/bin/djade --check --target-version 5.2 $files || status=1
    .venv/bin/djhtml --check --tabwidth 2 $files || status=1
    .venv/bin/djlint --lint --quiet --profile=django $files || status=1
    exit $status
    ;;
esac
