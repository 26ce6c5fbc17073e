const { Buffer } = require("buffer");
const { codes, validateFunction, validateInteger, validateObject, validateOneOf, validateString, validateUint32 } = require("internal/errors");
const { anyBytes, bytes, later } = require("internal/crypto/util");
const { importPrivate, importPublic, publicOf, exportKey, keysEqual, keyDetails, generateKeyPair: generatePair, randomBytes } = native.crypto;

const mayConstruct = Symbol();
const { subtle } = globalThis.crypto;
const handles = new WeakMap();

class KeyObject {
  constructor(token, handle) {
    if (token !== mayConstruct) throw new Error("Illegal constructor");
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
    checkPassphrase(options);
    if (options.format !== undefined && !["buffer", "jwk"].includes(options.format)) throw new TypeError(`Invalid format for secret key export: ${options.format}`);
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

// checkExport checks the options of export, whose errors name them by about.
function checkExport(options, secret, about) {
  validateObject(options, about);
  if (options.format === "jwk") return;
  if (!secret) checkPassphrase(options);
  if (options.cipher !== undefined && secret) {
    validateString(options.cipher, `${about}.cipher`);
    const { passphrase } = options;
    if (typeof passphrase !== "string" && !ArrayBuffer.isView(passphrase)) throw codes.ERR_INVALID_ARG_TYPE(`${about}.passphrase`, ["string", "Uint8Array"], passphrase);
  }
  if (options.type === undefined) throw new TypeError("Missing type option");
  if (!["pem", "der"].includes(options.format)) throw new Error("Invalid key format");
  if (!["pkcs1", "pkcs8", "sec1", "spki"].includes(options.type)) throw new Error("Invalid key encoding");
}

function checkPassphrase({ passphrase }) {
  if (passphrase !== undefined && typeof passphrase !== "string" && !ArrayBuffer.isView(passphrase)) {
    throw new TypeError("Incorrect type for the 'passphrase' field on 'KeyExportOptions': the provided value is not of type 'BufferSource'.");
  }
}

// write writes a key. A public key is written as spki, whatever is asked but
// the form that only RSA has.
function write(key, options) {
  const { asymmetricKeyType: kind } = key, secret = key.type === "private";
  let { type } = options;
  if (type === "pkcs1" && kind !== "rsa") throw secret ? codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, "can only be used for RSA keys") : new Error("PKCS1 can only be used for RSA keys");
  if (secret && type === "sec1" && kind !== "ec") throw codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, "can only be used for EC keys");
  if (secret && type === "spki") throw new Error("Failed to export key");
  if (!secret && type === "sec1" && kind !== "ec") throw new Error("SEC1 can only be used for EC keys");
  if (!secret && type !== "pkcs1") type = "spki";
  const pass = secret && options.cipher !== undefined ? anyBytes(options.passphrase, "options.passphrase", options.encoding) : undefined;
  const out = exportKey(handles.get(key), options.format, type, secret ? options.cipher : undefined, pass);
  return typeof out === "string" ? out : Buffer.from(out);
}
function exported(key, options, about = "options") {
  checkExport(options, key.type === "private", about);
  return options.format === "jwk" ? toJWK(key) : write(key, options);
}

class PublicKeyObject extends AsymmetricKeyObject {
  get type() { return "public"; }
  export(options = {}) { return exported(this, options); }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  get type() { return "private"; }
  export(options = {}) { return exported(this, options); }
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
  if (typeof usages?.[Symbol.iterator] !== "function") throw codes.ERR_INVALID_ARG_TYPE("keyUsages", "Iterable", usages);
  const name = typeof algorithm === "string" ? algorithm : algorithm?.name;
  if (key.type !== "secret" && /^(ed|x)25519$/i.test(name) && key.asymmetricKeyType !== name.toLowerCase()) throw new DOMException("Invalid key type", "DataError");
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
  const needed = { RSA: ["n", "e"], EC: ["crv", "x", "y"], OKP: ["crv", "x"] }[key.kty];
  if (!needed) throw new Error(`JWK ${kind} key import is not implemented for this key type`);
  if (kind === "private") needed.push("d");
  for (const member of needed) if (key[member] === undefined) throw new Error(`${key.kty} JWK missing ${member} parameter`);
  const curves = { EC: ["P-256", "P-384", "P-521"], OKP: ["Ed25519", "X25519"] }[key.kty];
  if (curves && !curves.includes(key.crv)) throw new Error(`${key.kty} JWK unsupported crv parameter`);
  const isPrivate = key.d !== undefined;
  let algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  if (key.kty === "EC") algorithm = { name: "ECDSA", namedCurve: key.crv };
  else if (key.kty === "OKP") algorithm = { name: key.crv };
  const uses = key.crv === "X25519" ? (isPrivate ? ["deriveBits"] : []) : [isPrivate ? "sign" : "verify"];
  const { use, key_ops, alg, ext, ...bare } = key;
  let web;
  try {
    web = now(subtle.importKey("jwk", bare, algorithm, true, uses));
  } catch {
    throw new Error(`${key.kty} JWK invalid public key`);
  }
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
  if (key === null || key === undefined) throw codes.ERR_INVALID_ARG_TYPE("key", inputs, key);
  if (typeof key !== "object") throw codes.ERR_INVALID_ARG_TYPE("options.key", inputs, undefined);
  const { key: data, format = "pem", type } = key;
  if (format === "jwk" && typeof data === "object" && data !== null) return fromJWK(data, kind);
  if (!isData(data)) throw codes.ERR_INVALID_ARG_TYPE("options.key", inputs, data);
  validateOneOf(format, "format", ["pem", "der"]);
  if (type !== undefined) validateOneOf(type, "type", kind === "private" ? ["pkcs1", "pkcs8", "sec1"] : ["pkcs1", "spki"]);
  return read(anyBytes(data, "options.key", key.encoding), { ...key, format }, kind);
}

function read(data, { format, type, passphrase, encoding }, kind) {
  const pass = passphrase === undefined || passphrase === null ? undefined : anyBytes(passphrase, "options.passphrase", encoding);
  // What is named is tried first, then what else a key can come in.
  const read = kind === "private" ? importPrivate : importPublic, forms = kind === "private" ? ["pkcs8", "pkcs1", "sec1"] : ["spki", "pkcs1", "pkcs8", "sec1"];
  for (const form of format === "der" ? [type ?? forms[0], ...forms] : []) {
    try {
      return read(data, format, form, pass);
    } catch {
      continue;
    }
  }
  return read(data, format, type, pass);
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
    if (key.type !== "private") throw codes.ERR_INVALID_ARG_TYPE("key", "PrivateKeyObject", key);
    return new PublicKeyObject(mayConstruct, publicOf(handles.get(key)));
  }
  if (key instanceof CryptoKey) {
    const o = fromCryptoKey(key);
    return o.type === "private" ? createPublicKey(o) : o;
  }
  if (key?.key instanceof KeyObject && key.key.type === "private") return createPublicKey(key.key);
  return new PublicKeyObject(mayConstruct, publicOf(material(key, "public")));
}
function createSecretKey(key, encoding) {
  if (key === undefined || key === null) throw codes.ERR_INVALID_ARG_TYPE("key", ["string", "ArrayBuffer", "TypedArray", "DataView"], key);
  if (!isData(key)) throw new TypeError("Failed to execute 'createSecretKey' on 'CryptoImpl': parameter 1 is not of type 'BufferSource'.");
  return new SecretKeyObject(mayConstruct, copy(anyBytes(key, "key", encoding)));
}

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
    if (key.type === "secret") throw codes.ERR_INVALID_ARG_TYPE("options", ["PublicKeyObject", "PrivateKeyObject", "CryptoKey", "Object"], key.type);
    if (kind === "private" && key.type !== "private") throw Object.assign(new Error(`Invalid key object type ${key.type}, expected private.`), { code: "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE" });
    return { handle: handles.get(key), options: {} };
  }
  if (key instanceof CryptoKey) return asymmetric(fromCryptoKey(key), kind);
  const options = isData(key) || key === null || typeof key !== "object" ? {} : key;
  return { handle: material(key, kind), options };
}

function generateSecret(type, options) {
  validateOneOf(type, "type", ["hmac", "aes"]);
  validateObject(options, "options");
  if (type === "aes") validateOneOf(options.length, "options.length", [128, 192, 256]);
  else validateInteger(options.length, "options.length", 8, 65536);
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
  if (type === "rsa") {
    validateUint32(options.modulusLength, "options.modulusLength");
    if (options.modulusLength < 512) throw new Error("Failed to generate key");
    if (options.publicExponent !== undefined) validateUint32(options.publicExponent, "options.publicExponent");
  }
  if (type === "ec") validateString(options.namedCurve, "options.namedCurve");
  if (options.publicExponent !== undefined && Number(options.publicExponent) !== 65537) throw codes.ERR_CRYPTO_UNSUPPORTED_OPERATION("Only the public exponent 65537 is implemented in miniworker");
  if (options.namedCurve === "secp256k1") throw new Error("Failed to initialize key"); // which the platform knows by name only
  const handle = generatePair(type, options.modulusLength, options.namedCurve);
  const privateKey = new PrivateKeyObject(mayConstruct, handle), publicKey = new PublicKeyObject(mayConstruct, publicOf(handle));
  const written = (key, encoding, name) => (encoding === undefined ? key : exported(key, encoding, `options.${name}`));
  return { publicKey: written(publicKey, options.publicKeyEncoding, "publicKeyEncoding"), privateKey: written(privateKey, options.privateKeyEncoding, "privateKeyEncoding") };
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
