const { Buffer } = require("buffer");
const { codes, validateObject, validateOneOf, validateString } = require("internal/errors");
const { anyBytes, output } = require("internal/crypto/util");
const { KeyObject, handleOf } = require("internal/crypto/keys");
const n = native.crypto;

const state = Symbol("state");
const own = (o, v) => Object.defineProperty(o, state, { value: v });

function exchange(dh) {
  return {
    generateKeys(encoding) {
      const s = this[state], [priv, pub] = n.dhGenerate(s.prime, s.generator, s.private);
      Object.assign(s, { private: priv, public: pub });
      return output(pub, encoding);
    },
    computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
      const s = this[state];
      if (!s.private) throw new Error("No private key - did you forget to generate one?");
      return output(n.dhCompute(s.prime, s.private, anyBytes(otherPublicKey, "otherPublicKey", inputEncoding)), outputEncoding);
    },
    getPrime(encoding) { return output(this[state].prime, encoding); },
    getGenerator(encoding) { return output(this[state].generator, encoding); },
    getPublicKey(encoding) {
      if (!this[state].public) throw new Error("No public key - did you forget to generate one?");
      return output(this[state].public, encoding);
    },
    getPrivateKey(encoding) {
      if (!this[state].private) throw new Error("No private key - did you forget to generate one?");
      return output(this[state].private, encoding);
    },
  };
}

function DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  if (!(this instanceof DiffieHellman)) return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  if (typeof sizeOrKey !== "number" && typeof sizeOrKey !== "string" && !ArrayBuffer.isView(sizeOrKey) && !(sizeOrKey instanceof ArrayBuffer)) {
    throw codes.ERR_INVALID_ARG_TYPE("sizeOrKey", ["number", "string", "ArrayBuffer", "Buffer", "TypedArray", "DataView"], sizeOrKey);
  }
  if (keyEncoding !== undefined && !Buffer.isEncoding(keyEncoding) && keyEncoding !== "buffer") [generator, genEncoding, keyEncoding] = [keyEncoding, generator, undefined];
  const prime = typeof sizeOrKey === "number" ? n.generatePrime(sizeOrKey, true, new Uint8Array(0), new Uint8Array(0)) : Buffer.from(anyBytes(sizeOrKey, "sizeOrKey", keyEncoding));
  generator = generator === undefined || generator === null ? Buffer.from([2]) : typeof generator === "number" ? Buffer.from([generator]) : Buffer.from(anyBytes(generator, "generator", genEncoding));
  own(this, { prime, generator });
  Object.defineProperty(this, "verifyError", { value: verify(prime, generator), enumerable: true });
}
// verify is what is wrong with a prime and its generator, in OpenSSL's bits.
function verify(prime, generator) {
  const { checkPrimeSync } = require("internal/crypto/random"), { DH_CHECK_P_NOT_PRIME, DH_CHECK_P_NOT_SAFE_PRIME, DH_UNABLE_TO_CHECK_GENERATOR, DH_NOT_SUITABLE_GENERATOR } = require("data/crypto");
  const p = BigInt(`0x${prime.toString("hex") || 0}`), g = BigInt(`0x${generator.toString("hex") || 0}`);
  let out = 0;
  if (g === 2n) out = p % 24n === 11n ? 0 : DH_NOT_SUITABLE_GENERATOR;
  else if (g === 5n) out = [3n, 7n].includes(p % 10n) ? 0 : DH_NOT_SUITABLE_GENERATOR;
  else out = DH_UNABLE_TO_CHECK_GENERATOR;
  if (!checkPrimeSync(p)) return out | DH_CHECK_P_NOT_PRIME;
  return checkPrimeSync((p - 1n) / 2n) ? out : out | DH_CHECK_P_NOT_SAFE_PRIME;
}
Object.assign(DiffieHellman.prototype, exchange(), {
  setPublicKey(key, encoding) { this[state].public = Buffer.from(anyBytes(key, "key", encoding)); return this; },
  setPrivateKey(key, encoding) { this[state].private = Buffer.from(anyBytes(key, "key", encoding)); return this; },
});

const groups = ["modp14", "modp15", "modp16", "modp17", "modp18"];
function DiffieHellmanGroup(name) {
  if (!(this instanceof DiffieHellmanGroup)) return new DiffieHellmanGroup(name);
  validateString(name, "name");
  if (!groups.includes(name.toLowerCase())) throw new Error(`Failed to init DiffieHellmanGroup: invalid group. Only groups {${groups.join(", ")}} are supported.`);
  own(this, { prime: Buffer.from(require("data/dh_groups")[name.toLowerCase()], "hex"), generator: Buffer.from([2]) });
  Object.defineProperty(this, "verifyError", { value: 0, enumerable: true });
}
Object.assign(DiffieHellmanGroup.prototype, exchange());

function createDiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) { return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding); }
function createDiffieHellmanGroup(name) { return new DiffieHellmanGroup(name); }
function getDiffieHellman(name) { return new DiffieHellmanGroup(name); }

function ECDH(curve) {
  if (!(this instanceof ECDH)) return new ECDH(curve);
  validateString(curve, "curve");
  if (/^P-/.test(curve)) throw new Error("Invalid curve"); // OpenSSL's names only
  n.ecdhCheck(curve);
  own(this, { curve });
}
Object.assign(ECDH.prototype, {
  generateKeys(encoding, format) {
    this[state].private = n.ecdhGenerate(this[state].curve);
    return this.getPublicKey(encoding, format);
  },
  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const s = this[state];
    if (!s.private) throw new Error("Failed to compute ECDH key: there is no private key");
    const secret = n.ecdhSecret(s.curve, s.private, anyBytes(otherPublicKey, "otherPublicKey", inputEncoding));
    if (secret === undefined) throw codes.ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY();
    return output(secret, outputEncoding);
  },
  getPrivateKey(encoding) {
    if (!this[state].private) throw new Error("Failed to get ECDH private key");
    return output(this[state].private, encoding);
  },
  setPrivateKey(key, encoding) {
    this[state].private = Buffer.from(anyBytes(key, "key", encoding));
    n.ecdhPublic(this[state].curve, this[state].private);
  },
});
Object.defineProperty(ECDH.prototype, "getPublicKey", { writable: true, configurable: true, enumerable: true, value: function getPublicKey(encoding, format) {
  const s = this[state];
  if (!s.private) throw new Error("Failed to get ECDH public key");
  return output(n.ecdhPoint(s.curve, n.ecdhPublic(s.curve, s.private), form(format)), encoding);
} });
function form(format = "uncompressed") {
  validateOneOf(format, "format", ["compressed", "uncompressed", "hybrid"]);
  return format;
}
ECDH.convertKey = function convertKey(key, curve, inputEncoding, outputEncoding, format) {
  validateString(curve, "curve");
  const bytes = anyBytes(key, "key", inputEncoding), as = form(format);
  n.ecdhCheck(curve);
  try {
    return output(n.ecdhPoint(curve, bytes, as), outputEncoding);
  } catch {
    throw new Error("Failed to set point");
  }
};
function createECDH(curve) { return new ECDH(curve); }
function getCurves() { return ["secp224r1", "prime256v1", "secp384r1", "secp521r1"]; }

function diffieHellman(options) {
  validateObject(options, "options");
  const { privateKey, publicKey } = options;
  for (const [key, kind] of [[publicKey, "public"], [privateKey, "private"]]) {
    if (!(key instanceof KeyObject)) throw codes.ERR_INVALID_ARG_TYPE(`options.${kind}Key`, "KeyObject", key);
    if (key.type !== kind) throw codes.ERR_INVALID_ARG_TYPE(`options.${kind}Key`, `${kind} key`, key);
  }
  if (publicKey.asymmetricKeyType !== privateKey.asymmetricKeyType) throw codes.ERR_INVALID_ARG_VALUE("options.publicKey.asymmetricKeyType", publicKey.asymmetricKeyType, "must equal privateKey.asymmetricKeyType");
  return Buffer.from(n.stateless(handleOf(privateKey), handleOf(publicKey)));
}

module.exports = {
  DiffieHellman, DiffieHellmanGroup, ECDH, createDiffieHellman, createDiffieHellmanGroup, createECDH, diffieHellman, getCurves, getDiffieHellman,
};
