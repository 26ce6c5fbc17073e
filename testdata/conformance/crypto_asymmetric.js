// Signing, encrypting, deriving, wrapping and generating with crypto.subtle.
import { area, each } from "./probe.js";

const rsa = {kty: "RSA", n: "1VcMf26c29ONwKSgW8TAk5TR_6-JVXv1gM706LuuNscu7mZsT1iOD14eDtKQNYXtoZYo4IGgNihb9PgUivQFzUdfvnXKsIzAJFt-Ghl_4pCs6jCU31BIELW1YqeYEj-ssuBLdE5e1tB8CfJzttGPGKE5TzNFObBYgANbu1CKsfVHYow8p28Zp6Y4VCXoRzp8v3SViJESDg2GCsiW_jSezNOQOSYmcKLPcXsxcrj_96k9ne720HiAcgrgr78snZ8mJW9eh2FAdzX8hQeuWfCFpK59cqMDMKJgwSbFxGP21nyczbwiq7Q15Gpjfb_YFJxHHS_EhYxK4PuMvS09vjXGYw", e: "AQAB", d: "Rs6K89qLDjzjTd516K9fOTxKDKI-oxQu0e8egwYTltO6JF7zMMyT7c7PjBzfxxvp2FklvQnY2lC_4IjcDJhcOpsnUGf4-2rjtM13B4OSGejpsxqntoyHNqCQkKtOQjRHBeGCuZnvST3OBWEmfbWE2GheRIagQbrhTK-QqRVcyx4hy9sZXbk6x20pABdjkBLsXxp7U8_imUYn3-rnmMHPKQLLqlu4SZW56UgT8xHIg04dIUK_D78YVsFxkfU-afzs9PZesALTkldzRdrWii8h7H9W7HfjrfR0Ad2iJ8iOzzNueTzyas_QGcPNtqvc79viiIYMFg9oeI59IIdNQEXECQ", p: "7N-O7NHZOjSlYrgnNKgI1nGYn-zKsvymfdF--62zmZlOlu_djm0Kwg7RLzR2hI3kTUiRTuKNY3xlTfOxXpnvHICTGN2YCEFzHfmVWzsTOAcyLul5cwwfuUUsFHJNduwwQHB3z78GrRe05dCq_soUpc_5d-q8tsZT1EJOyoO7pFk", q: "5pEIEP6EmHF00N0Fia0ukpWYR-VgqwBsGNjYuKREaM0UdooNKDg_6Xon33OPZL0SKHBvy2hz4hjedM5wlINDTT4HN29_lX3UjSUF3aynMswbSBUkjC8f7YmNsmeHb9LT1E2k4iLg8Ze0_zKUaj1AD-2h9ShUtmf63lv4L7B82Rs", dp: "nNKhsH56YAPM3x_mrQD24OrSTkcaKAgHPlN9y6jDuFR8aIej2pCsx6_BpIwKT1YVqWj68wwg6ZXJCCPn8Sbe3LLvME49QnH6ggTkckMZRUXWXqKqipWjRyjZtyu5x5s1kuQjHoJtLBn-5QwSuZ8WrnSTyGW7zRJfG69OtNskVvk", dq: "2v-84q9t8IIri8uz296UEwVmfDvCQwqGol8uEstscwMAQcvEzYQIKNMvlk3kULJJ0gFiHpmbIJGwktAXHOlE_tRA9IXCcJLxVhNpa_H3agd2jlQOv9xu_ieeYGt3uF5PeCM7ztOER9VqRM-dKv_8nmR_ZiYluJAxOA2xQlLncys", qi: "pZu2vTglgU6wDsKxA5tQNInLcPW4vUMABzASGTBzm5k5Pv56sJLA09ThmtbOQGuFE7bhIq5Hjmqpwb0Opq1bW_f_N31Fe_qHSx6T90u_DKeIisFT4HTvf41IX91iKVp5zZHfuCuMk02anMmEazOJXzXc_p5qTIvw9l-qgAtsjqk"};
const rsa3 = {kty: "RSA", n: "yR_5cGvkdPqSWqWyoXE-FC5nPMLbVPkQkcR9pJh3AyiVSqnkvu67I3c1c41O9YXOtfI859MtZpemPKvt69bIfxi74CFar22YTI2LmZpyKItCuaQ0geodmLxdRqw2GYzrNbNhinL9SCA8x46V8li6m3wmlZFYumX6lVOkBgDqvT8", e: "Aw", d: "hhVQ9Z1C-KcMPG53Fkt-uB7vfdc841C1toL-bbr6AhsOMcaYf0nSF6TOTQjfTlk0eUwomozI7w_EKHKenTna_jVurXJQMLCO8moPCKf_pfd_Tllbl1NkHw7-jA0o-B8_ZgeMNUGON_GrBq1VJRAXue1P9QfTZz3Kzq2rRP3kl7s", p: "_WJVr0FGowv-nIVe9T63A_fa5XHlrTcynqUPImhoJLnjmm7EcsbVxXrZPUF89DH-ZAQjFAmLxNdc4SNkHRzN3Q", q: "yzOGRqEfwbXiUe-tqTP4lAvpOLk5P9A3hzpldhA9OVI5DaB2HeEecEFkTVS9zGUGNCqC8ZITxHMCbf-6ZvcLyw", dp: "qOw5H4DZwgf_EwOUo38krU_nQ6FDyM93FG4KFvBFbdFCZvSC9y85LlHmKNZTTXapmALCDVuygzo962ztaL3ekw", dq: "h3eu2cC_1nlBi_UecM1QYrKbeyYmKorPr3xDpArTe4wmCRWkE-tpoCuYM43T3ZiuzXGsoQwNLaIBnqp8RKSyhw", qi: "If9yGIG1gAnoVMK9OvcO9Csp57dhrUZFjCOq633dVT_dZC6Obuw7xmiBSqhPe_vhynR7vKKqX5uaXcI5johu3A"};
const rsa512 = {kty: "RSA", n: "wQbva1PVkAw5OFoTJGnbhn2e-e-K1jO8g66qgeGOCpJPacI12OlSfsrieHARMKlRv4DJ1evehS0iOexe6-9HCQ", e: "AQAB", d: "HsdOUdzSRt_MF_I07y95854ARXYuuy0QuCaXxZIDpiebB5mxifXbmWO71tjpEnfYRuR9wC2tYv7amqVZsC8NIQ", p: "9ZaDJHAl1K86BMK7D8ytoMp10eGRh8ufgwmzsMuBbt0", q: "yTX0OXJhqKar1RKI3Nr4V2A5vkVOly-gM2lAwZbVGB0", dp: "Zxx2m0nq2E1p0q3f1FZfX-8hYKmQbK91nZLpOwV2ppE", dq: "ENyIntfK_0sYUz6-YWOoNApITH2aXGkNT8GeP5rYOLE", qi: "fuIaoGLLdxzT6vi9ttE3jJxZUvoH4ZZ-5J93DIsfTVM"};
const ec = {
  "P-256": [{kty: "EC", x: "Shf7pfNP8_Vte9Z419ClGtP7cPRo2brJuFe7ka_SMKM", y: "6oX_OJAn5GJHWbEqmhhwHx1SzcNltmbOxq8GCeNoiPM", crv: "P-256", d: "Hj10kR4zh1_Up5bxzVIDxTZXyXGOJVN04Zyt1LmOo48"}, {kty: "EC", x: "07-tyM1MKAvyRj75MdhSkasQG2qHYKLwXAstRrB3G0Y", y: "y9vNy4rDPNsKrhVQ80bhVtVsjA6L_sLxibMErEpnpMI", crv: "P-256", d: "mkc0viIp16_JBb0u6VHeKvqRro13bC3gqq_qwhPOvUs"}],
  "P-384": [{kty: "EC", x: "9HvpZTEQos--pIKdENOkuvSTn7LjZVNzIQqZ0JjBxKnAtxZvs7osziQ-weVBa4MH", y: "B07JnS1zQjtO1uD8UNsrLy1oswNCDTo7uPh2dgvCvU7RLgQWrBwG5E2fJNMnOKyp", crv: "P-384", d: "5jRL2EBDRB_qD3Gg9F53s-Z-i1xugLblH4IaFI8XIA1I8P-vMYfgUI2SB1P0Zni0"}, {kty: "EC", x: "4xsODiULbZKVbjJM33wXggqV_PG8bEyMjiFs1JjUD_q855qcqlD7AmJ2lC860AGp", y: "Edc020n3E7o7UgdE7k70dHjGHKEIdhWCmgmW7sa2wi3w6TIP-6zJvTmqb9xVGonP", crv: "P-384", d: "WSz2wFyTL32FFIIsd6Gc1Wvdka4gN_eiFbdiVd7m9jxc3TnDrs57DZN6hlOmmDvU"}],
  "P-521": [{kty: "EC", x: "AR8k6cOSqZK-oQn1TT8cJ04i59qXiRAYf7eW92uztqAhkJp-EmYZCHWyj36Yv41l8x8lwnkhRgkegRrfj57hdfZP", y: "AaHB_LQhC6TItAycuA6r24NzJL3Q24Xj_GoTvZSufTuqLsegFdT5UNrtT1vRl97UW2yhVa2TyXKo9daQW9Lb90RA", crv: "P-521", d: "AHp2U8RUfczYrQLEgyOfCFYDAMmAzH0u_sLnAwrUuikGNC3xrfLH2elng2OPrZVZG674R2KT5ZytvzE9m8BShw0B"}, {kty: "EC", x: "AJPF7mnV33hrRAwOGxdj_cTro7ORmlk7VcZOLMCcszuHgxQGhhHbSJsdiQCgqB02DX-jqN9DQmzKjppBtDoA6tVd", y: "AJ1KSfagoVFSXYjmtoBscVhv9GUX_6_gSRBLgN5jKwLPz5xFOxSx8XuSEBmIcUXZxT5Bd94zN7IkYJ4vlaUopcQp", crv: "P-521", d: "AZ8RN0qD610-hdA0S2Wt00zOryLtvaGTfuQUumkIssiugeSNyvZHl86eng32BfUsARPkU4TU2RXN22szy6d-BBai"}],
};
const ed = [{crv: "Ed25519", d: "dAyv4d7kKBMQposf2sxVA0ldAYyoQLQlU3_5rtypFoA", x: "CNcZ5Rp6Uj0RQxkUEZoZ283AZvaPUjhgQ8bcj8IKcJs", kty: "OKP"}, {crv: "Ed25519", d: "h9vIoQvSwnMSV1Etvp-cmMB26BsGN8qHfpD8TVNYfKg", x: "eeXiaivs5WeBYnkeJ7_-sk8dQy_HaVRC36vAPKkMP_8", kty: "OKP"}];
const x = [{crv: "X25519", d: "oN_Q8rdOA2H_U2jD3sC7xyzqbaP-uyomnywA5vxIYmE", x: "8Sl8pBZPFnK9y9hlIyvZMVmK9miA672Q6ipE1V_Dhlc", kty: "OKP"}, {crv: "X25519", d: "kH3ghmYiYE0VJII22X9JIpVZPIr0A007teV75ktX3WA", x: "LCP814C2LD6oi9A88OMxebQSRQ0V--JsyjqvD9i0ZkE", kty: "OKP"}];

const s = crypto.subtle, probes = {};
const bytes = (n, from = 1) => Uint8Array.from({ length: n }, (_, i) => from + i);
const data = new TextEncoder().encode("hello");
const hex = (b) => [...new Uint8Array(b)].map((c) => c.toString(16).padStart(2, "0")).join("");
const sum = async (b) => `${b.byteLength} bytes ${hex(await s.digest("SHA-256", b)).slice(0, 16)}`;
const open = ({ kty, n, e, x, y, crv }) => Object.fromEntries(Object.entries({ kty, n, e, x, y, crv }).filter(([, v]) => v !== undefined));
const about = (k) => [k.type, k.extractable, k.usages, k.algorithm];

// Every algorithm with a key of its own: [algorithm, private usages, public usages, key, another key].
const h = { hash: "SHA-256" };
const algorithms = [
  [{ name: "RSASSA-PKCS1-v1_5", ...h }, ["sign"], ["verify"], rsa, rsa3],
  [{ name: "RSA-PSS", ...h }, ["sign"], ["verify"], rsa, rsa3],
  [{ name: "RSA-OAEP", ...h }, ["decrypt", "unwrapKey"], ["encrypt", "wrapKey"], rsa, rsa3],
  ...Object.entries(ec).flatMap(([namedCurve, [a, b]]) => [
    [{ name: "ECDSA", namedCurve }, ["sign"], ["verify"], a, b],
    [{ name: "ECDH", namedCurve }, ["deriveKey", "deriveBits"], [], a, b],
  ]),
  [{ name: "Ed25519" }, ["sign"], ["verify"], ed[0], ed[1]],
  [{ name: "NODE-ED25519", namedCurve: "NODE-ED25519" }, ["sign"], ["verify"], ed[0], ed[1]],
  [{ name: "X25519" }, ["deriveKey", "deriveBits"], [], x[0], x[1]],
];
const named = (alg) => `${alg.name} ${alg.namedCurve ?? ""}`.trim();
const priv = ([alg, uses, , jwk], extractable = true) => s.importKey("jwk", jwk, alg, extractable, uses);
const pub = ([alg, , uses, jwk], extractable = true) => s.importKey("jwk", open(jwk), alg, extractable, uses);
const find = (name, curve) => algorithms.find(([a]) => a.name === name && (!curve || a.namedCurve === curve));

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

export default area(probes);
