package crypto

import (
	"testing"

	"github.com/miniworker/miniworker/internal/testworker/jseval"
)

// helpers are prepended to each round trip.
const helpers = `
const s = crypto.subtle, data = new Uint8Array([1, 2, 3, 4, 5]);
const same = (a, b) => s.timingSafeEqual(new Uint8Array(a), new Uint8Array(b));
const rsa = {modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256"};
// Exports a pair in each format and imports it again, then signs with one and verifies with the other.
async function signs(gen, use, imp = gen, formats = ["jwk"]) {
	const {publicKey, privateKey} = await s.generateKey(gen, true, ["sign", "verify"]);
	const out = [];
	for (const format of ["spki", ...formats]) {
		const pub = await s.importKey(format, await s.exportKey(format, publicKey), imp, true, ["verify"]);
		const f = format == "jwk" ? "jwk" : "pkcs8";
		const priv = await s.importKey(f, await s.exportKey(f, privateKey), imp, true, ["sign"]);
		const signature = await s.sign(use, priv, data);
		out.push(await s.verify(use, pub, signature, data), await s.verify(use, publicKey, signature, new Uint8Array(5)));
	}
	return out;
}
async function agrees(alg, formats) {
	const a = await s.generateKey(alg, true, ["deriveBits", "deriveKey"]), b = await s.generateKey(alg, true, ["deriveBits"]);
	const out = [];
	for (const format of formats) {
		const pub = await s.importKey(format, await s.exportKey(format, b.publicKey), alg, true, []);
		const f = format == "jwk" ? "jwk" : "pkcs8";
		const priv = await s.importKey(f, await s.exportKey(f, b.privateKey), alg, true, ["deriveBits"]);
		out.push(same(await s.deriveBits({name: alg.name, public: pub}, a.privateKey, 200), await s.deriveBits({name: alg.name, public: a.publicKey}, priv, 200)));
	}
	return out;
}
async function ciphers(alg, params) {
	const k = await s.generateKey({name: alg, length: 256}, true, ["encrypt", "decrypt"]);
	const out = [];
	for (const n of [0, 1, 15, 16, 17, 100]) {
		const plain = crypto.getRandomValues(new Uint8Array(n));
		out.push(same(plain, await s.decrypt({name: alg, ...params}, k, await s.encrypt({name: alg, ...params}, k, plain))));
	}
	return out.every(x => x);
}
`

func TestRoundTrips(t *testing.T) {
	rows := []jseval.Case{
		{`signs({name: "ECDSA", namedCurve: "P-256"}, {name: "ECDSA", hash: "SHA-256"}, undefined, ["raw", "jwk"])`, "[true,false,true,false,true,false]"},
		{`signs({name: "ECDSA", namedCurve: "P-384"}, {name: "ECDSA", hash: {name: "SHA-512"}})`, "[true,false,true,false]"},
		{`signs({name: "ECDSA", namedCurve: "P-521"}, {name: "ECDSA", hash: "SHA-1"})`, "[true,false,true,false]"},
		{`signs({name: "Ed25519"}, "Ed25519", undefined, ["raw", "jwk"])`, "[true,false,true,false,true,false]"},
		{`signs({name: "NODE-ED25519", namedCurve: "NODE-ED25519"}, "NODE-ED25519")`, "[true,false,true,false]"},
		{`signs({name: "RSASSA-PKCS1-v1_5", ...rsa}, "RSASSA-PKCS1-v1_5")`, "[true,false,true,false]"},
		{`signs({name: "RSA-PSS", ...rsa}, {name: "RSA-PSS", saltLength: 32})`, "[true,false,true,false]"},
		{`agrees({name: "ECDH", namedCurve: "P-256"}, ["spki", "raw", "jwk"])`, "[true,true,true]"},
		{`agrees({name: "ECDH", namedCurve: "P-521"}, ["spki"])`, "[true]"},
		{`agrees({name: "X25519"}, ["spki", "raw", "jwk"])`, "[true,true,true]"},
		{`ciphers("AES-CBC", {iv: new Uint8Array(16)})`, "true"},
		{`ciphers("AES-CTR", {counter: new Uint8Array(16).fill(255), length: 8})`, "true"},
		{`ciphers("AES-GCM", {iv: new Uint8Array(12), additionalData: data})`, "true"},
		{`ciphers("AES-GCM", {iv: new Uint8Array(5), tagLength: 32})`, "true"},
		{`s.generateKey({name: "RSA-OAEP", ...rsa}, true, ["encrypt", "decrypt"]).then(async k => { const p = {name: "RSA-OAEP", label: data}; return s.decrypt(p, k.privateKey, await s.encrypt(p, k.publicKey, data)) })`, "ArrayBuffer 0102030405"},
		{`(async () => { const k = await s.generateKey({name: "AES-GCM", length: 128}, true, ["encrypt", "decrypt"]), p = {name: "AES-GCM", iv: data};
			const c = new Uint8Array(await s.encrypt(p, k, data)); c[0] ^= 1; return s.decrypt(p, k, c) })()`,
			"OperationError: Decryption failed. This could be due to a ciphertext authentication failure, bad padding, incorrect CryptoKey, or another algorithm-specific reason. Input length was 5, output length expected to be 5 for AES-GCM"},
		{`(async () => { const w = await s.generateKey({name: "AES-KW", length: 256}, true, ["wrapKey", "unwrapKey"]), k = await s.generateKey({name: "HMAC", hash: "SHA-256"}, true, ["sign"]);
			const u = await s.unwrapKey("raw", await s.wrapKey("raw", k, w, "AES-KW"), w, "AES-KW", {name: "HMAC", hash: "SHA-256"}, true, ["sign"]);
			return same(await s.exportKey("raw", k), await s.exportKey("raw", u)) })()`, "true"},
		{`(async () => { const p = {name: "AES-GCM", iv: data}, w = await s.generateKey({name: "AES-GCM", length: 256}, true, ["wrapKey", "unwrapKey"]), k = (await s.generateKey({name: "ECDSA", namedCurve: "P-256"}, true, ["sign"])).privateKey;
			const u = await s.unwrapKey("jwk", await s.wrapKey("jwk", k, w, p), w, p, {name: "ECDSA", namedCurve: "P-256"}, true, ["sign"]);
			return (await s.exportKey("jwk", k)).d === (await s.exportKey("jwk", u)).d })()`, "true"},
		{`s.importKey("raw", data, {name: "HMAC", hash: "SHA-256"}, false, ["sign", "verify"]).then(async k => { const m = await s.sign("HMAC", k, data); return [m.byteLength, await s.verify("HMAC", k, m, data), await s.verify("HMAC", k, data, data)] })`, "[32,true,false]"},
		{`let b = crypto.getRandomValues(new Uint8Array(32)); b.some(x => x) + crypto.randomUUID()[14]`, "true4"},
		{`s.sign({get name() { throw new RangeError("mine") }}, null, data)`, "RangeError: mine"},
		{`signs({name: "RSA-PSS", ...rsa, publicExponent: new Uint8Array([3])}, {name: "RSA-PSS", saltLength: 0}, {name: "RSA-PSS", hash: "SHA-256"})`, "[true,false,true,false]"},
		{`signs({name: "RSASSA-PKCS1-v1_5", ...rsa, modulusLength: 512}, "RSASSA-PKCS1-v1_5", {name: "RSASSA-PKCS1-v1_5", hash: "SHA-256"})`, "[true,false,true,false]"},
		{`s.generateKey({name: "AES-GCM", length: 128}, true, ["encrypt"]).then(k => JSON.stringify(k))`, `{"usages":["encrypt"],"algorithm":{"name":"AES-GCM","length":128},"extractable":true,"type":"secret"}`},
	}
	for i := range rows {
		rows[i][0] = helpers + rows[i][0]
	}
	jseval.Run(t, newRealm, rows)
}

// The example of RFC 3394, section 4.1.
func TestKeyWrapVector(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{{`
		const hex = h => new Uint8Array(h.match(/../g).map(x => parseInt(x, 16)));
		crypto.subtle.importKey("raw", hex("000102030405060708090A0B0C0D0E0F"), "AES-KW", true, ["wrapKey"]).then(async w =>
			crypto.subtle.wrapKey("raw", await crypto.subtle.importKey("raw", hex("00112233445566778899AABBCCDDEEFF"), "AES-GCM", true, ["encrypt"]), w, "AES-KW"))`,
		"ArrayBuffer 1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"}})
}

func TestDigestStream(t *testing.T) {
	jseval.Run(t, newRealm, []jseval.Case{
		{`(async () => { const s = new crypto.DigestStream("SHA-256"), w = s.getWriter(); await w.write("a"); await w.close(); return [new Uint8Array(await s.digest)[0], typeof s.bytesWritten, Number(s.bytesWritten)] })()`, `[202,"bigint",1]`},
		{`(async () => { const s = new crypto.DigestStream("MD5"), w = s.getWriter(); w.write(new Uint8Array([97])); w.close(); return await s.digest })()`, "ArrayBuffer 0cc175b9c0f1b6a831c399e269772661"},
		{`(async () => { const w = new crypto.DigestStream("SHA-256").getWriter(); await w.write(5) })()`, "TypeError: DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side."},
		{`(async () => { const s = new crypto.DigestStream("SHA-256"); await s.abort(new RangeError("x")); await s.digest })()`, "RangeError: x"},
		{`new crypto.DigestStream("foo")`, "NotSupportedError: Unrecognized or unimplemented digest algorithm requested."},
		{`let s = new crypto.DigestStream("SHA-1"); [s instanceof crypto.DigestStream, Object.getPrototypeOf(crypto.DigestStream.prototype).constructor.name, s.locked]`, `[true,"WritableStream",false]`},
	})
}
