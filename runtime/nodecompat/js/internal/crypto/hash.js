const { LazyTransform } = require("internal/crypto/lazy");
const { codes, validateString, validateUint32 } = require("internal/errors");
const { bytes, output } = require("internal/crypto/util");
const { KeyObject, secretBytes } = require("internal/crypto/keys");
const { createHash: start, copyHash, createHmac: startHmac, hash: once } = native.crypto;

const finish = (self, digest) => {
  Object.defineProperties(self.prototype, {
    _transform: { value: function _transform(chunk, encoding, callback) { this[state].handle.update(bytes(chunk, encoding)); callback(); }, writable: true, configurable: true, enumerable: true },
    _flush: { value: function _flush(callback) { this.push(output(this[state].handle.digest())); callback(); }, writable: true, configurable: true, enumerable: true },
    digest: { value: digest, writable: true, configurable: true, enumerable: true },
  });
};
const state = Symbol("state");

// part is what is hashed: an ArrayBuffer is none.
function part(data, encoding) {
  if (data instanceof ArrayBuffer) throw codes.ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
  return bytes(data, encoding);
}

function Hash(algorithm, options) {
  if (!(this instanceof Hash)) return new Hash(algorithm, options);
  const length = options === undefined ? undefined : options.outputLength;
  if (length !== undefined) validateUint32(length, "options.outputLength");
  let handle;
  if (typeof algorithm === "object" && algorithm !== null) handle = algorithm; // a copy
  else {
    validateString(algorithm, "algorithm");
    handle = start(algorithm, length);
  }
  LazyTransform.call(this, options);
  Object.defineProperty(this, state, { value: { handle, done: false, xof: /^shake/i.test(algorithm) } });
}
Object.setPrototypeOf(Hash.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Hash, LazyTransform);

Hash.prototype.update = function update(data, encoding) {
  encoding ??= "utf8";
  if (encoding === "buffer") encoding = undefined;
  if (this[state].done) throw codes.ERR_CRYPTO_HASH_FINALIZED();
  this[state].handle.update(part(data, encoding));
  return this;
};
Hash.prototype.copy = function copy(options) {
  if (this[state].done) throw codes.ERR_CRYPTO_HASH_FINALIZED();
  const { handle, xof } = this[state], length = options === undefined ? undefined : options.outputLength;
  if (length !== undefined && !xof && length !== copyHash(handle).digest().byteLength) throw new Error("invalid digest size");
  return new Hash(copyHash(handle), options);
};
finish(Hash, function digest(encoding) {
  if (this[state].done) throw codes.ERR_CRYPTO_HASH_FINALIZED();
  this[state].done = true;
  if (encoding === null) throw codes.ERR_UNKNOWN_ENCODING(encoding);
  return output(this[state].handle.digest(), encoding);
});

function Hmac(hmac, key, options) {
  if (!(this instanceof Hmac)) return new Hmac(hmac, key, options);
  validateString(hmac, "hmac");
  if (typeof key !== "string" && !ArrayBuffer.isView(key) && !(key instanceof ArrayBuffer) && !(key instanceof KeyObject) && !(key instanceof CryptoKey)) {
    throw codes.ERR_INVALID_ARG_TYPE("key", ["string", "ArrayBuffer", "Buffer", "ArrayBufferView", "KeyObject", "CryptoKey"], key);
  }
  const handle = startHmac(hmac, secretBytes(key, options?.encoding));
  LazyTransform.call(this, options);
  Object.defineProperty(this, state, { value: { handle, done: false } });
}
Object.setPrototypeOf(Hmac.prototype, LazyTransform.prototype);
Object.setPrototypeOf(Hmac, LazyTransform);
Hmac.prototype.update = function update(data, encoding) {
  if (this[state].done) throw codes.ERR_CRYPTO_HASH_FINALIZED();
  this[state].handle.update(part(data, encoding));
  return this;
};
finish(Hmac, function digest(encoding) {
  if (this[state].done) return encoding && encoding !== "buffer" ? "" : output(new ArrayBuffer(0));
  this[state].done = true;
  return output(this[state].handle.digest(), encoding);
});

function createHash(algorithm, options) { return new Hash(algorithm, options); }
function createHmac(hmac, key, options) { return new Hmac(hmac, key, options); }
function hash(algorithm, data) {
  validateString(algorithm, "algorithm");
  const outputEncoding = arguments[2] === undefined ? "hex" : arguments[2];
  validateString(outputEncoding, "outputEncoding");
  return output(once(algorithm, part(data, "utf8")), outputEncoding);
}
function getHashes() {
  return ["md4", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "md5-sha1", "RSA-MD5", "RSA-SHA1", "RSA-SHA224", "RSA-SHA256", "RSA-SHA384", "RSA-SHA512", "DSA-SHA", "DSA-SHA1", "ecdsa-with-SHA1"];
}

module.exports = { Hash, Hmac, createHash, createHmac, hash, getHashes };
