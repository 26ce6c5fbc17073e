// ReadStream and WriteStream of node:fs.
const { Readable, Writable } = require("stream");
const { Buffer } = require("buffer");
const sync = require("internal/fs_sync");

const settle = (s, options) => {
  s.path = options.fd === undefined ? s.path : undefined;
  s.fd = options.fd === undefined ? null : sync.fdOf(options.fd);
  s.flags = options.flags;
  s.mode = options.mode ?? 0o666;
};
const optionsOf = (options, flags) => ({ flags, autoClose: true, ...(typeof options === "string" ? { encoding: options } : options) });

function open(s, callback) {
  if (s.fd !== null) return callback();
  try {
    s.fd = sync.openSync(s.path, s.flags, s.mode);
  } catch (err) {
    callback(err);
    return;
  }
  callback();
  queueMicrotask(() => {
    s.emit("open", s.fd);
    s.emit("ready");
  });
}
function shut(s, err, callback) {
  if (s.fd !== null && s.autoClose) {
    sync.closeSync(s.fd);
    s.fd = null;
  }
  callback(err);
}

function ReadStream(path, options) {
  if (!new.target) return new ReadStream(path, options);
  const o = optionsOf(options, "r");
  Object.defineProperty(this, "own", { value: o, enumerable: false });
  this.path = o.fd === undefined ? sync.pathOf(path) : undefined;
  settle(this, o);
  this.start = o.start ?? undefined;
  this.end = o.end ?? Infinity;
  this.pos = this.start;
  this.bytesRead = 0;
  Readable.call(this, { highWaterMark: 64 * 1024, ...o, autoDestroy: o.autoClose });
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);
Object.assign(ReadStream.prototype, {
  _construct(callback) { open(this, callback); },
  _read(n) {
    const at = this.pos ?? this.bytesRead;
    const size = Math.min(n, this.end - at + 1);
    if (!(size > 0)) {
      this.push(null);
      return;
    }
    const b = Buffer.alloc(size);
    let got;
    try {
      got = sync.readSync(this.fd, b, 0, size, this.pos === undefined ? null : this.pos);
    } catch (err) {
      this.destroy(err);
      return;
    }
    if (this.pos !== undefined) this.pos += got;
    this.bytesRead += got;
    this.push(got > 0 ? b.subarray(0, got) : null);
  },
  _destroy(err, callback) { shut(this, err, callback); },
  close(callback) {
    if (callback) this.once("close", callback);
    this.destroy();
  },
});
const members = (C, extra = {}) => {
  for (const name of ["_construct", "_read", "_write", "_destroy"]) if (C.prototype[name]) Object.defineProperty(C.prototype, name, { enumerable: false });
  Object.defineProperties(C.prototype, {
    autoClose: { configurable: true, enumerable: true, get() { return this.own.autoClose; }, set(v) { this.own.autoClose = v; } },
    pending: { configurable: true, enumerable: true, get() { return this.fd === null; } },
    ...extra,
  });
};
members(ReadStream);

function WriteStream(path, options) {
  if (!new.target) return new WriteStream(path, options);
  const o = optionsOf(options, "w");
  Object.defineProperty(this, "own", { value: o, enumerable: false });
  this.path = o.fd === undefined ? sync.pathOf(path) : undefined;
  settle(this, o);
  this.start = o.start;
  this.pos = o.start;
  this.bytesWritten = 0;
  Writable.call(this, { ...o, decodeStrings: true, autoDestroy: o.autoClose });
  if (o.encoding) this.setDefaultEncoding(o.encoding);
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);
Object.assign(WriteStream.prototype, {
  _construct(callback) { open(this, callback); },
  _write(chunk, encoding, callback) {
    try {
      const n = sync.writeSync(this.fd, chunk, 0, chunk.length, this.pos);
      if (this.pos !== undefined) this.pos += n;
      this.bytesWritten += n;
    } catch (err) {
      callback(err);
      return;
    }
    callback();
  },
  _destroy(err, callback) { shut(this, err, callback); },
  close(callback) {
    if (callback) this.once("close", callback);
    this.end();
  },
});
members(WriteStream, { destroySoon: { configurable: true, enumerable: true, writable: true, value: Writable.prototype.end } });
for (const C of [ReadStream, WriteStream]) Object.defineProperty(C, "length", { value: 1 });

module.exports = { ReadStream, WriteStream };
