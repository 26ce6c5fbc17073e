const { codes, received, validateFunction, validateInteger, validateNumber, validateString } = require("internal/errors");
const { encode, decode, byteLength, write, concat, compare, indexOf, fill, swap, isUtf8, isAscii } = native.buffer;

const kMaxLength = 2147483647;
const kStringMaxLength = 536870888;
const customInspect = Symbol.for("nodejs.util.inspect.custom");
const INSPECT_MAX_BYTES = 50;

const names = {
  __proto__: null, utf8: "utf8", "utf-8": "utf8", utf16le: "utf16le", "utf-16le": "utf16le", ucs2: "utf16le", "ucs-2": "utf16le",
  latin1: "latin1", binary: "latin1", ascii: "ascii", base64: "base64", base64url: "base64url", hex: "hex",
};
// encodingOf is the canonical name of an encoding, undefined if there is none.
function encodingOf(encoding) {
  if (encoding === undefined || encoding === null || encoding === "") return "utf8";
  return names[encoding] ?? names[String(encoding).toLowerCase()];
}
function needEncoding(encoding) {
  const e = encodingOf(encoding);
  if (e === undefined) throw codes.ERR_UNKNOWN_ENCODING(encoding);
  return e;
}

function badEncoding(encoding) { throw codes.ERR_UNKNOWN_ENCODING(encoding); }

class FastBuffer extends Uint8Array {}

const isAnyArrayBuffer = (v) => v instanceof ArrayBuffer || (typeof SharedArrayBuffer === "function" && v instanceof SharedArrayBuffer);
const isBytes = (v) => v instanceof Uint8Array;

function checkSize(size) {
  validateNumber(size, "size");
  if (Number.isNaN(size)) throw Object.assign(new RangeError("The argument 'size' is invalid. Received NaN"), { code: "ERR_INVALID_ARG_VALUE" });
  if (size > kMaxLength) throw codes.ERR_OUT_OF_RANGE("size", `0 to ${kMaxLength}`, size);
  if (size < 0) throw new RangeError(`Invalid typed array length: ${size}`);
}

function Buffer(value, encodingOrOffset, length) {
  if (typeof value === "number") {
    if (typeof encodingOrOffset === "string") throw codes.ERR_INVALID_ARG_TYPE("string", "string", value);
    return Buffer.alloc(value);
  }
  return Buffer.from(value, encodingOrOffset, length);
}
Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(FastBuffer.prototype, "constructor", { value: Buffer, writable: true, enumerable: false, configurable: true });
Object.defineProperty(Buffer, Symbol.species, { configurable: true, get() { return FastBuffer; } });

const bad = (value) => {
  const err = codes.ERR_INVALID_ARG_TYPE("first argument", ["string", "Buffer", "TypedArray", "ArrayBuffer", "SharedArrayBuffer"], value);
  err.message = "The first argument must be of type string or an instance of Buffer, TypedArray, ArrayBuffer, SharedArrayBuffer, or Array or an Array-like Object." + received(value);
  return err;
};

function fromArrayLike(list) {
  const n = +list.length;
  return n > 0 ? copyInto(new FastBuffer(n), list, n) : new FastBuffer(0);
}
function copyInto(b, list, n) {
  for (let i = 0; i < n; i++) b[i] = list[i];
  return b;
}

Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === "string") return new FastBuffer(encode(value, typeof encodingOrOffset === "string" ? needEncoding(encodingOrOffset) : "utf8"));
  if (typeof value === "object" && value !== null) {
    if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    if (ArrayBuffer.isView(value) && value.length === undefined) return new FastBuffer(0); // a DataView
    if (ArrayBuffer.isView(value)) {
      const b = new FastBuffer(value.length);
      b.set(value);
      return b;
    }
    const primitive = typeof value.valueOf === "function" ? value.valueOf() : value;
    if (primitive != null && primitive !== value && (typeof primitive === "string" || typeof primitive === "object")) {
      return Buffer.from(primitive, encodingOrOffset, length);
    }
    if (value.length !== undefined) return typeof value.length === "number" ? fromArrayLike(value) : new FastBuffer(0);
    if (value.type === "Buffer" && Array.isArray(value.data)) return fromArrayLike(value.data);
    if (typeof value[Symbol.toPrimitive] === "function") {
      const text = value[Symbol.toPrimitive]("string");
      if (typeof text === "string") return Buffer.from(text, encodingOrOffset);
    }
  }
  throw bad(value);
};

function fromArrayBuffer(buffer, byteOffset, length) {
  let offset = 0;
  if (byteOffset !== undefined) {
    offset = +byteOffset;
    if (Number.isNaN(offset)) offset = 0;
    if (offset < 0) throw new RangeError(`Start offset ${offset} is outside the bounds of the buffer`);
  }
  const max = buffer.byteLength - offset;
  if (max < 0) throw codes.ERR_BUFFER_OUT_OF_BOUNDS("offset");
  let n = max;
  if (length !== undefined) {
    n = +length;
    if (!(n > 0)) n = 0;
    else if (n > max) throw codes.ERR_BUFFER_OUT_OF_BOUNDS("length");
  }
  return new FastBuffer(buffer, offset, n);
}

Buffer.of = function of(...items) { return fromArrayLike(items); };
Buffer.alloc = function alloc(size, value, encoding) {
  checkSize(size);
  if (encoding !== undefined && value !== undefined && value !== 0 && size !== 0) validateString(encoding, "encoding");
  const b = new FastBuffer(size);
  return value === undefined || value === 0 || size === 0 ? b : b.fill(value, typeof encoding === "string" ? encoding : undefined);
};
Buffer.allocUnsafe = function allocUnsafe(size) { checkSize(size); return new FastBuffer(size); };
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size) { checkSize(size); return new FastBuffer(size); };
Buffer.poolSize = 0;
Buffer.isBuffer = function isBuffer(b) { return b instanceof Buffer; };
Buffer.isEncoding = function isEncoding(encoding) { return typeof encoding === "string" && encoding.length > 0 && encodingOf(encoding) !== undefined; };
Buffer.byteLength = function byteLengthOf(value, encoding) {
  if (typeof value === "string") {
    const e = encodingOf(encoding) ?? "utf8";
    if (e === "hex") return value.length >>> 1;
    if (!e.startsWith("base64")) return byteLength(value, e);
    const padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0; // as Node reckons, whatever the text is
    return ((value.length - padding) * 3) >>> 2;
  }
  if (ArrayBuffer.isView(value) || isAnyArrayBuffer(value)) return value.byteLength;
  throw codes.ERR_INVALID_ARG_TYPE("string", ["string", "Buffer", "ArrayBuffer"], value);
};
Object.defineProperty(Buffer.byteLength, "name", { value: "byteLength" });
Buffer.compare = function compareBuffers(a, b) {
  if (!isBytes(a)) throw codes.ERR_INVALID_ARG_TYPE("a", ["Buffer", "Uint8Array"], typeof a);
  if (!isBytes(b)) throw codes.ERR_INVALID_ARG_TYPE("b", ["Buffer", "Uint8Array"], typeof b);
  return a === b ? 0 : compare(a, b);
};
Object.defineProperty(Buffer.compare, "name", { value: "compare" });
const notBytes = (i, b) => typeof b?.length !== "number" ? codes.ERR_INVALID_ARG_TYPE("list", "(Buffer|Uint8Array)[]", b) : new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'Uint8Array'.`);
Buffer.concat = function concatBuffers(list, length) {
  if (!Array.isArray(list)) throw codes.ERR_INVALID_ARG_TYPE("list", "(Buffer|Uint8Array)[]", list);
  if (length === undefined) {
    const whole = concat(list);
    if (whole !== undefined) return new FastBuffer(whole);
    const odd = list.findIndex((b) => !isBytes(b));
    if (odd >= 0) throw notBytes(odd, list[odd]);
    length = list.reduce((n, b) => n + (b.length ?? 0), 0);
  } else {
    validateInteger(length, "length", 0);
    if (list.length === 0) length = 0;
  }
  const out = Buffer.alloc(length);
  let at = 0;
  for (const [i, b] of list.entries()) {
    if (!isBytes(b)) throw notBytes(i, b);
    if (at >= length) break;
    out.set(b.length > length - at ? b.subarray(0, length - at) : b, at);
    at += b.length;
  }
  return out;
};
Object.defineProperty(Buffer.concat, "name", { value: "concat" });
const proto = Buffer.prototype;
// define adds methods as they are in Node: enumerable, with the name given.
function define(name, length, f) {
  Object.defineProperty(f, "name", { value: name, configurable: true });
  Object.defineProperty(f, "length", { value: length, configurable: true });
  Object.defineProperty(proto, name, { value: f, writable: true, enumerable: true, configurable: true });
}

Object.defineProperty(proto, "parent", { enumerable: true, get() { return this instanceof Buffer ? this.buffer : undefined; } });
Object.defineProperty(proto, "offset", { enumerable: true, get() { return this instanceof Buffer ? this.byteOffset : undefined; } });

const clamp = (n, low, high) => (Number.isNaN(n = Math.trunc(n)) ? low : n < low ? low : n > high ? high : n);

define("toString", 3, function (encoding, start, end) {
  const n = this.length;
  if (arguments.length === 0) return decode(this, "utf8", 0, n);
  const from = start === undefined ? 0 : clamp(+start || 0, 0, n), to = end === undefined ? n : clamp(+end || 0, 0, n);
  if (to <= from) return "";
  return decode(this, encoding === undefined ? "utf8" : encoding === null ? badEncoding(null) : needEncoding(encoding), from, to);
});
proto.toLocaleString = proto.toString;
define("toJSON", 0, function () { return { type: "Buffer", data: Array.prototype.slice.call(this) }; });
define("equals", 1, function (b) {
  if (!isBytes(b)) throw codes.ERR_INVALID_ARG_TYPE("b", ["Buffer", "Uint8Array"], typeof b);
  return this === b || (this.byteLength === b.byteLength && compare(this, b) === 0);
});
define("compare", 5, function (target, targetStart = 0, targetEnd = target?.length, start = 0, end = this.length) {
  if (!isBytes(target)) throw codes.ERR_INVALID_ARG_TYPE("target", ["Buffer", "Uint8Array"], typeof target);
  const bound = (v, name, max) => { validateInteger(v, name, 0, max); return v; }, most = 2 ** 31 - 1;
  bound(targetStart, "targetStart", most);
  bound(targetEnd, "targetEnd", target.length);
  bound(start, "sourceStart", most);
  bound(end, "sourceEnd", this.length);
  if (start >= end) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return compare(this.subarray(start, end), target.subarray(targetStart, targetEnd));
});
define("copy", 4, function (target, targetStart = 0, start = 0, end = this.length) {
  if (!isBytes(target)) throw codes.ERR_INVALID_ARG_TYPE("target", ["Buffer", "Uint8Array"], target);
  const index = (v, name) => {
    v = Number.isNaN(v = Math.trunc(+v)) ? 0 : v;
    if (v < 0) throw codes.ERR_OUT_OF_RANGE(name, ">= 0", v);
    return v;
  };
  targetStart = index(targetStart, "targetStart");
  start = index(start, "sourceStart");
  if (start >= this.length) return 0;
  end = Math.min(index(end, "sourceEnd"), this.length);
  const n = Math.min(end - start, target.length - targetStart);
  if (n <= 0) return 0;
  target.set(this.subarray(start, start + n), targetStart);
  return n;
});
define("slice", 2, function (start, end) {
  const n = this.length;
  const at = (v, d) => { v = v === undefined ? d : Math.trunc(+v) || 0; return v < 0 ? Math.max(0, v + n) : Math.min(v, n); };
  const from = at(start, 0), to = at(end, n);
  return new FastBuffer(this.buffer, this.byteOffset + from, Math.max(0, to - from));
});

define("fill", 4, function (value, start, end, encoding) {
  if (typeof start === "string" && typeof value === "string") [encoding, start, end] = [start, 0, this.length];
  else if (typeof end === "string") [encoding, end] = [end, this.length];
  const n = this.length;
  if (start === undefined) start = 0;
  else validateNumber(start, "start");
  if (end === undefined) end = n;
  else validateNumber(end, "end");
  if (end < 0 || end > n) throw codes.ERR_OUT_OF_RANGE("end", `0 to ${n}`, end);
  if (start < 0 || start > n) throw codes.ERR_OUT_OF_RANGE("start", "0 to end", start);
  if (start >= end) return this;
  if (typeof value === "string") fill(this, pattern(value, needEncoding(encoding)), start, end);
  else if (isBytes(value)) {
    if (value.length === 0) throw codes.ERR_INVALID_ARG_VALUE("value", "zero-length");
    fill(this, value, start, end);
  } else {
    Uint8Array.prototype.fill.call(this, +value & 255, start, end);
  }
  return this;
});
// pattern is what a text fills with; one without bytes fills with zeros.
function pattern(value, encoding) {
  if (encoding === "hex" && !/^(?:[\da-f]{2})*$/i.test(value)) throw new TypeError("The text is not valid hex");
  const bytes = new Uint8Array(encode(value, encoding));
  return bytes.length > 0 ? bytes : new Uint8Array(1);
}

function search(b, value, offset, encoding, forward) {
  if (typeof offset === "string") [encoding, offset] = [offset, undefined];
  const n = b.length;
  let from = +offset;
  if (offset === undefined || Number.isNaN(from)) from = forward ? 0 : n;
  from = Math.trunc(from);
  if (from < 0) from += n;
  if (from < 0) {
    if (!forward) return -1;
    from = 0;
  }
  if (typeof value === "number") {
    return forward ? Uint8Array.prototype.indexOf.call(b, value & 255, from) : Uint8Array.prototype.lastIndexOf.call(b, value & 255, Math.min(from, n - 1));
  }
  let step = 1, needle = value;
  if (typeof value === "string") {
    const e = needEncoding(encoding);
    needle = encode(value, e);
    if (e === "utf16le") {
      step = 2;
      if (forward) from -= from % 2;
    }
  } else if (!isBytes(value)) {
    throw codes.ERR_INVALID_ARG_TYPE("value", ["number", "string", "Buffer", "Uint8Array"], value);
  }
  if (needle.byteLength === 0) return Math.min(from, n);
  return from > n && forward ? -1 : indexOf(b, needle, Math.min(from, n), forward, step);
}
define("indexOf", 3, function (value, offset, encoding) { return search(this, value, offset, encoding, true); });
define("lastIndexOf", 3, function (value, offset, encoding) { return search(this, value, offset, encoding, false); });
define("includes", 3, function (value, offset, encoding) { return search(this, value, offset, encoding, true) !== -1; });

define("write", 4, function (string, offset, length, encoding) {
  string = `${string}`;
  const n = this.length;
  if (offset === undefined) [offset, length] = [0, n];
  else if (typeof offset === "string" && length === undefined) [encoding, offset, length] = [offset, 0, n];
  else {
    validateInteger(offset, "offset", 0, n);
    if (typeof length === "string") [encoding, length] = [length, n - offset];
    else if (length === undefined) length = n - offset;
    else {
      validateInteger(length, "length", 0, n);
      length = Math.min(length, n - offset);
    }
  }
  return write(this, string, needEncoding(encoding), offset, length);
});
for (const [name, encoding] of Object.entries({ ascii: "ascii", base64: "base64", base64url: "base64url", latin1: "latin1", hex: "hex", ucs2: "utf16le", utf8: "utf8" })) {
  define(`${name}Slice`, 2, function (start, end) {
    validateInteger(start, "start", 0, this.length);
    validateInteger(end, "end", 0, this.length);
    return start < end ? decode(this, encoding, start, end) : "";
  });
  define(`${name}Write`, 3, function (string, offset = 0, length = this.length) {
    validateInteger(offset, "offset", 0, this.length);
    validateInteger(length, "length", 0, this.length - offset);
    return write(this, `${string}`, encoding, offset, length);
  });
}

for (const bits of [16, 32, 64]) {
  define(`swap${bits}`, 0, function () {
    if (this.length % (bits / 8) !== 0) throw codes.ERR_INVALID_BUFFER_SIZE(`${bits}-bits`);
    swap(this, bits / 8);
    return this;
  });
}

require("internal/buffer_numbers")(define, proto);

const inspectBuffer = function inspect(depth, ctx) {
  const max = exports_.INSPECT_MAX_BYTES;
  const shown = Math.min(max, this.length), rest = this.length - shown;
  let text = decode(this, "hex", 0, shown).replace(/(..)(?=.)/g, "$1 ");
  if (rest > 0) text += ` ... ${rest} more byte${rest > 1 ? "s" : ""}`;
  const extra = Object.fromEntries(Object.keys(this).filter((k) => !/^\d+$/.test(k)).map((k) => [k, this[k]]));
  if (ctx && Object.keys(extra).length) text += `${text ? ", " : ""}${require("internal/inspect").inspect(extra, { ...ctx, breakLength: Infinity, compact: true }).slice(2, -2)}`;
  return `<${this.constructor.name}${text ? " " + text : ""}>`;
};
Object.defineProperty(proto, customInspect, { value: inspectBuffer, writable: true, enumerable: true, configurable: true });
Object.defineProperty(proto, "inspect", { value: inspectBuffer, writable: true, enumerable: true, configurable: true });

function SlowBuffer(length) {
  return Buffer.allocUnsafeSlow(+length);
}
Object.setPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
Object.setPrototypeOf(SlowBuffer, Uint8Array);

// one is the encoding of a byte for each character that transcode knows, under
// both of Node's names for it: Windows-1252.
const one = () => new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, i) => i));

function transcode(source, fromEncoding, toEncoding) {
  if (!ArrayBuffer.isView(source)) throw codes.ERR_INVALID_ARG_TYPE("source", "ArrayBufferView", typeof source);
  if (!isBytes(source)) throw new TypeError("Failed to execute 'transcode' on 'BufferUtil': parameter 1 is not of type 'Uint8Array'.");
  const from = encodingOf(fromEncoding), to = encodingOf(toEncoding), single = (e) => e === "latin1" || e === "ascii";
  for (const e of [from, to]) {
    if (!single(e) && e !== "utf8" && e !== "utf16le") throw new Error("Unable to transcode buffer due to unsupported encoding");
  }
  const table = one();
  const text = single(from) ? Array.from(source, (b) => table[b]).join("") : decode(source, from, 0, source.length);
  if (!single(to)) return Buffer.from(text, to);
  return Buffer.from(Array.from({ length: text.length }, (_, i) => (table.indexOf(text[i]) + 1 || 0x40) - 1));
}

const bytesOf = (name, f) => ({ [name](input) {
  if (!isBytes(input)) throw new TypeError(`Failed to execute '${name}' on 'BufferUtil': parameter 1 is not of type 'Uint8Array'.`);
  return f(input);
} })[name];

function resolveObjectURL(id) { throw new Error("resolveObjectURL is not implemented"); }

const exports_ = module.exports = {
  Blob, Buffer, File, INSPECT_MAX_BYTES, SlowBuffer, atob: globalThis.atob.bind(globalThis), btoa: globalThis.btoa.bind(globalThis),
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
  isAscii: bytesOf("isAscii", isAscii), isUtf8: bytesOf("isUtf8", isUtf8), kMaxLength, kStringMaxLength, resolveObjectURL, transcode,
};
