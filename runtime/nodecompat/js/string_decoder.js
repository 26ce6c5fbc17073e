const { codes } = require("internal/errors");
const { Buffer } = require("buffer");

const sizes = { utf8: 4, utf16le: 4, base64: 3, base64url: 3 };
const names = { "utf-8": "utf8", ucs2: "utf16le", "ucs-2": "utf16le", "utf-16le": "utf16le", binary: "latin1" };

function normalize(encoding) {
  if (encoding === undefined || encoding === null || encoding === "") return "utf8";
  if (Array.isArray(encoding) && encoding.length === 0) return "utf8";
  if (!Buffer.isEncoding(encoding)) throw codes.ERR_UNKNOWN_ENCODING(encoding);
  const e = encoding.toLowerCase();
  return names[e] ?? e;
}

// incomplete is how many bytes the last character of b lacks, and how many it
// has. Like Node, it looks at the lead byte alone.
function incomplete(b, encoding) {
  const n = b.length;
  if (encoding === "utf16le") {
    if (n % 2 === 1) return [1, 1];
    return n >= 2 && (b[n - 1] & 0xfc) === 0xd8 ? [2, 2] : [0, 0];
  }
  if (encoding.startsWith("base64")) return n % 3 ? [3 - (n % 3), n % 3] : [0, 0];
  if (encoding !== "utf8") return [0, 0];
  for (let i = 1; i <= Math.min(4, n); i++) {
    const c = b[n - i], size = (c & 0xe0) === 0xc0 ? 2 : (c & 0xf0) === 0xe0 ? 3 : (c & 0xf8) === 0xf0 ? 4 : 0;
    if (size) return size > i ? [size - i, i] : [0, 0];
    if ((c & 0xc0) !== 0x80) return [0, 0];
  }
  return [0, 0];
}

// fill adds what b has of the character that is under way, and says how much of b
// that was. A byte that cannot follow ends the character before it.
function fill(s, b, encoding) {
  let at = 0;
  for (; at < b.length && s.need > 0; at++) {
    if (encoding === "utf8" && (b[at] & 0xc0) !== 0x80) {
      s.need = 0;
      break;
    }
    s.last[s.has++] = b[at];
    s.need--;
  }
  return at;
}

function StringDecoder(encoding) {
  if (!new.target && !(this instanceof Object)) throw new TypeError("Cannot set properties of undefined (setting 'Symbol(kNativeDecoder)')");
  this.encoding = normalize(encoding);
  state.set(this, { last: Buffer.alloc(sizes[this.encoding] ?? 4), has: 0, need: 0 });
}
const state = new WeakMap();
function stateOf(d) {
  const s = state.get(d);
  if (s === undefined) throw codes.ERR_INVALID_THIS("StringDecoder");
  return s;
}

StringDecoder.prototype.write = function write(buf) {
  if (typeof buf === "string") return buf;
  if (!ArrayBuffer.isView(buf)) throw codes.ERR_INVALID_ARG_TYPE("buf", ["string", "Buffer", "TypedArray", "DataView"], buf);
  const s = stateOf(this), { encoding } = this;
  let b = Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength), out = "";
  if (s.need > 0) {
    b = b.subarray(fill(s, b, encoding));
    if (s.need > 0) return "";
    out = s.last.toString(encoding, 0, s.has);
  }
  const [need, has] = incomplete(b, encoding);
  if (need || b.length) Object.assign(s, { need, has });
  b.copy(s.last, 0, b.length - has);
  return out + b.toString(encoding, 0, b.length - has);
};
StringDecoder.prototype.end = function end(buf) {
  const s = stateOf(this);
  let out = buf === undefined ? "" : this.write(buf);
  if (s.need > 0) out += s.last.toString(this.encoding, 0, s.has);
  Object.assign(s, { has: 0, need: 0 });
  return out;
};
StringDecoder.prototype.text = function text(buf, offset) {
  Object.assign(stateOf(this), { has: 0, need: 0 });
  return this.write(buf.slice(offset));
};
Object.defineProperties(StringDecoder.prototype, {
  lastChar: { enumerable: true, configurable: true, get() { return stateOf(this).last; } },
  lastNeed: { enumerable: true, configurable: true, get() { return stateOf(this).need; } },
  lastTotal: { enumerable: true, configurable: true, get() { const { has, need } = stateOf(this); return need ? has + need : 0; } },
});
Object.defineProperty(StringDecoder, "length", { value: 0 });

module.exports = { StringDecoder };
