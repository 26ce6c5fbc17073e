const { Duplex } = require("stream");
const EventEmitter = require("events");
const { Buffer } = require("buffer");
const { codes, notImplemented, validateAbortSignal, validateFunction, validateInt32, validateNumber, validateObject, validatePort, validateString } = require("internal/errors");
const { isIP, isIPv4, isIPv6, BlockList, SocketAddress } = require("internal/ip");
const { host } = native;

let autoSelectFamily = false, attemptTimeout = 10;

// Socket is a stream over connect() of cloudflare:sockets.
function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  if (options?.objectMode) throw codes.ERR_INVALID_ARG_VALUE("options.objectMode", options.objectMode, "is not supported");
  options = typeof options === "number" ? { fd: options } : { ...options };
  if (options.handle) throw codes.ERR_OPTION_NOT_IMPLEMENTED("options.handle");
  if (options.fd !== undefined) throw codes.ERR_OPTION_NOT_IMPLEMENTED("options.fd");
  Object.assign(this, { connecting: false, _hadError: false, _parent: null, _host: null, server: null, timeout: 0, autoSelectFamilyAttemptedAddresses: [] });
  Object.defineProperty(this, "own", { value: { socket: null, reader: null, writer: null, read: 0, written: 0, timer: null, remote: {} }, enumerable: false });
  Duplex.call(this, { ...options, allowHalfOpen: Boolean(options.allowHalfOpen), emitClose: true, autoDestroy: true, decodeStrings: false, objectMode: false });
  if (options.signal) {
    validateAbortSignal(options.signal, "options.signal");
    options.signal.addEventListener("abort", () => this.destroy(options.signal.reason), { once: true });
  }
  this.on("end", () => { if (!this.allowHalfOpen) this.end(); });
}
Object.setPrototypeOf(Socket.prototype, Duplex.prototype);
Object.setPrototypeOf(Socket, Duplex);

function _normalizeArgs(args) {
  if (args.length === 0) return [{}, null];
  let options = {};
  if (typeof args[0] === "object" && args[0] !== null) options = args[0];
  else if (typeof args[0] === "string" && Number.isNaN(Number(args[0]))) options.path = args[0];
  else {
    options.port = args[0];
    if (args.length > 1 && typeof args[1] === "string") options.host = args[1];
  }
  const last = args.at(-1);
  return [options, typeof last === "function" ? last : null];
}

// open connects and tells of it. A plain socket may change to TLS later.
function open(socket, options) {
  const { own } = socket, name = options.host ?? "localhost";
  const { connect } = host.import("cloudflare:sockets");
  const s = own.socket = connect({ hostname: name, port: options.port }, { allowHalfOpen: true, secureTransport: socket.secureTransport ?? "starttls" });
  attach(socket, s);
  s.opened.then(() => {
    if (socket.destroyed) return;
    socket.connecting = false;
    own.remote = { address: name, port: options.port, family: isIPv6(name) ? "IPv6" : "IPv4" };
    socket.emit("connect");
    socket.emit("ready");
    own.waiting?.();
    if (socket.readableFlowing !== false) socket.read(0);
  }, (err) => failed(socket, err));
  s.closed.catch((err) => { if (!own.detached) failed(socket, err); });
}

function attach(socket, s) {
  socket.own.socket = s;
  socket.own.reader = s.readable.getReader();
  socket.own.writer = s.writable.getWriter();
}

function failed(socket, err) {
  if (socket.destroyed) return;
  socket.connecting = false;
  if (/refused|lost|connect/i.test(err?.message ?? "") && !err.code) err = Object.assign(new Error(err.message, { cause: err }), { code: "ECONNREFUSED", syscall: "connect" });
  socket.destroy(err);
}

const when = (socket, f) => {
  if (socket.connecting) socket.once("connect", f);
  else f();
};

Object.assign(Socket.prototype, {
  connect(...args) {
    const [options, callback] = Array.isArray(args[0]) ? args[0] : _normalizeArgs(args);
    if (this.connecting || this.own.socket) throw codes.ERR_SOCKET_CONNECTING();
    if (options.path) throw codes.ERR_INVALID_ARG_VALUE("path", options.path, "is not supported: there are no sockets of files");
    if (options.port === undefined) throw codes.ERR_MISSING_ARGS(["options", "port", "path"]);
    if (typeof options.port !== "number" && typeof options.port !== "string") throw codes.ERR_INVALID_ARG_TYPE("options.port", ["number", "string"], options.port);
    const port = validatePort(options.port);
    if (options.host !== undefined) validateString(options.host, "options.host");
    if (options.lookup !== undefined) validateFunction(options.lookup, "options.lookup");
    if (callback !== null) this.once("connect", callback);
    this._host = options.host ?? "localhost";
    this.connecting = true;
    open(this, { host: options.host, port });
    return this;
  },
  _read() {
    const { own } = this;
    if (this.connecting || !own.reader) {
      this.once("connect", () => this._read());
      return;
    }
    if (own.reading) return;
    own.reading = true;
    own.reader.read().then(({ value, done }) => {
      own.reading = false;
      if (done) {
        this.push(null);
        return;
      }
      own.read += value.byteLength;
      this._unrefTimer();
      this.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }, (err) => {
      own.reading = false;
      if (!own.detached) failed(this, err); // TLS took over
    });
  },
  _writeGeneric(writev, data, encoding, callback) {
    when(this, () => {
      const { own } = this;
      if (!own.writer) {
        callback(codes.ERR_SOCKET_CLOSED());
        return;
      }
      const bytes = writev ? Buffer.concat(data.map(({ chunk, encoding: e }) => (typeof chunk === "string" ? Buffer.from(chunk, e) : chunk))) : typeof data === "string" ? Buffer.from(data, encoding) : data;
      own.written += bytes.length;
      this._unrefTimer();
      own.writer.write(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)).then(() => callback(), callback);
    });
  },
  _write(chunk, encoding, callback) { this._writeGeneric(false, chunk, encoding, callback); },
  _writev(chunks, callback) { this._writeGeneric(true, chunks, "", callback); },
  _final(callback) {
    when(this, () => { if (this.own.writer) this.own.writer.close().then(() => callback(), () => callback()); else callback(); });
  },
  _destroy(err, callback) {
    this.connecting = false;
    clearTimeout(this.own.timer);
    const { socket } = this.own;
    this.own.socket = null;
    if (socket) Promise.resolve(socket.close()).catch(() => {});
    queueMicrotask(() => {
      this.emit("close", Boolean(err));
    });
    callback(err);
  },
  _reset() { return this.destroy(); }, resetAndDestroy() { return this.destroy(); },
  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  },
  end(data, encoding, callback) { Duplex.prototype.end.call(this, data, encoding, callback); return this; },
  pause() { return Duplex.prototype.pause.call(this); }, resume() { return Duplex.prototype.resume.call(this); }, read(n) { return Duplex.prototype.read.call(this, n); },
  setTimeout(ms, callback) {
    validateNumber(ms, "msecs", 0);
    this.timeout = ms;
    clearTimeout(this.own.timer);
    if (callback !== undefined) validateFunction(callback, "callback");
    if (ms === 0) {
      if (callback) this.removeListener("timeout", callback);
      return this;
    }
    if (callback) this.once("timeout", callback);
    this._unrefTimer();
    return this;
  },
  _unrefTimer() {
    if (!this.timeout) return;
    clearTimeout(this.own.timer);
    this.own.timer = setTimeout(() => this._onTimeout(), this.timeout);
  },
  _onTimeout() { this.emit("timeout"); },
  setNoDelay() { return this; }, setKeepAlive() { return this; }, ref() { return this; }, unref() { return this; },
  address() { return {}; }, _getpeername() { return this.own.remote; }, _getsockname() { return {}; },
});
const get = (f) => ({ configurable: true, enumerable: true, get: f });
Object.defineProperties(Socket.prototype, {
  _connecting: get(function () { return this.connecting; }), pending: get(function () { return !this.own.socket || this.connecting; }),
  readyState: get(function () {
    if (this.connecting) return "opening";
    if (this.own.socket === null && !this.destroyed) return "closed";
    return this.readable && this.writable ? "open" : this.readable ? "readOnly" : this.writable ? "writeOnly" : "closed";
  }),
  bufferSize: get(function () { return this.own.socket ? this.writableLength : undefined; }), bytesRead: get(function () { return this.own.read; }), bytesWritten: get(function () { return this.own.written; }),
  _bytesDispatched: get(function () { return this.own.written; }),
  remoteAddress: get(function () { return this.own.remote.address; }), remotePort: get(function () { return this.own.remote.port; }), remoteFamily: get(function () { return this.own.remote.family; }),
  localAddress: get(function () { return "0.0.0.0"; }), localPort: get(function () { return 0; }), localFamily: get(function () { return "IPv4"; }),
});
Object.defineProperty(Socket, "length", { value: 1 });

function connect(...args) {
  const normal = _normalizeArgs(args), socket = new Socket(normal[0]);
  if (normal[0].timeout) socket.setTimeout(normal[0].timeout);
  return socket.connect(normal);
}

// Server cannot listen: nothing can connect to a worker by port.
function Server(options, connectionListener) {
  if (!(this instanceof Server)) return new Server(options, connectionListener);
  EventEmitter.call(this);
  if (typeof options === "function") [connectionListener, options] = [options, {}];
  options ??= {};
  validateObject(options, "options");
  const { allowHalfOpen = false, pauseOnConnect = false, noDelay = false, keepAlive = false, keepAliveInitialDelay = 0, highWaterMark } = options;
  Object.assign(this, { allowHalfOpen, pauseOnConnect, noDelay, keepAlive, keepAliveInitialDelay, highWaterMark, maxConnections: undefined });
  if (connectionListener) this.on("connection", connectionListener);
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);
Object.assign(Server.prototype, {
  listen: notImplemented("net.Server.listen"),
  address() { return null; },
  close(callback) {
    if (callback) queueMicrotask(() => callback(Object.assign(new Error("Server is not running."), { code: "ERR_SERVER_NOT_RUNNING" })));
    return this;
  },
  getConnections(callback) { queueMicrotask(() => callback(null, 0)); return this; },
  ref() { return this; }, unref() { return this; },
});
Object.defineProperty(Server.prototype, "listening", get(() => false));
function createServer(options, connectionListener) { return new Server(options, connectionListener); }

class BoundSocket {
  static isBoundSocket(v) { return v instanceof BoundSocket; }
  address() { return {}; }
  close() {}
  get fd() { return -1; }
}

module.exports = {
  BlockList, BoundSocket, Server, Socket, SocketAddress, Stream: Socket, _normalizeArgs, connect, createConnection: connect, createServer,
  getDefaultAutoSelectFamily() { return autoSelectFamily; }, getDefaultAutoSelectFamilyAttemptTimeout() { return attemptTimeout; },
  isIP, isIPv4, isIPv6,
  setDefaultAutoSelectFamily(value) { if (typeof value !== "boolean") throw codes.ERR_INVALID_ARG_TYPE("val", "boolean", value); autoSelectFamily = value; },
  setDefaultAutoSelectFamilyAttemptTimeout(value) { validateInt32(value, "val", 1); attemptTimeout = Math.max(10, value); },
};
