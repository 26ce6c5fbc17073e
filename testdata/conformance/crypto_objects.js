// CryptoKey, DigestStream, random values, and how crypto.subtle reads its arguments.
import { area, each, shape, show } from "./probe.js";

const s = crypto.subtle, probes = {};
const bytes = (n, from = 1) => Uint8Array.from({ length: n }, (_, i) => from + i);
const text = (t) => new TextEncoder().encode(t), data = text("hello");
const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, "0")).join("");
const key = (usages = ["verify", "sign"], extractable = true) => s.importKey("raw", bytes(16), { name: "HMAC", hash: "SHA-256" }, extractable, usages);
const tried = async (p) => { try { return show(await p, 1); } catch (e) { return `${e.name}: ${e.message}`; } };

probes["key shape"] = async () => shape(await key());
probes["key prototype"] = () => shape(CryptoKey.prototype);
probes["key tag"] = async () => Object.prototype.toString.call(await key());
probes["key json"] = async () => JSON.stringify(await key());
probes["key keys"] = async () => [Object.keys(await key()), "type" in (await key())];
probes["key write"] = async () => { const k = await key(); k.type = "x"; return k.type; };
probes["key write usages"] = async () => { const k = await key(["sign"]); k.usages.push("verify"); return [k.usages, await tried(s.verify("HMAC", k, bytes(32), data))]; };
probes["key same objects"] = async () => { const k = await key(); return [k.usages === k.usages, k.algorithm === k.algorithm, k.algorithm.hash === k.algorithm.hash]; };
probes["key write algorithm"] = async () => { const k = await key(); k.algorithm.name = "x"; return [k.algorithm.name, hex(await s.sign("HMAC", k, data)).length]; };
probes["key clone"] = async () => { const k = structuredClone(await key()); return [k instanceof CryptoKey, k.type]; };
probes["key clone in object"] = async () => structuredClone({ k: await key() });
probes["key clone pair"] = async () => structuredClone(await s.generateKey("Ed25519", true, ["sign"]));
probes["key construct"] = () => new CryptoKey();
probes["key call"] = () => CryptoKey();
probes["key fake"] = async () => s.sign("HMAC", Object.create(await key()), data);
probes["pair"] = async () => { const p = await s.generateKey("Ed25519", true, ["sign"]); return [Object.keys(p), Object.prototype.toString.call(p), Object.getPrototypeOf(p) === Object.prototype]; };
each(probes, "usages order", [["sign", "verify"], ["verify", "sign"], ["verify", "sign", "verify"]], async (u) => (await key(u)).usages);
each(probes, "aes usages order", [["unwrapKey", "wrapKey", "decrypt", "encrypt"], ["wrapKey", "encrypt"]], async (u) => (await s.generateKey({ name: "AES-GCM", length: 128 }, true, u)).usages);

// How arguments are read.
const reads = (o, log = []) => [new Proxy(o, { get(t, k) { log.push(String(k)); return t[k]; }, has(t, k) { log.push(`has ${String(k)}`); return k in t; } }), log];
each(probes, "reads of", ["digest", "sign", "encrypt", "deriveBits", "generateKey", "importKey"], async (op) => {
  const [p, log] = reads({ name: { digest: "SHA-1", sign: "HMAC", encrypt: "AES-CBC", deriveBits: "HKDF", generateKey: "HMAC", importKey: "HMAC" }[op], iv: bytes(16), hash: "SHA-1", salt: data, info: data });
  const args = { digest: [p, data], sign: [p, await key(), data], encrypt: [p, await s.importKey("raw", bytes(16), "AES-CBC", true, ["encrypt"]), data], deriveBits: [p, await s.importKey("raw", data, "HKDF", false, ["deriveBits"]), 8], generateKey: [p, true, ["sign"]], importKey: ["raw", data, p, true, ["sign"]] }[op];
  await s[op](...args);
  return log;
});
probes["getter throws"] = () => s.digest({ get name() { throw new RangeError("mine"); } }, data);
probes["hash getter throws"] = () => s.importKey("raw", data, { name: "HMAC", get hash() { throw new RangeError("mine"); } }, true, ["sign"]);
probes["inherited members"] = async () => hex(await s.digest(Object.create({ name: "SHA-1" }), data));
probes["symbol name"] = () => s.digest(Symbol("x"), data);
probes["bigint name"] = () => s.digest(1n, data);
probes["name to string throws"] = () => s.digest({ name: { toString() { throw new RangeError("mine"); } } }, data);
probes["data is copied"] = async () => { const d = bytes(4), p = s.digest("SHA-1", d); d.fill(0); return hex(await p) === hex(await s.digest("SHA-1", bytes(4))); };
probes["data detached"] = async () => { const d = bytes(4); structuredClone(d, { transfer: [d.buffer] }); return hex(await s.digest("SHA-1", d)); };
probes["data view"] = async () => hex(await s.digest("SHA-1", bytes(10).subarray(2, 5)));
each(probes, "throws or rejects", ["digest", "sign", "encrypt", "decrypt", "verify", "generateKey", "importKey", "exportKey", "deriveBits", "deriveKey", "wrapKey", "unwrapKey"], (op) => { try { const p = s[op](); p.catch(() => {}); return `rejects ${p instanceof Promise}`; } catch (e) { return `throws ${e.name}`; } });
each(probes, "wrong this", ["digest", "timingSafeEqual"], (op) => s[op].call({}, "SHA-1", data));

// timingSafeEqual.
each(probes, "timingSafeEqual", [[], [data], [data, data], [data, bytes(5)], [data, data.buffer], [new ArrayBuffer(2), new ArrayBuffer(2)], [new Uint16Array(2), new Uint8Array(4)], [new DataView(new ArrayBuffer(1)), new Uint8Array(1)], [data, "hello"], ["a", "a"], [null, null], [new Uint8Array(), new Uint8Array()], [bytes(1), bytes(2)]], (args) => s.timingSafeEqual(...args));

// Random values.
each(probes, "getRandomValues of", ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array", "Float32Array", "Float64Array"], (n) => crypto.getRandomValues(new globalThis[n](2)).constructor.name);
each(probes, "getRandomValues bytes", [0, 65536, 65537, 65544], (n) => crypto.getRandomValues(new Uint8Array(n)).length);
probes["getRandomValues words"] = () => crypto.getRandomValues(new Uint32Array(16385)).length;
each(probes, "getRandomValues wrong", [null, undefined, 1, "x", {}, [], new ArrayBuffer(8)], (v) => crypto.getRandomValues(v));
probes["getRandomValues part"] = () => { const a = new Uint8Array(64); crypto.getRandomValues(a.subarray(32)); return [a.subarray(0, 32).every((x) => !x), a.subarray(32).some((x) => x)]; };
probes["getRandomValues detached"] = () => { const d = bytes(4); structuredClone(d, { transfer: [d.buffer] }); return crypto.getRandomValues(d).length; };
probes["randomUUID argument"] = () => crypto.randomUUID({ disableEntropyCache: true }).length;
probes["randomUUID differs"] = () => crypto.randomUUID() !== crypto.randomUUID();
probes["subtle is one"] = () => crypto.subtle === crypto.subtle;
probes["subtle written"] = () => { crypto.subtle = 1; return typeof crypto.subtle; };
probes["crypto written"] = () => { const c = crypto; try { globalThis.crypto = 1; return typeof crypto; } finally { globalThis.crypto = c; } };
probes["members"] = () => [shape(Crypto.prototype), shape(SubtleCrypto.prototype), shape(crypto), shape(crypto.subtle)];

// DigestStream.
const digest = async (h, ...chunks) => { const d = new crypto.DigestStream(h), w = d.getWriter(); for (const c of chunks) await w.write(c); await w.close(); return [hex(await d.digest), d.bytesWritten]; };
each(probes, "DigestStream", ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "sha-1", { name: "SHA-1" }, "nope", {}, null, undefined, 1], (h) => digest(h, data));
each(probes, "DigestStream write", [data, data.buffer, new DataView(data.buffer), new Uint16Array([1, 2]), "hello", "é€", "", new Uint8Array(), "\ud800", 1, null, undefined, {}, [1], true], (c) => digest("SHA-1", c));
probes["DigestStream many"] = () => digest("SHA-256", "a", data, "b", bytes(1000));
probes["DigestStream none"] = () => digest("SHA-256");
probes["DigestStream call"] = () => crypto.DigestStream("SHA-1");
probes["DigestStream shape"] = () => [shape(crypto.DigestStream).filter((x) => !x.startsWith("prototype")), shape(crypto.DigestStream.prototype), shape(new crypto.DigestStream("SHA-1"))];
probes["DigestStream class"] = () => { const d = new crypto.DigestStream("SHA-1"); return [d instanceof WritableStream, d instanceof crypto.DigestStream, Object.prototype.toString.call(d), d.locked, crypto.DigestStream === crypto.DigestStream]; };
probes["DigestStream abort"] = async () => { const d = new crypto.DigestStream("SHA-1"); await d.abort(new RangeError("mine")); return d.digest; };
probes["DigestStream abort nothing"] = async () => { const d = new crypto.DigestStream("SHA-1"); await d.abort(); return d.digest; };
probes["DigestStream writer abort"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(); await w.write("a"); await w.abort("why"); return tried(d.digest); };
probes["DigestStream write after abort"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(); await w.abort("why"); return tried(w.write("a")); };
probes["DigestStream write after close"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(); await w.close(); return tried(w.write("a")); };
probes["DigestStream close twice"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(); await w.close(); return tried(w.close()); };
probes["DigestStream wrong then more"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(), out = []; out.push(await tried(w.write(1)), await tried(w.write("a")), await tried(w.close()), await tried(w.closed), await tried(d.digest)); return out; };
probes["DigestStream digest is one"] = () => { const d = new crypto.DigestStream("SHA-1"); return [d.digest === d.digest, d.digest instanceof Promise]; };
probes["DigestStream bytesWritten"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(), out = [d.bytesWritten]; w.write("abc"); out.push(d.bytesWritten); await w.write("é"); out.push(d.bytesWritten); return out; };
probes["DigestStream desiredSize"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(), out = [w.desiredSize]; const p = w.write("abc"); out.push(w.desiredSize); await p; out.push(w.desiredSize); await w.close(); out.push(w.desiredSize); return out; };
probes["DigestStream pipe"] = async () => { const d = new crypto.DigestStream("SHA-256"); await new Response("hello").body.pipeTo(d); return hex(await d.digest); };
probes["DigestStream pipe strings"] = async () => { const d = new crypto.DigestStream("SHA-256"); await new ReadableStream({ start(c) { c.enqueue("hel"); c.enqueue(text("lo")); c.close(); } }).pipeTo(d); return hex(await d.digest); };
probes["DigestStream pipe wrong"] = async () => { const d = new crypto.DigestStream("SHA-256"); const p = tried(new ReadableStream({ start(c) { c.enqueue(5); c.close(); } }).pipeTo(d)); return [await p, await tried(d.digest)]; };
probes["DigestStream pipe error"] = async () => { const d = new crypto.DigestStream("SHA-256"); const p = tried(new ReadableStream({ start(c) { c.error(new RangeError("mine")); } }).pipeTo(d)); return [await p, await tried(d.digest)]; };
probes["DigestStream dispose"] = async () => { const d = new crypto.DigestStream("SHA-1"); d[Symbol.dispose]?.(); return [typeof d[Symbol.dispose], await Promise.race([tried(d.digest), Promise.resolve("pending").then((x) => x)])]; };
probes["DigestStream locked"] = () => { const d = new crypto.DigestStream("SHA-1"); d.getWriter(); return d.close().catch((e) => `${e.name}: ${e.message}`); };
each(probes, "DigestStream checksum", ["CRC32", "CRC32C", "crc64nvme", "CRC64NVME", "CRC16"], (h) => digest(h, "hello", bytes(300)));
each(probes, "no digest", ["CRC32", "crc32c", "CRC64NVME"], async (h) => hex(await s.digest(h, data)));
probes["DigestStream write after dispose"] = async () => { const d = new crypto.DigestStream("SHA-1"), w = d.getWriter(); d[Symbol.dispose](); return [await tried(w.write("a")), await tried(w.closed), await tried(d.digest)]; };
probes["DigestStream dispose locked"] = async () => { const d = new crypto.DigestStream("SHA-1"); d.getWriter(); return [d[Symbol.dispose](), d[Symbol.dispose](), await tried(d.digest)]; };
probes["DigestStream dispose after close"] = async () => { const d = new crypto.DigestStream("SHA-1"); await d.close(); d[Symbol.dispose](); return hex(await d.digest); };

// Some never settle in workerd; the others take no time.
for (const [n, f] of Object.entries(probes)) probes[n] = () => { const p = f(); return p instanceof Promise ? Promise.race([p, scheduler.wait(5000).then(() => "(pending)")]) : p; };

export default area(probes);
