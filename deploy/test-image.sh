#!/usr/bin/env bash
# Builds the container image and tries it out: deploy/test-image.sh [BINARY]
#
# The image takes BINARY (by default the release build) as it is; with BUILD_IMAGE set, it is compiled in that image
# instead. BASE_IMAGE is what it stands on; by default a Debian made here by debootstrap, so that nothing is pulled.
# Without a Docker engine that answers, one is started and stopped again, in a folder of its own; this needs root, and
# installs Debian's docker.io and debootstrap where they are missing. Where no engine can be had, the test is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:-${CARGO_TARGET_DIR:-target}/release/roundhouse}
cache=$HOME/.cache/roundhouse
work=$(mktemp -d)
image=roundhouse:test
name=roundhouse-test-$$
volume=$name
engine_pid=
# Made anew each time: nothing here is worth keeping.
access_key=sk-test-$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
email=admin@example.com
password=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')

say() { printf '== %s\n' "$*"; }

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  docker logs --tail 40 "$name" >&2 2>/dev/null || true
  exit 1
}

skip() {
  printf 'skipped: %s\n' "$*"
  exit 0
}

clean_up() {
  local status=$?
  trap - EXIT
  if docker version >/dev/null 2>&1; then
    docker rm --force "$name" >/dev/null 2>&1 || true
    docker volume rm "$volume" >/dev/null 2>&1 || true
  fi
  if [ -n "$engine_pid" ]; then
    kill "$engine_pid" 2>/dev/null || true
    wait "$engine_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
  exit $status
}
trap clean_up EXIT

# until_true SECONDS COMMAND...: tries a few times a second.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return
    sleep 0.2
  done
}

engine_answers() { docker version >/dev/null 2>&1; }

start_engine() {
  [ "$(id -u)" = 0 ] || skip "no Docker engine answers, and only root can start one"
  deploy/need.sh docker=docker.io dockerd=docker.io || skip "Docker is not installed and cannot be"
  say "starting a Docker engine"
  export DOCKER_HOST=unix://$work/docker.sock
  dockerd --host "$DOCKER_HOST" --data-root "$work/docker" --exec-root "$work/exec" --pidfile "$work/docker.pid" \
    >"$work/dockerd.log" 2>&1 &
  engine_pid=$!
  until_true 30 engine_answers && return
  tail -n 5 "$work/dockerd.log" >&2
  skip "the Docker engine does not start on this machine"
}

# Docker's client builds with BuildKit by a plug-in; the one that Debian 12 packages brings it along.
build() {
  if docker buildx version >/dev/null 2>&1; then
    docker buildx build --load "$@"
    return
  fi
  local client
  for client in docker /usr/bin/docker; do
    DOCKER_BUILDKIT=1 "$client" build --help 2>/dev/null | grep -q -- --secret || continue
    DOCKER_BUILDKIT=1 "$client" build "$@"
    return
  done
  fail "BuildKit is missing: install the package docker-buildx"
}

make_base_image() {
  local archive=$cache/debian-bookworm.tar
  if [ ! -e "$archive" ]; then
    deploy/need.sh debootstrap=debootstrap || fail "debootstrap is needed to make a base image; or set BASE_IMAGE"
    say "making a base image with debootstrap"
    debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base" >"$work/debootstrap.log" ||
      { tail -n 5 "$work/debootstrap.log" >&2; fail "debootstrap"; }
    mkdir -p "$cache"
    tar --create --directory "$work/base" --exclude './var/cache/apt/archives/*.deb' --file "$archive.part" .
    mv "$archive.part" "$archive"
  fi
  docker import "$archive" roundhouse-base:bookworm >/dev/null
}

build_image() {
  local context=. source=(--build-arg "BUILD_IMAGE=${BUILD_IMAGE:-}")
  if [ -z "${BUILD_IMAGE:-}" ]; then
    [ -x "$binary" ] || fail "no binary at $binary: run 'make build' first, or set BUILD_IMAGE"
    context=$work/context
    source=(--build-arg BINARY=prebuilt --build-arg BUILD_IMAGE=scratch)
    install -D "$binary" "$context/roundhouse"
  fi
  say "building the image"
  build --quiet --tag "$image" --file Dockerfile --build-arg "BASE_IMAGE=${BASE_IMAGE:-roundhouse-base:bookworm}" \
    --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" "${source[@]}" "$context"
}

# run OPTION...: starts the container as compose.yaml does, and waits until its own health check says it is well.
run() {
  docker run --detach --name "$name" --volume "$volume:/data" --publish 127.0.0.1::8080 --read-only --tmpfs /tmp \
    --cap-drop ALL --security-opt no-new-privileges:true --health-interval 1s "$@" "$image" >/dev/null
  until_true 60 is_healthy || fail "the container did not get healthy: $(health)"
  url=http://$(docker port "$name" 8080/tcp | head -n 1)
}

health() { docker inspect --format '{{.State.Status}}, {{.State.Health.Status}}' "$name"; }
is_healthy() { [ "$(health)" = 'running, healthy' ]; }

# ask PATH CURL-OPTION...: sets `status` and `answer`.
ask() {
  local path=$1
  shift
  status=$(curl --silent --show-error --max-time 10 --output "$work/answer" --write-out '%{http_code}' "$@" "$url$path") ||
    fail "no answer from $path"
  answer=$(cat "$work/answer")
}

expect() {
  [ "$status" = "$1" ] || fail "$3: status $status instead of $1: $answer"
  [[ $answer == *"$2"* ]] || fail "$3: no $2 in $answer"
  echo "ok: $3"
}

chat() {
  ask /v1/chat/completions --header "authorization: Bearer $1" --header 'content-type: application/json' \
    --data '{"model":"demo","messages":[{"role":"user","content":"hello"}]}'
}

login() {
  ask /api/v1/auth/login --header 'content-type: application/json' \
    --data "{\"email\":\"$email\",\"password\":\"$password\"}"
}

stop() {
  docker stop --time 60 "$name" >/dev/null
  local code
  code=$(docker inspect --format '{{.State.ExitCode}}' "$name")
  [ "$code" = 0 ] || fail "SIGTERM ended it with exit code $code"
  docker rm "$name" >/dev/null
  echo "ok: SIGTERM ends it with exit code 0"
}

deploy/need.sh curl=curl
engine_answers || start_engine
[ -n "${BASE_IMAGE:-}" ] || make_base_image
build_image

say "a first start"
run --env ROUNDHOUSE_DEMO=1 --env "ROUNDHOUSE_ACCESS_KEY=$access_key" \
  --env "ROUNDHOUSE_ADMIN_EMAIL=$email" --env "ROUNDHOUSE_ADMIN_PASSWORD=$password"
echo "ok: healthy"
[ "$(docker top "$name" -eo pid,uid | awk 'END { print $2 }')" = 65532 ] || fail "it does not run as user 65532"
echo "ok: runs as user 65532"
ask /health
expect 200 '"status":"healthy"' "/health"
chat "$access_key"
expect 200 '"choices"' "a chat with the demo model"
chat sk-wrong
expect 401 '"error"' "a wrong access key"
login
expect 200 '"access_token"' "the administrator"
stop

say "a second start on the same volume"
run
login
expect 200 '"access_token"' "the administrator is still there"
stop
say "the image works"
