// Serves one of the applications beside this folder with Miniflare as a
// library: node miniflare.mjs PORT APP_DIR STATE_DIR ESBUILD
// It is run where "miniflare" resolves: the working directory is the peers'.
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { readFileSync } from "node:fs";

const require = createRequire(join(process.cwd(), "package.json"));
const { Miniflare, Log, LogLevel, convertV4MiniflareOptions = (o) => o } = require("miniflare");
const [port, dir, state, esbuild] = process.argv.slice(2);

function script(name, path, more = {}) {
  return { name, modules: true, script: readFileSync(path, "utf8"), scriptPath: path, modulesRoot: dir, compatibilityDate: "2026-01-01", ...more };
}

function bundled(name, path) {
  const out = execFileSync(esbuild, [path, "--bundle", "--format=esm", "--target=es2024"], { encoding: "utf8" });
  return { name, modules: true, script: out, scriptPath: path, modulesRoot: dir, compatibilityDate: "2026-01-01" };
}

const sessions = () =>
  script("sessions", join(dir, "sessions/index.js"), {
    r2Buckets: { STORE: "bench-store" },
    durableObjects: {
      COUNTER: { className: "Counter", useSQLite: true },
      ROOM: { className: "Room", useSQLite: true },
      ECHO: { className: "Echo", useSQLite: true },
    },
  });

const web = () =>
  script("web", join(dir, "web/index.js"), {
    serviceBindings: { SESSIONS: "sessions" },
    assets: {
      directory: join(dir, "web/public"),
      binding: "ASSETS",
      routerConfig: { has_user_worker: true, static_routing: { user_worker: ["/api/*"] } },
      assetConfig: { compatibility_date: "2026-01-01" },
    },
  });

const bindings = () => [
  script("front", join(dir, "front/index.js"), {
    kvNamespaces: { KV: "bench-kv" },
    d1Databases: { DB: "bench-db" },
    queueProducers: { QUEUE: "bench-queue" },
    queueConsumers: { "bench-queue": { maxBatchSize: 100, maxBatchTimeout: 1 } },
    durableObjects: { ROWS: { className: "Rows", useSQLite: true } },
    serviceBindings: { BACK: { name: "back", entrypoint: "Back" } },
  }),
  script("back", join(dir, "back/index.js")),
];

const workers = {
  hello: () => [script("hello", join(dir, "index.js"))],
  cpu: () => [script("cpu", join(dir, "index.js"))],
  hono: () => [bundled("hono", join(dir, "index.js"))],
  share: () => [web(), sessions()],
  sessions: () => [sessions()],
  bindings,
}[process.env.BENCH_APP ?? basename(dir)]();

const mf = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: Number(port),
    log: new Log(LogLevel.WARN),
    cf: false,
    defaultPersistRoot: state,
    workers,
  }),
);
await mf.ready;
