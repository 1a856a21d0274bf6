#!/usr/bin/env bash
# Writes .sqlx, what the checked queries need to compile without a database; with --check only compares. The crates are
# compiled once against a throw-away database with all migrations, and sqlx's macros leave their findings in a directory.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/postgres.sh
bindir=$(postgres_bindir) || { echo "no PostgreSQL found: run scripts/ensure-postgres.sh" >&2; exit 1; }

work=$(mktemp -d)
stop() {
    unprivileged "$bindir/pg_ctl" stop --silent --mode=immediate -D "$work/db/data" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

# The socket is private to the account that runs the server; root passes anyway.
chmod 711 "$work"
mkdir -m 700 "$work/db" "$work/found"
[ "$(id -u)" != 0 ] || chown "$(postgres_account)" "$work/db"
(
    cd /
    unprivileged "$bindir/initdb" -D "$work/db/data" --username=clientele --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --no-sync
    unprivileged "$bindir/pg_ctl" start --wait -D "$work/db/data" --log="$work/db/log" \
        -o "-c listen_addresses='' -c fsync=off -c unix_socket_directories='$work/db'"
) >"$work/start.log" 2>&1 || { cat "$work/start.log" "$work/db/log" >&2; exit 1; }

# sqlx and psql both read a socket's directory in the place of the host.
url() { echo "postgresql://clientele@${work//\//%2F}%2Fdb:5432/$1"; }
sql() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"; }
PATH="$bindir:$PATH"
export PGOPTIONS='-c client_min_messages=warning'
sql "$(url postgres)" --command='CREATE DATABASE clientele'
for migration in migrations/*.sql; do
    if head -n 1 "$migration" | grep -q '^-- no-transaction'; then
        sql "$(url clientele)" --file="$migration"
    else
        sql "$(url clientele)" --single-transaction --file="$migration"
    fi
done

# Every crate of the workspace is compiled once more; its dependencies are not.
touch src/*/mod.rs
SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$work/found" DATABASE_URL=$(url clientele) cargo build --locked --workspace --lib

if [ "${1:-}" = --check ]; then
    if ! diff -rq .sqlx "$work/found"; then
        echo ".sqlx is not in step with the queries and migrations: run make sqlx and commit the result" >&2
        exit 1
    fi
else
    rm -rf .sqlx
    mkdir .sqlx
    find "$work/found" -name 'query-*.json' -exec cp {} .sqlx/ \;
    echo ".sqlx: $(find .sqlx -name 'query-*.json' | wc -l | tr -d ' ') queries"
fi
