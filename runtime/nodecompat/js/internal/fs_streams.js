// ReadStream and WriteStream of node:fs.
const { Readable, Writable, finished } = require("stream");
const { Buffer } = require("buffer");
const { codes, validateAbortSignal, validateBoolean, validateFunction, validateObject, validateString, validateUint32 } = require("internal/errors");
const { checkEncoding, checkMode, fdOf, urlOf } = require("internal/fs_args");

const calls = ["open", "close", "fsync", "read", "write", "writev"];
// What is done with a file; options.fs has others.
const usual = Object.fromEntries(calls.map((name) => [name, (...args) => {
  const callback = args.at(-1), fs = require("fs");
  Promise.resolve().then(() => fs[name](...args)).catch(callback);
}]));

const isHandle = (fd) => fd !== null && typeof fd === "object" && fd instanceof require("fs/promises").FileHandle;

// settle checks the options of a stream and sets what it shows of them.
function settle(stream, path, options, defaults) {
  if (options === null || options === undefined) options = {};
  else if (typeof options === "string") options = { encoding: options };
  validateObject(options, "options");
  const { encoding = null, autoClose = true, emitClose = true, start = 0, end = Infinity, highWaterMark = 64 * 1024, signal = null, flags = defaults.flags, fd = null, mode = 0o666, fs = usual } = options;
  if (encoding !== null) checkEncoding(encoding);
  validateBoolean(autoClose, "options.autoClose");
  validateBoolean(emitClose, "options.emitClose");
  const flush = options.flush ?? false;
  if (!defaults.reads) validateBoolean(flush, "options.flush");
  validateUint32(start, "options.start");
  if (defaults.reads && end !== Infinity) {
    validateUint32(end, "options.end");
    if (start > end) throw codes.ERR_OUT_OF_RANGE("start", `<= "end" (here: ${end})`, start);
  }
  validateUint32(highWaterMark, "options.highWaterMark");
  if (signal != null) validateAbortSignal(signal, "options.signal");
  validateString(flags, "options.flags");
  checkMode(mode, "options.mode");
  validateObject(fs, "options.fs");
  const does = { ...usual };
  for (const name of calls) {
    if (fs[name] === undefined) continue;
    validateFunction(fs[name], `options.fs.${name}`);
    does[name] = fs[name].bind(fs);
  }
  Object.defineProperty(stream, "own", { value: { fs: does, busy: false, flush, encoding }, enumerable: false });
  if (!defaults.reads) stream.flush = flush;
  if (fd === null) {
    const url = urlOf(path);
    stream.fd = null;
    stream.path = url.protocol === "file:" ? require("url").fileURLToPath(url) : url;
    stream.flags = flags;
    stream.mode = mode;
  } else if (isHandle(fd)) {
    does.close = (_, callback) => fd.close().then(() => callback(null), callback);
    fd.on("close", () => stream.close());
    stream.fd = fd.fd ?? null;
  } else {
    stream.fd = fdOf(fd);
  }
  stream.start = start;
  if (defaults.reads) stream.end = end;
  stream.pos = start;
  stream.bytesRead = 0;
  if (!defaults.reads) stream.bytesWritten = 0;
  return { highWaterMark, encoding, emitClose, autoDestroy: autoClose, signal };
}

function open(callback) {
  if (typeof this.fd === "number") return callback(null);
  this.own.fs.open(this.path, this.flags, this.mode, (err, fd) => {
    if (err) return callback(err);
    this.fd = fd;
    callback(null);
    this.emit("open", fd);
    this.emit("ready");
  });
}

// shut closes the file, after what is under way.
function shut(err, callback) {
  const { own } = this;
  const close = (err) => {
    if (this.fd == null) return callback(err);
    own.fs.close(this.fd, (late) => callback(late || err));
    this.fd = null;
  };
  const flush = (err) => (own.flush && this.fd != null ? own.fs.fsync(this.fd, (late) => close(err || late)) : close(err));
  if (own.busy) own.then = (late) => flush(err || late);
  else flush(err);
}

// during tells the stream when a call is over; one that was destroyed
// meanwhile goes on with that.
const during = (stream, f) => {
  const { own } = stream;
  own.busy = true;
  return (err, ...rest) => {
    own.busy = false;
    if (!stream.destroyed) return f(err, ...rest);
    f(err ?? codes.ERR_STREAM_DESTROYED("write"));
    own.then?.(err);
  };
};

function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  const base = settle(this, path, options, { flags: "r", reads: true });
  Reflect.apply(Readable, this, [{ ...base, construct: open.bind(this), read: readInto.bind(this), destroy: shut.bind(this) }]);
}
function readInto(n) {
  n = Math.min(n, this.end - this.pos + 1);
  if (n <= 0 || this.fd == null) return void this.push(null);
  const buffer = Buffer.alloc(n);
  this.own.fs.read(this.fd, buffer, 0, n, this.pos, during(this, (err, count) => {
    if (this.destroyed) return;
    if (err) return void this.destroy(err);
    this.pos += count;
    this.bytesRead += count;
    this.push(count > 0 ? Buffer.from(buffer.subarray(0, count)) : null);
  }));
}

function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  const base = settle(this, path, options, { flags: "w" });
  const writev = (data, callback) => writeFrom.call(this, Buffer.concat(data.map((d) => d.chunk)), null, callback);
  Reflect.apply(Writable, this, [{ ...base, construct: open.bind(this), write: writeFrom.bind(this), writev, destroy: shut.bind(this) }]);
  if (base.encoding !== null && base.encoding !== "buffer") this.setDefaultEncoding(base.encoding);
}
function writeFrom(chunk, encoding, callback) {
  this.own.fs.write(this.fd, chunk, 0, chunk.length, this.pos, during(this, (err, count) => {
    if (!err) this.bytesWritten += count;
    callback(err);
  }));
  this.pos += chunk.length;
}

for (const [C, Base, state] of [[ReadStream, Readable, "_readableState"], [WriteStream, Writable, "_writableState"]]) {
  Object.setPrototypeOf(C.prototype, Base.prototype);
  Object.setPrototypeOf(C, Base);
  Object.defineProperties(C.prototype, {
    autoClose: { get() { return this[state]?.autoDestroy || false; }, set(v) { if (this[state]) this[state].autoDestroy = v; } },
    pending: { configurable: true, get() { return this.fd === null; } },
  });
  Object.defineProperty(C, "length", { value: 1 });
}
ReadStream.prototype.close = function close(callback = () => {}) {
  if (typeof callback === "function") finished(this, callback);
  this.destroy();
};
WriteStream.prototype.close = function close(callback = () => {}) {
  if (this.closed) return void queueMicrotask(() => callback(null));
  this.on("close", callback);
  if (!this.autoClose) this.on("finish", () => this.destroy());
  this.end();
};
WriteStream.prototype.destroySoon = Writable.prototype.end;

module.exports = { ReadStream, WriteStream };
