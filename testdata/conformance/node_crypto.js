// compatibility_flags: nodejs_compat
// node:crypto.
import crypto, { KeyObject } from "node:crypto";
import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { area, show } from "./probe.js";

/** Adds the code that errors of Node carry. */
const coded = (f) => async (x) => {
  try {
    return show(await f(x));
  } catch (e) {
    return e?.code ? `${e.name} ${e.code}: ${e.message}` : `${e?.name}: ${e?.message}`;
  }
};
const hex = (b) => Buffer.from(b).toString("hex");
const callback = (f, ...args) => new Promise((resolve) => f(...args, (err, v) => resolve(err ?? v)));
const key16 = Buffer.alloc(16, 1), iv16 = Buffer.alloc(16, 2), iv12 = Buffer.alloc(12, 3);

const rsaPrivate = `-----BEGIN PRIVATE KEY-----
MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALvbhoHxr/pNpyQK
A3UMKvOaGRHF1Y1rztYxSSjRsc4adT48wJDlEwCeiuKmJLFuSnt2mUdzBp8OtkKI
RSA=
-----END PRIVATE KEY-----`;
const { publicKey: rsaPub, privateKey: rsaKey } = (() => { try { return crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }); } catch (e) { return { error: e }; } })();
const jwkEC = { kty: "EC", crv: "P-256", x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" };
const jwkEd = { kty: "OKP", crv: "Ed25519", d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const ecKey = () => crypto.createPrivateKey({ key: jwkEC, format: "jwk" });
const edKey = () => crypto.createPrivateKey({ key: jwkEd, format: "jwk" });

const probes = {
  "createHash": () => ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "ripemd160", "sha3-256"].map((h) => { try { return crypto.createHash(h).update("a").digest("hex"); } catch (e) { return `${h} ${e.code} ${e.message}`; } }),
  "createHash names": () => ["SHA256", "RSA-SHA256", "sha-256", "SHA3-512", "shake128", "shake256", "blake2b512", "blake2s256", "sm3", "md4", "md5-sha1"].map((h) => { try { return crypto.createHash(h).update("a").digest("hex").length; } catch (e) { return `${h} ${e.code} ${e.message}`; } }),
  "createHash unknown": () => crypto.createHash("nope"),
  "createHash no name": () => crypto.createHash(),
  "hash digest twice": () => { const h = crypto.createHash("md5"); h.digest(); h.digest(); },
  "hash update after digest": () => { const h = crypto.createHash("md5"); h.digest(); h.update("a"); },
  "hash update number": () => crypto.createHash("md5").update(5),
  "hash encodings": () => ["hex", "base64", "base64url", "latin1", undefined, "buffer"].map((e) => { const r = crypto.createHash("md5").update("YWI=", "base64").digest(e); return typeof r === "string" ? r : r.toString("hex"); }),
  "hash copy": () => { const h = crypto.createHash("sha1").update("a"); const c = h.copy(); h.update("b"); return [h.digest("hex"), c.digest("hex")]; },
  "hash outputLength": () => crypto.createHash("shake128", { outputLength: 5 }).update("a").digest("hex"),
  "hash outputLength fixed": () => crypto.createHash("sha256", { outputLength: 5 }).update("a").digest("hex"),
  "hash stream": async () => { const h = crypto.createHash("md5"); h.end("a"); return new Promise((r) => h.on("readable", () => { const d = h.read(); if (d) r(hex(d)); })); },
  "hash function": () => [crypto.hash("sha1", "a"), hex(crypto.hash("md5", "a", "buffer"))],
  "createHmac": () => ["md5", "sha1", "sha256", "sha512"].map((h) => crypto.createHmac(h, "key").update("a").digest("hex")),
  "hmac unknown": () => crypto.createHmac("nope", "k"),
  "hmac no key": () => crypto.createHmac("md5"),
  "hmac digest twice": () => { const h = crypto.createHmac("md5", "k"); h.digest(); return hex(h.digest()); },
  "hmac key object": () => crypto.createHmac("sha1", crypto.createSecretKey(Buffer.from("k"))).update("a").digest("hex"),
  "getHashes": () => crypto.getHashes(),
  "getCurves": () => crypto.getCurves(),
  "getCiphers": () => crypto.getCiphers(),
  "getCipherInfo": () => [crypto.getCipherInfo("aes-128-cbc"), crypto.getCipherInfo("aes-256-gcm"), crypto.getCipherInfo("nope")],
  "getFips": () => [crypto.getFips(), crypto.fips],
  "randomBytes": async () => [crypto.randomBytes(5).length, Buffer.isBuffer(crypto.randomBytes(1)), (await promisify(crypto.randomBytes)(3)).length],
  "randomBytes bad": () => crypto.randomBytes("a"),
  "randomBytes negative": () => crypto.randomBytes(-1),
  "randomFillSync": () => crypto.randomFillSync(Buffer.alloc(4)).length,
  "randomFill": async () => (await callback(crypto.randomFill, new Uint8Array(3), 1)).length,
  "randomInt": () => { const n = crypto.randomInt(3); const m = crypto.randomInt(5, 7); return [n >= 0 && n < 3, m >= 5 && m < 7]; },
  "randomInt bad": () => crypto.randomInt(5, 2),
  "randomUUID": () => /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(crypto.randomUUID()),
  "timingSafeEqual": () => [crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("a")), crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("b"))],
  "timingSafeEqual lengths": () => crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("ab")),
  "timingSafeEqual types": () => crypto.timingSafeEqual("a", "b"),
  "pbkdf2Sync": () => crypto.pbkdf2Sync("p", "s", 10, 20, "sha256").toString("hex"),
  "pbkdf2": async () => hex(await callback(crypto.pbkdf2, "p", "s", 10, 20, "sha512")),
  "pbkdf2 digest": () => crypto.pbkdf2Sync("p", "s", 10, 20, "nope"),
  "pbkdf2 iterations": () => crypto.pbkdf2Sync("p", "s", 0, 20, "sha1"),
  "pbkdf2 no digest": () => crypto.pbkdf2Sync("p", "s", 10, 20),
  "hkdfSync": () => hex(crypto.hkdfSync("sha256", "key", "salt", "info", 20)),
  "hkdf": async () => hex(await callback(crypto.hkdf, "sha1", "key", "salt", "info", 10)),
  "hkdf too long": () => crypto.hkdfSync("sha1", "key", "salt", "info", 6000),
  "scryptSync": () => crypto.scryptSync("p", "s", 16, { N: 16 }).toString("hex"),
  "scrypt": async () => hex(await callback(crypto.scrypt, "p", "s", 16)),
  "scrypt params": () => crypto.scryptSync("p", "s", 16, { N: 15 }),
  "scrypt memory": () => crypto.scryptSync("p", "s", 16, { N: 2 ** 20 }),
  "cipher cbc": () => { const c = crypto.createCipheriv("aes-128-cbc", key16, iv16); return c.update("hello", "utf8", "hex") + c.final("hex"); },
  "decipher cbc": () => { const c = crypto.createCipheriv("aes-128-cbc", key16, iv16); const e = Buffer.concat([c.update("hello world, hello"), c.final()]); const d = crypto.createDecipheriv("aes-128-cbc", key16, iv16); return d.update(e, null, "utf8") + d.final("utf8"); },
  "decipher cbc wrong": () => { const d = crypto.createDecipheriv("aes-128-cbc", key16, iv16); d.update(Buffer.alloc(16)); d.final(); },
  "decipher cbc short": () => { const d = crypto.createDecipheriv("aes-128-cbc", key16, iv16); d.update(Buffer.alloc(5)); d.final(); },
  "cipher no padding": () => { const c = crypto.createCipheriv("aes-128-cbc", key16, iv16); c.setAutoPadding(false); c.update("hello"); c.final(); },
  "cipher ecb": () => { const c = crypto.createCipheriv("aes-128-ecb", key16, null); return c.update("hello", "utf8", "hex") + c.final("hex"); },
  "cipher ctr": () => { const c = crypto.createCipheriv("aes-256-ctr", Buffer.alloc(32, 1), iv16); return [c.update("hel", "utf8", "hex"), c.update("lo", "utf8", "hex"), c.final("hex")]; },
  "cipher gcm": () => { const c = crypto.createCipheriv("aes-256-gcm", Buffer.alloc(32, 1), iv12); c.setAAD(Buffer.from("aad")); return [c.update("hello", "utf8", "hex"), c.final("hex"), c.getAuthTag().toString("hex")]; },
  "decipher gcm": () => { const d = crypto.createDecipheriv("aes-256-gcm", Buffer.alloc(32, 1), iv12); d.setAAD(Buffer.from("aad")); d.setAuthTag(Buffer.alloc(16)); d.update("00", "hex"); d.final(); },
  "decipher gcm right": () => { const c = crypto.createCipheriv("aes-128-gcm", key16, iv12); const e = Buffer.concat([c.update("hello"), c.final()]); const d = crypto.createDecipheriv("aes-128-gcm", key16, iv12); d.setAuthTag(c.getAuthTag()); return d.update(e, undefined, "utf8") + d.final("utf8"); },
  "decipher gcm no tag": () => { const d = crypto.createDecipheriv("aes-128-gcm", key16, iv12); d.update("00", "hex"); d.final(); },
  "auth tag early": () => crypto.createCipheriv("aes-128-gcm", key16, iv12).getAuthTag(),
  "cipher unknown": () => crypto.createCipheriv("nope", key16, iv16),
  "cipher key length": () => crypto.createCipheriv("aes-256-cbc", key16, iv16),
  "cipher iv length": () => crypto.createCipheriv("aes-128-cbc", key16, iv12),
  "cipher twice": () => { const c = crypto.createCipheriv("aes-128-cbc", key16, iv16); c.final(); c.final(); },
  "cipher others": () => ["aes-128-ofb", "aes-192-cbc", "des-ede3-cbc", "chacha20-poly1305", "aes-128-ccm", "aes-128-cfb", "rc4"].map((n) => { try { const i = crypto.getCipherInfo(n); crypto.createCipheriv(n, Buffer.alloc(i.keyLength), Buffer.alloc(i.ivLength ?? 0)); return `${n} ok`; } catch (e) { return `${n} ${e.code} ${e.message}`; } }),
  "createCipher": () => crypto.createCipher("aes-128-cbc", "x"),
  "secret key": () => { const k = crypto.createSecretKey(Buffer.from("abc")); return [k.type, k.symmetricKeySize, k.export().toString(), k.export({ format: "jwk" }), k.equals(crypto.createSecretKey("abc", "utf8")), Object.prototype.toString.call(k), k instanceof KeyObject]; },
  "secret key empty": () => crypto.createSecretKey(Buffer.alloc(0)),
  "secret key string": () => crypto.createSecretKey("abc"),
  "secret key from CryptoKey": async () => { const k = await crypto.subtle.importKey("raw", key16, "AES-CBC", true, ["encrypt"]); return KeyObject.from(k).export().toString("hex"); },
  "generateKeySync": () => [crypto.generateKeySync("hmac", { length: 64 }).symmetricKeySize, crypto.generateKeySync("aes", { length: 128 }).symmetricKeySize],
  "generateKey": async () => (await callback(crypto.generateKey, "hmac", { length: 64 })).symmetricKeySize,
  "ec private": () => { const k = ecKey(); return [k.type, k.asymmetricKeyType, k.asymmetricKeyDetails]; },
  "ec export": () => { const k = ecKey(), p = crypto.createPublicKey(k); return [k.export({ type: "pkcs8", format: "pem" }), k.export({ type: "sec1", format: "pem" }), p.export({ type: "spki", format: "pem" }), p.export({ format: "jwk" }), k.export({ type: "pkcs8", format: "der" }).length]; },
  "ec pem in": () => { const pem = ecKey().export({ type: "pkcs8", format: "pem" }); return crypto.createPrivateKey(pem).export({ format: "jwk" }); },
  "ec sign": () => { const s = crypto.createSign("SHA256").update("a").sign(ecKey()); return [crypto.createVerify("sha256").update("a").verify(crypto.createPublicKey(ecKey()), s), crypto.createVerify("sha256").update("b").verify(crypto.createPublicKey(ecKey()), s)]; },
  "ec sign ieee": () => { const s = crypto.sign("sha256", Buffer.from("a"), { key: ecKey(), dsaEncoding: "ieee-p1363" }); return [s.length, crypto.verify("sha256", Buffer.from("a"), { key: crypto.createPublicKey(ecKey()), dsaEncoding: "ieee-p1363" }, s)]; },
  "ed sign": () => { const s = crypto.sign(null, Buffer.from("a"), edKey()); return [hex(s), crypto.verify(null, Buffer.from("a"), crypto.createPublicKey(edKey()), s)]; },
  "ed details": () => { const k = edKey(); return [k.asymmetricKeyType, k.asymmetricKeyDetails, k.export({ format: "jwk" })]; },
  "rsa generate": () => [rsaKey.type, rsaPub.type, rsaKey.asymmetricKeyType, show(rsaKey.asymmetricKeyDetails)],
  "rsa sign": () => { const s = crypto.createSign("RSA-SHA256").update("a").sign(rsaKey); return [s.length, crypto.createVerify("RSA-SHA256").update("a").verify(rsaPub, s)]; },
  "rsa pss": () => { const o = { key: rsaKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }; const s = crypto.createSign("sha256").update("a").sign(o); return crypto.createVerify("sha256").update("a").verify({ ...o, key: rsaPub }, s); },
  "rsa encrypt": () => crypto.privateDecrypt(rsaKey, crypto.publicEncrypt(rsaPub, Buffer.from("hi"))).toString(),
  "rsa encrypt pkcs1": () => crypto.privateDecrypt({ key: rsaKey, padding: crypto.constants.RSA_PKCS1_PADDING }, crypto.publicEncrypt({ key: rsaPub, padding: crypto.constants.RSA_PKCS1_PADDING }, Buffer.from("hi"))).toString(),
  "rsa encrypt sha256": () => crypto.privateDecrypt({ key: rsaKey, oaepHash: "sha256" }, crypto.publicEncrypt({ key: rsaPub, oaepHash: "sha256" }, Buffer.from("hi"))).toString(),
  "rsa private encrypt": () => crypto.publicDecrypt(rsaPub, crypto.privateEncrypt(rsaKey, Buffer.from("hi"))).toString(),
  "rsa pem": () => { const pem = rsaPub.export({ type: "pkcs1", format: "pem" }); const again = crypto.createPublicKey(pem); return [pem.split("\n")[0], again.equals(rsaPub), crypto.createPrivateKey(rsaKey.export({ type: "pkcs1", format: "pem" })).equals(rsaKey)]; },
  "rsa encrypted pem": () => { const pem = rsaKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }); return [pem.split("\n")[0], crypto.createPrivateKey({ key: pem, passphrase: "x" }).equals(rsaKey)]; },
  "bad pem": () => crypto.createPrivateKey("-----BEGIN nothing"),
  "bad pem inside": () => crypto.createPrivateKey(rsaPrivate),
  "bad key type": () => crypto.createPrivateKey(5),
  "sign without key": () => crypto.createSign("sha256").update("a").sign(),
  "sign unknown": () => crypto.createSign("nope"),
  "sign hash one shot": () => crypto.sign("nope", Buffer.from("a"), ecKey()),
  "key pair kinds": () => ["rsa", "rsa-pss", "ec", "ed25519", "x25519", "ed448", "x448", "dsa", "dh"].map((t) => { try { const p = crypto.generateKeyPairSync(t, { modulusLength: 1024, namedCurve: "P-256", prime: Buffer.from([23]), primeLength: 64 }); return `${t} ${p.privateKey.asymmetricKeyType}`; } catch (e) { return `${t} ${e.name} ${e.code} ${e.message}`; } }),
  "key pair encoded": () => { const p = crypto.generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } }); return [p.publicKey.split("\n")[0], p.privateKey.split("\n")[0]]; },
  "key pair async": () => new Promise((r) => crypto.generateKeyPair("ed25519", {}, (e, pub, priv) => r(e ?? [pub.type, priv.type]))),
  "diffieHellman": () => { const a = crypto.generateKeyPairSync("x25519"), b = crypto.generateKeyPairSync("x25519"); return hex(crypto.diffieHellman({ privateKey: a.privateKey, publicKey: b.publicKey })) === hex(crypto.diffieHellman({ privateKey: b.privateKey, publicKey: a.publicKey })); },
  "dh group": () => { const d = crypto.getDiffieHellman("modp5"), e = crypto.getDiffieHellman("modp5"); d.generateKeys(); e.generateKeys(); return [hex(d.computeSecret(e.getPublicKey())) === hex(e.computeSecret(d.getPublicKey())), d.getGenerator("hex"), d.getPrime().length]; },
  "dh group unknown": () => crypto.getDiffieHellman("nope"),
  "dh prime": () => { const p = crypto.getDiffieHellman("modp1").getPrime(); const d = crypto.createDiffieHellman(p, 2); return [d.getPrime("hex") === p.toString("hex"), d.verifyError, d.generateKeys().length]; },
  "ecdh": () => { const a = crypto.createECDH("prime256v1"), b = crypto.createECDH("secp256k1"); const k = a.generateKeys(); return [k.length, a.getPublicKey("hex", "compressed").length, a.getPrivateKey().length <= 32, b.generateKeys("hex").length]; },
  "ecdh secret": () => { const a = crypto.createECDH("secp384r1"), b = crypto.createECDH("secp384r1"); a.generateKeys(); b.generateKeys(); return a.computeSecret(b.getPublicKey(), null, "hex") === b.computeSecret(a.getPublicKey(), null, "hex"); },
  "ecdh set": () => { const a = crypto.createECDH("prime256v1"); a.setPrivateKey(Buffer.alloc(32, 1)); return a.getPublicKey("hex", "compressed"); },
  "ecdh convert": () => { const a = crypto.createECDH("prime256v1"); a.setPrivateKey(Buffer.alloc(32, 1)); return crypto.ECDH.convertKey(a.getPublicKey(null, "compressed"), "prime256v1", "hex", "hex", "uncompressed"); },
  "ecdh unknown": () => crypto.createECDH("nope"),
  "primes": async () => [crypto.checkPrimeSync(7n), crypto.checkPrimeSync(8n), crypto.checkPrimeSync(Buffer.from([17])), crypto.generatePrimeSync(32).byteLength, typeof crypto.generatePrimeSync(32, { bigint: true }), await callback(crypto.checkPrime, 5n)],
  "webcrypto": () => [crypto.webcrypto === globalThis.crypto, crypto.subtle === globalThis.crypto.subtle, typeof crypto.getRandomValues],
  "toCryptoKey": async () => { const k = crypto.createSecretKey(key16).toCryptoKey("AES-CBC", true, ["encrypt"]); return [k.type, k.algorithm]; },
  "secureHeapUsed": () => crypto.secureHeapUsed(),
  "setEngine": () => crypto.setEngine("x"),
  "setFips": () => crypto.setFips(false),
  "called": () => [crypto.Hash("md5") instanceof crypto.Hash, crypto.Hmac("md5", "k") instanceof crypto.Hmac, crypto.Sign("sha1") instanceof crypto.Sign],
  "x509": () => new crypto.X509Certificate("nope"),
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
