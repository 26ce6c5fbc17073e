#!/bin/sh
# Records v8.txt, results.json, regexps.json and intl.json. $1 is the workerd binary.
set -e
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'kill $pid 2>/dev/null; rm -rf "$dir"' EXIT
cp worker.js "$dir/"
# The files are expressions; a worker may not eval, so they become modules.
module() { { printf 'export default '; printf '%s' "$2"; sed -e '/^\/\//d' -e 's/)()$/)/' "$1.js"; } > "$dir/$1.mjs"; }
module show ""
module cases ""
module dump ""
module regexps ""
module intl ""
cat > "$dir/c.capnp" <<END
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .w)], sockets = [(name = "http", address = "127.0.0.1:18475", http = (), service = "main")]);
const w :Workerd.Worker = (modules = [(name = "worker", esModule = embed "worker.js"), (name = "show", esModule = embed "show.mjs"),
  (name = "cases", esModule = embed "cases.mjs"), (name = "dump", esModule = embed "dump.mjs"), (name = "regexps", esModule = embed "regexps.mjs"), (name = "intl", esModule = embed "intl.mjs")],
  compatibilityDate = "2026-08-01");
END
"$1" serve "$dir/c.capnp" & pid=$!
sleep 2
curl -sf http://127.0.0.1:18475/dump > v8.txt
curl -sf http://127.0.0.1:18475/cases > results.json
curl -sf http://127.0.0.1:18475/regexps > regexps.json
curl -sf http://127.0.0.1:18475/intl > intl.json
