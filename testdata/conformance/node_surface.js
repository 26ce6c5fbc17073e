// compatibility_flags: nodejs_compat
// Every export of every node: module: its kind, and the members of classes.
import { area } from "./probe.js";

const modules = `_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server
_stream_duplex _stream_passthrough _stream_readable _stream_transform _stream_wrap _stream_writable _tls_common _tls_wrap
assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns dns/promises
domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix path/win32 perf_hooks
process punycode querystring readline readline/promises repl sea sqlite stream stream/consumers stream/promises stream/web
string_decoder sys test test/reporters timers timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads
zlib`.split(/\s+/);

const natural = ["length", "name", "prototype", "arguments", "caller", "constructor"];
const members = (o) => Object.getOwnPropertyNames(o).filter((k) => !natural.includes(k)).sort().join(" ");

function kind(v) {
  if (typeof v === "function") {
    const own = v.prototype && members(v.prototype), statics = members(v);
    return `function/${v.length}${own ? ` {${own}}` : ""}${statics ? ` static {${statics}}` : ""}`;
  }
  if (v === null || typeof v !== "object") return typeof v === "string" || typeof v === "number" ? `${typeof v} ${v}` : typeof v;
  if (Object.getPrototypeOf(v) === Object.prototype && Object.values(v).every((x) => typeof x === "number" || typeof x === "string")) return JSON.stringify(v);
  return Array.isArray(v) ? "array" : "object";
}

const probes = {};
for (const m of modules) {
  try {
    const ns = await import(`node:${m}`);
    const d = ns.default;
    probes[m] = () => `${typeof d} ${Object.getOwnPropertyNames(ns).sort().join(" ")}`;
    for (const k of Object.getOwnPropertyNames(ns)) {
      // The default is worth a probe where it is not the names again.
      if (k !== "default") probes[`${m}.${k}`] = () => kind(ns[k]);
      else if (typeof d === "function") probes[`${m} default`] = () => kind(d);
    }
  } catch (e) {
    probes[m] = () => { throw e; };
  }
}
for (const g of ["Buffer", "process", "global", "setImmediate", "clearImmediate", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "require", "module"]) {
  probes[`global ${g}`] = () => {
    const p = Object.getOwnPropertyDescriptor(globalThis, g);
    return `${typeof globalThis[g]} ${p?.enumerable}`;
  };
}

export default area(probes);
