// compatibility_flags: nodejs_compat
// node:crypto: ciphers of all modes, hashes, MACs and derived keys.
import crypto from "node:crypto";
import { Buffer } from "node:buffer";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { callback, each, events, nodeArea, problem } from "./lib/node.js";

const hex = (b) => Buffer.from(b).toString("hex");
const bytes = (n, from = 1) => Buffer.from(Array.from({ length: n }, (_, i) => from + i));
const odd = [undefined, null, 1, "", "x", {}, [], true];
const data = Buffer.from("the text of a message, longer than a block");
const keys = { "aes-128": 16, "aes-192": 24, "aes-256": 32, "des-ede3": 24, "des": 8, "rc4": 16 };
const keyOf = (name) => bytes(Object.entries(keys).find(([k]) => name.startsWith(k))?.[1] ?? 32);
const ivOf = (name) => /ecb|rc4/.test(name) ? null : /gcm|poly/.test(name) ? bytes(12) : /des/.test(name) ? bytes(8) : bytes(16);
const seal = (name, { aad, tag, padding } = {}) => {
  const c = crypto.createCipheriv(name, keyOf(name), ivOf(name), tag ? { authTagLength: tag } : undefined);
  if (aad) c.setAAD(aad);
  if (padding === false) c.setAutoPadding(false);
  const out = Buffer.concat([c.update(data.subarray(0, 7)), c.update(data.subarray(7)), c.final()]);
  return [out, /gcm|poly|ccm|ocb/.test(name) ? c.getAuthTag() : undefined];
};
const open = (name, [text, tag], { aad, length } = {}) => {
  const d = crypto.createDecipheriv(name, keyOf(name), ivOf(name), length ? { authTagLength: length } : undefined);
  if (aad) d.setAAD(aad);
  if (tag) d.setAuthTag(tag);
  return Buffer.concat([d.update(text), d.final()]).toString();
};
const ciphers = ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "aes-128-ctr", "aes-256-ctr", "aes-128-ecb", "aes-256-ecb", "aes-128-ofb", "aes-256-ofb", "aes-128-gcm", "aes-192-gcm", "aes-256-gcm", "des-ede3-cbc", "des-cbc", "des-ecb", "rc4", "aes-128-cfb", "aes-256-ccm", "chacha20-poly1305", "aes-256-ocb", "bf-cbc", "camellia-128-cbc", "id-aes256-GCM", "AES-128-CBC"];
const probes = {};
for (const name of ciphers) {
  probes[`${name}`] = () => seal(name).map((b) => b && hex(b));
  probes[`${name} back`] = () => open(name, seal(name));
  probes[`${name} info`] = () => crypto.getCipherInfo(name);
}
for (const name of ["aes-128-gcm", "chacha20-poly1305"]) {
  Object.assign(probes, {
    [`${name} aad`]: () => seal(name, { aad: Buffer.from("extra") }).map(hex),
    [`${name} aad back`]: () => open(name, seal(name, { aad: Buffer.from("extra") }), { aad: Buffer.from("extra") }),
    [`${name} wrong aad`]: () => open(name, seal(name, { aad: Buffer.from("extra") }), { aad: Buffer.from("other") }),
    [`${name} wrong tag`]: () => open(name, [seal(name)[0], Buffer.alloc(16)]),
    [`${name} no tag`]: () => open(name, [seal(name)[0]]),
    [`${name} tag lengths`]: () => each([4, 8, 12, 13, 14, 15, 16, 3, 17, 0], (n) => seal(name, { tag: n })[1].length),
    [`${name} short tag`]: () => { const [t, g] = seal(name); return each([15, 12, 8, 4, 3, 0], (n) => open(name, [t, g.subarray(0, n)])); },
    [`${name} tag early`]: () => crypto.createCipheriv(name, keyOf(name), ivOf(name)).getAuthTag(),
    [`${name} tag of a cipher`]: () => crypto.createCipheriv(name, keyOf(name), ivOf(name)).setAuthTag(Buffer.alloc(16)),
    [`${name} get tag of a decipher`]: () => crypto.createDecipheriv(name, keyOf(name), ivOf(name)).getAuthTag(),
    [`${name} tag twice`]: () => { const d = crypto.createDecipheriv(name, keyOf(name), ivOf(name)); d.setAuthTag(Buffer.alloc(16)); d.setAuthTag(Buffer.alloc(16)); },
    [`${name} aad late`]: () => { const c = crypto.createCipheriv(name, keyOf(name), ivOf(name)); c.update("x"); c.setAAD(Buffer.from("y")); },
    [`${name} aad odd`]: () => each(odd, (v) => typeof crypto.createCipheriv(name, keyOf(name), ivOf(name)).setAAD(v)),
    [`${name} ivs`]: () => each([0, 1, 8, 11, 12, 13, 16], (n) => typeof crypto.createCipheriv(name, keyOf(name), Buffer.alloc(n))),
  });
}
Object.assign(probes, {
  "key lengths": () => each([0, 15, 17, 32], (n) => typeof crypto.createCipheriv("aes-128-cbc", Buffer.alloc(n), bytes(16))),
  "iv lengths": () => each([0, 15, 17], (n) => typeof crypto.createCipheriv("aes-128-cbc", bytes(16), Buffer.alloc(n))),
  "iv null": () => typeof crypto.createCipheriv("aes-128-cbc", bytes(16), null),
  "iv for ecb": () => typeof crypto.createCipheriv("aes-128-ecb", bytes(16), bytes(16)),
  "cipher odd": () => each([...odd, "nope"], (v) => typeof crypto.createCipheriv(v, bytes(16), bytes(16))),
  "key odd": () => each(odd, (v) => typeof crypto.createCipheriv("aes-128-cbc", v, bytes(16))),
  "iv odd": () => each(odd, (v) => typeof crypto.createCipheriv("aes-128-cbc", bytes(16), v)),
  "key kinds": () => each([crypto.createSecretKey(bytes(16)), "0123456789abcdef", bytes(16).buffer.slice(0, 16), new Uint8Array(16), new DataView(new ArrayBuffer(16))], (k) => hex(crypto.createCipheriv("aes-128-cbc", k, bytes(16)).final())),
  "update odd": () => each(odd, (v) => hex(crypto.createCipheriv("aes-128-ctr", bytes(16), bytes(16)).update(v))),
  "update encodings": () => { const c = crypto.createCipheriv("aes-128-ctr", bytes(16), bytes(16)); return [c.update("abc", "utf8", "hex"), c.update("616263", "hex", "base64"), c.update("YWJj", "base64", "latin1"), c.final("hex")]; },
  "two output encodings": () => { const c = crypto.createCipheriv("aes-128-ctr", bytes(16), bytes(16)); return [c.update("abc", "utf8", "hex"), c.update("abc", "utf8", "base64")]; },
  "final twice": () => { const c = crypto.createCipheriv("aes-128-cbc", bytes(16), bytes(16)); c.final(); return c.final(); },
  "update after final": () => { const c = crypto.createCipheriv("aes-128-cbc", bytes(16), bytes(16)); c.final(); return c.update("x"); },
  "padding off": () => seal("aes-128-cbc", { padding: false }),
  "padding off, whole": () => { const c = crypto.createCipheriv("aes-128-cbc", bytes(16), bytes(16)); c.setAutoPadding(false); return hex(Buffer.concat([c.update(bytes(32)), c.final()])); },
  "padding late": () => { const c = crypto.createCipheriv("aes-128-cbc", bytes(16), bytes(16)); c.final(); return typeof c.setAutoPadding(); },
  "bad decrypt": () => open("aes-128-cbc", [Buffer.alloc(32)]),
  "wrong length": () => open("aes-128-cbc", [Buffer.alloc(15)]),
  "empty": () => open("aes-128-cbc", [Buffer.alloc(0)]),
  "stream": async () => { const out = []; const c = crypto.createCipheriv("aes-128-cbc", bytes(16), bytes(16)); await pipeline(Readable.from(["ab", "cd"]), c, async (s) => { for await (const x of s) out.push(x); }); return hex(Buffer.concat(out)); },
  "stream error": async () => { const d = crypto.createDecipheriv("aes-128-cbc", bytes(16), bytes(16)); return pipeline(Readable.from([Buffer.alloc(15)]), d, async (s) => { for await (const x of s); }); },
  "hashes": () => each(["md4", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha512-224", "sha3-256", "sha3-512", "ripemd160", "rmd160", "blake2b512", "blake2s256", "shake128", "shake256", "md5-sha1", "RSA-SHA256", "SHA256", "sha-256", "whirlpool", "sm3", "nope"], (h) => crypto.createHash(h).update("abc").digest("hex").slice(0, 24)),
  "hmacs": () => each(["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha3-256", "ripemd160", "RSA-SHA1", "nope"], (h) => crypto.createHmac(h, "key").update("abc").digest("hex").slice(0, 24)),
  "getHashes": () => crypto.getHashes(),
  "getCurves": () => crypto.getCurves(),
  "hash once": () => each([["sha256", "abc"], ["sha256", "abc", "base64"], ["sha256", Buffer.from("abc"), "buffer"], ["nope", "abc"], ["sha256", 5], ["sha256", "abc", "nope"], ["sha256", "abc", { outputEncoding: "latin1" }], ["md5", ""]], (a) => { const r = crypto.hash(...a); return typeof r === "string" ? r.slice(0, 16) : hex(r).slice(0, 16); }),
  "hash copy": () => { const h = crypto.createHash("sha1").update("a"); const c = h.copy(); return [h.update("b").digest("hex").slice(0, 8), c.update("c").digest("hex").slice(0, 8), problem((() => { try { h.copy(); } catch (e) { return e; } })())]; },
  "hash lengths": () => each([[0], [1], [16], [64], [-1], ["4"], [1.5]], ([n]) => crypto.createHash("shake128", { outputLength: n }).update("a").digest("hex")),
  "hash length of sha256": () => each([32, 16, 33], (n) => crypto.createHash("sha256", { outputLength: n }).update("a").digest("hex").length),
  "hash update odd": () => each(odd, (v) => crypto.createHash("md5").update(v).digest("hex")),
  "hash digest odd": () => each(["hex", "base64", "base64url", "latin1", "buffer", "nope", null, 1, undefined], (e) => { const d = crypto.createHash("md5").update("a").digest(e); return typeof d === "string" ? `${d.length}` : hex(d).slice(0, 8); }),
  "hash after digest": () => { const h = crypto.createHash("md5"); h.digest(); return each([() => h.digest(), () => h.update("a")], (f) => f()); },
  "hash stream": async () => { const h = crypto.createHash("sha1"); h.write("a"); h.end("b"); return new Promise((r) => h.on("readable", () => { const d = h.read(); if (d) r(hex(d).slice(0, 10)); })); },
  "hmac key odd": () => each(odd, (v) => crypto.createHmac("md5", v).update("a").digest("hex").slice(0, 8)),
  "hmac twice": () => { const h = crypto.createHmac("md5", "k").update("a"); return [h.digest("hex").length, h.digest("hex")]; },
  "pbkdf2": () => each([["p", "s", 1, 20, "sha1"], ["p", "s", 1000, 32, "sha256"], ["p", "s", 1, 0, "sha1"], ["p", "s", 0, 20, "sha1"], ["p", "s", -1, 20, "sha1"], ["p", "s", 1, -1, "sha1"], ["p", "s", 1, 20, "nope"], ["p", "s", 1, 20], [1, "s", 1, 20, "sha1"], ["p", 1, 1, 20, "sha1"], ["p", "s", "1", 20, "sha1"], ["p", "s", 1.5, 20, "sha1"]], (a) => hex(crypto.pbkdf2Sync(...a)).slice(0, 16)),
  "pbkdf2 callback": async () => hex(await callback(crypto.pbkdf2, "p", "s", 1, 8, "sha512")),
  "pbkdf2 callback odd": () => each([undefined, null, 1], (f) => crypto.pbkdf2("p", "s", 1, 8, "sha512", f)),
  "scrypt": () => each([["p", "s", 16], ["p", "s", 16, { N: 1024 }], ["p", "s", 16, { cost: 1024, blockSize: 1, parallelization: 2 }], ["p", "s", 0], ["p", "s", -1], ["p", "s", 16, { N: 3 }], ["p", "s", 16, { N: 1 }], ["p", "s", 16, { N: 0 }], ["p", "s", 16, { N: 2 ** 20 }], ["p", "s", 16, { maxmem: 1 }], ["p", "s", 16, { N: 16, cost: 16 }], [1, "s", 16], ["p", null, 16]], (a) => hex(crypto.scryptSync(...a)).slice(0, 16)),
  "scrypt callback": async () => hex(await callback(crypto.scrypt, "p", "s", 8, { N: 16 })),
  "hkdf": () => each([["sha256", "k", "s", "i", 32], ["sha512", Buffer.from("k"), "", "", 16], ["sha256", "k", "s", "i", 0], ["sha256", "k", "s", "i", 255 * 32], ["sha256", "k", "s", "i", 255 * 32 + 1], ["nope", "k", "s", "i", 8], ["sha256", 1, "s", "i", 8], ["sha256", "", "s", "i", 8], ["sha256", "k", "s", "i".repeat(1025), 8], ["sha256", "k", "s", "i", -1], ["sha256", crypto.createSecretKey(Buffer.from("k")), "s", "i", 8]], (a) => hex(crypto.hkdfSync(...a)).slice(0, 16)),
  "hkdf kind": () => crypto.hkdfSync("sha256", "k", "s", "i", 8).constructor.name,
  "hkdf callback": async () => hex(await callback(crypto.hkdf, "sha256", "k", "s", "i", 8)),
  "timingSafeEqual": () => each([["ab", "ab"], ["ab", "ac"]], ([a, b]) => crypto.timingSafeEqual(Buffer.from(a), Buffer.from(b))),
  "timingSafeEqual odd": () => each([[Buffer.alloc(1), Buffer.alloc(2)], ["a", "a"], [new ArrayBuffer(1), new Uint8Array(1)], [new Uint16Array(1), new Uint8Array(2)], []], (a) => crypto.timingSafeEqual(...a)),
});
export default nodeArea(probes);
