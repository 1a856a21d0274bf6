# Sourced by the other scripts: where PostgreSQL's programs are, and how to run them when we are root.

# Prints the directory that holds `initdb` and `postgres`; the server's own search is in src/platform/db/embedded/locate.rs.
postgres_bindir() {
    local dir
    if [ -n "${PG_BINDIR:-}" ]; then
        is_recent_postgres "$PG_BINDIR" && echo "$PG_BINDIR"
        return
    fi
    for dir in \
        "$(dirname "$(readlink -f "$(command -v postgres || echo /none/postgres)")")" \
        $(ls -d /usr/lib/postgresql*/*/bin /usr/lib/postgresql*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
            /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin 2>/dev/null | sort -rV); do
        if is_recent_postgres "$dir"; then
            echo "$dir"
            return
        fi
    done
    return 1
}

# Version 15 or newer, with the extension the schema needs where that can be told.
is_recent_postgres() {
    local version
    [ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
    version=$("$1/postgres" --version | sed -E 's/^[^)]*\) ([0-9]+).*/\1/')
    [ "$version" -ge 15 ] 2>/dev/null || return 1
    [ ! -x "$1/pg_config" ] || [ -e "$("$1/pg_config" --sharedir)/extension/btree_gist.control" ]
}

# The account that runs PostgreSQL in place of root, which it refuses.
postgres_account() {
    if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

# Runs a command, as that account if we are root.
unprivileged() {
    if [ "$(id -u)" = 0 ]; then
        su -s /bin/sh -c 'exec "$@"' -- "$(postgres_account)" sh "$@"
    else
        "$@"
    fi
}
