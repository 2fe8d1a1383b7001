#!/usr/bin/env bash
# Runs a command with real services beside it, and takes them away afterwards:
#
#     tests/with-services.sh COMMAND [ARGUMENT...]
#
# A fresh PostgreSQL listens on a free port of 127.0.0.1, with its files in a temporary folder; the command finds it in
# ROUNDHOUSE_TEST_POSTGRES_URL. With ROUNDHOUSE_TEST_WITH_REDIS=1 there is a Redis too, in ROUNDHOUSE_TEST_REDIS_URL.
# The command's exit code is passed on. Nested calls use the services of the outermost one.
set -euo pipefail

say() { printf 'with-services: %s\n' "$*" >&2; }
die() { say "$*"; exit 69; }

if [ $# -eq 0 ]; then
  printf 'usage: %s COMMAND [ARGUMENT...]\n' "$0" >&2
  exit 64
fi

want_redis=${ROUNDHOUSE_TEST_WITH_REDIS:-0}
if [ -n "${ROUNDHOUSE_TEST_POSTGRES_URL:-}" ] && { [ "$want_redis" != 1 ] || [ -n "${ROUNDHOUSE_TEST_REDIS_URL:-}" ]; }; then
  exec "$@"
fi

# Debian keeps the server's programs out of PATH, one folder a version; the newest is taken.
find_postgres() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      printf '%s\n' "$folder"
      return
    fi
  done
  if command -v initdb >/dev/null && command -v postgres >/dev/null; then
    dirname "$(command -v initdb)"
  fi
}

postgres_bin=$(find_postgres)
[ -n "$postgres_bin" ] || die 'PostgreSQL is missing: install it with "apt-get install postgresql-15" (or run make test, which does)'
if [ "$want_redis" = 1 ]; then
  command -v redis-server >/dev/null || die 'Redis is missing: install it with "apt-get install redis-server" (or run make test, which does)'
fi

# PostgreSQL refuses to run as root.
as_service=()
service_user=
if [ "$(id -u)" = 0 ]; then
  for service_user in postgres nobody; do
    if id "$service_user" >/dev/null 2>&1; then break; fi
  done
  as_service=(setpriv "--reuid=$service_user" "--regid=$(id -g "$service_user")" --clear-groups --)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/roundhouse-services.XXXXXX")
postgres_pid=
redis_pid=
command_pid=

stop() { # pid signal
  [ -n "$1" ] || return 0
  kill "-$2" "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# The command with everything that it started.
stop_command() {
  [ -n "$command_pid" ] || return 0
  kill -TERM -- "-$command_pid" 2>/dev/null || true
  for _ in $(seq 50); do
    kill -0 -- "-$command_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$command_pid" 2>/dev/null || true
}

cleanup() {
  trap '' INT TERM HUP
  stop_command
  # SIGINT is PostgreSQL's fast shutdown: it ends the sessions that are left.
  stop "$postgres_pid" INT
  stop "$redis_pid" TERM
  rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Becomes the service. Its user may have no right to look into the folder that this script was called from.
service() {
  cd "$folder"
  exec "${as_service[@]}" "$@"
}

free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 30000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return
    fi
  done
  die 'no free port was found'
}

answers() { # port
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start_postgres() {
  local try port
  printf 'roundhouse\n' >"$folder/password"
  chmod 644 "$folder/password"
  (service "$postgres_bin/initdb" --pgdata="$folder/postgres" --username=roundhouse --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync) >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; die 'initdb failed'; }
  # Another process may take the port between the look and the start.
  for try in 1 2 3 4 5; do
    port=$(free_port)
    service "$postgres_bin/postgres" -D "$folder/postgres" -p "$port" \
      -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$folder" -c fsync=off -c synchronous_commit=off \
      -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB >"$folder/postgres.log" 2>&1 &
    postgres_pid=$!
    for _ in $(seq 300); do
      if "$postgres_bin/pg_isready" --quiet --host=127.0.0.1 --port="$port" --username=roundhouse; then
        export ROUNDHOUSE_TEST_POSTGRES_URL="postgres://roundhouse:roundhouse@127.0.0.1:$port/postgres"
        return
      fi
      kill -0 "$postgres_pid" 2>/dev/null || break
      sleep 0.1
    done
    stop "$postgres_pid" INT
    postgres_pid=
    say "PostgreSQL did not start on port $port (try $try)"
  done
  cat "$folder/postgres.log" >&2
  die 'PostgreSQL did not start'
}

start_redis() {
  local port
  port=$(free_port)
  service redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save '' --appendonly no >"$folder/redis.log" 2>&1 &
  redis_pid=$!
  for _ in $(seq 100); do
    if answers "$port"; then
      export ROUNDHOUSE_TEST_REDIS_URL="redis://127.0.0.1:$port/0"
      return
    fi
    kill -0 "$redis_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$folder/redis.log" >&2
  die 'Redis did not start'
}

# The folder of the services must be theirs, and nobody else's.
chmod 700 "$folder"
if [ -n "$service_user" ]; then chown "$service_user:" "$folder"; fi

if [ -z "${ROUNDHOUSE_TEST_POSTGRES_URL:-}" ]; then start_postgres; fi
if [ "$want_redis" = 1 ] && [ -z "${ROUNDHOUSE_TEST_REDIS_URL:-}" ]; then start_redis; fi

# In the background, so that a signal to this script is acted on at once, and in a process group of its own, so that it
# can be ended as a whole. Such a group may not read from a terminal.
if [ -t 0 ]; then exec </dev/null; fi
set -m
"$@" <&0 &
command_pid=$!
set +m
code=0
wait "$command_pid" || code=$?
command_pid=
exit "$code"
