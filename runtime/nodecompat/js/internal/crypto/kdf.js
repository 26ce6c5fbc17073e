const { Buffer } = require("buffer");
const { codes, validateFunction, validateInt32, validateInteger, validateObject, validateString, validateUint32 } = require("internal/errors");
const { anyBytes, later } = require("internal/crypto/util");
const { secretBytes } = require("internal/crypto/keys");
const n = native.crypto;

function pbkdf2Bytes(password, salt, iterations, keylen, digest) {
  validateString(digest, "digest");
  const p = anyBytes(password, "password"), s = anyBytes(salt, "salt");
  validateInt32(iterations, "iterations", 1);
  validateInt32(keylen, "keylen", 0);
  return () => Buffer.from(n.pbkdf2(p, s, iterations, keylen, digest));
}
function pbkdf2Sync(password, salt, iterations, keylen, digest) { return pbkdf2Bytes(password, salt, iterations, keylen, digest)(); }
function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === "function") [callback, digest] = [digest, undefined];
  validateFunction(callback, "callback");
  const derive = pbkdf2Bytes(password, salt, iterations, keylen, digest);
  later(derive, callback);
}

function hkdfBytes(digest, ikm, salt, info, keylen) {
  validateString(digest, "digest");
  const key = secretBytes(ikm, undefined, "ikm", ["string", "SecretKeyObject", "ArrayBuffer", "TypedArray", "DataView", "Buffer"]), s = anyBytes(salt, "salt"), i = anyBytes(info, "info");
  validateInteger(keylen, "length", 0, 2147483647);
  if (i.byteLength > 1024) throw codes.ERR_OUT_OF_RANGE("info", "must not contain more than 1024 bytes", i.byteLength);
  return () => n.hkdf(digest, key, s, i, keylen);
}
function hkdfSync(digest, ikm, salt, info, keylen) { return hkdfBytes(digest, ikm, salt, info, keylen)(); }
function hkdf(digest, ikm, salt, info, keylen, callback) {
  validateFunction(callback, "callback");
  later(hkdfBytes(digest, ikm, salt, info, keylen), callback);
}

function scryptBytes(password, salt, keylen, options = {}) {
  const p = anyBytes(password, "password"), s = anyBytes(salt, "salt");
  validateInt32(keylen, "keylen", 0);
  options ??= {};
  validateObject(options, "options");
  const either = (a, b, d) => {
    if (options[a] !== undefined && options[b] !== undefined) throw codes.ERR_INVALID_ARG_VALUE(b, options[b]);
    const v = options[a] ?? options[b] ?? d;
    validateUint32(v, a);
    return v || d;
  };
  const cost = either("N", "cost", 16384), block = either("r", "blockSize", 8), parallel = either("p", "parallelization", 1);
  const { maxmem = 32 * 1024 * 1024 } = options;
  validateInteger(maxmem, "maxmem", 0);
  return () => Buffer.from(n.scrypt(p, s, cost, block, parallel, maxmem, keylen));
}
function scryptSync(password, salt, keylen, options) { return scryptBytes(password, salt, keylen, options)(); }
function scrypt(password, salt, keylen, options) {
  let callback = arguments[4];
  if (typeof options === "function") [callback, options] = [options, undefined];
  const derive = scryptBytes(password, salt, keylen, options);
  validateFunction(callback, "callback");
  later(derive, callback);
}

module.exports = { pbkdf2, pbkdf2Sync, hkdf, hkdfSync, scrypt, scryptSync };
