#!/bin/sh
# Runs every check, side by side and also after one has failed, and says at the end which did.
# Usage: sh tools/lint.sh
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
packages="ruemsa_portal accounts directory offers counseling"
scratch=$(mktemp -d)
failed=$scratch/failed
touch "$failed"
trap 'rm -rf "$scratch"' EXIT

check() {
    name=$1
    shift
    begin=$(date +%s)
    if output=$("$@" 2>&1); then
        printf '  ok    %-22s %3d s\n' "$name" "$(($(date +%s) - begin))"
    else
        printf '  FAIL  %-22s\n%s\n' "$name" "$output"
        echo "$name" >>"$failed"
    fi
}

# Values as a public installation has them; the key is new on every run.
# On a database of its own: what a demo has sealed with its key is no fault of the settings.
in_production() {
    env DATABASE_URL="sqlite:///$scratch/check.sqlite3" PRODUCTION=1 DEBUG=0 BEHIND_PROXY=1 ALLOWED_HOSTS=portal.example.org \
        SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        ENQUIRY_KEYS="$($bin/python -c 'from accounts.keys import new_entry; print(new_entry("check"))')" "$@"
}

# A lock file with addresses names the machine it was made on.
no_addresses() {
    ! grep -nE 'https?://|--index-url|--find-links' requirements.txt requirements-dev.txt package.json &&
        ! git ls-files | grep -E '(^|/)(uv\.lock|pylock.*\.toml|package-lock\.json|yarn\.lock)$'
}

# Raw HTML may come from one module only: the cleaned Markdown of editors.
raw_html() {
    ! git grep -nE 'mark_safe|SafeString\(|\|safe\b|autoescape off' -- '*.py' '*.html' \
        ':!ruemsa_portal/templatetags/portal.py' ':!tests' ':!tools'
}

echo "== lint"
check "ruff check" $bin/ruff check --output-format concise . &
check "ruff format" $bin/ruff format --check --output-format concise . &
check "templates" sh tools/templates.sh check &
check "mypy" $bin/mypy $packages tools &
check "import contracts" $bin/lint-imports --no-cache &
check "migrations" env -u DATABASE_URL $bin/python manage.py makemigrations --check --dry-run &
check "additive migrations" env -u DATABASE_URL $bin/python -m tools.migrations &
check "check --deploy" in_production $bin/python -W error manage.py check --deploy --fail-level WARNING &
# B308, B703: the last check below binds mark_safe to one module. B310: ruff's S310 watches it outside tools/.
check "bandit" $bin/bandit -q -r -ll --skip B308,B703,B310 $packages tools &
check "no addresses in locks" no_addresses &
check "no raw HTML" raw_html &
wait

[ ! -s "$failed" ] || {
    echo "lint failed: $(paste -sd, "$failed")"
    exit 1
}
