#!/usr/bin/env bash
# Installs the official SDKs, in the versions that requirements.txt and package-lock.json name, unless they are there.
# Prints the path of the Python that has them; those for Node.js are in node_modules beside this script.
set -euo pipefail
cd "$(dirname "$0")"

environment=$HOME/.cache/roundhouse/sdk-$(sha256sum requirements.txt | cut -c 1-12)
python=$environment/bin/python

if [ ! -e "$environment/complete" ]; then
  echo "installing the Python SDKs into $environment" >&2
  rm -rf "$environment"
  python3 -m venv "$environment" >&2
  "$python" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt >&2
  touch "$environment/complete"
fi

if ! cmp --quiet package-lock.json node_modules/.complete; then
  echo "installing the Node.js SDKs into $PWD/node_modules" >&2
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.complete
fi

echo "$python"
