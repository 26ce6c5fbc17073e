#!/bin/sh
# Rebuilds the app from its source and its lockfile, elsewhere, and compares with what is committed.
# Needs Node 20 or newer. With --write the committed build is replaced instead.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The same layout as in the repository: the app imports ../../../shared.
mkdir -p "$work/packages/web"
cp -R "$here/packages/shared" "$work/packages/shared"
(cd "$here/packages/web" && tar -cf - --exclude node_modules app) | (cd "$work/packages/web" && tar -xf -)

cd "$work/packages/web/app"
npm ci --no-audit --no-fund --silent
npm run build --silent

if [ "${1-}" = --write ]; then
  rm -rf "$here/packages/web/dist"
  cp -R "$work/packages/web/dist" "$here/packages/web/dist"
  echo "packages/web/dist is rebuilt."
elif diff -r "$work/packages/web/dist" "$here/packages/web/dist"; then
  echo "packages/web/dist is what the source builds to."
else
  echo "packages/web/dist differs from what the source builds to; run scripts/check-spa.sh --write" >&2
  exit 1
fi
