// Which node: modules there are, and which globals, under version 1 of
// nodejs_compat. The names are made while the worker runs, so that no bundler
// puts something in the place of what is missing.
import { area, show } from "../probe.js";

const modules = `_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex _stream_passthrough _stream_readable
_stream_transform _stream_writable _tls_common _tls_wrap assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram
diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix path/win32
perf_hooks process punycode querystring readline readline/promises repl sqlite stream stream/consumers stream/promises stream/web string_decoder sys
timers timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads zlib sea`.split(/\s+/);
const load = (name) => import(["", name].join(""));
const probes = {};
for (const name of modules) {
  probes[`node:${name}`] = async () => typeof (await load(`node:${name}`)).default;
  probes[name] = async () => typeof (await load(name)).default;
}
for (const g of ["Buffer", "process", "global", "setImmediate", "clearImmediate", "performance", "PerformanceMark", "MessageChannel"]) probes[`global ${g}`] = () => typeof globalThis[g];
Object.assign(probes, {
  "timer": () => { const t = setTimeout(() => {}, 0); clearTimeout(t); return typeof t; },
  "process names": async () => Object.keys(await load("node:process")).sort(),
  "process": async () => { const { default: p } = await load("node:process"); return [typeof p.env, typeof p.exit, typeof p.nextTick, p.platform, typeof p.features, typeof p.getBuiltinModule("node:buffer"), typeof p.getBuiltinModule("node:os")]; },
  "nextTick": async () => { const { nextTick } = await load("node:process"); return new Promise((r) => nextTick(r, "ticked")); },
  "buffer": async () => (await load("node:buffer")).Buffer.from("aé").toString("hex"),
  "stream": async () => { const { Readable } = await load("node:stream"); return Readable.from([1, 2]).toArray(); },
  "crypto": async () => (await load("node:crypto")).createHash("sha1").update("a").digest("hex"),
  "cipher": async () => { const c = (await load("node:crypto")).createCipheriv("aes-128-ctr", new Uint8Array(16), new Uint8Array(16)); return c.update("a", "utf8", "hex"); },
  "events": async () => { const { EventEmitter } = await load("node:events"); return new EventEmitter().emit("x"); },
  "als": async () => { const { AsyncLocalStorage } = await load("node:async_hooks"); const s = new AsyncLocalStorage(); return s.run(1, async () => { await 0; return s.getStore(); }); },
  "util": async () => (await load("node:util")).inspect({ a: [1] }),
  "zlib": async () => { const z = await load("node:zlib"); return String(z.gunzipSync(z.gzipSync("a"))); },
  "path": async () => (await load("node:path")).join("a", "..", "b"),
  "assert": async () => { const a = await load("node:assert"); return a.default.equal(1, 2); },
});
export default area(probes);
