const { Writable } = require("stream");
const { Buffer } = require("buffer");
const { codes, shape, validateFunction, validateOneOf, validateString } = require("internal/errors");
const { anyBytes, bytes, later, output } = require("internal/crypto/util");
const { asymmetric } = require("internal/crypto/keys");
const n = native.crypto;

const state = Symbol("state");

// parameters are what sign and verify of Go take after the data.
function parameters(options) {
  const { padding, saltLength, dsaEncoding = "der" } = options;
  validateOneOf(dsaEncoding, "options.dsaEncoding", ["der", "ieee-p1363"]);
  return [padding, saltLength, dsaEncoding];
}

function signerClass(name) {
  const C = { [name]: function (algorithm, options) {
    if (!(this instanceof C)) return new C(algorithm, options);
    validateString(algorithm, "algorithm");
    if (!n.knowsDigest(algorithm)) throw new Error(`Unknown digest: ${algorithm}`);
    Writable.call(this, options);
    Object.defineProperty(this, state, { value: { algorithm, parts: [] } });
  } }[name];
  Object.setPrototypeOf(C.prototype, Writable.prototype);
  Object.setPrototypeOf(C, Writable);
  Object.assign(C.prototype, {
    _write(chunk, encoding, callback) { this.update(chunk, encoding); callback(); },
    update(data, encoding) {
      this[state].parts.push(Buffer.from(bytes(data, encoding)));
      return this;
    },
  });
  return C;
}

const Sign = signerClass("Sign"), Verify = signerClass("Verify");
Sign.prototype.sign = function sign(key, outputEncoding) {
  if (!key) throw codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const { algorithm, parts } = this[state], { handle, options } = asymmetric(key, "private");
  if (algorithm.toLowerCase() === "md5" && n.keyDetails(handle).type === "ec") throw new Error("Failed to set signature digest");
  return output(n.sign(handle, algorithm, Buffer.concat(parts), ...parameters(options)), outputEncoding);
};
Verify.prototype.verify = function verify(key, signature, encoding) {
  const { algorithm, parts } = this[state], { handle, options } = asymmetric(key, "public");
  return n.verify(handle, algorithm, Buffer.concat(parts), ...parameters(options), anyBytes(signature, "signature", encoding));
};

function createSign(algorithm, options) { return new Sign(algorithm, options); }
function createVerify(algorithm, options) { return new Verify(algorithm, options); }

// viewed checks data of which a text is none.
function viewed(data, name) {
  if (!ArrayBuffer.isView(data)) throw codes.ERR_INVALID_ARG_TYPE(name, ["Buffer", "TypedArray", "DataView"], data);
  return data;
}
const digest = (algorithm) => {
  if (algorithm !== null && algorithm !== undefined) validateString(algorithm, "algorithm");
  return algorithm ?? undefined;
};
function signOnce(algorithm, data, key) {
  if (!key) throw codes.ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const d = digest(algorithm), { handle, options } = asymmetric(key, "private");
  return Buffer.from(n.sign(handle, d, viewed(data, "data"), ...parameters(options)));
}
function verifyOnce(algorithm, data, key, signature) {
  const d = digest(algorithm), { handle, options } = asymmetric(key, "public");
  return n.verify(handle, d, viewed(data, "data"), ...parameters(options), viewed(signature, "signature"));
}
function sign(algorithm, data, key, callback) {
  if (callback === undefined) return signOnce(algorithm, data, key);
  validateFunction(callback, "callback");
  later(() => signOnce(algorithm, data, key), callback);
}
function verify(algorithm, data, key, signature, callback) {
  if (callback === undefined) return verifyOnce(algorithm, data, key, signature);
  validateFunction(callback, "callback");
  later(() => verifyOnce(algorithm, data, key, signature), callback);
}

function cryptWith(f, kind) {
  return (key, buffer) => {
    const { handle, options } = asymmetric(key, kind, true);
    const label = options.oaepLabel === undefined ? undefined : anyBytes(options.oaepLabel, "key.oaepLabel");
    if (options.oaepHash !== undefined) validateString(options.oaepHash, "key.oaepHash");
    return Buffer.from(f(handle, anyBytes(buffer, "buffer", options.encoding), options.padding, options.oaepHash, label));
  };
}
const ciphers = {
  publicEncrypt: cryptWith(n.publicEncrypt, "public"), publicDecrypt: cryptWith(n.publicDecrypt, "public"),
  privateEncrypt: cryptWith(n.privateEncrypt, "private"), privateDecrypt: cryptWith(n.privateDecrypt, "private"),
};
for (const name of Object.keys(ciphers)) shape(ciphers[name], name, 2);

module.exports = { Sign, Verify, createSign, createVerify, sign, verify, ...ciphers };
