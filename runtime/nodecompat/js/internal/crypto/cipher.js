const { LazyTransform } = require("internal/crypto/lazy");
const { Buffer } = require("buffer");
const { codes, shape, validateString } = require("internal/errors");
const { anyBytes, bytes, output } = require("internal/crypto/util");
const { secretBytes } = require("internal/crypto/keys");
const { createCipher: start, cipherInfo } = native.crypto;

const state = Symbol("state");
const types = ["string", "Buffer", "TypedArray", "DataView"];

const keyTypes = ["string", "Buffer", "TypedArray", "DataView", "KeyObject", "CryptoKey"];
function ivBytes(iv) {
  if (iv === null) return new Uint8Array(0);
  if (typeof iv === "string" || ArrayBuffer.isView(iv)) return bytes(iv);
  const err = codes.ERR_INVALID_ARG_TYPE("iv", types, iv);
  err.message = err.message.replace(". Received", " or null. Received");
  throw err;
}
function make(encrypt, cipher, key, iv) {
  validateString(cipher, "algorithm");
  return start(encrypt, cipher, secretBytes(key, undefined, "key", keyTypes), ivBytes(iv));
}

function define(C, members) {
  for (const [name, f] of Object.entries(members)) Object.defineProperty(C.prototype, name, { value: shape(f, name), writable: true, configurable: true, enumerable: true });
}

function cipherClass(name, encrypt) {
  const C = { [name]: function (algorithm, key, iv) {
    const options = arguments[3];
    if (!(this instanceof C)) return new C(algorithm, key, iv, options);
    const handle = make(encrypt, algorithm, key, iv);
    LazyTransform.call(this, options);
    Object.defineProperty(this, state, { value: handle });
  } }[name];
  Object.setPrototypeOf(C.prototype, LazyTransform.prototype);
  Object.setPrototypeOf(C, LazyTransform);
  define(C, {
    update(data, inputEncoding, outputEncoding) {
      if (typeof data === "string" && inputEncoding === undefined) {
        const err = codes.ERR_INVALID_ARG_VALUE("inputEncoding", inputEncoding);
        err.message = "The argument 'inputEncoding' If inputEncoding is not provided then the data must be a Buffer. Received undefined";
        throw err;
      }
      if (typeof data !== "string" && !ArrayBuffer.isView(data)) throw codes.ERR_INVALID_ARG_TYPE("data", types, data);
      const b = typeof data === "string" ? Buffer.from(data, inputEncoding === "buffer" ? "utf8" : inputEncoding ?? "utf8") : data;
      return output(this[state].update(b), outputEncoding);
    },
    final(outputEncoding) { return output(this[state].final(), outputEncoding); },
    setAutoPadding(autoPadding) { this[state].setAutoPadding(autoPadding === undefined || !!autoPadding); return this; },
    setAAD(buffer) { this[state].setAAD(anyBytes(buffer, "buffer")); return this; },
    _transform(chunk, encoding, callback) { this.push(this.update(chunk, encoding)); callback(); },
    _flush(callback) {
      try {
        this.push(this.final());
      } catch (err) {
        callback(err);
        return;
      }
      callback();
    },
  });
  return C;
}

const Cipheriv = cipherClass("Cipheriv", true), Decipheriv = cipherClass("Decipheriv", false);
define(Cipheriv, { getAuthTag() { return output(this[state].getAuthTag()); } });
define(Decipheriv, { setAuthTag(buffer) { this[state].setAuthTag(anyBytes(buffer, "buffer", arguments[1])); return this; } });

function createCipheriv(algorithm, key, iv) { return new Cipheriv(algorithm, key, iv, arguments[3]); }
function createDecipheriv(algorithm, key, iv) { return new Decipheriv(algorithm, key, iv, arguments[3]); }
function getCipherInfo(nameOrNid) {
  const options = arguments[1] ?? {};
  if (typeof nameOrNid === "number") nameOrNid = names.find((n) => cipherInfo(n)?.nid === nameOrNid) ?? "";
  return cipherInfo(nameOrNid, options.keyLength, options.ivLength);
}
const upper = ["AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "AES-128-CTR", "AES-192-CTR", "AES-256-CTR", "AES-128-ECB", "AES-192-ECB", "AES-256-ECB", "AES-128-OFB", "AES-192-OFB", "AES-256-OFB",
  "AES-128-GCM", "AES-192-GCM", "AES-256-GCM", "DES-CBC", "DES-ECB", "DES-EDE", "DES-EDE-CBC", "DES-EDE3-CBC", "RC2-CBC", "RC4"];
const names = [...upper, ...upper.map((n) => n.toLowerCase())];
function getCiphers() { return names.slice(); }

module.exports = { Cipheriv, Decipheriv, createCipheriv, createDecipheriv, getCipherInfo, getCiphers };
