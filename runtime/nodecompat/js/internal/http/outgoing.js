const { Stream } = require("stream");
const { Buffer } = require("buffer");
const { codes, validateString } = require("internal/errors");
const { validateHeaderName, validateHeaderValue } = require("internal/http/common");

const kHighWaterMark = Symbol("kHighWaterMark"), kUniqueHeaders = Symbol("kUniqueHeaders");
const kHeaders = Symbol("kHeaders");

function parseUniqueHeadersOption(headers) {
  if (!Array.isArray(headers)) return null;
  return new Set(headers.flat().map((h) => h.toLowerCase()));
}

// OutgoingMessage is a request of a client, or the response of a server. What is
// written before anybody reads is kept; sink gets it, and everything after.
function OutgoingMessage(options, headers) {
  if (!(this instanceof OutgoingMessage)) return new OutgoingMessage(options, headers);
  Stream.call(this);
  Object.assign(this, {
    destroyed: false, finished: false, _header: null, _headerSent: false, _contentLength: null, _hasBody: true, sendDate: false, strictContentLength: false,
    chunkedEncoding: false, shouldKeepAlive: true, maxRequestsOnConnectionReached: false, useChunkedEncodingByDefault: true, _defaultKeepAlive: true, _trailer: "",
    _keepAliveTimeout: 0, _last: false, _closed: false, socket: null,
  });
  this[kHeaders] = new Map();
  // For stream.finished and pipeline, which look for what a Writable has.
  Object.defineProperties(this, {
    writable: { configurable: true, get() { return !this.finished && !this.destroyed; }, set() {} },
    writableFinished: { configurable: true, get() { return this.own.finishedOnce === true; } },
  });
  Object.defineProperty(this, "own", { value: { corked: 0, length: 0, errored: null, waiting: [], sink: null, ended: false, drain: false, highWaterMark: options?.highWaterMark ?? 65536 }, enumerable: false });
}
Object.setPrototypeOf(OutgoingMessage.prototype, Stream.prototype);
Object.setPrototypeOf(OutgoingMessage, Stream);

const sent = (m, what) => { if (m._header) throw codes.ERR_HTTP_HEADERS_SENT(what); };

Object.assign(OutgoingMessage.prototype, {
  setHeader(name, value) {
    sent(this, "set");
    validateHeaderName(name);
    validateHeaderValue(name, value);
    this[kHeaders].set(name.toLowerCase(), [name, value]);
    return this;
  },
  setHeaders(headers) {
    sent(this, "set");
    if (!headers || Array.isArray(headers) || typeof headers.keys !== "function" || typeof headers.get !== "function") throw codes.ERR_INVALID_ARG_TYPE("headers", ["Headers", "Map"], headers);
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  },
  appendHeader(name, value) {
    sent(this, "append");
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const old = this[kHeaders].get(name.toLowerCase());
    if (!old) return this.setHeader(name, value);
    old[1] = [old[1], value].flat();
    return this;
  },
  getHeader(name) {
    validateString(name, "name");
    return this[kHeaders].get(name.toLowerCase())?.[1];
  },
  getHeaders() {
    const out = { __proto__: null };
    for (const [key, [, value]] of this[kHeaders]) out[key] = value;
    return out;
  },
  getHeaderNames() { return [...this[kHeaders].keys()]; },
  getRawHeaderNames() { return [...this[kHeaders].values()].map(([name]) => name); },
  hasHeader(name) {
    validateString(name, "name");
    return this[kHeaders].has(name.toLowerCase());
  },
  removeHeader(name) {
    validateString(name, "name");
    sent(this, "remove");
    this[kHeaders].delete(name.toLowerCase());
  },
  cork() { this.own.corked++; },
  uncork() { if (this.own.corked > 0) this.own.corked--; },
  write(chunk, encoding, callback) {
    if (typeof encoding === "function") [callback, encoding] = [encoding, undefined];
    if (chunk === null) throw Object.assign(new TypeError("May not write null values to stream"), { code: "ERR_STREAM_NULL_VALUES" });
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) throw codes.ERR_INVALID_ARG_TYPE("chunk", ["string", "Buffer", "Uint8Array"], chunk);
    if (this.finished || this.destroyed) {
      const err = Object.assign(new Error(this.destroyed ? "Cannot call write after a stream was destroyed" : "write after end"), { code: this.destroyed ? "ERR_STREAM_DESTROYED" : "ERR_STREAM_WRITE_AFTER_END" });
      queueMicrotask(() => { callback?.(err); this.emit("error", err); });
      return false;
    }
    if (!this._header) this._implicitHeader();
    if (!this._hasBody) {
      if (callback) queueMicrotask(callback);
      return true;
    }
    return this._send(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk, callback);
  },
  // _send keeps a piece until the sink has taken it.
  _send(bytes, callback) {
    const { own } = this;
    own.length += bytes.length;
    own.waiting.push({ bytes, callback });
    this._flush();
    const room = own.length < own.highWaterMark;
    if (!room) own.drain = true;
    return room;
  },
  _flush() {
    const { own } = this;
    if (!own.sink || own.busy || own.waiting.length === 0) return;
    const { bytes, callback } = own.waiting.shift();
    own.busy = true;
    own.sink.write(bytes).then(() => {
      own.busy = false;
      own.length -= bytes.length;
      callback?.();
      if (own.waiting.length > 0) this._flush();
      else if (own.ended) this._finish();
      else if (own.drain) {
        own.drain = false;
        this.emit("drain");
      }
    }, (err) => this.destroy(err));
  },
  end(chunk, encoding, callback) {
    if (typeof chunk === "function") [callback, chunk] = [chunk, undefined];
    else if (typeof encoding === "function") [callback, encoding] = [encoding, undefined];
    if (this.finished) {
      if (callback) queueMicrotask(() => callback(Object.assign(new Error("Stream already ended"), { code: "ERR_STREAM_ALREADY_FINISHED" })));
      return this;
    }
    if (chunk !== undefined && chunk !== null) {
      if (!this._header) {
        const size = typeof chunk === "string" ? Buffer.byteLength(chunk, encoding) : chunk.byteLength;
        if (!this.hasHeader("content-length") && !this.hasHeader("transfer-encoding")) this._contentLength = size;
      }
      this.write(chunk, encoding);
    } else if (!this._header) {
      this._contentLength = 0;
      this._implicitHeader();
    }
    if (callback) this.once("finish", callback);
    this.finished = true;
    this.own.ended = true;
    if (this.own.sink && this.own.waiting.length === 0 && !this.own.busy) this._finish();
    return this;
  },
  _finish() {
    if (this.own.finishedOnce) return;
    this.own.finishedOnce = true;
    const done = () => {
      this.emit("finish");
      if (this.own.open) return; // a request is, until it has its response
      this._closed = true;
      this.emit("close");
    };
    this.own.sink?.close().then(done, (err) => this.destroy(err));
  },
  destroy(err) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.own.errored = err ?? null;
    this.own.sink?.abort(err);
    queueMicrotask(() => {
      if (err) this.emit("error", err);
      this._closed = true;
      this.emit("close");
    });
    return this;
  },
  pipe() { this.emit("error", Object.assign(new Error("Cannot pipe, not readable"), { code: "ERR_STREAM_CANNOT_PIPE" })); },
  flushHeaders() { if (!this._header) this._implicitHeader(); },
  _implicitHeader() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("_implicitHeader()"); },
  _renderHeaders() { sent(this, "render"); return Object.fromEntries([...this[kHeaders].values()]); },
  _storeHeader() { this._header = "sent"; },
  _writeRaw(data, encoding, callback) { return this._send(typeof data === "string" ? Buffer.from(data, encoding) : data, callback); },
  _flushOutput() {},
});
// begin tells a message where its body goes.
function begin(message, sink) {
  const { own } = message;
  own.sink = sink;
  if (own.waiting.length > 0) message._flush();
  else if (own.ended) message._finish();
}
const getter = (get) => ({ configurable: true, enumerable: true, get });
Object.defineProperties(OutgoingMessage.prototype, {
  headersSent: getter(function () { return !!this._header; }),
  errored: getter(function () { return this.own.errored; }),
  closed: getter(function () { return this._closed; }),
  writableEnded: getter(function () { return this.finished; }),
  writableObjectMode: getter(function () { return false; }),
  writableLength: getter(function () { return this.own.length; }),
  writableHighWaterMark: getter(function () { return this.own.highWaterMark; }),
  writableCorked: getter(function () { return this.own.corked; }),
  writableNeedDrain: getter(function () { return this.own.drain; }),
});

// webHeaders are the headers as the Web wants them.
function webHeaders(message) {
  const out = new Headers();
  for (const [name, value] of message[kHeaders].values()) for (const v of [value].flat()) out.append(name, v);
  return out;
}

module.exports = { OutgoingMessage, kHighWaterMark, kUniqueHeaders, parseUniqueHeadersOption, validateHeaderName, validateHeaderValue, webHeaders, begin };
