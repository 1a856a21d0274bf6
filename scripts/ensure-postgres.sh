#!/usr/bin/env bash
# Makes sure of PostgreSQL's programs, version 15 or newer: uses what is there, else installs the distribution's package
# where it may. No system-wide server is left running: the embedded database runs its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/postgres.sh

if bindir=$(postgres_bindir); then
    echo "PostgreSQL: $bindir"
    exit 0
fi

give_up() {
    cat >&2 <<EOF
$1 One of these helps:
  - install PostgreSQL 15 or newer with its contrib extensions
      Debian, Ubuntu  apt-get install postgresql          Fedora  dnf install postgresql-server postgresql-contrib
      Alpine          apk add postgresql postgresql-contrib postgresql-client     macOS   brew install postgresql@17
  - set PG_BINDIR to the directory that holds its initdb and postgres
EOF
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

# Debian's package would make and start a cluster of its own.
install_debian() {
    local no_cluster=/etc/postgresql-common/createcluster.d/clientele.conf
    as_root mkdir -p "$(dirname "$no_cluster")"
    echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
    as_root rm -f "$no_cluster"
}

[ -z "${PG_BINDIR:-}" ] || give_up "PG_BINDIR ($PG_BINDIR) holds no PostgreSQL 15 or newer."

echo "Installing PostgreSQL ..." >&2
if [ "$(uname)" = Darwin ] && command -v brew >/dev/null; then
    brew install --quiet postgresql@17
elif ! may_install; then
    give_up "PostgreSQL 15 or newer is missing, and this user may not install it."
elif command -v apt-get >/dev/null; then
    install_debian
elif command -v dnf >/dev/null; then
    as_root dnf install -y -q postgresql-server postgresql-contrib
elif command -v apk >/dev/null; then
    as_root apk add -q postgresql postgresql-contrib postgresql-client
else
    give_up "PostgreSQL 15 or newer is missing, and this system's package manager is not known here."
fi

bindir=$(postgres_bindir) || give_up "The package of this system does not provide PostgreSQL 15 or newer."
echo "PostgreSQL: $bindir"
