// compatibility_flags: nodejs_compat
// node:tls, what needs no connection.
import tls from "node:tls";
import net from "node:net";
import { Duplex } from "node:stream";
import { each, nodeArea, problem } from "./lib/node.js";

const odd = [undefined, null, 0, 1, -1, 1.5, "", "x", true, {}, [], () => {}];
const quiet = (s) => { s.on("error", () => {}); return s; };
const pick = (o, ...names) => names.map((n) => `${n} ${typeof o[n] === "object" && o[n] !== null ? JSON.stringify(o[n]) : String(o[n])}`);
const made = (f) => each([0], () => typeof quiet(f()).destroy())[0];
const identity = (host, cert) => { const e = tls.checkServerIdentity(host, cert); return e && [e.name, e.code, e.message, e.reason, e.host, e.cert === cert]; };
const socket = (options) => quiet(new tls.TLSSocket(new net.Socket(), options));

export default nodeArea({
  "constants": () => pick(tls, "CLIENT_RENEG_LIMIT", "CLIENT_RENEG_WINDOW", "DEFAULT_CIPHERS", "DEFAULT_ECDH_CURVE", "DEFAULT_MAX_VERSION", "DEFAULT_MIN_VERSION", "rootCertificates"),
  "names": () => Object.keys(tls).sort(),
  "getCiphers": () => tls.getCiphers(),
  "createServer": () => tls.createServer(),
  "createServer options": () => tls.createServer({}, () => {}),
  "Server": () => new tls.Server(),
  "Server called": () => tls.Server({}),
  "createSecurePair": () => tls.createSecurePair(),
  "root": () => [Array.isArray(tls.rootCertificates), Object.isFrozen(tls.rootCertificates), tls.rootCertificates.length],
  "getCACertificates": () => tls.getCACertificates?.("default")?.length,
  "setDefault": () => typeof tls.setDefaultCACertificates,

  "context": () => { const c = tls.createSecureContext(); return [c instanceof tls.SecureContext, Object.keys(c), c.constructor.name, tls.createSecureContext.length]; },
  "context odd": () => each(odd, (o) => Object.keys(tls.createSecureContext(o))),
  "context new": () => Object.keys(new tls.SecureContext()),
  "context called": () => typeof tls.SecureContext(),
  "context options": () => each(["ca", "cert", "key", "pfx", "passphrase", "ciphers", "ecdhCurve", "honorCipherOrder", "maxVersion", "minVersion", "secureOptions", "secureProtocol", "sessionIdContext", "sessionTimeout", "sigalgs", "dhparam", "crl", "ticketKeys", "privateKeyEngine", "clientCertEngine", "allowPartialTrustChain"], (k) => { const c = tls.createSecureContext({ [k]: "x" }); return [k, Object.keys(c)]; }),
  "context empty options": () => each(["ca", "cert", "key", "ciphers"], (k) => { const c = tls.createSecureContext({ [k]: undefined }); return [k, Object.keys(c)]; }),

  "socket": () => { const s = socket(); return [s instanceof net.Socket, s instanceof Duplex, s.constructor.name, tls.TLSSocket.length]; },
  "socket called": () => tls.TLSSocket(new net.Socket()),
  "socket none": () => made(() => new tls.TLSSocket()),
  "socket odd": () => each(odd, (v) => typeof quiet(new tls.TLSSocket(v))),
  "socket odd options": () => each(odd, (v) => typeof socket(v)),
  "socket fields": () => pick(socket(), "authorized", "authorizationError", "encrypted", "alpnProtocol", "servername", "ssl", "connecting", "pending", "readyState", "destroyed", "secureConnecting", "isServer"),
  "socket options": () => each([{ isServer: true }, { server: {} }, { requestCert: true }, { requestOCSP: true }, { ALPNProtocols: ["h2"] }, { SNICallback() {} }, { secureContext: {} }, { session: new Uint8Array(1) }, { enableTrace: true }, { rejectUnauthorized: false }, { servername: "x" }, { allowHalfOpen: true }, { handle: {} }], (o) => { const s = socket(o); return [Object.keys(o)[0], s.servername, s.allowHalfOpen]; }),
  "socket methods": () => Object.getOwnPropertyNames(tls.TLSSocket.prototype).sort(),
  "socket calls": () => { const s = socket(); return each(["address", "disableRenegotiation", "enableTrace", "getCertificate", "getCipher", "getEphemeralKeyInfo", "getFinished", "getPeerCertificate", "getPeerFinished", "getPeerX509Certificate", "getProtocol", "getSession", "getSharedSigalgs", "getTLSTicket", "getX509Certificate", "isSessionReused", "renegotiate", "setKeyCert", "exportKeyingMaterial", "setServername", "setSession", "getALPN"], (k) => [k, s[k]?.()]); },
  "setMaxSendFragment": () => { const s = socket(); return each([undefined, "x", 512, 16384, 1], (v) => s.setMaxSendFragment(v)); },
  "setServername odd": () => { const s = socket(); return each(odd, (v) => [s.setServername(v), s.servername]); },
  "exportKeyingMaterial": () => { const s = socket(); return each([[10, "x"], ["x", 1], [], [10, "x", new Uint8Array(1)]], (a) => s.exportKeyingMaterial(...a)); },
  "renegotiate": () => { const s = socket(); return each([[], [{}], [{}, () => {}], [null], [{}, 1]], (a) => s.renegotiate(...a)); },
  "setKeyCert": () => { const s = socket(); return each([undefined, {}, null, tls.createSecureContext()], (a) => s.setKeyCert(a)); },

  "connect none": () => made(() => tls.connect()),
  "connect empty": () => made(() => tls.connect({})),
  "connect odd": () => each(odd, (v) => typeof quiet(tls.connect(v)).destroy()),
  "connect options": () => each([{ ALPNProtocols: ["h2"] }, { minVersion: "TLSv1" }, { maxVersion: "TLSv1" }, { ciphers: "x" }, { ca: "x" }, { cert: "x" }, { key: "x" }, { pfx: "x" }, { servername: "x" }, { servername: 1 }, { servername: "1.2.3.4" }, { servername: "" }, { rejectUnauthorized: false }, { rejectUnauthorized: true }, { checkServerIdentity() {} }, { checkServerIdentity: 1 }, { minDHSize: 5 }, { minDHSize: 0 }, { minDHSize: "x" }, { session: new Uint8Array(1) }, { secureContext: tls.createSecureContext() }, { secureContext: {} }, { pskCallback() {} }, { enableTrace: true }, { requestOCSP: true }, { highWaterMark: 5 }, { lookup: 1 }, { timeout: 5000 }, { timeout: "x" }, { secureProtocol: "x" }, { sigalgs: "x" }, { ecdhCurve: "x" }, { crl: "x" }, { dhparam: "x" }, { passphrase: "x" }, { secureOptions: 1 }, { sessionIdContext: "x" }, { ticketKeys: "x" }, { sessionTimeout: 1 }, { honorCipherOrder: true }, { allowPartialTrustChain: true }], (o) => { const s = quiet(tls.connect({ port: 1, host: "127.0.0.1", ...o })); const r = [Object.keys(o)[0], s.servername, s.timeout]; s.destroy(); return r; }),
  "connect port": () => { const s = quiet(tls.connect(1, "127.0.0.1", {}, () => {})); const r = [...pick(s, "authorized", "encrypted", "servername", "_host"), s.listenerCount("secureConnect")]; s.destroy(); return r; },
  "connect bad port": () => each([-1, 65536, "x", null], (port) => typeof quiet(tls.connect({ port, host: "127.0.0.1" })).destroy()),
  "connect socket odd": () => each([null, 1, "x", {}, new Duplex({ read() {}, write() {} })], (s) => typeof quiet(tls.connect({ socket: s })).destroy()),
  "connect socket unconnected": () => { const s = quiet(tls.connect({ socket: quiet(new net.Socket()) })); const r = pick(s, "connecting", "destroyed"); s.destroy(); return r; },

  "alpn": () => each([["h2", "http/1.1"], [], "h2", new Uint8Array([2, 104, 50]), undefined, null, ["x".repeat(255)]], (p) => { const out = {}; tls.convertALPNProtocols(p, out); return out.ALPNProtocols && [...out.ALPNProtocols].slice(0, 20); }),
  "alpn long": () => { const out = {}; tls.convertALPNProtocols(["x".repeat(256)], out); return out.ALPNProtocols.length; },
  "alpn empty name": () => { const out = {}; tls.convertALPNProtocols([""], out); return [...out.ALPNProtocols]; },

  "identity": () => identity("a.com", { subject: { CN: "a.com" } }),
  "identity other": () => identity("b.com", { subject: { CN: "a.com" } }),
  "identity case": () => identity("A.com", { subject: { CN: "a.COM" } }),
  "identity dot": () => identity("a.com.", { subject: { CN: "a.com" } }),
  "identity wildcard": () => [identity("x.a.com", { subject: { CN: "*.a.com" } }), identity("a.com", { subject: { CN: "*.a.com" } }), identity("y.x.a.com", { subject: { CN: "*.a.com" } })],
  "identity partial": () => [identity("foobar.a.com", { subject: {}, subjectaltname: "DNS:foo*.a.com" }), identity("b.a.com", { subject: {}, subjectaltname: "DNS:b*r.a.com" })],
  "identity top": () => identity("a.com", { subject: { CN: "*.com" } }),
  "identity alt": () => [identity("a.com", { subjectaltname: "DNS:a.com" }), identity("b.com", { subjectaltname: "DNS:a.com, DNS:c.com" }), identity("c.com", { subject: { CN: "z" }, subjectaltname: "DNS:a.com, DNS:c.com" })],
  "identity alt first": () => identity("a.com", { subject: { CN: "a.com" }, subjectaltname: "DNS:b.com" }),
  "identity ip": () => [identity("1.2.3.4", { subjectaltname: "IP Address:1.2.3.4" }), identity("1.2.3.5", { subjectaltname: "IP Address:1.2.3.4" }), identity("1.2.3.4", { subject: { CN: "1.2.3.4" } }), identity("::1", { subjectaltname: "IP Address:0:0:0:0:0:0:0:1" })],
  "identity uri": () => [identity("a.com", { subjectaltname: "URI:http://a.com/" }), identity("a.com", { subject: { CN: "a.com" }, subjectaltname: "URI:http://b.com/" })],
  "identity quoted": () => [identity("a.com", { subjectaltname: 'DNS:"a.com\\u002c DNS:b.com"' }), identity("b.com", { subjectaltname: 'DNS:"x, DNS:b.com", DNS:c.com' })],
  "identity quoted bad": () => identity("a.com", { subjectaltname: 'DNS:"a.com' }),
  "identity several": () => [identity("b.com", { subject: { CN: ["a.com", "b.com"] } }), identity("d.com", { subject: { CN: ["a.com", "b.com"] } })],
  "identity empty": () => [identity("a.com", {}), identity("a.com", { subject: {} }), identity("", { subject: { CN: "a.com" } })],
  "identity email": () => identity("a.com", { subject: { CN: "a.com" }, subjectaltname: "email:x@y.z" }),
  "identity idn": () => identity("xn--a.com", { subject: { CN: "*n--a.com" } }),
  "identity none": () => each([undefined, null], (c) => identity("a.com", c)),
  "identity host odd": () => each([undefined, null, 1, {}], (h) => identity(h, { subject: { CN: "a.com" } })),
});
