// What the parts of node:crypto share.
const { codes } = require("internal/errors");
const { Buffer } = require("buffer");
const { isAnyArrayBuffer } = require("util/types");

const named = (e) => (e === "buffer" ? "utf8" : e);

// bytes is data as bytes: strings in an encoding, views and buffers as they are.
function bytes(data, encoding, name = "data", types = ["string", "Buffer", "TypedArray", "DataView"]) {
  if (typeof data === "string") return Buffer.from(data, named(encoding) ?? "utf8");
  if (ArrayBuffer.isView(data) || isAnyArrayBuffer(data)) return data;
  throw codes.ERR_INVALID_ARG_TYPE(name, types, data);
}

const inputs = ["string", "ArrayBuffer", "Buffer", "TypedArray", "DataView"];
// anyBytes is bytes where an ArrayBuffer is named too.
const anyBytes = (data, name, encoding) => bytes(data, encoding, name, inputs);

// output is a result in an encoding, a Buffer without one.
function output(buffer, encoding) {
  const b = Buffer.from(buffer);
  return encoding === undefined || encoding === null || encoding === "buffer" ? b : b.toString(encoding);
}

// later calls back with what f gives, once the caller has finished.
function later(f, callback) {
  let result, error = null;
  try {
    result = f();
  } catch (err) {
    error = err;
  }
  setTimeout(() => (error ? callback(error) : callback(null, result)), 0);
}

module.exports = { bytes, anyBytes, output, later };
