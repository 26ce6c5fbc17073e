// The numbers of Buffer: readInt8 … writeDoubleLE, made from a table. Those of a
// fixed size are read and written in Go as long as nothing is amiss; what is here
// serves the others, and says what is wrong.
const { codes } = require("internal/errors");
const { numberMethod } = native.buffer;

// Powers of 256, and functions that are looked up once: these are called a lot.
const spans = [0, 1, 2, 3, 4, 5, 6].map((size) => 256 ** size);
const { trunc, floor } = Math;

function check(b, offset, size) {
  if (typeof offset !== "number") throw codes.ERR_INVALID_ARG_TYPE("offset", "number", offset);
  // Asking for an element is several times faster than asking for the length.
  if (offset >= 0 && (offset | 0) === offset && b[offset + size - 1] !== undefined) return;
  if (!Number.isInteger(offset)) throw codes.ERR_OUT_OF_RANGE("offset", "an integer", offset);
  const n = b.length;
  if (offset < 0 || offset > n) throw codes.ERR_OUT_OF_RANGE("offset", `>= 0 && <= ${n}`, offset);
  if (n < size) throw codes.ERR_BUFFER_OUT_OF_BOUNDS();
  if (offset + size > n) throw codes.ERR_OUT_OF_RANGE("offset", `>= 0 and <= ${n - size}`, offset);
}

function range(value, size, low, high) {
  if (!(value < low || value > high)) return; // NaN is kept as 0
  if (typeof low === "bigint") {
    throw codes.ERR_OUT_OF_RANGE("value", low === 0n ? `>= 0n and < 2n ** ${size * 8}n` : `>= -(2n ** ${size * 8 - 1}n) and < 2 ** ${size * 8 - 1}n`, value);
  }
  let text = `>= ${low} and <= ${high}`;
  if (size > 4) text = low === 0 ? `>= 0 and < 2 ** ${size * 8}` : `>= -(2 ** ${size * 8 - 1}) and < 2 ** ${size * 8 - 1}`;
  throw codes.ERR_OUT_OF_RANGE("value", text, value);
}

function readUInt(b, offset, size, big) {
  if (size === 4) {
    if (big) return b[offset] * 0x1000000 + (b[offset + 1] << 16 | b[offset + 2] << 8 | b[offset + 3]);
    return b[offset + 3] * 0x1000000 + (b[offset + 2] << 16 | b[offset + 1] << 8 | b[offset]);
  }
  if (size === 2) return big ? b[offset] << 8 | b[offset + 1] : b[offset + 1] << 8 | b[offset];
  if (size === 1) return b[offset];
  let value = 0;
  if (big) for (let i = 0; i < size; i++) value = value * 256 + b[offset + i];
  else for (let i = size - 1; i >= 0; i--) value = value * 256 + b[offset + i];
  return value;
}

// writeUInt relies on an array of bytes keeping the lowest eight bits.
function writeUInt(b, value, offset, size, big) {
  if (size === 1) {
    b[offset] = value;
  } else if (size <= 4 && size !== 3) {
    let at = big ? offset + size - 1 : offset;
    const step = big ? -1 : 1;
    b[at] = value;
    b[at += step] = value >>> 8;
    if (size === 4) {
      b[at += step] = value >>> 16;
      b[at + step] = value >>> 24;
    }
  } else {
    writeOdd(b, value, offset, size, big);
  }
  return offset + size;
}

function writeOdd(b, value, offset, size, big) {
  for (let i = 0; i < size; i++) {
    b[big ? offset + size - 1 - i : offset + i] = value % 256;
    value = floor(value / 256);
  }
}

const signed = (value, size) => (value >= spans[size] / 2 ? value - spans[size] : value);

function writeInt(b, value, offset, size, big, isSigned) {
  value = +value;
  check(b, offset, size);
  const span = spans[size];
  const low = isSigned ? -span / 2 : 0;
  if (!(value >= low && value < low + span)) range(value, size, low, low + span - 1);
  value = trunc(value) || 0;
  return writeUInt(b, value < 0 ? value + span : value, offset, size, big);
}

const view = (b) => new DataView(b.buffer, b.byteOffset, b.byteLength);

module.exports = function (define, proto) {
  const read = (kind, end, big, f) => define(`read${kind}${end}`, 0, numberMethod(kind, big, false, f));
  const write = (kind, end, big, f) => define(`write${kind}${end}`, 1, numberMethod(kind, big, true, f));
  const alias = (name, to) => Object.defineProperty(proto, to, { value: proto[name], writable: true, enumerable: true, configurable: true });
  const both = (f) => { f("LE", false); f("BE", true); };

  for (const size of [1, 2, 4]) {
    both((suffix, big) => {
      if (size === 1) suffix = big ? undefined : "";
      if (suffix === undefined) return;
      const bits = size * 8;
      read(`UInt${bits}`, suffix, big, function (offset = 0) { check(this, offset, size); return readUInt(this, offset, size, big); });
      read(`Int${bits}`, suffix, big, function (offset = 0) { check(this, offset, size); return signed(readUInt(this, offset, size, big), size); });
      write(`UInt${bits}`, suffix, big, function (value, offset = 0) { return writeInt(this, value, offset, size, big, false); });
      write(`Int${bits}`, suffix, big, function (value, offset = 0) { return writeInt(this, value, offset, size, big, true); });
      alias(`readUInt${bits}${suffix}`, `readUint${bits}${suffix}`);
      alias(`writeUInt${bits}${suffix}`, `writeUint${bits}${suffix}`);
    });
  }

  const width = (n) => {
    if (!Number.isInteger(n)) throw codes.ERR_OUT_OF_RANGE("byteLength", "an integer", n);
    if (n < 1 || n > 6) throw codes.ERR_OUT_OF_RANGE("byteLength", ">= 1 and <= 6", n);
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
    define(`writeUInt${suffix}`, 3, function (value, offset, n) { width(n); return writeInt(this, value, offset, n, big, false); });
    define(`writeInt${suffix}`, 3, function (value, offset, n) { width(n); return writeInt(this, value, offset, n, big, true); });
    alias(`readUInt${suffix}`, `readUint${suffix}`);
    alias(`writeUInt${suffix}`, `writeUint${suffix}`);

    for (const [name, low, high, method] of [["BigInt64", -(2n ** 63n), 2n ** 63n - 1n, "BigInt64"], ["BigUInt64", 0n, 2n ** 64n - 1n, "BigUint64"]]) {
      read(name, suffix, big, function (offset = 0) {
        if (typeof offset === "bigint") throw new TypeError("Cannot mix BigInt and other types, use explicit conversions");
        offset >>>= 0;
        check(this, offset, 8);
        return view(this)[`get${method}`](offset, !big);
      });
      write(name, suffix, big, function (value, offset = 0) {
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
      read(name, suffix, big, function (offset = 0) { check(this, offset, size); return view(this)[`get${method}`](offset, !big); });
      write(name, suffix, big, function (value, offset = 0) {
        if (Number.isNaN(+value) && typeof value !== "number") return proto[`write${name}${suffix}`].call(this, NaN, offset); // with V8's bits
        check(this, offset, size);
        view(this)[`set${method}`](offset, +value, !big);
        return offset + size;
      });
      Object.defineProperty(proto[`write${name}${suffix}`], "length", { value: 2 });
    }
  });
};
