const { Duplex } = require("stream");
const { Buffer } = require("buffer");
const { codes, validateAbortSignal, validateBoolean, validateFunction, validateInt32, validateNumber, validateObject, validatePort, validateString } = require("internal/errors");
const { isIP, isIPv4, isIPv6, BlockList, SocketAddress } = require("internal/ip");
const { BoundSocket, Server, adopt, concrete } = require("internal/net_server");
const ports = require("internal/ports");
const { host } = native;
const { nextTick } = require("process");

let attemptTimeout = 10;

// Socket is a stream over connect() of cloudflare:sockets.
function Socket(options) {
  if (!(this instanceof Socket)) return new Socket(options);
  for (const mode of ["objectMode", "readableObjectMode", "writableObjectMode"]) {
    if (options?.[mode]) throw codes.ERR_INVALID_ARG_VALUE(`options.${mode}`, options[mode], "is not supported");
  }
  if (options?.keepAliveInitialDelay !== undefined) validateNumber(options.keepAliveInitialDelay, "options.keepAliveInitialDelay");
  options = typeof options === "number" ? { fd: options } : { ...options };
  if (options.fd !== undefined) throw codes.ERR_OPTION_NOT_IMPLEMENTED("options.fd");
  Object.assign(this, { connecting: false, _hadError: false, _parent: null, _host: null, server: null, autoSelectFamilyAttemptedAddresses: [] });
  Object.defineProperty(this, "own", { value: { socket: null, reader: null, writer: null, read: 0, written: 0, timer: null, remote: null, local: null, reserved: false }, enumerable: false });
  Duplex.call(this, { ...options, readable: true, writable: true, allowHalfOpen: Boolean(options.allowHalfOpen), emitClose: false, autoDestroy: true, decodeStrings: false, objectMode: false });
  if (BoundSocket.isBoundSocket(options.handle)) {
    this.own.local = adopt(options.handle);
    this.own.reserved = true;
    ports.transfer(this.own.local.port, this);
  } else if (options.handle) validateObject(options.handle, "options.handle");
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
function open(socket, { host: name = "localhost", port, localAddress, localPort }) {
  const { own } = socket, family = isIP(name), authority = family === 6 ? `[${name}]` : `${name}`;
  const { connect } = host.import("cloudflare:sockets");
  if (own.local === null) {
    const address = localAddress ?? (family === 6 ? "::" : "0.0.0.0");
    own.reserved = Boolean(localPort);
    own.local = { address, family: isIPv6(address) ? "IPv6" : "IPv4", port: own.reserved ? ports.bind(address, localPort, socket) : ports.ephemeral() };
  }
  own.local = concrete(own.local);
  own.remote = { address: name, port, family: { 4: "IPv4", 6: "IPv6" }[family] };
  socket._host = authority;
  socket.autoSelectFamilyAttemptedAddresses = [`${authority}:${port}`];
  socket.emit("connectionAttempt", authority, port, family);
  const s = own.socket = connect({ hostname: authority, port }, { allowHalfOpen: true, secureTransport: socket.secureTransport ?? "starttls" });
  attach(socket, s);
  s.opened.then(() => {
    if (socket.destroyed) return;
    socket.connecting = false;
    socket.emit("connect");
    socket.emit("ready");
    if (socket.readableFlowing !== false) socket.read(0);
  }, (err) => {
    if (!socket.destroyed) socket.emit("connectionAttemptFailed", authority, port, family, err);
    failed(socket, err);
  });
  s.closed.catch((err) => { if (!own.detached) failed(socket, err); });
}

// accepted is the socket of a connection that a server got.
function accepted(handle, options, local, remote) {
  const socket = new Socket(options);
  Object.assign(socket.own, { local, remote });
  attach(socket, handle);
  handle.closed.catch((err) => failed(socket, err));
  return socket;
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
    if (callback !== null) this.once("connect", callback);
    if (options.port === undefined && options.path == null) throw codes.ERR_MISSING_ARGS(["options", "port", "path"]);
    if (options.path != null) throw codes.ERR_INVALID_ARG_VALUE("path", options.path, "is not supported");
    const { family, hints, localAddress, localPort, lookup } = options;
    if (localAddress && !isIP(localAddress)) throw codes.ERR_INVALID_IP_ADDRESS(localAddress);
    if (localPort) validateNumber(localPort, "options.localPort");
    if (typeof options.port !== "number" && typeof options.port !== "string") throw codes.ERR_INVALID_ARG_TYPE("options.port", ["number", "string"], options.port);
    const port = validatePort(options.port);
    if (options.autoSelectFamily != null) validateBoolean(options.autoSelectFamily, "options.autoSelectFamily");
    if (options.autoSelectFamilyAttemptTimeout != null) validateInt32(options.autoSelectFamilyAttemptTimeout, "options.autoSelectFamilyAttemptTimeout", 1);
    if (lookup != null) validateFunction(lookup, "options.lookup");
    this._unrefTimer();
    this.connecting = true;
    const begin = (name) => {
      try {
        open(this, { host: name, port, localAddress, localPort });
      } catch (err) {
        this.destroy(err);
      }
    };
    if (lookup == null || isIP(options.host ?? "localhost")) begin(options.host);
    else {
      lookup(options.host ?? "localhost", { family: family || 0, hints }, (err, address, found) => {
        this.emit("lookup", err, address, found, options.host);
        if (err) this.destroy(err);
        else if (!isIP(address)) throw codes.ERR_INVALID_IP_ADDRESS(address);
        else begin(address);
      });
    }
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
    const { socket, local, reserved } = this.own;
    if (reserved) ports.release(local.port, this);
    Object.assign(this.own, { socket: null, local: null, reserved: false });
    if (socket) Promise.resolve(socket.close()).catch(() => {});
    callback(err);
    nextTick(() => this.emit("close", Boolean(err))); // after the error
  },
  _reset() { return this.destroy(); },
  resetAndDestroy() { return this.own.socket ? this._reset() : this.destroy(codes.ERR_SOCKET_CLOSED()); },
  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  },
  end(data, encoding, callback) { Duplex.prototype.end.call(this, data, encoding, callback); return this; },
  pause() { return Duplex.prototype.pause.call(this); }, resume() { return Duplex.prototype.resume.call(this); }, read(n) { return Duplex.prototype.read.call(this, n); },
  setTimeout(ms, callback) {
    if (this.destroyed) return this;
    this.timeout = ms;
    validateNumber(ms, "msecs");
    if (ms < 0 || !Number.isFinite(ms)) throw codes.ERR_OUT_OF_RANGE("msecs", "a non-negative finite number", ms);
    clearTimeout(this.own.timer);
    this.own.timer = null;
    if (ms > 0) this.own.timer = setTimeout(() => this._onTimeout(), Math.min(ms, 2 ** 31 - 1));
    if (callback === undefined) return this;
    validateFunction(callback, "callback");
    return ms === 0 ? this.removeListener("timeout", callback) : this.once("timeout", callback);
  },
  _unrefTimer() {
    if (this.own.timer === null) return;
    clearTimeout(this.own.timer);
    this.own.timer = setTimeout(() => this._onTimeout(), this.timeout);
  },
  _onTimeout() { this.emit("timeout"); },
  setNoDelay() { return this; }, setKeepAlive() { return this; }, ref() {}, unref() {},
  address() { return this._getsockname(); }, _getpeername() { return this.own.socket ? { ...this.own.remote } : {}; }, _getsockname() { return this.own.local ?? {}; },
});
const get = (f) => ({ configurable: true, enumerable: true, get: f });
Object.defineProperties(Socket.prototype, {
  _connecting: get(function () { return this.connecting; }), pending: get(function () { return !this.own.socket || this.connecting; }),
  readyState: get(function () {
    if (this.connecting) return "opening";
    return this.readable && this.writable ? "open" : this.readable ? "readOnly" : this.writable ? "writeOnly" : "closed";
  }),
  bufferSize: get(function () { return this.own.socket ? this.writableLength : undefined; }), bytesRead: get(function () { return this.own.read; }), bytesWritten: get(function () { return this.own.written; }),
  _bytesDispatched: get(function () { return this.own.written; }),
  remoteAddress: get(function () { return this._getpeername().address; }), remotePort: get(function () { return this._getpeername().port; }), remoteFamily: get(function () { return this._getpeername().family; }),
  localAddress: get(function () { return this.own.local?.address; }), localPort: get(function () { return this.own.local?.port; }), localFamily: get(function () { return this.own.local?.family; }),
});
Object.defineProperty(Socket, "length", { value: 1 });

function connect(...args) {
  const normal = _normalizeArgs(args), socket = new Socket(normal[0]);
  if (normal[0].timeout) socket.setTimeout(normal[0].timeout);
  return socket.connect(normal);
}

function createServer(options, connectionListener) { return new Server(options, connectionListener); }

module.exports = {
  BlockList, BoundSocket, Server, Socket, SocketAddress, Stream: Socket, _normalizeArgs, connect, createConnection: connect, createServer,
  getDefaultAutoSelectFamily() { return false; }, getDefaultAutoSelectFamilyAttemptTimeout() { return attemptTimeout; },
  isIP, isIPv4, isIPv6,
  setDefaultAutoSelectFamily(value) { if (value) throw codes.ERR_INVALID_ARG_VALUE("val", value); },
  setDefaultAutoSelectFamilyAttemptTimeout(value) { validateInt32(value, "val", 1); attemptTimeout = Math.max(10, value); },
};
Object.defineProperty(module.exports, "accepted", { value: accepted });
