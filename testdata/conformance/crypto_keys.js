// Import and export of asymmetric keys: formats, usages, members of JSON Web Keys.
import { area, each } from "./probe.js";
import { about, algorithms, bytes, ec, ed, find, named, open, priv, pub, rsa, rsa3, rsa512, sum, x } from "./lib/keys.js";

const s = crypto.subtle, probes = {};
const all = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];
for (const row of algorithms) {
  const [alg, uses, open_, jwk, other] = row, n = named(alg);
  // Formats, there and back.
  each(probes, `${n} export private`, ["raw", "pkcs8", "spki", "jwk", "zzz", "", "JWK"], async (f) => { const out = await s.exportKey(f, await priv(row)); return out.byteLength ? sum(out) : out; });
  each(probes, `${n} export public`, ["raw", "pkcs8", "spki", "jwk", "zzz", "raw-public"], async (f) => { const out = await s.exportKey(f, await pub(row)); return out.byteLength ? sum(out) : out; });
  each(probes, `${n} export kept private`, ["raw", "pkcs8", "jwk"], async (f) => s.exportKey(f, await priv(row, false)));
  each(probes, `${n} export kept public`, ["raw", "spki", "jwk"], async (f) => { const out = await s.exportKey(f, await pub(row, false)); return out.byteLength ?? "jwk"; });
  each(probes, `${n} import what was exported`, ["pkcs8", "spki", "raw", "jwk"], async (f) => {
    const secret = f === "pkcs8" || f === "jwk", k = await (secret ? priv : pub)(row);
    return about(await s.importKey(f, await s.exportKey(f, k), alg, true, secret ? uses : open_));
  });
  each(probes, `${n} import bytes as`, ["raw", "pkcs8", "spki", "jwk", "zzz"], (f) => s.importKey(f, bytes(20), alg, true, uses));
  each(probes, `${n} import jwk as`, ["raw", "pkcs8", "spki"], (f) => s.importKey(f, jwk, alg, true, uses));
  each(probes, `${n} import raw of`, [0, 31, 32, 33, 64, 65, 97, 133], async (m) => about(await s.importKey("raw", bytes(m, 2), alg, true, open_)));
  // Usages.
  each(probes, `${n} private usage`, [[], ...all.map((u) => [u]), ["zzz"], [uses[0], uses[0]], [...uses].reverse(), [""]], async (u) => about(await s.importKey("jwk", jwk, alg, true, u)));
  each(probes, `${n} public usage`, [[], ...all.map((u) => [u]), ["zzz"], [...open_].reverse()], async (u) => about(await s.importKey("jwk", open(jwk), alg, true, u)));
  each(probes, `${n} pkcs8 usage`, [[], ["encrypt"], ["verify"], ["sign"], ["deriveBits"]], async (u) => about(await s.importKey("pkcs8", await s.exportKey("pkcs8", await priv(row)), alg, true, u)));
  each(probes, `${n} spki usage`, [[], ["encrypt"], ["verify"], ["sign"], ["deriveBits"]], async (u) => about(await s.importKey("spki", await s.exportKey("spki", await pub(row)), alg, true, u)));
  // Members of a JSON Web Key.
  for (const [member, values] of Object.entries({
    kty: [undefined, "oct", "RSA", "EC", "OKP", "rsa", 1], alg: ["nope", "RS256", "RS1", "RSA-OAEP-256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "Ed25519", 1], crv: [undefined, "P-256", "P-384", "p-256", "Ed25519", "X25519", "nope"],
    ext: [true, false, "", null], use: ["sig", "enc", "nope", ""], key_ops: [[], uses, [uses[0]], ["verify"], [...uses, ...uses], ["zzz"], "sign", null, [...uses, "zzz"]],
    x: [undefined, "", "AAAA", "!!", other.x], y: [undefined, "AAAA", other.y], d: ["", "AAAA", "!!", other.d], n: [undefined, "", "!!", "AQAB"], e: [undefined, "", "!!", "Aw", "AAEAAQ"],
    p: [undefined, "", "!!", "AQAB"], q: [undefined, "AQAB"], dp: [undefined, "AQAB"], dq: [undefined], qi: [undefined, "!!"], oth: [[], [{}]],
  })) {
    if (jwk.kty === "RSA" ? /^(crv|x|y)$/.test(member) : /^(n|e|p|q|dp|dq|qi|oth)$/.test(member)) continue;
    each(probes, `${n} jwk ${member}`, values, async (v) => about(await s.importKey("jwk", { ...jwk, [member]: v }, alg, true, uses)));
  }
  each(probes, `${n} kept jwk ext`, [true, false], async (ext) => about(await s.importKey("jwk", { ...jwk, ext }, alg, false, uses)));
  each(probes, `${n} public jwk use`, ["sig", "enc", "nope"], async (use) => about(await s.importKey("jwk", { ...open(jwk), use }, alg, true, open_)));
  each(probes, `${n} name in another case`, [alg.name.toLowerCase(), alg.name.toUpperCase()], async (name) => about(await s.importKey("jwk", jwk, { ...alg, name }, true, uses)));
  probes[`${n} by name only`] = async () => about(await s.importKey("jwk", jwk, alg.name, true, uses));
  // Of another algorithm.
  each(probes, `${n} pkcs8 of`, ["RSA-PSS", "ECDSA", "Ed25519", "X25519"], async (name) => about(await s.importKey("pkcs8", await s.exportKey("pkcs8", await priv(find(name))), alg, true, uses)));
  each(probes, `${n} spki of`, ["RSA-PSS", "ECDSA", "Ed25519", "X25519"], async (name) => about(await s.importKey("spki", await s.exportKey("spki", await pub(find(name))), alg, true, open_)));
}
each(probes, "hash on import", ["MD5", "SHA-1", "SHA-384", "sha-512", "nope", undefined, { name: "SHA-256" }, null, {}], async (hash) => about(await s.importKey("jwk", rsa, { name: "RSA-PSS", hash }, true, ["sign"])));
each(probes, "jwk alg of a hash", ["SHA-1", "SHA-256", "SHA-384", "SHA-512"], async (hash) => { const out = []; for (const [a] of algorithms.slice(0, 3)) out.push((await s.exportKey("jwk", await s.importKey("jwk", open(rsa), { ...a, hash }, true, []))).alg); return out; });
each(probes, "curve on import", ["P-256", "p-256", "P-384", "nope", "", undefined, null, 1, "secp256k1", "K-256"], async (namedCurve) => about(await s.importKey("jwk", ec["P-256"][0], { name: "ECDSA", namedCurve }, true, ["sign"])));
each(probes, "NODE-ED25519 curve", ["NODE-ED25519", "node-ed25519", "nope", undefined, "Ed25519"], async (namedCurve) => about(await s.importKey("jwk", ed[0], { name: "NODE-ED25519", namedCurve }, true, ["sign"])));
each(probes, "NODE-ED25519 raw", [["NODE-ED25519", ["verify"]], ["NODE-ED25519", ["sign"]], ["Ed25519", ["verify"]], ["Ed25519", ["sign"]]], async ([name, u]) => about(await s.importKey("raw", bytes(32), { name, namedCurve: "NODE-ED25519" }, true, u)));
each(probes, "point", ["2", "3", "4", "5", "0"], async (first) => { const b = new Uint8Array(await s.exportKey("raw", await pub(find("ECDSA", "P-256")))); const k = await s.importKey("raw", first === "4" ? b : Uint8Array.of(+first, ...b.slice(1, 33)), { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]); return sum(await s.exportKey("raw", k)); });
each(probes, "small rsa", [rsa3, rsa512], async (k) => about(await s.importKey("jwk", k, { name: "RSASSA-PKCS1-v1_5", ...h }, true, ["sign"])));

// What is nearly a key.
for (const row of algorithms) {
  const [alg, uses, open_, jwk] = row, n = named(alg);
  const after = async (f, k) => Uint8Array.of(...new Uint8Array(await s.exportKey(f, k)), 0);
  probes[`${n} pkcs8 and more`] = async () => about(await s.importKey("pkcs8", await after("pkcs8", await priv(row)), alg, true, uses));
  probes[`${n} spki and more`] = async () => about(await s.importKey("spki", await after("spki", await pub(row)), alg, true, open_));
  if (!alg.namedCurve || jwk.kty !== "EC") continue;
  each(probes, `${n} short jwk`, ["d", "x", "y"], async (m) => about(await s.importKey("jwk", { ...jwk, [m]: "AQ" }, alg, true, uses)));
  each(probes, `${n} long jwk`, ["d", "x", "y"], async (m) => about(await s.importKey("jwk", { ...jwk, [m]: "A".repeat(16) + jwk[m] }, alg, true, uses)));
  each(probes, `${n} large jwk`, ["d", "x", "y"], async (m) => about(await s.importKey("jwk", { ...jwk, [m]: "_".repeat(jwk[m].length) }, alg, true, uses)));
  each(probes, `${n} large jwk by a byte`, ["d", "x", "y"], async (m) => about(await s.importKey("jwk", { ...jwk, [m]: "_".repeat(jwk[m].length + 4) }, alg, true, uses)));
  probes[`${n} raw off the curve`] = async () => { const b = new Uint8Array(await s.exportKey("raw", await pub(row))); b[9] ^= 1; return about(await s.importKey("raw", b, alg, true, open_)); };
}
each(probes, "duplicates", [["sign", "verify", "sign"], ["decrypt", "encrypt", "encrypt", "decrypt"], ["b", "a", "b", "a"]], async (key_ops) => about(await s.importKey("jwk", { kty: "oct", k: "AAAAAAAAAAAAAAAAAAAAAA", key_ops }, "AES-GCM", true, ["encrypt"])));

export default area(probes);
