// crypto.subtle with secret keys: AES, HMAC, HKDF, PBKDF2, and digests.
import { area, each } from "./probe.js";

const s = crypto.subtle, probes = {};
const bytes = (n, from = 1) => Uint8Array.from({ length: n }, (_, i) => from + i);
const text = (t) => new TextEncoder().encode(t), data = text("hello"), long = bytes(100);
const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, "0")).join("");
const raw = (name, n = 16, usages = ["encrypt", "decrypt", "wrapKey", "unwrapKey"]) => s.importKey("raw", bytes(n), name, true, usages);
const hmac = (hash, usages = ["sign", "verify"], more) => s.importKey("raw", bytes(20), { name: "HMAC", hash, ...more }, true, usages);
const kdf = (name, usages = ["deriveBits", "deriveKey"]) => s.importKey("raw", data, name, false, usages);
const iv = bytes(16), iv12 = bytes(12);
const cbc = { name: "AES-CBC", iv }, ctr = { name: "AES-CTR", counter: iv, length: 64 }, gcm = { name: "AES-GCM", iv: iv12 };

// Round trips with known answers.
for (const n of [16, 24, 32]) {
  each(probes, `encrypt ${n}`, [cbc, ctr, gcm], async (alg) => hex(await s.encrypt(alg, await raw(alg.name, n), long)));
  each(probes, `decrypt ${n}`, [cbc, ctr, gcm], async (alg) => { const k = await raw(alg.name, n); return hex(await s.decrypt(alg, k, await s.encrypt(alg, k, long))); });
  each(probes, `wrap KW ${n}`, [16, 24, 32], async (m) => hex(await s.wrapKey("raw", await raw("AES-CBC", m), await raw("AES-KW", n, ["wrapKey"]), "AES-KW")));
}
each(probes, "encrypt nothing", [cbc, ctr, gcm], async (alg) => hex(await s.encrypt(alg, await raw(alg.name), new Uint8Array())));
each(probes, "name in lower case", [cbc, ctr, gcm], async (alg) => { const k = await raw(alg.name.toLowerCase()); return [k.algorithm.name, hex(await s.encrypt({ ...alg, name: alg.name.toLowerCase() }, k, data))]; });

// Parameters.
each(probes, "encrypt with", ["AES-CBC", "AES-CTR", "AES-GCM", {}, { name: "AES-CBC" }, { name: "AES-CTR" }, { name: "AES-CTR", counter: iv }, { name: "AES-CTR", length: 1 },
  { name: "AES-GCM" }, { name: "AES-CBC", iv: "x" }, { name: "AES-CBC", iv: [1] }, { name: "AES-CBC", iv: null }, { name: "AES-GCM", iv: 1 }, { name: "AES-KW" }, { name: "AES-XYZ" }, { name: 1 },
  { name: "AES-CBC", iv: bytes(15) }, { name: "AES-CBC", iv: bytes(17) }, { name: "AES-CBC", iv: new Uint8Array() }, { name: "AES-CBC", iv: iv.buffer },
  { name: "AES-CBC", iv: new DataView(iv.buffer) }, null, undefined, 5, [], "HMAC", "RSA-OAEP"], async (alg) => {
  const name = typeof alg === "string" ? alg : alg?.name;
  return hex(await s.encrypt(alg, await raw(["AES-CBC", "AES-CTR", "AES-GCM"].includes(name) ? name : "AES-CBC"), data));
});
each(probes, "counter length", [-1, 0, 1, 2, 8, 64, 127, 128, 129, 256, 1.5, "8", "x", null, NaN, 2 ** 32, {}], async (length) => hex(await s.encrypt({ ...ctr, length }, await raw("AES-CTR"), bytes(20))));
each(probes, "counter size", [0, 1, 15, 17, 32], async (n) => hex(await s.encrypt({ ...ctr, counter: bytes(n) }, await raw("AES-CTR"), data)));
each(probes, "counter wraps", [1, 2, 3, 4, 8], async (length) => hex(await s.encrypt({ ...ctr, counter: new Uint8Array(16).fill(255), length }, await raw("AES-CTR"), long)));
each(probes, "decrypt counter wraps", [1, 3, 8], async (length) => hex(await s.decrypt({ ...ctr, counter: new Uint8Array(16).fill(255), length }, await raw("AES-CTR"), long)));
each(probes, "tag length", [-8, 0, 1, 8, 16, 31, 32, 64, 95, 96, 104, 112, 120, 127, 128, 129, 136, 256, "96", "x", null, NaN, 96.5], async (tagLength) => hex(await s.encrypt({ ...gcm, tagLength }, await raw("AES-GCM"), data)));
each(probes, "decrypt tag length", [0, 32, 64, 96, 127, 128], async (tagLength) => { const k = await raw("AES-GCM"); return hex(await s.decrypt({ ...gcm, tagLength }, k, (await s.encrypt(gcm, k, data)).slice(0, 5 + tagLength / 8))); });
each(probes, "gcm iv size", [0, 1, 7, 8, 11, 12, 13, 16, 64, 128], async (n) => hex(await s.encrypt({ name: "AES-GCM", iv: bytes(n) }, await raw("AES-GCM"), data)));
each(probes, "gcm additional data", [new Uint8Array(), bytes(5), bytes(5).buffer, null, "x", [1], 1], async (additionalData) => hex(await s.encrypt({ ...gcm, additionalData }, await raw("AES-GCM"), data)));
probes["gcm wrong additional data"] = async () => { const k = await raw("AES-GCM"); return s.decrypt({ ...gcm, additionalData: bytes(2) }, k, await s.encrypt({ ...gcm, additionalData: bytes(1) }, k, data)); };
each(probes, "decrypt gcm of", [0, 1, 15, 16, 17, 40], async (n) => hex(await s.decrypt(gcm, await raw("AES-GCM"), bytes(n))));
each(probes, "decrypt cbc of", [0, 1, 15, 16, 17, 32, 33], async (n) => hex(await s.decrypt(cbc, await raw("AES-CBC"), bytes(n))));
each(probes, "decrypt ctr of", [0, 1, 16], async (n) => hex(await s.decrypt(ctr, await raw("AES-CTR"), bytes(n))));
each(probes, "encrypt data", ["x", null, undefined, 5, [1], {}], async (d) => s.encrypt(cbc, await raw("AES-CBC"), d));
each(probes, "encrypt data kind", [data.buffer, new DataView(data.buffer), new Uint16Array(2), new Float64Array(1), new BigInt64Array(1)], async (d) => hex(await s.encrypt(cbc, await raw("AES-CBC"), d)));
probes["encrypt with a key of another mode"] = async () => s.encrypt(cbc, await raw("AES-CTR"), data);
probes["encrypt with a key without the usage"] = async () => s.encrypt(cbc, await raw("AES-CBC", 16, ["decrypt"]), data);
probes["decrypt with a key without the usage"] = async () => s.decrypt(cbc, await raw("AES-CBC", 16, ["encrypt"]), data);
probes["encrypt with KW"] = async () => s.encrypt("AES-KW", await raw("AES-KW", 16, ["wrapKey"]), data);
each(probes, "arguments of encrypt", [[], [cbc], [cbc, 1], [cbc, {}], [cbc, null, data]], (args) => s.encrypt(...args));

// HMAC and digests.
const hashes = ["SHA-1", "SHA-256", "SHA-384", "SHA-512", "sha-256", "MD5", "SHA-224", "SHA256", "", "sha-1 "];
each(probes, "digest", hashes, async (h) => hex(await s.digest(h, data)));
each(probes, "digest with", [{ name: "SHA-1" }, { name: "sha-512", x: 1 }, {}, { name: undefined }, { name: null }, { name: 1 }, null, undefined, 1, [], ["SHA-1"], { name: { toString: () => "SHA-1" } }, new String("SHA-1")], async (h) => hex(await s.digest(h, data)));
each(probes, "hmac", hashes, async (h) => { const k = await hmac(h); return [hex(await s.sign("HMAC", k, data)), k.algorithm]; });
each(probes, "hmac hash", [{ name: "SHA-256" }, { name: "nope" }, {}, null, undefined, 5, []], async (h) => (await hmac(h)).algorithm);
each(probes, "hmac length", [-1, 0, 1, 8, 152, 153, 159, 160, 161, 168, "160", null, undefined, 1.5], async (length) => { const k = await hmac("SHA-256", ["sign"], { length }); return [k.algorithm, hex(await s.exportKey("raw", k))]; });
each(probes, "hmac generate length", [-1, 0, 1, 7, 8, 9, 512, 1024, "x", undefined, null], async (length) => { const k = await s.generateKey({ name: "HMAC", hash: "SHA-256", length }, true, ["sign"]); return [k.algorithm, (await s.exportKey("raw", k)).byteLength]; });
each(probes, "hmac generate", ["SHA-1", "SHA-256", "SHA-384", "SHA-512", "MD5", "nope", undefined], async (hash) => { const k = await s.generateKey({ name: "HMAC", hash }, true, ["verify", "sign"]); return [k.algorithm, k.usages, (await s.exportKey("raw", k)).byteLength]; });
each(probes, "hmac verify", [0, 31, 32, 33], async (n) => { const k = await hmac("SHA-256"); const g = new Uint8Array(await s.sign("HMAC", k, data)); return s.verify("HMAC", k, n <= 32 ? g.slice(0, n) : bytes(n), data); });
each(probes, "hmac sign with", ["hmac", { name: "HMAC" }, { name: "HMAC", hash: "SHA-1" }, "Hmac", "ECDSA", "nope", {}, null], async (alg) => hex(await s.sign(alg, await hmac("SHA-256"), data)));
each(probes, "hmac verify arguments", [["x", data], [data], [data, "x"], []], async (args) => s.verify("HMAC", await hmac("SHA-256"), ...args));

// AES keys.
each(probes, "aes key of bytes", [0, 1, 15, 16, 17, 24, 31, 32, 33, 64], async (n) => (await raw("AES-GCM", n)).algorithm);
for (const name of ["AES-CBC", "AES-CTR", "AES-GCM", "AES-KW"]) {
  each(probes, `generate ${name}`, [0, 128, 192, 256, 512, -1, "128", "x", 128.7, null, undefined], async (length) => { const k = await s.generateKey({ name, length }, true, ["wrapKey"]); return [k.algorithm, k.usages, k.type, (await s.exportKey("raw", k)).byteLength]; });
}

// Derivation.
const pbkdf2 = { name: "PBKDF2", salt: bytes(8), iterations: 2, hash: "SHA-256" }, hkdf = { name: "HKDF", salt: bytes(8), info: bytes(3), hash: "SHA-256" };
const kdfs = [pbkdf2, hkdf], lengths = [0, 1, 7, 8, 9, 256, 1024, null, undefined, -8, "8", "x", NaN, 8.5, 2 ** 32];
for (const alg of kdfs) {
  each(probes, `${alg.name} bits`, lengths, async (n) => hex(await s.deriveBits(alg, await kdf(alg.name), n)));
  each(probes, `${alg.name} hash`, hashes, async (hash) => hex(await s.deriveBits({ ...alg, hash }, await kdf(alg.name), 128)));
  each(probes, `${alg.name} hash object`, [{ name: "SHA-512" }, {}, null, undefined], async (hash) => hex(await s.deriveBits({ ...alg, hash }, await kdf(alg.name), 128)));
  each(probes, `${alg.name} salt`, [new Uint8Array(), bytes(1), bytes(64).buffer, undefined, null, "x", [1]], async (salt) => hex(await s.deriveBits({ ...alg, salt }, await kdf(alg.name), 128)));
  each(probes, `${alg.name} by name only`, [alg.name], async (name) => s.deriveBits(name, await kdf(name), 128));
  each(probes, `${alg.name} import`, ["raw", "raw-secret", "raw-public", "jwk", "pkcs8", "spki", "", "RAW"], async (format) => (await s.importKey(format, format === "jwk" ? { kty: "oct", k: "AAAA" } : data, alg.name, false, ["deriveBits"])).algorithm);
  each(probes, `${alg.name} import bytes`, [0, 1, 64, 1000], async (n) => hex(await s.deriveBits(alg, await s.importKey("raw", bytes(n), alg.name, false, ["deriveBits"]), 64)));
  each(probes, `${alg.name} without usage`, ["deriveBits", "deriveKey"], async (u) => s.deriveBits(alg, await kdf(alg.name, [u]), 8).then(hex));
  each(probes, `${alg.name} derive key without usage`, ["deriveBits", "deriveKey"], async (u) => (await s.deriveKey(alg, await kdf(alg.name, [u]), { name: "AES-GCM", length: 128 }, true, ["encrypt"])).algorithm);
  each(probes, `${alg.name} derive`, [{ name: "AES-GCM", length: 128 }, { name: "AES-CBC", length: 192 }, { name: "AES-KW", length: 256 }, { name: "AES-CTR", length: 100 }, { name: "AES-GCM" }, "AES-GCM",
    { name: "HMAC", hash: "SHA-256" }, { name: "HMAC", hash: "SHA-512" }, { name: "HMAC", hash: "SHA-256", length: 0 }, { name: "HMAC", hash: "SHA-256", length: 12 }, { name: "HMAC", hash: "SHA-256", length: 128 }, "HMAC",
    "PBKDF2", "HKDF", "ECDH", "RSA-OAEP", "nope", {}, null], async (to) => {
    const name = to?.name ?? to, usages = name === "HMAC" ? ["sign"] : name === "AES-KW" ? ["wrapKey"] : /KDF/.test(name) ? ["deriveBits"] : ["encrypt"];
    const k = await s.deriveKey(alg, await kdf(alg.name), to, !/KDF/.test(name), usages);
    return [k.algorithm, k.usages, k.extractable, k.extractable && hex(await s.exportKey("raw", k))];
  });
  each(probes, `${alg.name} derive usages`, [[], ["sign"], ["zzz"], ["decrypt", "encrypt", "encrypt"]], async (u) => (await s.deriveKey(alg, await kdf(alg.name), { name: "AES-GCM", length: 128 }, true, u)).usages);
}
each(probes, "PBKDF2 iterations", [-1, 0, 1, 1000, 100000, 100001, 300000, "2", "x", null, undefined, 1.5, NaN], async (iterations) => hex(await s.deriveBits({ ...pbkdf2, iterations }, await kdf("PBKDF2"), 64)));
each(probes, "HKDF info", [new Uint8Array(), bytes(100), bytes(1024), bytes(1025), undefined, null, "x"], async (info) => hex(await s.deriveBits({ ...hkdf, info }, await kdf("HKDF"), 64)));
each(probes, "HKDF longest", [255 * 256, 255 * 256 + 8, 255 * 160, 1e6], async (n) => (await s.deriveBits(hkdf, await kdf("HKDF"), n)).byteLength);
probes["deriveBits with another key"] = async () => s.deriveBits(hkdf, await kdf("PBKDF2"), 8);
each(probes, "arguments of deriveBits", [[], [hkdf], [hkdf, {}], ["nope", {}, 8]], (args) => s.deriveBits(...args));
each(probes, "arguments of deriveKey", [[], [hkdf], [hkdf, {}, "AES-GCM", true, []]], (args) => s.deriveKey(...args));

export default area(probes);
