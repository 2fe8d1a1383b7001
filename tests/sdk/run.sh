#!/usr/bin/env bash
# Runs the suites of the official SDKs against a server: tests/sdk/run.sh URL ACCESS_KEY
set -euo pipefail
cd "$(dirname "$0")"

[ $# = 2 ] || { echo "usage: $0 URL ACCESS_KEY" >&2; exit 2; }
export ROUNDHOUSE_URL=$1 ROUNDHOUSE_KEY=$2

python=$(./setup.sh)
status=0
"$python" -m pytest --quiet -p no:cacheprovider . || status=$?
node --test ./*.test.js || status=$?
exit $status
