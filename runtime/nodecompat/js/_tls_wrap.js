const net = require("net");
const { Duplex } = require("stream");
const { SecureContext } = require("_tls_common");
const { codes, validateBuffer, validateFunction, validateInt32, validateNumber, validateObject, validateString, validateUint32 } = require("internal/errors");
const { host } = native;

// check refuses the options that the platform's TLS has nothing for.
function check(options) {
  const refuse = (name) => { throw codes.ERR_OPTION_NOT_IMPLEMENTED(`options.${name}`); };
  for (const name of ["enableTrace", "isServer", "server", "requestCert", "requestOCSP"]) if (options[name]) refuse(name);
  if (options.rejectUnauthorized === false) refuse("rejectUnauthorized");
  for (const name of ["ALPNProtocols", "SNICallback", "pskCallback"]) if (options[name] !== undefined) refuse(name);
  if (options.secureContext !== undefined && !(options.secureContext instanceof SecureContext)) throw codes.ERR_TLS_INVALID_CONTEXT("context");
  if (options.checkServerIdentity !== undefined) {
    validateFunction(options.checkServerIdentity, "options.checkServerIdentity");
    if (host.flag("throw_on_not_implemented_tls_options")) refuse("checkServerIdentity");
  }
}

// TLSSocket is a socket that starts with TLS, or that takes over a plain one.
function TLSSocket(socket, opts) {
  if (!(this instanceof TLSSocket)) throw new TypeError("this._wrapHandle is not a function");
  const options = { ...opts };
  check(options);
  if (socket && !(socket instanceof Duplex)) throw codes.ERR_INVALID_ARG_TYPE("duplex", "stream.Duplex", socket);
  const { highWaterMark, signal, lookup } = options;
  net.Socket.call(this, { allowHalfOpen: socket ? socket.allowHalfOpen : options.allowHalfOpen, highWaterMark, signal, lookup });
  Object.assign(this, { _tlsOptions: options, authorized: false, encrypted: true, secureConnecting: true, ssl: null, servername: options.servername ?? null });
  Object.defineProperty(this, "secureTransport", { value: "on" });
  this.on("connect", () => {
    this.authorized = true;
    this.secureConnecting = false;
    this.emit("secureConnect");
    this.emit("secure");
  });
  if (socket) upgrade(this, socket);
}
Object.defineProperty(TLSSocket, "length", { value: 2 });
Object.setPrototypeOf(TLSSocket.prototype, net.Socket.prototype);
Object.setPrototypeOf(TLSSocket, net.Socket);

// upgrade speaks TLS on a plain socket once that is connected, as STARTTLS does.
function upgrade(tls, socket) {
  if (!(socket instanceof net.Socket)) {
    queueMicrotask(() => tls.destroy(new Error("TLS over a stream that is not a net.Socket is not implemented in miniworker: give tls.connect the net.Socket itself")));
    return;
  }
  socket.once("close", () => { if (!socket.own.detached) tls.destroy(); });
  const start = () => {
    const plain = socket.own.socket;
    socket.own.detached = true;
    socket.own.reader.releaseLock();
    socket.own.writer.releaseLock();
    socket.own.socket = null;
    tls.connecting = true;
    const s = plain.startTls(tls.servername ? { expectedServerHostname: tls.servername } : undefined);
    Object.assign(tls.own, { socket: s, reader: s.readable.getReader(), writer: s.writable.getWriter(), remote: socket.own.remote, local: socket.own.local });
    s.opened.then(() => {
      tls.connecting = false;
      tls.emit("connect");
      tls.read(0);
    }, (err) => tls.destroy(err));
  };
  if (socket.own.socket && !socket.connecting) start();
  else {
    tls.connecting = socket.connecting;
    socket.once("connect", start);
  }
}

const missing = (text) => () => { throw new Error(`${text} is not implemented`); };
Object.assign(TLSSocket.prototype, {
  _init() {}, _start() {}, _handleTimeout() { this._emitTLSError(new Error("TLS handshake timeout")); }, _emitTLSError(err) { this.destroy(err); }, _tlsError(err) { this.emit("_tlsError", err); return err; },
  _releaseControl() { return true; }, _finishInit() {}, _destroySSL() {}, _wrapHandle() { return null; }, disableRenegotiation() {}, setSession(session) {},
  setServername(name) { validateString(name, "name"); this.servername = name; },
  setMaxSendFragment(size) { validateInt32(size, "size"); return false; },
  renegotiate(options, callback) {
    validateObject(options, "options");
    if (callback !== undefined) validateFunction(callback, "callback");
    return false;
  },
  exportKeyingMaterial(length, label, context) {
    validateUint32(length, "length", true);
    validateString(label, "label");
    if (context !== undefined) validateBuffer(context, "context");
    throw new Error("exportKeyingMaterial is not implemented");
  },
  getPeerCertificate(detailed) { throw new Error("getPeerCertificate is not implemented"); }, getPeerX509Certificate(detailed) { throw new Error("TLSSocket.getPeerX509Certificate is not implemented"); },
  getCertificate: missing("TLSSocket.getCertificate"), getX509Certificate: missing("TLSSocket.getX509Certificate"), setKeyCert(context) { throw new Error("TLSSocket.setKeyCert is not implemented"); },
});
for (const name of ["enableTrace", "getCipher", "getEphemeralKeyInfo", "getFinished", "getPeerFinished", "getProtocol", "getSession", "getSharedSigalgs", "getTLSTicket", "isSessionReused"]) {
  TLSSocket.prototype[name] = function () { return null; };
}

function connect(...args) {
  const [given, callback] = net._normalizeArgs(args);
  const extra = args.slice(1).find((a) => typeof a === "object" && a !== null);
  const options = { ...given, ...extra };
  if (options.minDHSize !== undefined) {
    validateNumber(options.minDHSize, "options.minDHSize", 1);
    throw codes.ERR_OPTION_NOT_IMPLEMENTED("options.minDHSize");
  }
  const { allowHalfOpen, ALPNProtocols, checkServerIdentity, enableTrace, highWaterMark, lookup, pskCallback, rejectUnauthorized, secureContext, signal } = options;
  const servername = options.servername ?? (options.host && !net.isIP(options.host) ? options.host : undefined);
  const socket = new TLSSocket(options.socket, { allowHalfOpen, ALPNProtocols, checkServerIdentity, enableTrace, highWaterMark, lookup, pskCallback, rejectUnauthorized, secureContext, servername, signal });
  if (callback) socket.once("secureConnect", callback);
  if (!options.socket) socket.connect([options, null]);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket;
}

module.exports = { TLSSocket, connect };
