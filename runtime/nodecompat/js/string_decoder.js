const { codes } = require("internal/errors");
const { Buffer } = require("buffer");

const sizes = { utf8: 4, utf16le: 4, base64: 3, base64url: 3 };
const names = { "utf-8": "utf8", ucs2: "utf16le", "ucs-2": "utf16le", "utf-16le": "utf16le", binary: "latin1" };

function normalize(encoding) {
  if (encoding === undefined || encoding === null || encoding === "") return "utf8";
  if (!Buffer.isEncoding(encoding)) throw codes.ERR_UNKNOWN_ENCODING(encoding);
  const e = encoding.toLowerCase();
  return names[e] ?? e;
}

// missing is how many bytes the last character of b lacks, and how many it has.
function missing(b, encoding) {
  const n = b.length;
  if (encoding === "utf16le") {
    if (n % 2 === 1) return n >= 3 && isHigh(b, n - 3) ? [1, 3] : [1, 1];
    return n >= 2 && isHigh(b, n - 2) ? [2, 2] : [0, 0];
  }
  if (encoding.startsWith("base64")) return n % 3 ? [3 - (n % 3), n % 3] : [0, 0];
  if (encoding !== "utf8") return [0, 0];
  for (let i = 1; i <= Math.min(3, n); i++) {
    const c = b[n - i];
    if (c < 0x80) return [0, 0];
    if (c >= 0xc0) {
      const size = c >= 0xf5 || c < 0xc2 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
      return size > i && followable(c, b[n - i + 1]) ? [size - i, i] : [0, 0];
    }
  }
  return [0, 0];
}
const isHigh = (b, at) => (b[at + 1] & 0xfc) === 0xd8;
// followable tells whether second can come after first in valid UTF-8.
function followable(first, second) {
  if (second === undefined) return true;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second <= 0x9f;
  if (first === 0xf0) return second >= 0x90;
  if (first === 0xf4) return second <= 0x8f;
  return true;
}

function StringDecoder(encoding) {
  this.encoding = normalize(encoding);
  hide(this, Buffer.alloc(0), 0);
}
const state = new WeakMap();
const hide = (d, pending, need) => state.set(d, { pending, need });

StringDecoder.prototype.write = function write(buf) {
  if (typeof buf === "string") return buf;
  if (!ArrayBuffer.isView(buf)) throw codes.ERR_INVALID_ARG_TYPE("buf", ["string", "Buffer", "TypedArray", "DataView"], buf);
  let b = Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength);
  const { pending } = state.get(this);
  if (pending.length) b = Buffer.concat([pending, b]);
  const [need, has] = missing(b, this.encoding);
  hide(this, Buffer.from(b.subarray(b.length - has)), need);
  return b.toString(this.encoding, 0, b.length - has);
};
StringDecoder.prototype.end = function end(buf) {
  let out = buf === undefined ? "" : this.write(buf);
  const { pending } = state.get(this);
  if (pending.length) out += pending.toString(this.encoding);
  hide(this, Buffer.alloc(0), 0);
  return out;
};
StringDecoder.prototype.text = function text(buf, offset) {
  hide(this, Buffer.alloc(0), 0);
  return this.write(buf.subarray(offset));
};
Object.defineProperties(StringDecoder.prototype, {
  lastChar: { enumerable: true, configurable: true, get() { return Buffer.concat([state.get(this).pending], sizes[this.encoding] ?? 4); } },
  lastNeed: { enumerable: true, configurable: true, get() { return state.get(this).need; } },
  lastTotal: { enumerable: true, configurable: true, get() { const { pending, need } = state.get(this); return need ? pending.length + need : 0; } },
});
Object.defineProperty(StringDecoder, "length", { value: 0 });

module.exports = { StringDecoder };
