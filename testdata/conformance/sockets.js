// cloudflare:sockets, without a peer.
import { connect } from "cloudflare:sockets";
import { area, shape, show } from "./probe.js";

const at = "localhost:1";
const attempt = (f) => { try { return show(f(), 1); } catch (e) { return `${e.constructor?.name}: ${e.message}`; } };
const open = (...args) => attempt(() => { connect(...args).close(); return "ok"; });
export default area({
  "connect": () => [connect.name, connect.length],
  "shape": () => { const s = connect(at); const r = [Object.prototype.toString.call(s), s.constructor.name, shape(s), shape(Object.getPrototypeOf(s))]; s.close(); return r; },
  "new": () => attempt(() => new (connect(at).constructor)()),
  "none": () => open(),
  "number": () => open(5),
  "empty": () => open(""),
  "no port": () => open("localhost"),
  "bad port": () => open("localhost:99999"),
  "port word": () => open("localhost:abc"),
  "port 0": () => open("localhost:0"),
  "url": () => open("http://localhost:80"),
  "path": () => open("localhost:80/x"),
  "spaces": () => open(" localhost:80"),
  "user": () => open("a@localhost:80"),
  "object": () => open({ hostname: "localhost", port: 1 }),
  "object no port": () => open({ hostname: "localhost" }),
  "object no host": () => open({ port: 5 }),
  "object port string": () => open({ hostname: "localhost", port: "1" }),
  "object port big": () => open({ hostname: "localhost", port: 70000 }),
  "object port negative": () => open({ hostname: "localhost", port: -1 }),
  "options wrong": () => open(at, 5),
  "secureTransport wrong": () => open(at, { secureTransport: "x" }),
  "secureTransport number": () => open(at, { secureTransport: 5 }),
  "highWaterMark": () => open(at, { highWaterMark: 10 }),
  "members": () => { const s = connect(at); const r = [s.upgraded, s.secureTransport, s.readable === s.readable, s.writable === s.writable, s.closed instanceof Promise, s.opened === s.opened, s.closed === s.closed]; s.close(); return r; },
  "startTls off": () => attempt(() => connect(at).startTls()),
  "startTls twice": () => attempt(() => { const s = connect(at, { secureTransport: "starttls" }); s.startTls(); s.startTls(); }),
  "startTls options wrong": () => attempt(() => connect(at, { secureTransport: "starttls" }).startTls(5)),
});
