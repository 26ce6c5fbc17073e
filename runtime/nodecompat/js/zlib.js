const { Transform } = require("stream");
const { Buffer } = require("buffer");
const { codes: errors, validateFunction, validateNumber, validateUint32, shape } = require("internal/errors");
const { isAnyArrayBuffer } = require("util/types");
const { host } = native;
const { crc32: crc } = native.zlib;
const once = (...args) => enabled(native.zlib.once)(...args), stream = (...args) => enabled(native.zlib.stream)(...args);
function enabled(f) {
  if (!host.flag("nodejs_zlib")) throw new Error('Compatibility flag "nodejs_zlib" is not enabled');
  return f;
}
const { constants, codes } = require("data/zlib");

const { Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_NO_FLUSH, BROTLI_PARAM_QUALITY, ZSTD_c_compressionLevel } = constants;

// Each kind: class, function, and what it is to Go.
const kinds = {
  Deflate: "deflate", Inflate: "inflate", Gzip: "gzip", Gunzip: "gunzip", DeflateRaw: "deflateRaw", InflateRaw: "inflateRaw", Unzip: "unzip",
  BrotliCompress: "brotliCompress", BrotliDecompress: "brotliDecompress", ZstdCompress: "zstdCompress", ZstdDecompress: "zstdDecompress",
};

function range(options, name, low, high) {
  const v = options[name];
  if (v === undefined || typeof v !== "number") return;
  if (v < low || v > high) throw new RangeError(`The value of "options.${name}" is out of range. It must be >= ${low} and <= ${high}. Received ${v}`);
}

// whole is an option that is a whole number, undefined if it is not given.
function whole(options, name, low, high) {
  if (options[name] === undefined) return undefined;
  const v = unsigned(options[name]);
  range({ [name]: v }, name, low, high);
  return v;
}
function unsigned(value) {
  const v = Math.trunc(+value);
  if (Number.isNaN(v)) throw new TypeError("The value cannot be converted because it is not an integer.");
  if (v < 0) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive number.");
  if (v > 4294967295) throw new TypeError("Value out of range. Must be less than or equal to 4294967295.");
  return v;
}

const brotli = (mode) => mode.startsWith("brotli"), zstd = (mode) => mode.startsWith("zstd");

// settings are the arguments Go takes for options.
function settings(mode, options = {}) {
  options ??= {};
  whole(options, "chunkSize", 64, 134217728);
  const most = whole(options, "maxOutputLength", 1, 134217728);
  let level;
  if (brotli(mode) || zstd(mode)) {
    for (const key of Object.keys(options.params ?? {})) {
      if (brotli(mode) && !(+key >= 0 && +key < 10)) throw new Error("Setting parameter failed");
      if (!(+key >= 0 && +key < 600)) throw new Error(`Unsupported Zstd compression parameter: ${key}`);
    }
    level = options.params?.[brotli(mode) ? BROTLI_PARAM_QUALITY : ZSTD_c_compressionLevel];
  } else {
    if (options.windowBits !== 0 || mode.startsWith("deflate") || mode === "gzip") whole(options, "windowBits", 8, 15);
    range(options, "level", -1, 9);
    whole(options, "memLevel", 1, 9);
    if (options.strategy !== undefined && unsigned(options.strategy) > 4) throw new Error("invalid strategy");
    if (typeof options.level === "number") level = options.level;
  }
  const finish = options.finishFlush;
  const partial = finish !== undefined && finish !== (brotli(mode) ? constants.BROTLI_OPERATION_FINISH : Z_FINISH);
  return [mode, level, options.dictionary, partial, most];
}

// checkStream refuses options that streams look at themselves.
function checkStream(mode, options) {
  const last = zstd(mode) ? 2 : brotli(mode) ? 3 : 5;
  for (const name of ["flush", "finishFlush"]) {
    const v = options?.[name];
    if (v === undefined) continue;
    validateNumber(v, `options.${name}`);
    if (v < 0 || v > last) throw errors.ERR_OUT_OF_RANGE(`options.${name}`, `>= 0 and <= ${last}`, v);
  }
  const dictionary = options?.dictionary;
  if (dictionary !== undefined && !ArrayBuffer.isView(dictionary) && !isAnyArrayBuffer(dictionary)) {
    throw errors.ERR_INVALID_ARG_TYPE("options.dictionary", ["Buffer", "TypedArray", "DataView", "ArrayBuffer"], dictionary);
  }
}

function input(data, where = "zlibSync") {
  if (typeof data === "string") return Buffer.from(data);
  if (!ArrayBuffer.isView(data) && !isAnyArrayBuffer(data)) throw new TypeError(`Failed to execute '${where}' on 'ZlibUtil': parameter 1 is not of type 'string or ArrayBuffer or ArrayBufferView'.`);
  return data;
}

const numbers = { "unexpected end of file": "Z_BUF_ERROR", "Unexpected end of file": "Z_BUF_ERROR", "Missing dictionary": "Z_NEED_DICT" };
// coded adds what errors of streams carry.
function coded(err, mode) {
  if (zstd(mode)) return Object.assign(err, { errno: -1, code: "ERR_ZSTD_DECOMPRESSION_FAILED" });
  const code = numbers[err.message] ?? "Z_DATA_ERROR";
  return Object.assign(err, { errno: codes[code], code });
}

class ZlibBase extends Transform {
  #handle; #mode; #ended = false; #flushing = false; #finish;
  bytesWritten = 0;
  constructor(mode, options = {}) {
    checkStream(mode, options);
    super({ autoDestroy: true, ...options });
    this.#mode = mode;
    this.#handle = stream(...settings(mode, options));
  }
  _push(f, callback) {
    let out;
    try {
      out = f();
    } catch (err) {
      callback(coded(err, this.#mode));
      return;
    }
    if (out.byteLength > 0) this.push(Buffer.from(out));
    callback();
  }
  _transform(chunk, encoding, callback) {
    const b = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    this.bytesWritten += b.byteLength;
    this._push(() => this.#handle.write(b, false), callback);
  }
  _flush(callback) {
    this._push(() => this.#handle.close(), (err) => {
      this.#handle.stop();
      callback(err);
    });
  }
  _destroy(err, callback) {
    this.#handle.stop();
    callback(err);
  }
  // flush comes in turn with what is written, as an empty piece.
  flush(kind, callback) {
    if (typeof kind === "function") callback = kind;
    if (this.writableEnded || this.destroyed) {
      if (callback) queueMicrotask(callback);
      return;
    }
    queueMicrotask(() => this._push(() => this.#handle.write(new Uint8Array(0), true), (err) => (err ? this.destroy(err) : callback?.())));
  }
  params(level, strategy, callback) {
    for (const [name, v, low, high] of [["level", level, -1, 9], ["strategy", strategy, 0, 4]]) {
      validateNumber(v, name);
      if (!(v >= low && v <= high)) throw errors.ERR_OUT_OF_RANGE(name, `>= ${low} and <= ${high}`, v);
    }
    this.#handle.params(level);
    queueMicrotask(callback);
  }
  reset() { this.#handle.reset(); }
  close(callback) {
    if (callback) require("stream").finished(this, () => callback());
    this.destroy();
  }
  get _closed() { return this.destroyed; }
  get bytesRead() { return this.bytesWritten; }
}

const classes = {};
for (const [name, mode] of Object.entries(kinds)) {
  classes[name] = { [name]: class extends ZlibBase { constructor(options) { super(mode, options); } } }[name];
}

function run(name, mode, data, options) {
  const out = Buffer.from(once(input(data, brotli(mode) || zstd(mode) ? `${mode}Sync` : "zlibSync"), ...settings(mode, options)));
  return options?.info ? { engine: new classes[name](options), buffer: out } : out;
}

const functions = {};
for (const [name, mode] of Object.entries(kinds)) {
  functions[`${mode}Sync`] = shape((data, options) => run(name, mode, data, options), `${mode}Sync`, 1);
  functions[mode] = shape((data, options, callback) => {
    if (typeof options === "function") [callback, options] = [options, {}];
    validateFunction(callback, "callback");
    const b = input(data);
    const args = settings(mode, options);
    setTimeout(() => {
      let out;
      try {
        out = Buffer.from(once(b, ...args));
      } catch (err) {
        callback(err);
        return;
      }
      callback(null, options?.info ? { engine: new classes[name](options), buffer: out } : out);
    }, 0);
  }, mode, 3);
  functions[`create${name}`] = shape((options) => new classes[name](options), `create${name}`, 1);
}

function crc32(data) {
  const bytes = input(data, "crc32"), value = arguments[1] ?? 0;
  validateUint32(value, "value");
  return crc(bytes, value);
}

module.exports = { ...classes, ...functions, crc32, constants, codes: Object.freeze(codes) };
// Older code takes the constants from the module itself; not all are exports too.
module.hidden = {};
for (const [name, value] of Object.entries(constants)) {
  module.exports[name] = value;
  if (name === "BROTLI_PARAM_SIZE_HINT" || (name.startsWith("ZSTD_") && !/^ZSTD_(error_|[A-Z]+CODE$|[A-Z]*COMPRESS$)/.test(name))) module.hidden[name] = true;
}
