const { Buffer } = require("buffer");
const { codes, validateFunction, validateInteger, validateObject, validateOneOf, validateString } = require("internal/errors");
const { anyBytes, bytes, later } = require("internal/crypto/util");
const { importPrivate, importPublic, publicOf, exportKey, keysEqual, keyDetails, generateKeyPair: generatePair, randomBytes } = native.crypto;

const mayConstruct = Symbol();
const { subtle } = globalThis.crypto;
const handles = new WeakMap();

class KeyObject {
  constructor(token, handle) {
    if (token !== mayConstruct) throw new TypeError("Illegal constructor");
    handles.set(this, handle);
  }
  static from(key) {
    if (!(key instanceof CryptoKey)) throw codes.ERR_INVALID_ARG_TYPE("key", "CryptoKey", key);
    return fromCryptoKey(key);
  }
  equals(other) {
    if (!(other instanceof KeyObject)) throw codes.ERR_INVALID_ARG_TYPE("otherKeyObject", "KeyObject", other);
    if (this.type !== other.type) return false;
    const a = handles.get(this), b = handles.get(other);
    return this.type === "secret" ? Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0 : keysEqual(a, b);
  }
  toCryptoKey(algorithm, extractable, usages) { return toCryptoKey(this, algorithm, extractable, usages); }
  export() { throw new TypeError("Illegal invocation"); }
  get [Symbol.toStringTag]() { return "KeyObject"; }
}
Object.defineProperty(KeyObject, "length", { value: 0 });

// A JWK as workerd writes it: every member that one can have.
const members = ["kty", "use", "key_ops", "alg", "ext", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "oth", "k", "pub", "priv"];
const jwk = (values) => Object.fromEntries(members.map((m) => [m, values[m]]));

class SecretKeyObject extends KeyObject {
  get type() { return "secret"; }
  get symmetricKeySize() { return handles.get(this).byteLength; }
  export(options = {}) {
    validateObject(options, "options");
    if (options.format !== undefined) validateOneOf(options.format, "options.format", ["buffer", "jwk"]);
    const b = Buffer.from(handles.get(this));
    return options.format === "jwk" ? jwk({ kty: "oct", k: b.toString("base64url"), ext: true }) : Buffer.from(b);
  }
}

class AsymmetricKeyObject extends KeyObject {
  get asymmetricKeyType() { return keyDetails(handles.get(this)).type; }
  get asymmetricKeyDetails() {
    const { modulusLength, publicExponent, namedCurve } = keyDetails(handles.get(this));
    return { modulusLength, publicExponent: publicExponent === undefined ? undefined : BigInt(publicExponent), divisorLength: undefined, namedCurve };
  }
}

function checkExport(key, options, kinds) {
  validateObject(options, "options");
  if (options.format === "jwk") {
    if (options.passphrase !== undefined) throw codes.ERR_INCOMPATIBLE_OPTION_PAIR("options.passphrase", "options.format");
    return;
  }
  validateOneOf(options.format, "options.format", ["pem", "der", "jwk"]);
  validateOneOf(options.type, "options.type", kinds);
  const own = { pkcs1: "rsa", sec1: "ec" }[options.type];
  if (own && key.asymmetricKeyType !== own) throw codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(options.type, `can only be used for ${own.toUpperCase()} keys`);
}

function write(key, options) {
  const pass = options.passphrase === undefined ? undefined : anyBytes(options.passphrase, "options.passphrase", options.encoding);
  if (options.cipher !== undefined) validateString(options.cipher, "options.cipher");
  const out = exportKey(handles.get(key), options.format, options.type, options.cipher, pass);
  return typeof out === "string" ? out : Buffer.from(out);
}

class PublicKeyObject extends AsymmetricKeyObject {
  get type() { return "public"; }
  export(options = {}) {
    checkExport(this, options, ["pkcs1", "spki"]);
    return options.format === "jwk" ? toJWK(this) : write(this, options);
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  get type() { return "private"; }
  export(options = {}) {
    checkExport(this, options, ["pkcs1", "pkcs8", "sec1"]);
    return options.format === "jwk" ? toJWK(this) : write(this, options);
  }
}

// now is the result of a promise of crypto.subtle, which works before it
// returns.
function now(promise) {
  const [state, value] = native.types.settled(promise);
  if (state === 3) {
    promise.catch(() => {});
    throw value;
  }
  if (state !== 2) throw new Error("the key is not ready");
  return value;
}

const webCurves = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };
function webAlgorithm(key) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: d } = key;
  if (type === "rsa") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  if (type === "ec") {
    if (!webCurves[d.namedCurve]) throw codes.ERR_CRYPTO_UNSUPPORTED_OPERATION(`JWK of the curve ${d.namedCurve} is not supported`);
    return { name: "ECDSA", namedCurve: webCurves[d.namedCurve] };
  }
  return type === "ed25519" ? { name: "Ed25519" } : { name: "X25519" };
}

function der(key) { return exportKey(handles.get(key), "der", key.type === "public" ? "spki" : "pkcs8"); }

function toCryptoKey(key, algorithm, extractable, usages) {
  const format = { secret: "raw", public: "spki", private: "pkcs8" }[key.type];
  return now(subtle.importKey(format, key.type === "secret" ? handles.get(key) : der(key), algorithm, extractable, usages));
}

const noUses = { private: { X25519: ["deriveBits"] }, public: {} };
function toJWK(key) {
  const algorithm = webAlgorithm(key);
  const uses = key.type === "public" ? (algorithm.name === "X25519" ? [] : ["verify"]) : noUses.private[algorithm.name] ?? ["sign"];
  const { alg, key_ops, ext, ...rest } = now(subtle.exportKey("jwk", toCryptoKey(key, algorithm, true, uses)));
  return jwk(algorithm.name === "Ed25519" ? { ...rest, alg: "EdDSA" } : rest);
}

function fromJWK(key, kind) {
  validateObject(key, "key.key");
  validateOneOf(key.kty, "key.kty", ["RSA", "EC", "OKP", ...(kind === "secret" ? ["oct"] : [])]);
  const isPrivate = key.d !== undefined;
  if (kind === "private" && !isPrivate) throw new Error("Failed to parse private key");
  let algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  if (key.kty === "EC") algorithm = { name: "ECDSA", namedCurve: key.crv };
  else if (key.kty === "OKP") algorithm = { name: key.crv };
  const uses = key.crv === "X25519" ? (isPrivate ? ["deriveBits"] : []) : [isPrivate ? "sign" : "verify"];
  const { use, key_ops, alg, ext, ...bare } = key;
  const web = now(subtle.importKey("jwk", bare, algorithm, true, uses));
  const out = now(subtle.exportKey(isPrivate ? "pkcs8" : "spki", web));
  return isPrivate ? importPrivate(out, "der", "pkcs8") : importPublic(out, "der", "spki");
}

function fromCryptoKey(key) {
  if (key.type === "secret") return new SecretKeyObject(mayConstruct, now(subtle.exportKey("raw", key)));
  const out = now(subtle.exportKey(key.type === "private" ? "pkcs8" : "spki", key));
  return key.type === "private" ? new PrivateKeyObject(mayConstruct, importPrivate(out, "der", "pkcs8")) : new PublicKeyObject(mayConstruct, importPublic(out, "der", "spki"));
}

const inputs = ["string", "ArrayBuffer", "Buffer", "TypedArray", "DataView", "Object"];
const isData = (v) => typeof v === "string" || ArrayBuffer.isView(v) || v instanceof ArrayBuffer;

// material reads what createPrivateKey and createPublicKey take.
function material(key, kind) {
  if (isData(key)) return read(anyBytes(key, "key"), { format: "pem" }, kind);
  if (typeof key !== "object" || key === null) throw codes.ERR_INVALID_ARG_TYPE("options.key", inputs, undefined);
  const { key: data, format = "pem" } = key;
  if (format === "jwk") return fromJWK(data, kind);
  if (!isData(data)) throw codes.ERR_INVALID_ARG_TYPE("options.key", inputs, data);
  validateOneOf(format, "options.format", ["jwk", "pem", "der"]);
  return read(anyBytes(data, "options.key", key.encoding), { ...key, format }, kind);
}

function read(data, { format, type, passphrase, encoding }, kind) {
  const pass = passphrase === undefined || passphrase === null ? undefined : anyBytes(passphrase, "options.passphrase", encoding);
  return kind === "private" ? importPrivate(data, format, type, pass) : importPublic(data, format, type, pass);
}

function createPrivateKey(key) {
  if (key instanceof CryptoKey) {
    if (key.type !== "private") throw codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, "private");
    return fromCryptoKey(key);
  }
  return new PrivateKeyObject(mayConstruct, material(key, "private"));
}
function createPublicKey(key) {
  if (key instanceof KeyObject) {
    if (key.type !== "private") throw codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, "private");
    return new PublicKeyObject(mayConstruct, publicOf(handles.get(key)));
  }
  if (key instanceof CryptoKey) {
    const o = fromCryptoKey(key);
    return o.type === "private" ? createPublicKey(o) : o;
  }
  if (key?.key instanceof KeyObject && key.key.type === "private") return createPublicKey(key.key);
  return new PublicKeyObject(mayConstruct, publicOf(material(key, "public")));
}
function createSecretKey(key, encoding) { return new SecretKeyObject(mayConstruct, copy(anyBytes(key, "key", encoding))); }

const copy = (b) => new Uint8Array(Buffer.from(ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b))).slice().buffer;

// secretBytes is the material of a symmetric key in any form.
function secretBytes(key, encoding, name = "key", types) {
  if (key instanceof CryptoKey) key = fromCryptoKey(key);
  if (key instanceof KeyObject) {
    if (key.type !== "secret") throw codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, "secret");
    return handles.get(key);
  }
  return types ? bytes(key, encoding, name, types) : anyBytes(key, name, encoding);
}

// asymmetric is the handle of a key for signing or encrypting, and the options
// given with it. Beside options, workerd takes key objects for encrypting only.
function asymmetric(key, kind, nested = false) {
  if (nested && key?.key instanceof KeyObject) return { handle: asymmetric(key.key, kind).handle, options: key };
  if (key instanceof KeyObject) {
    if (key.type === "secret" || (kind === "private" && key.type !== "private")) throw codes.ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, kind === "private" ? "private" : "public or private");
    return { handle: handles.get(key), options: {} };
  }
  if (key instanceof CryptoKey) return asymmetric(fromCryptoKey(key), kind);
  const options = isData(key) || key === null || typeof key !== "object" ? {} : key;
  return { handle: material(key, kind), options };
}

function generateSecret(type, options) {
  validateString(type, "type");
  validateOneOf(type, "type", ["hmac", "aes"]);
  validateObject(options, "options");
  if (type === "aes") validateOneOf(options.length, "options.length", [128, 192, 256]);
  else validateInteger(options.length, "options.length", 8, 2 ** 31 - 1);
  return new SecretKeyObject(mayConstruct, randomBytes(Math.floor(options.length / 8)));
}
function generateKeySync(type, options) { return generateSecret(type, options); }
function generateKey(type, options, callback) {
  validateFunction(callback, "callback");
  later(() => generateSecret(type, options), callback);
}

function pair(type, options = {}) {
  validateOneOf(type, "type", ["rsa", "ec", "ed25519", "x25519", "dh"]);
  validateObject(options, "options");
  if (type === "dh") throw codes.ERR_CRYPTO_UNSUPPORTED_OPERATION("Generating key objects of Diffie-Hellman is not implemented in miniworker; use createDiffieHellman");
  if (type === "rsa") validateInteger(options.modulusLength, "options.modulusLength", 0, 2 ** 32 - 1);
  if (type === "ec") validateString(options.namedCurve, "options.namedCurve");
  if (options.publicExponent !== undefined && Number(options.publicExponent) !== 65537) throw codes.ERR_CRYPTO_UNSUPPORTED_OPERATION("Only the public exponent 65537 is implemented in miniworker");
  const handle = generatePair(type, options.modulusLength, options.namedCurve);
  const privateKey = new PrivateKeyObject(mayConstruct, handle), publicKey = new PublicKeyObject(mayConstruct, publicOf(handle));
  const { publicKeyEncoding: pub, privateKeyEncoding: priv } = options;
  return { publicKey: pub ? publicKey.export(pub) : publicKey, privateKey: priv ? privateKey.export(priv) : privateKey };
}
function generateKeyPairSync(type) { return pair(type, arguments[1]); }
function generateKeyPair(type, options, callback) {
  if (typeof options === "function") [options, callback] = [{}, options];
  validateFunction(callback, "callback");
  later(() => pair(type, options), (err, keys) => (err ? callback(err) : callback(null, keys.publicKey, keys.privateKey)));
}
Object.defineProperty(generateKeyPair, Symbol.for("nodejs.util.promisify.custom"), {
  value: (type, options) => new Promise((resolve, reject) => generateKeyPair(type, options, (err, publicKey, privateKey) => (err ? reject(err) : resolve({ publicKey, privateKey })))),
});

const wrapPublic = (handle) => new PublicKeyObject(mayConstruct, handle);
module.exports = {
  KeyObject, SecretKeyObject, PublicKeyObject, PrivateKeyObject, createPrivateKey, createPublicKey, createSecretKey, generateKey, generateKeySync,
  generateKeyPair, generateKeyPairSync, secretBytes, asymmetric, wrapPublic, handleOf: (key) => handles.get(key),
};
