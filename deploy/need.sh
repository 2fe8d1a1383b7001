#!/usr/bin/env bash
# Makes sure that programs are there: deploy/need.sh [rust] [node] WHAT=PACKAGE...
#
# WHAT is a command, an absolute path (a pattern will do) or python3:MODULE; PACKAGE is the Debian package that brings
# it. Missing packages are installed where apt-get can be used (as root, or with a sudo that asks nothing); elsewhere
# the script says which ones to install, and ends with status 1. Rust and Node.js are checked, never installed: people
# choose where theirs come from.
set -euo pipefail
cd "$(dirname "$0")/.."

# Servers live in sbin, which an ordinary user's PATH leaves out.
PATH=$PATH:/usr/sbin:/sbin

fail() {
  printf 'error: %s\n' "$@" >&2
  exit 1
}

# True when version $1 is at least version $2.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort --version-sort | head -n 1)" = "$2" ]
}

# True when all of these are there.
present() {
  local what
  for what in "$@"; do
    case $what in
      /*) compgen -G "$what" ;;
      python3:*) python3 -c "import ${what#*:}" 2>&1 ;;
      *) command -v "$what" ;;
    esac >/dev/null || return
  done
}

need_rust() {
  local wanted found
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  present cargo rustc || fail "Rust $wanted or newer is missing: install it from https://rustup.rs and open a new shell"
  found=$(rustc --version | cut -d ' ' -f 2)
  at_least "$found" "$wanted" || fail "Rust $wanted or newer is needed, this is $found: run 'rustup update stable'"
}

need_node() {
  local wanted=20.19 found
  present node npm || fail "Node.js $wanted or newer with npm is missing: install it from https://nodejs.org"
  found=$(node --version)
  at_least "${found#v}" "$wanted" || fail "Node.js $wanted or newer is needed, this is $found"
}

# Sets `missing` to the packages of those arguments that are not present.
find_missing() {
  missing=()
  local need
  for need in "$@"; do
    present "${need%%=*}" || missing+=("${need#*=}")
  done
}

# RUNLEVEL=1 keeps packages of servers from starting them where no systemd runs: our tests start their own.
install() {
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get)
  echo "installing: ${missing[*]}"
  "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null && return
  "${apt[@]}" update </dev/null && "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null
}

can_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

packages=()
for argument in "$@"; do
  case $argument in
    rust) need_rust ;;
    node) need_node ;;
    *=*) packages+=("$argument") ;;
    *) fail "usage: $0 [rust] [node] WHAT=PACKAGE..." ;;
  esac
done

find_missing "${packages[@]}"
[ ${#missing[@]} = 0 ] && exit 0
can_install || fail "missing: ${missing[*]}" "install them, on Debian with: sudo apt-get install ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "installing from Debian: ${missing[*]}"
install >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "apt-get could not install: ${missing[*]}"; }
find_missing "${packages[@]}"
[ ${#missing[@]} = 0 ] || fail "still missing after installing: ${missing[*]}"
