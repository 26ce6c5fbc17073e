// The numbers of Buffer: readInt8 … writeDoubleLE, made from a table.
const { codes, validateInteger, validateNumber } = require("internal/errors");

function check(b, offset, size) {
  if (typeof offset !== "number") throw codes.ERR_INVALID_ARG_TYPE("offset", "number", offset);
  if (!Number.isInteger(offset)) throw codes.ERR_OUT_OF_RANGE("offset", "an integer", offset);
  const last = b.length - size;
  if (offset >= 0 && offset <= last) return;
  if (last < 0) throw codes.ERR_BUFFER_OUT_OF_BOUNDS();
  throw codes.ERR_OUT_OF_RANGE("offset", `>= 0 && <= ${b.length}`, offset);
}

function range(value, size, low, high) {
  if (value >= low && value <= high) return;
  if (typeof low === "bigint") {
    throw codes.ERR_OUT_OF_RANGE("value", low === 0n ? `>= 0n and < 2n ** ${size * 8}n` : `>= -(2n ** ${size * 8 - 1}n) and < 2 ** ${size * 8 - 1}n`, value);
  }
  let text = `>= ${low} and <= ${high}`;
  if (size > 4) text = low === 0 ? `>= 0 and < 2 ** ${size * 8}` : `>= -(2 ** ${size * 8 - 1}) and < 2 ** ${size * 8 - 1}`;
  throw codes.ERR_OUT_OF_RANGE("value", text, value);
}

// readUInt adds up bytes; step is 1 from the least significant one upwards.
function readUInt(b, offset, size, big) {
  let value = 0;
  if (big) for (let i = 0; i < size; i++) value = value * 256 + b[offset + i];
  else for (let i = size - 1; i >= 0; i--) value = value * 256 + b[offset + i];
  return value;
}

function writeUInt(b, value, offset, size, big) {
  for (let i = 0; i < size; i++) {
    b[big ? offset + size - 1 - i : offset + i] = value % 256;
    value = Math.floor(value / 256);
  }
  return offset + size;
}

const signed = (value, size) => (value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value);

function write(b, value, offset, size, big, isSigned) {
  value = +value;
  check(b, offset, size);
  const span = 2 ** (size * 8);
  if (isSigned) range(value, size, -span / 2, span / 2 - 1);
  else range(value, size, 0, span - 1);
  value = Math.trunc(value);
  if (Number.isNaN(value)) value = 0;
  return writeUInt(b, value < 0 ? value + span : value, offset, size, big);
}

const view = (b) => new DataView(b.buffer, b.byteOffset, b.byteLength);

module.exports = function (define, proto) {
  const alias = (name, to) => Object.defineProperty(proto, to, { value: proto[name], writable: true, enumerable: true, configurable: true });
  const both = (f) => { f("LE", false); f("BE", true); };

  for (const size of [1, 2, 4]) {
    both((suffix, big) => {
      if (size === 1) suffix = big ? undefined : "";
      if (suffix === undefined) return;
      const bits = size * 8;
      define(`readUInt${bits}${suffix}`, 0, function (offset = 0) { check(this, offset, size); return readUInt(this, offset, size, big); });
      define(`readInt${bits}${suffix}`, 0, function (offset = 0) { check(this, offset, size); return signed(readUInt(this, offset, size, big), size); });
      define(`writeUInt${bits}${suffix}`, 1, function (value, offset = 0) { return write(this, value, offset, size, big, false); });
      define(`writeInt${bits}${suffix}`, 1, function (value, offset = 0) { return write(this, value, offset, size, big, true); });
      alias(`readUInt${bits}${suffix}`, `readUint${bits}${suffix}`);
      alias(`writeUInt${bits}${suffix}`, `writeUint${bits}${suffix}`);
    });
  }

  const width = (n) => {
    if (typeof n !== "number") throw codes.ERR_INVALID_ARG_TYPE("byteLength", "number", n);
    if (!(n >= 1 && n <= 6)) throw codes.ERR_OUT_OF_RANGE("byteLength", ">= 1 and <= 6", n);
    if (!Number.isInteger(n)) throw codes.ERR_OUT_OF_RANGE("byteLength", "an integer", n);
  };
  both((suffix, big) => {
    define(`readUInt${suffix}`, 2, function (offset, n) {
      if (offset === undefined) throw codes.ERR_INVALID_ARG_TYPE("offset", "number", offset);
      width(n);
      check(this, offset, n);
      return readUInt(this, offset, n, big);
    });
    define(`readInt${suffix}`, 2, function (offset, n) {
      if (offset === undefined) throw codes.ERR_INVALID_ARG_TYPE("offset", "number", offset);
      width(n);
      check(this, offset, n);
      return signed(readUInt(this, offset, n, big), n);
    });
    define(`writeUInt${suffix}`, 3, function (value, offset, n) { width(n); return write(this, value, offset, n, big, false); });
    define(`writeInt${suffix}`, 3, function (value, offset, n) { width(n); return write(this, value, offset, n, big, true); });
    alias(`readUInt${suffix}`, `readUint${suffix}`);
    alias(`writeUInt${suffix}`, `writeUint${suffix}`);

    for (const [name, low, high, method] of [["BigInt64", -(2n ** 63n), 2n ** 63n - 1n, "BigInt64"], ["BigUInt64", 0n, 2n ** 64n - 1n, "BigUint64"]]) {
      define(`read${name}${suffix}`, 0, function (offset = 0) { check(this, offset, 8); return view(this)[`get${method}`](offset, !big); });
      define(`write${name}${suffix}`, 1, function (value, offset = 0) {
        if (typeof value !== "bigint") throw new TypeError("Cannot mix BigInt and other types, use explicit conversions");
        range(value, 8, low, high);
        check(this, offset, 8);
        view(this)[`set${method}`](offset, value, !big);
        return offset + 8;
      });
    }
    alias(`readBigUInt64${suffix}`, `readBigUint64${suffix}`);
    alias(`writeBigUInt64${suffix}`, `writeBigUint64${suffix}`);

    for (const [name, size, method] of [["Float", 4, "Float32"], ["Double", 8, "Float64"]]) {
      define(`read${name}${suffix}`, 0, function (offset = 0) { check(this, offset, size); return view(this)[`get${method}`](offset, !big); });
      define(`write${name}${suffix}`, 1, function (value, offset = 0) {
        check(this, offset, size);
        view(this)[`set${method}`](offset, +value, !big);
        return offset + size;
      });
    }
  });
};
