// compatibility_flags: nodejs_compat
// node:net, what needs no connection.
import net from "node:net";
import { Duplex } from "node:stream";
import { EventEmitter } from "node:events";
import { each, nodeArea } from "./lib/node.js";

const odd = [undefined, null, 0, 1, -1, 1.5, NaN, "", "1", true, {}, [], () => {}, 1n];
const addresses = ["", "1.2.3.4", "1.2.3", "01.2.3.4", "1.2.3.04", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4.5", "::", "::1", "1::", "1::2::3", "fe80::1%eth0", "fe80::1%", "::ffff:1.2.3.4", "::ffff:1.2.3.256", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:1.2.3.4", "g::", "12345::", "[::1]", "::1\n", "0.0.0.0", "1.2.3.4:80", "0x1.2.3.4"];
const events = (s, ...names) => { const log = []; for (const n of names) s.on(n, (v) => log.push(v === undefined ? n : `${n} ${v?.code ?? v?.message ?? v}`)); return log; };
const pick = (o, ...names) => names.map((n) => `${n} ${typeof o[n] === "object" && o[n] !== null ? JSON.stringify(o[n]) : String(o[n])}`);
const quiet = (s) => { s.on("error", () => {}); return s; };
const once = (s, name) => new Promise((r) => s.once(name, (...a) => r(a)));

export default nodeArea({
  "isIP": () => addresses.map((a) => net.isIP(a)),
  "isIPv4": () => addresses.map((a) => net.isIPv4(a)),
  "isIPv6": () => addresses.map((a) => net.isIPv6(a)),
  "isIP odd": () => each([...odd, { toString: () => "::1" }, ["1.2.3.4"], new String("::1")], (v) => [net.isIP(v), net.isIPv4(v), net.isIPv6(v)]),
  "isIP symbol": () => net.isIP(Symbol()),

  "socket": () => { const s = new net.Socket(); return [s instanceof Duplex, s instanceof net.Stream, s.constructor.name, net.Socket.length, net.Socket.name, net.Stream === net.Socket]; },
  "socket called": () => { const s = net.Socket(); return s instanceof net.Socket; },
  "socket fields": () => pick(new net.Socket(), "connecting", "pending", "destroyed", "readyState", "bytesRead", "bytesWritten", "bufferSize", "timeout", "allowHalfOpen", "readable", "writable", "remoteAddress", "remotePort", "remoteFamily", "localAddress", "localPort", "localFamily", "_hadError", "_host", "_parent", "server", "_connecting", "_bytesDispatched", "autoSelectFamilyAttemptedAddresses", "writableHighWaterMark", "readableHighWaterMark", "readableObjectMode", "writableObjectMode"),
  "socket options": () => pick(new net.Socket({ allowHalfOpen: true, highWaterMark: 5, readable: false, writable: false }), "allowHalfOpen", "readable", "writable", "readableHighWaterMark", "writableHighWaterMark"),
  "socket handle": () => new net.Socket({ handle: {} }),
  "socket fd": () => new net.Socket({ fd: 1 }),
  "socket number": () => new net.Socket(1),
  "socket objectMode": () => each([{ objectMode: true }, { readableObjectMode: true }, { writableObjectMode: true }, { objectMode: false }], (o) => typeof new net.Socket(o)),
  "socket odd options": () => each(odd, (o) => typeof new net.Socket(o)),
  "socket signal": () => each([new AbortController().signal, {}, 1, null, "x"], (signal) => typeof new net.Socket({ signal })),
  "socket aborted": async () => { const s = new net.Socket({ signal: AbortSignal.abort() }); const log = events(s, "error", "close"); await scheduler.wait(5); return [s.destroyed, log]; },
  "socket abort later": async () => { const c = new AbortController(); const s = new net.Socket({ signal: c.signal }); const log = events(s, "error", "close"); c.abort(); await scheduler.wait(5); return [s.destroyed, log]; },
  "socket onread": () => each([{}, { buffer: 1 }, { callback: 1 }, { buffer: new Uint8Array(4), callback() {} }], (onread) => typeof new net.Socket({ onread })),
  "address": () => new net.Socket().address(),
  "peer": () => [new net.Socket()._getpeername(), new net.Socket()._getsockname()],
  "chain": () => { const s = new net.Socket(); return each(["setNoDelay", "setKeepAlive", "ref", "unref", "pause", "resume"], (k) => s[k]() === s); },
  "setNoDelay odd": () => { const s = new net.Socket(); return each(odd, (v) => s.setNoDelay(v) === s); },
  "setKeepAlive odd": () => { const s = new net.Socket(); return each(odd, (v) => s.setKeepAlive(v, v) === s); },
  "setTimeout": () => { const s = new net.Socket(); return [s.setTimeout(5) === s, s.timeout, s.setTimeout(0) === s, s.timeout]; },
  "setTimeout odd": () => { const s = new net.Socket(); return each([undefined, null, -1, NaN, Infinity, "5", {}, 1n, 2 ** 31, 2 ** 32], (v) => { s.setTimeout(v); const t = s.timeout; s.setTimeout(0); return t; }); },
  "setTimeout callback odd": () => { const s = new net.Socket(); return each([undefined, null, 1, "x", {}], (v) => { const r = s.setTimeout(1000, v) === s; s.setTimeout(0); return r; }); },
  "setTimeout listener": () => { const s = new net.Socket(); const f = () => {}; s.setTimeout(1000, f); const a = s.listenerCount("timeout"); s.setTimeout(0, f); return [a, s.listenerCount("timeout")]; },
  "setTimeout fires": async () => { const s = new net.Socket(); const fired = once(s, "timeout"); s.setTimeout(1); return [await fired, s.destroyed]; },
  "setEncoding": () => { const s = new net.Socket(); return [s.setEncoding("utf8") === s, s.readableEncoding]; },
  "destroy": async () => { const s = new net.Socket(); const log = events(s, "error", "close", "end", "finish"); const r = s.destroy() === s; await scheduler.wait(5); return [r, s.destroyed, log, s.readyState, s.closed]; },
  "destroy error": async () => { const s = new net.Socket(); const log = events(s, "error", "close"); s.destroy(new Error("why")); await scheduler.wait(5); return [log, s.errored?.message]; },
  "destroySoon": async () => { const s = new net.Socket(); const log = events(s, "error", "close", "finish"); s.destroySoon(); await scheduler.wait(5); return [log, s.destroyed]; },
  "resetAndDestroy": async () => { const s = new net.Socket(); const log = events(s, "error", "close"); const r = s.resetAndDestroy() === s; await scheduler.wait(5); return [r, log, s.destroyed]; },
  "end": async () => { const s = new net.Socket(); const log = events(s, "error", "close", "finish", "end"); const r = s.end() === s; await scheduler.wait(5); return [r, log, s.readyState, s.writableEnded]; },
  "write unconnected": async () => { const s = new net.Socket(); const log = events(s, "error", "close", "finish"); const r = s.write("abc"); await scheduler.wait(5); return [r, log, s.bytesWritten, s.writableLength]; },
  "write odd": () => { const s = quiet(new net.Socket()); return each([undefined, null, 1, {}, true], (v) => s.write(v)); },
  "write destroyed": async () => { const s = new net.Socket(); s.destroy(); const log = events(s, "error"); s.write("x"); await scheduler.wait(5); return log; },
  "read unconnected": () => new net.Socket().read(),

  "connect odd port": () => each(odd, (port) => typeof quiet(net.connect({ port, host: "127.0.0.1" })).destroy()),
  "connect bad port": () => each([-1, 65536, 1.5, NaN, "a", "65536", ""], (port) => typeof quiet(net.connect({ port, host: "127.0.0.1" })).destroy()),
  "connect odd host": () => each([null, 1, true, {}, []], (host) => typeof quiet(net.connect({ port: 1, host })).destroy()),
  "connect odd lookup": () => each([null, 1, "x", {}], (lookup) => typeof quiet(net.connect({ port: 1, host: "127.0.0.1", lookup })).destroy()),
  "connect path": () => typeof quiet(net.connect({ path: "/tmp/sock" })).destroy(),
  "connect path text": () => typeof quiet(net.connect("/tmp/sock")).destroy(),
  "connect none": () => typeof quiet(net.connect()).destroy(),
  "connect empty": () => typeof quiet(net.connect({})).destroy(),
  "connect local": () => each([{ localAddress: "x" }, { localAddress: 1 }, { localPort: "x" }, { localPort: -1 }, { family: 5 }, { hints: 99 }, { autoSelectFamily: 1 }, { autoSelectFamilyAttemptTimeout: 0 }, { noDelay: 1 }, { keepAlive: 1 }, { timeout: "x" }], (o) => typeof quiet(net.connect({ port: 1, host: "127.0.0.1", ...o })).destroy()),
  "connecting": () => { const s = quiet(net.connect(1, "127.0.0.1")); const r = pick(s, "connecting", "pending", "readyState", "_host"); s.destroy(); return [r, pick(s, "connecting", "destroyed", "readyState")]; },
  "connect callback": () => { const s = quiet(net.connect({ port: 1, host: "127.0.0.1" }, () => {})); const n = [s.listenerCount("connect"), s.listenerCount("ready")]; s.destroy(); return n; },
  "connect timeout": () => { const s = quiet(net.connect({ port: 1, host: "127.0.0.1", timeout: 5000 })); const t = s.timeout; s.destroy(); return t; },
  "createConnection": () => [net.createConnection === net.connect, net.connect.length, net.createConnection.name],
  "connect twice": () => { const s = quiet(net.connect(1, "127.0.0.1")); try { return s.connect(2, "127.0.0.1") === s; } finally { s.destroy(); } },
  "connect host only": () => typeof quiet(net.connect({ host: "127.0.0.1" })).destroy(),
  "normalize": () => each([[], [1], [1, "h"], ["1"], ["/p"], [{ port: 1 }], [1, () => {}], [1, "h", () => {}], [{}, () => {}], [null], [undefined], [-1]], (a) => { const r = net._normalizeArgs(a); return [r[0], typeof r[1], r.length]; }),

  "server": () => { const s = new net.Server(); return [s instanceof EventEmitter, s.constructor.name, s.listening, s.maxConnections, s.address(), net.Server.length]; },
  "server called": () => net.Server() instanceof net.Server,
  "server fields": () => Object.keys(net.createServer()).sort(),
  "server options": () => pick(net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 7, highWaterMark: 3 }), "allowHalfOpen", "pauseOnConnect", "noDelay", "keepAlive", "keepAliveInitialDelay", "highWaterMark"),
  "server odd": () => each(odd, (o) => typeof net.createServer(o)),
  "server odd option": () => each([{ keepAliveInitialDelay: "x" }, { keepAliveInitialDelay: -1 }, { highWaterMark: -1 }, { highWaterMark: "x" }, { noDelay: 1 }], (o) => typeof net.createServer(o)),
  "server listener": () => [net.createServer(() => {}).listenerCount("connection"), net.createServer({}, () => {}).listenerCount("connection")],
  "server listener odd": () => each([1, "x", {}], (f) => net.createServer({}, f).listenerCount("connection")),
  "server listen": () => net.createServer().listen(0),
  "server listen odd": () => each(odd, (p) => net.createServer().listen(p)),
  "server close": () => new Promise((r) => net.createServer().close((e) => r([e?.code, e?.message]))),
  "server close event": async () => { const s = net.createServer(); const log = events(s, "close"); const r = s.close() === s; await scheduler.wait(5); return [r, log]; },
  "server connections": () => new Promise((r) => { net.createServer().getConnections((e, n) => r([e, n])); }),
  "server connections odd": () => each([undefined, 1], (f) => typeof net.createServer().getConnections(f)),
  "server ref": () => { const s = net.createServer(); return [s.ref() === s, s.unref() === s]; },
  "server dispose": () => each([Symbol.asyncDispose], (k) => typeof net.createServer()[k]),

  "family": () => { const was = net.getDefaultAutoSelectFamily(); net.setDefaultAutoSelectFamily(true); const is = net.getDefaultAutoSelectFamily(); net.setDefaultAutoSelectFamily(was); return [was, is]; },
  "family odd": () => each(odd.filter((v) => v !== true), (v) => net.setDefaultAutoSelectFamily(v)),
  "attempt": () => { const was = net.getDefaultAutoSelectFamilyAttemptTimeout(); const seen = each([1, 10, 11, 300], (v) => { net.setDefaultAutoSelectFamilyAttemptTimeout(v); return net.getDefaultAutoSelectFamilyAttemptTimeout(); }); net.setDefaultAutoSelectFamilyAttemptTimeout(was); return [was, seen]; },
  "attempt odd": () => each([undefined, null, 0, -1, 1.5, NaN, "1", 2 ** 31], (v) => net.setDefaultAutoSelectFamilyAttemptTimeout(v)),

  "address object": () => each([undefined, {}, { address: "1.2.3.4" }, { address: "::1", family: "ipv6" }, { address: "1.2.3.4", port: 80 }, { family: "ipv6" }, { address: "::1", family: "ipv6", flowlabel: 5, port: 7 }], (o) => { const a = new net.SocketAddress(o); return [a.address, a.family, a.port, a.flowlabel]; }),
  "address odd": () => each([null, 1, { address: 1 }, { address: "x" }, { address: "::1" }, { family: "x" }, { family: 4 }, { port: -1 }, { port: "x" }, { port: 65536 }, { flowlabel: -1, family: "ipv6" }, { flowlabel: 2 ** 20, family: "ipv6" }, { flowlabel: "x", family: "ipv6" }], (o) => { const a = new net.SocketAddress(o); return [a.address, a.family, a.port, a.flowlabel]; }),
  "address parse": () => each(["1.2.3.4", "1.2.3.4:80", "[::1]", "[::1]:80", "::1", "x", "", "1.2.3.4:x", "1.2.3.4:99999", "0x7f.1", "1.2.3.4:0"], (s) => { const a = net.SocketAddress.parse?.(s); return a && [a.address, a.family, a.port]; }),
  "address is": () => [net.SocketAddress.isSocketAddress(new net.SocketAddress()), net.SocketAddress.isSocketAddress({}), net.SocketAddress.isSocketAddress(null)],
  "address json": () => JSON.stringify(new net.SocketAddress()),
  "address members": () => Object.getOwnPropertyNames(net.SocketAddress.prototype).sort(),

  "block": () => { const b = new net.BlockList(); b.addAddress("1.2.3.4"); b.addRange("10.0.0.1", "10.0.0.9"); b.addSubnet("8.8.8.0", 24); b.addAddress("::5", "ipv6"); return ["1.2.3.4", "1.2.3.5", "10.0.0.5", "10.0.0.10", "8.8.8.8", "8.8.9.8"].map((a) => b.check(a)).concat(b.check("::5", "ipv6"), b.check("::6", "ipv6"), b.check("::ffff:1.2.3.4", "ipv6"), b.rules); },
  "block objects": () => { const b = new net.BlockList(); const a = new net.SocketAddress({ address: "1.2.3.4" }); b.addAddress(a); return [b.check(a), b.check("1.2.3.4"), b.rules]; },
  "block odd": () => each([undefined, null, 1, "x", "::1", {}], (a) => new net.BlockList().addAddress(a)),
  "block odd family": () => each([undefined, null, 4, "ipv4", "IPv4", "IPV6", "x"], (f) => new net.BlockList().addAddress("1.2.3.4", f)),
  "block odd range": () => each([["1.2.3.4", "1.2.3.1"], ["1.2.3.4", "::1"], ["x", "1.2.3.4"], ["1.2.3.4"], ["1.2.3.4", 1]], (a) => new net.BlockList().addRange(...a)),
  "block odd subnet": () => each([-1, 33, 0, 32, "24", 1.5, undefined], (p) => new net.BlockList().addSubnet("1.2.3.4", p)),
  "block odd subnet 6": () => each([129, 128, 0], (p) => new net.BlockList().addSubnet("::1", p, "ipv6")),
  "block check odd": () => each([undefined, 1, "x", "::1"], (a) => new net.BlockList().check(a)),
  "block json": () => { const b = new net.BlockList(); b.addSubnet("::", 64, "ipv6"); return [b.toJSON?.(), net.BlockList.isBlockList?.(b), net.BlockList.isBlockList?.({})]; },
  "block fromJSON": () => { const b = new net.BlockList(); b.fromJSON(["Subnet: IPv4 192.168.1.0/24", "Address: IPv4 10.0.0.5", "Range: IPv4 192.168.2.1-192.168.2.10"]); return [b.rules, b.check("192.168.1.5")]; },
  "block members": () => Object.getOwnPropertyNames(net.BlockList.prototype).sort(),
  "bound": () => each([[], [{}]], (a) => { const b = new net.BoundSocket(...a); const { address, family, port } = b.address(); return [address, family, port > 49151, b.fd(), net.BoundSocket.isBoundSocket(b), net.BoundSocket.isBoundSocket({})]; }),
});
