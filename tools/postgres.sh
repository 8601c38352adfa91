#!/bin/sh
# A throw-away PostgreSQL: own data folder, own free port, gone when the command ends.
# Usage: sh tools/postgres.sh available        exit 0 when a server is installed
#        sh tools/postgres.sh run COMMAND …    runs COMMAND with DATABASE_URL set
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")

case "${1:-}" in
available)
    [ -x "$bin/initdb" ] || {
        echo "PostgreSQL ist nicht installiert: Dieser Durchgang entfällt (Debian: apt-get install postgresql)." >&2
        exit 1
    }
    exit 0
    ;;
run) shift ;;
*)
    sed -n '2,4p' "$0" >&2
    exit 2
    ;;
esac

folder=$(mktemp -d /tmp/portal-postgres.XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# The server refuses to run as root; the distribution's package brings its own account.
as=""
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as="runuser -u postgres --"
fi

stop() {
    trap - EXIT INT TERM
    $as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'stop; exit 130' INT TERM

cd /
$as "$bin/initdb" -D "$folder/data" -U portal -E UTF8 --locale=C.UTF-8 -A trust >"$folder.log" 2>&1 || {
    cat "$folder.log" >&2
    exit 1
}
rm -f "$folder.log"
# Nothing here outlives the run, so no write has to reach the disk.
$as "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 30 start -o \
    "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
    >/dev/null || { cat "$folder/server.log" >&2; exit 1; }
$as "$bin/createdb" -h "$folder" -p "$port" -U portal portal
cd "$OLDPWD"

DATABASE_URL="postgres://portal@127.0.0.1:$port/portal"
export DATABASE_URL
echo "DATABASE_URL=$DATABASE_URL"
status=0
"$@" || status=$?
exit "$status"
