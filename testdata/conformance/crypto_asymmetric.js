// Signing, encrypting, deriving, wrapping and generating with crypto.subtle.
import { area, each } from "./probe.js";
import { about, algorithms, bytes, data, find, h, hex, named, open, priv, pub, rsa, rsa3, rsa512, sum, x } from "./lib/keys.js";

const s = crypto.subtle, probes = {};
const aes = (name = "AES-CBC", u = ["encrypt", "decrypt", "wrapKey", "unwrapKey"]) => s.importKey("raw", bytes(16), name, true, u);
const hashes = ["SHA-1", "SHA-256", "SHA-384", "SHA-512", "MD5", "nope", undefined, { name: "sha-256" }];

// Signatures.
const signers = algorithms.filter(([, uses]) => uses[0] === "sign");
const params = (alg, more) => ({ name: alg.name, ...(alg.name === "ECDSA" && h), ...(alg.name === "RSA-PSS" && { saltLength: 32 }), ...more });
for (const row of signers) {
  const [alg] = row, n = named(alg), p = params(alg);
  const random = /ECDSA|PSS/.test(alg.name), sign = async (d = data, q = p) => s.sign(q, await priv(row), d);
  each(probes, `${n} sign`, ["", "hello"], async (t) => { const g = await sign(new TextEncoder().encode(t)); return random ? g.byteLength : hex(g); });
  probes[`${n} verify`] = async () => s.verify(p, await pub(row), await sign(), data);
  probes[`${n} verify other data`] = async () => s.verify(p, await pub(row), await sign(), bytes(3));
  probes[`${n} verify with another key`] = async () => s.verify(p, await s.importKey("jwk", open(row[4]), alg, true, ["verify"]), await sign(), data);
  each(probes, `${n} verify a signature of`, [0, 1, 63, 64, 65, 96, 132, 255, 256, 257], async (m) => s.verify(p, await pub(row), bytes(m), data));
  probes[`${n} verify a changed one`] = async () => { const g = new Uint8Array(await sign()); g[3] ^= 1; return s.verify(p, await pub(row), g, data); };
  probes[`${n} sign with the public key`] = async () => s.sign(p, await pub(row), data);
  probes[`${n} verify with the private key`] = async () => s.verify(p, await priv(row), bytes(64), data);
  probes[`${n} by name only`] = async () => { const g = await sign(data, alg.name); return random ? g.byteLength : hex(g); };
  each(probes, `${n} sign for another algorithm`, ["HMAC", "ECDSA", "RSA-PSS", "Ed25519", "RSA-OAEP", "nope"], async (name) => { const g = await sign(data, { ...p, name }); return random ? g.byteLength : hex(g); });
  each(probes, `${n} hash`, alg.name === "ECDSA" ? hashes.filter((x) => x !== "MD5") : hashes, async (hash) => { const g = await sign(data, params(alg, { hash })); return [random ? g.byteLength : await sum(g), await s.verify(params(alg, { hash }), await pub(row), g, data)]; });
}
for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
  each(probes, `rsa ${hash}`, ["RSASSA-PKCS1-v1_5", "RSA-PSS"], async (name) => {
    const a = { name, hash }, p = { name, saltLength: 20 }, g = await s.sign(p, await s.importKey("jwk", rsa, a, true, ["sign"]), data);
    return [name === "RSA-PSS" ? g.byteLength : await sum(g), await s.verify(p, await s.importKey("jwk", open(rsa), a, true, ["verify"]), g, data)];
  });
}
each(probes, "salt length", [-1, 0, 1, 20, 32, 222, 223, 300, "20", "x", null, undefined, 1.5], async (saltLength) => { const row = find("RSA-PSS"), p = { name: "RSA-PSS", saltLength }; const g = await s.sign(p, await priv(row), data); return [g.byteLength, await s.verify(p, await pub(row), g, data)]; });
each(probes, "verify another salt length", [0, 20, 33], async (saltLength) => { const row = find("RSA-PSS"); return s.verify({ name: "RSA-PSS", saltLength }, await pub(row), await s.sign({ name: "RSA-PSS", saltLength: 32 }, await priv(row), data), data); });
each(probes, "small rsa", [rsa3, rsa512], async (k) => { const a = { name: "RSASSA-PKCS1-v1_5", ...h }; const g = await s.sign(a, await s.importKey("jwk", k, a, true, ["sign"]), data); return [hex(g), await s.verify(a, await s.importKey("jwk", open(k), a, true, ["verify"]), g, data)]; });

// RSA-OAEP.
const oaep = find("RSA-OAEP"), enc = async (d = data, more) => s.encrypt({ name: "RSA-OAEP", ...more }, await pub(oaep), d), dec = async (d, more) => s.decrypt({ name: "RSA-OAEP", ...more }, await priv(oaep), d);
each(probes, "oaep", [0, 1, 190, 191, 256], async (n) => (await dec(await enc(bytes(n)))).byteLength);
each(probes, "oaep label", [undefined, new Uint8Array(), bytes(4), bytes(4).buffer, null, "x", 1], async (label) => hex(await dec(await enc(data, { label }), { label })));
probes["oaep wrong label"] = async () => dec(await enc(data, { label: bytes(1) }), { label: bytes(2) });
each(probes, "oaep decrypt of", [0, 1, 255, 256, 257], async (n) => dec(bytes(n)));
probes["oaep encrypt with the private key"] = async () => s.encrypt("RSA-OAEP", await priv(oaep), data);
probes["oaep decrypt with the public key"] = async () => s.decrypt("RSA-OAEP", await pub(oaep), data);
for (const hash of ["SHA-1", "SHA-384", "SHA-512"]) probes[`oaep ${hash}`] = async () => { const a = { name: "RSA-OAEP", hash }; return hex(await s.decrypt("RSA-OAEP", await s.importKey("jwk", rsa, a, true, ["decrypt"]), await s.encrypt("RSA-OAEP", await s.importKey("jwk", open(rsa), a, true, ["encrypt"]), data))); };

// Agreement.
for (const row of algorithms.filter(([, uses]) => uses.includes("deriveBits"))) {
  const [alg, , , , other] = row, n = named(alg), theirs = () => s.importKey("jwk", open(other), alg, true, []);
  const size = { "P-256": 256, "P-384": 384, "P-521": 528 }[alg.namedCurve] ?? 256;
  each(probes, `${n} bits`, [0, 1, 7, 8, 9, 128, 255, size, size + 1, size + 8, null, undefined, -8, "8", NaN], async (m) => hex(await s.deriveBits({ name: alg.name, public: await theirs() }, await priv(row), m)));
  probes[`${n} no length`] = async () => hex(await s.deriveBits({ name: alg.name, public: await theirs() }, await priv(row)));
  each(probes, `${n} public`, [undefined, null, {}, "x"], async (k) => s.deriveBits({ name: alg.name, public: k }, await priv(row), 8));
  probes[`${n} by name only`] = async () => s.deriveBits(alg.name, await priv(row), 8);
  probes[`${n} with a private key`] = async () => s.deriveBits({ name: alg.name, public: await priv(row) }, await priv(row), 8);
  probes[`${n} with a secret key`] = async () => s.deriveBits({ name: alg.name, public: await aes() }, await priv(row), 8);
  each(probes, `${n} with the key of`, ["ECDSA", "ECDH", "X25519", "RSA-PSS"], async (name) => hex(await s.deriveBits({ name: alg.name, public: await pub(find(name)) }, await priv(row), 8)));
  probes[`${n} with its own public key`] = async () => s.deriveBits({ name: alg.name, public: await theirs() }, await pub(row), 8);
  each(probes, `${n} derive`, [{ name: "AES-GCM", length: 256 }, { name: "AES-GCM" }, { name: "HMAC", hash: "SHA-256" }, { name: "HMAC", hash: "SHA-256", length: 100 }, "HKDF", "nope"], async (to) => {
    const k = await s.deriveKey({ name: alg.name, public: await theirs() }, await priv(row), to, to !== "HKDF", to.name === "HMAC" ? ["sign"] : to === "HKDF" ? ["deriveBits"] : ["encrypt"]);
    return [about(k), k.extractable && hex(await s.exportKey("raw", k))];
  });
}
probes["x25519 zero"] = async () => s.deriveBits({ name: "X25519", public: await s.importKey("raw", new Uint8Array(32), "X25519", true, []) }, await priv(find("X25519")), 256);

// Wrapping.
const wrappers = [["AES-KW"], ["AES-CBC", { iv: bytes(16) }], ["AES-GCM", { iv: bytes(12) }], ["AES-CTR", { counter: bytes(16), length: 64 }]];
for (const [name, more] of wrappers) {
  const alg = more ? { name, ...more } : name, uses = ["wrapKey", "unwrapKey"];
  each(probes, `wrap with ${name}`, ["raw", "jwk", "pkcs8", "zzz"], async (f) => sum(await s.wrapKey(f, await aes("AES-CTR"), await aes(name, uses), alg)));
  each(probes, `wrap a pair with ${name}`, ["pkcs8", "spki", "jwk"], async (f) => sum(await s.wrapKey(f, f === "spki" ? await pub(find("Ed25519")) : await priv(find("Ed25519")), await aes(name, uses), alg)));
  each(probes, `unwrap with ${name}`, ["raw", "jwk"], async (f) => { const k = await aes(name, uses); return about(await s.unwrapKey(f, await s.wrapKey(f, await aes("AES-CTR"), k, alg), k, alg, "AES-CTR", false, ["encrypt"])); });
  each(probes, `unwrap rubbish with ${name}`, [0, 8, 16, 24, 32, 40], async (n) => s.unwrapKey("raw", bytes(n), await aes(name, uses), alg, "AES-CTR", true, ["encrypt"]));
  probes[`wrap with ${name} without usage`] = async () => s.wrapKey("raw", await aes("AES-CTR"), await aes(name, ["unwrapKey"]), alg);
  probes[`unwrap with ${name} without usage`] = async () => s.unwrapKey("raw", bytes(24), await aes(name, ["wrapKey"]), alg, "AES-CTR", true, ["encrypt"]);
  probes[`unwrap bad json with ${name}`] = async () => { const k = await aes(name, uses); return s.unwrapKey("jwk", await s.wrapKey("raw", await aes("AES-CTR"), k, alg), k, alg, "AES-CTR", true, ["encrypt"]); };
}
each(probes, "wrap with oaep", ["raw", "jwk"], async (f) => { const b = await s.wrapKey(f, await aes("AES-CTR"), await pub(oaep), "RSA-OAEP"); return about(await s.unwrapKey(f, b, await priv(oaep), "RSA-OAEP", "AES-CTR", true, ["encrypt"])); });
probes["wrap a kept key"] = async () => s.wrapKey("raw", await s.importKey("raw", bytes(16), "AES-CTR", false, ["encrypt"]), await aes("AES-KW", ["wrapKey"]), "AES-KW");
probes["wrap with hmac"] = async () => s.wrapKey("raw", await aes(), await s.importKey("raw", bytes(16), { name: "HMAC", ...h }, true, ["sign"]), "HMAC");
each(probes, "arguments of wrapKey", [[], ["raw"], ["raw", {}], ["raw", {}, {}, "AES-KW"]], (args) => s.wrapKey(...args));
each(probes, "arguments of unwrapKey", [[], ["raw"], ["raw", data, {}, "AES-KW", "AES-CTR", true, []]], (args) => s.unwrapKey(...args));
each(probes, "arguments of sign", [[], ["HMAC"], ["HMAC", {}], ["HMAC", {}, data]], (args) => s.sign(...args));
each(probes, "arguments of verify", [[], ["HMAC"], ["HMAC", {}, data, data]], (args) => s.verify(...args));

// Generation.
const pair = ({ publicKey, privateKey }) => [about(publicKey), about(privateKey)];
const generated = [[{ name: "ECDSA", namedCurve: "P-256" }, "sign", "verify"], [{ name: "ECDH", namedCurve: "P-384" }, "deriveBits", "deriveKey"], [{ name: "Ed25519" }, "sign", "verify"], [{ name: "X25519" }, "deriveKey", "deriveBits"],
  [{ name: "NODE-ED25519", namedCurve: "NODE-ED25519" }, "sign", "verify"], [{ name: "RSA-PSS", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), ...h }, "sign", "verify"], [{ name: "RSA-OAEP", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), ...h }, "decrypt", "encrypt"]];
for (const [alg, a, b] of generated) {
  each(probes, `generate ${alg.name}`, [[], [a], [b], [a, b], [b, a], [a, a], ["zzz"], ["encrypt"], ["sign"], "sign", null, undefined, {}], async (u) => pair(await s.generateKey(alg, false, u)));
  each(probes, `generate ${alg.name} extractable`, [true, 1, "", undefined], async (e) => pair(await s.generateKey(alg, e, [a])).map((k) => k[1]));
}
each(probes, "generate curve", ["P-256", "P-384", "P-521", "p-256", "P-192", "", null, undefined, 256], async (namedCurve) => pair(await s.generateKey({ name: "ECDSA", namedCurve }, true, ["sign"])));
each(probes, "generate NODE-ED25519 curve", ["NODE-ED25519", "nope", undefined], async (namedCurve) => pair(await s.generateKey({ name: "NODE-ED25519", namedCurve }, true, ["sign"])));
const small = { name: "RSASSA-PKCS1-v1_5", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), ...h };
each(probes, "generate modulus", [-1, 0, 8, 100, 248, 256, 512, 1000, 1023, 1025, 16385, 20000, "1024", "x", undefined, null], async (modulusLength) => pair(await s.generateKey({ ...small, modulusLength }, true, ["sign"])));
each(probes, "generate exponent", [[], [0], [1], [2], [3], [1, 0, 0], [0, 0, 1, 0, 1], [1, 0, 0, 0, 1], [255, 255, 255, 255, 255, 255, 255, 255, 255]], async (e) => pair(await s.generateKey({ ...small, publicExponent: new Uint8Array(e) }, true, ["sign"])));
each(probes, "generate exponent as", ["x", 65537, null, undefined, [1, 0, 1], new Uint8Array([1, 0, 1]).buffer], async (publicExponent) => pair(await s.generateKey({ ...small, publicExponent }, true, ["sign"])));
each(probes, "generate hash", ["SHA-1", "sha-512", "MD5", "nope", undefined, null, { name: "SHA-384" }, {}], async (hash) => pair(await s.generateKey({ ...small, hash }, true, ["sign"])));
each(probes, "generate by name only", ["RSA-PSS", "ECDSA", "ECDH", "Ed25519", "X25519", "NODE-ED25519", "AES-GCM", "HMAC", "HKDF", "PBKDF2", "ed25519", "RSA-RAW", "ML-DSA-44", "Ed448", "ChaCha20-Poly1305", "AES-OCB", "", 1, null, undefined, {}], async (name) => pair(await s.generateKey(name, true, ["sign"])));
each(probes, "import by name only", ["RSA-PSS", "ECDSA", "HMAC", "RSA-RAW", "AES-OCB", "ChaCha20-Poly1305", "Ed448", "", 1, null, undefined, {}, "hmac"], async (name) => about(await s.importKey("raw", bytes(16), name, true, ["sign"])));
each(probes, "import usages", ["sign", null, undefined, {}, [1], [null], new Set(["sign"])], async (u) => about(await s.importKey("raw", bytes(16), { name: "HMAC", ...h }, true, u)));
each(probes, "import format", [1, null, undefined, {}, "Raw"], async (f) => about(await s.importKey(f, bytes(16), { name: "HMAC", ...h }, true, ["sign"])));
each(probes, "import data", [null, undefined, 1, "x", [], {}, new Blob()], async (d) => about(await s.importKey("raw", d, { name: "HMAC", ...h }, true, ["sign"])));
each(probes, "import jwk data", [null, undefined, 1, "x", [], { kty: "oct" }, { kty: "oct", k: "" }, { kty: "oct", k: "!!" }, { kty: "oct", k: "AA==" }, { kty: "oct", k: "AA+/" }, { kty: "oct", k: "AA", alg: "HS1" }, { kty: "oct", k: "AA", alg: "HS256", use: "enc", key_ops: ["verify"] }, { kty: "oct", k: "AA", ext: false }], async (d) => about(await s.importKey("jwk", d, { name: "HMAC", ...h }, true, ["sign"])));
each(probes, "import aes jwk", [{}, { kty: "oct" }, { kty: "oct", k: "AA" }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA" }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", alg: "A128GCM" }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", alg: "A256GCM" }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", use: "sig" }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", key_ops: ["decrypt"] }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", key_ops: ["encrypt", "encrypt"] }, { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", ext: false }], async (d) => about(await s.importKey("jwk", d, "AES-GCM", true, ["encrypt"])));
for (const name of ["AES-GCM", "AES-KW"]) each(probes, `import ${name} as`, ["raw", "raw-secret", "raw-public", "spki", "pkcs8", "zzz"], async (f) => about(await s.importKey(f, bytes(16), name, true, ["wrapKey"])));
each(probes, "secret export", ["raw", "raw-secret", "raw-public", "raw-seed", "spki", "pkcs8", "jwk", "zzz"], async (f) => { const out = await s.exportKey(f, await aes("AES-KW", ["wrapKey"])); return out.byteLength ?? out; });
each(probes, "hmac export", ["raw", "raw-secret", "spki", "jwk", "zzz"], async (f) => { const out = await s.exportKey(f, await s.importKey("raw", bytes(16), { name: "HMAC", ...h }, true, ["verify", "sign"])); return out.byteLength ?? out; });
probes["export hkdf"] = async () => s.exportKey("raw", await s.importKey("raw", data, "HKDF", false, ["deriveBits"]));
each(probes, "export arguments", [[], ["raw"], ["raw", {}], ["raw", null]], (args) => s.exportKey(...args));

// RSA without padding, without salt, without primes, and small.
const raw = (n) => s.importKey("jwk", n, "RSA-RAW", true, ["sign"]);
each(probes, "RSA-RAW sign", [0, 5, 255, 256, 257], async (n) => hex(await s.sign("RSA-RAW", await raw(rsa), bytes(n))));
probes["RSA-RAW sign too large"] = async () => hex(await s.sign("RSA-RAW", await raw(rsa), new Uint8Array(256).fill(255)));
probes["RSA-RAW key"] = async () => about(await raw(rsa));
probes["RSA-RAW public"] = async () => about(await s.importKey("jwk", open(rsa), "RSA-RAW", true, []));
probes["RSA-RAW export"] = async () => sum(await s.exportKey("pkcs8", await raw(rsa)));
each(probes, "unsalted", ["SHA-1", "SHA-256", "SHA-512", "MD5"], async (hash) => hex(await s.sign({ name: "RSA-PSS", saltLength: 0 }, await s.importKey("jwk", rsa, { name: "RSA-PSS", hash }, true, ["sign"]), data)));
const { p: p_, q: q_, dp, dq, qi, ...bare } = rsa, pkcs1 = { name: "RSASSA-PKCS1-v1_5", ...h };
probes["RSA without primes"] = async () => { const k = await s.importKey("jwk", bare, pkcs1, true, ["sign"]); return [about(k), hex(await s.sign(pkcs1, k, data)) === hex(await s.sign(pkcs1, await s.importKey("jwk", rsa, pkcs1, true, ["sign"]), data))]; };
probes["RSA without primes export"] = async () => s.exportKey("pkcs8", await s.importKey("jwk", bare, pkcs1, true, ["sign"]));
for (const [name, k] of Object.entries({ rsa512, rsa3 })) {
  each(probes, `${name} PKCS1`, ["SHA-1", "SHA-256", "SHA-384", "SHA-512", "MD5"], async (hash) => hex(await s.sign(pkcs1, await s.importKey("jwk", k, { ...pkcs1, hash }, true, ["sign"]), data)));
  each(probes, `${name} PSS salt`, [0, 20, 29, 30, 31, 32, 94, 95], async (saltLength) => (await s.sign({ name: "RSA-PSS", saltLength }, await s.importKey("jwk", k, { name: "RSA-PSS", ...h }, true, ["sign"]), data)).byteLength);
  each(probes, `${name} OAEP`, ["SHA-1", "SHA-256", "SHA-512"], async (hash) => { const a = { name: "RSA-OAEP", hash }; return new TextDecoder().decode(await s.decrypt("RSA-OAEP", await s.importKey("jwk", k, a, true, ["decrypt"]), await s.encrypt("RSA-OAEP", await s.importKey("jwk", open(k), a, true, ["encrypt"]), data))); });
}
each(probes, "generate small", [384, 512, 640, 1000, 1152], async (modulusLength) => { const k = await s.generateKey({ ...small, modulusLength, publicExponent: Uint8Array.of(3) }, true, ["sign", "verify"]); return [about(k.publicKey), await s.verify(pkcs1, k.publicKey, await s.sign(pkcs1, k.privateKey, data), data)]; });
probes["generated exponent"] = async () => (await s.exportKey("jwk", (await s.generateKey({ ...small, publicExponent: Uint8Array.of(0, 1, 0, 1) }, true, ["sign"])).publicKey)).e;

// A key of another algorithm is found out when it is used.
each(probes, "Ed25519 of another key", ["RSA-PSS", "ECDSA", "X25519"], async (name) => s.sign("Ed25519", await s.importKey("pkcs8", await s.exportKey("pkcs8", await priv(find(name))), "Ed25519", true, ["sign"]), data));
each(probes, "Ed25519 verifies with another key", ["RSA-PSS", "ECDSA", "X25519"], async (name) => s.verify("Ed25519", await s.importKey("spki", await s.exportKey("spki", await pub(find(name))), "Ed25519", true, ["verify"]), bytes(64), data));
each(probes, "X25519 of another key", ["RSA-PSS", "ECDSA", "Ed25519"], async (name) => sum(await s.exportKey("pkcs8", await s.importKey("pkcs8", await s.exportKey("pkcs8", await priv(find(name))), "X25519", true, ["deriveBits"]))));

export default area(probes);
