const { Buffer } = require("buffer");
const { codes, validateBoolean, validateFunction, validateInt32, validateInteger, validateNumber, validateObject } = require("internal/errors");
const { isAnyArrayBuffer } = require("util/types");
const { later } = require("internal/crypto/util");
const n = native.crypto;

const most = 2147483647;

function randomBytes(size, callback) {
  validateInteger(size, "size", 0, most);
  if (callback === undefined) return Buffer.from(n.randomBytes(size));
  validateFunction(callback, "callback");
  later(() => Buffer.from(n.randomBytes(size)), callback);
}

function fill(buffer, offset, size) {
  if (!ArrayBuffer.isView(buffer) && !isAnyArrayBuffer(buffer)) throw codes.ERR_INVALID_ARG_TYPE("buffer", ["TypedArray", "DataView", "ArrayBuffer", "SharedArrayBuffer"], buffer);
  const unit = buffer.BYTES_PER_ELEMENT ?? 1, total = buffer.byteLength;
  const bound = (v, name, max) => { validateNumber(v, name); if (!(v * unit >= 0 && v * unit <= max)) throw codes.ERR_OUT_OF_RANGE(name, `>= 0 && <= ${max}`, v); return v * unit; };
  if (offset !== undefined) validateInteger(offset, "offset", 0, most);
  const from = Math.min((offset ?? 0) * unit, total);
  const length = size === undefined ? total - from : bound(size, "size", total - from);
  n.randomFill(buffer, from, length);
  // What was filled, as the platform gives it back.
  if (isAnyArrayBuffer(buffer)) return Buffer.from(buffer, from, length);
  return buffer.subarray ? buffer.subarray(from / unit, (from + length) / unit) : buffer;
}
function randomFillSync(buffer, offset, size) { return fill(buffer, offset, size); }
function randomFill(buffer, offset, size, callback) {
  if (typeof offset === "function") [callback, offset] = [offset, undefined];
  else if (typeof size === "function") [callback, size] = [size, undefined];
  validateFunction(callback, "callback");
  later(() => {
    fill(buffer, offset, size);
    return buffer;
  }, callback);
}

function integer(min, max) {
  const range = max - min, view = new DataView(n.randomBytes(6));
  const limit = 2 ** 48 - (2 ** 48 % range);
  for (let v = view.getUint16(0) * 2 ** 32 + view.getUint32(2); ; n.randomFill(view, 0, 6), v = view.getUint16(0) * 2 ** 32 + view.getUint32(2)) {
    if (v < limit) return (v % range) + min;
  }
}
function randomInt(min, max, callback) {
  if (max === undefined || typeof max === "function") [callback, max, min] = [max, min, 0];
  if (callback !== undefined) validateFunction(callback, "callback");
  validateInteger(min, "min");
  validateInteger(max, "max");
  if (min >= max) throw codes.ERR_OUT_OF_RANGE("min", "min < max", min);
  if (max - min > 2 ** 48 - 1) throw codes.ERR_OUT_OF_RANGE("max", `<= ${2 ** 48 - 1}`, max - min);
  if (callback === undefined) return integer(min, max);
  later(() => integer(min, max), callback);
}

function randomUUID(options) {
  if (options !== undefined) {
    validateObject(options, "options");
    if (options.disableEntropyCache !== undefined) validateBoolean(options.disableEntropyCache, "options.disableEntropyCache");
  }
  return globalThis.crypto.randomUUID();
}

// big is a number as bytes.
function big(v, name) {
  if (typeof v === "bigint") {
    if (v < 0n) throw codes.ERR_OUT_OF_RANGE(name, ">= 0", v);
    const hex = v.toString(16);
    return Buffer.from(hex.length % 2 ? "0" + hex : hex, "hex");
  }
  if (!ArrayBuffer.isView(v) && !isAnyArrayBuffer(v)) throw codes.ERR_INVALID_ARG_TYPE(name, ["ArrayBuffer", "TypedArray", "Buffer", "DataView", "bigint"], v);
  return v;
}
function isPrime(candidate, options = {}) {
  validateObject(options, "options");
  const { checks = 0 } = options;
  validateInt32(checks, "options.checks", 0);
  return n.checkPrime(big(candidate, "candidate"), checks);
}
function checkPrimeSync(candidate) { return isPrime(candidate, arguments[1]); }
function checkPrime(candidate, options, callback) {
  if (typeof options === "function") [callback, options] = [options, {}];
  validateFunction(callback, "callback");
  later(() => isPrime(candidate, options), callback);
}
function prime(size, options = {}) {
  validateInt32(size, "size", 1);
  validateObject(options, "options");
  const { safe = false, bigint = false, add, rem } = options;
  validateBoolean(safe, "options.safe");
  validateBoolean(bigint, "options.bigint");
  const none = new Uint8Array(0);
  const p = n.generatePrime(size, safe, add === undefined ? none : big(add, "options.add"), rem === undefined ? none : big(rem, "options.rem"));
  return bigint ? BigInt("0x" + Buffer.from(p).toString("hex")) : p;
}
function generatePrimeSync(size) { return prime(size, arguments[1]); }
function generatePrime(size, options, callback) {
  if (typeof options === "function") [callback, options] = [options, {}];
  validateFunction(callback, "callback");
  later(() => prime(size, options), callback);
}

module.exports = { randomBytes, randomFill, randomFillSync, randomInt, randomUUID, checkPrime, checkPrimeSync, generatePrime, generatePrimeSync };
