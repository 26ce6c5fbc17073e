// compatibility_flags: nodejs_compat
// node:os.
import os, * as named from "node:os";
import { each, nodeArea } from "./lib/node.js";

const odd = [undefined, null, 1, 1.5, -1, NaN, Infinity, 2 ** 31, -(2 ** 31), "1", true, {}, [], () => {}, 1n];
const text = (f) => { try { return `${f}`; } catch (e) { return `${e.name}: ${e.message}`; } };

export default nodeArea({
  "names": () => Object.keys(os).sort(),
  "named": () => Object.keys(named).sort(),
  "the same": () => Object.keys(os).map((k) => os[k] === named[k]),
  "arch": () => [os.arch(), typeof os.arch],
  "platform": () => [os.platform(), os.type(), os.release(), os.version(), os.machine()],
  "homedir": () => [os.homedir(), os.tmpdir(), os.hostname()],
  "EOL": () => [JSON.stringify(os.EOL), os.devNull],
  "endianness": () => os.endianness(),
  "cpus": () => [os.cpus(), os.availableParallelism(), os.cpus() === os.cpus()],
  "memory": () => [os.freemem(), os.totalmem(), os.uptime()],
  "loadavg": () => [os.loadavg(), os.loadavg().length],
  "networkInterfaces": () => os.networkInterfaces(),
  "userInfo": () => os.userInfo(),
  "userInfo options": () => each([{ encoding: "buffer" }, { encoding: "utf8" }, null, 1], (o) => os.userInfo(o)),
  "getPriority": () => [os.getPriority(), os.getPriority(0), os.getPriority(1)],
  "getPriority odd": () => each(odd, (v) => os.getPriority(v)),
  "setPriority": () => [os.setPriority(1), os.setPriority(0, 1), os.setPriority(0, -20), os.setPriority(0, 19)],
  "setPriority odd pid": () => each(odd, (v) => os.setPriority(v, 0)),
  "setPriority odd": () => each(odd, (v) => os.setPriority(0, v)),
  "setPriority one": () => each(odd, (v) => os.setPriority(v)),
  "setPriority range": () => each([-21, 20, 100, -100], (v) => os.setPriority(0, v)),
  "setPriority none": () => os.setPriority(),
  "to primitive": () => ["arch", "hostname", "tmpdir", "homedir", "freemem", "totalmem", "uptime", "platform", "release", "type", "version", "machine", "endianness", "availableParallelism"].map((k) => text(os[k]).slice(0, 12)),
  "to primitive symbol": () => ["arch", "hostname", "freemem", "cpus"].map((k) => typeof os[k][Symbol.toPrimitive]),
  "plus": () => { try { return String(os.freemem + 0).slice(0, 12); } catch (e) { return e.message; } },
  "lengths": () => Object.entries(os).filter(([, v]) => typeof v === "function").map(([k, v]) => `${k} ${v.name} ${v.length}`),
  "constants keys": () => Object.keys(os.constants),
  "signals": () => os.constants.signals,
  "errno": () => os.constants.errno,
  "priority": () => os.constants.priority,
  "dlopen": () => os.constants.dlopen,
  "UV": () => os.constants.UV_UDP_REUSEADDR,
  "constants frozen": () => [Object.isFrozen(os.constants), Object.isFrozen(os.constants.signals), Object.isFrozen(os.constants.errno), Object.getPrototypeOf(os.constants.signals) === null, Object.getPrototypeOf(os.constants) === null],
  "constants write": () => { os.constants.signals.SIGFOO = 1; return os.constants.signals.SIGFOO; },
  "EOL write": () => { os.EOL = "x"; return JSON.stringify(os.EOL); },
  "devNull write": () => { os.devNull = "x"; return os.devNull; },
  "descriptors": () => ["EOL", "devNull", "arch", "constants"].map((k) => { const d = Object.getOwnPropertyDescriptor(os, k); return [k, d.enumerable, d.configurable, d.writable, typeof d.get]; }),
  "tag": () => Object.prototype.toString.call(os),
  "new": () => each(["arch", "cpus", "hostname", "getPriority"], (k) => typeof new os[k]()),
  "this": () => each(["arch", "hostname", "tmpdir"], (k) => os[k].call(null)),
  "arguments": () => each(["arch", "hostname", "tmpdir", "loadavg", "endianness"], (k) => os[k](1, 2, 3)),
});
