const net = require("net");
const { codes, notImplemented, validateString } = require("internal/errors");

// TLSSocket is a socket that starts with TLS, or that takes over a plain one.
function TLSSocket(socket, options) {
  if (!(this instanceof TLSSocket)) throw new TypeError("Cannot set properties of undefined (setting '_tlsOptions')");
  options = { ...options };
  if (options.isServer) throw codes.ERR_OPTION_NOT_IMPLEMENTED("options.isServer");
  net.Socket.call(this, { ...options, signal: undefined });
  this._tlsOptions = options;
  this.authorized = false;
  this.authorizationError = null;
  this.encrypted = true;
  this.ssl = null;
  this.alpnProtocol = false;
  this.servername = options.servername ?? null;
  Object.defineProperty(this, "secureTransport", { value: "on" });
  this.on("connect", () => {
    this.authorized = true;
    this.emit("secureConnect");
    this.emit("secure");
  });
  if (socket) upgrade(this, socket);
}
Object.setPrototypeOf(TLSSocket.prototype, net.Socket.prototype);
Object.setPrototypeOf(TLSSocket, net.Socket);

// upgrade speaks TLS on a connected plain socket, as STARTTLS does.
function upgrade(tls, socket) {
  tls.connecting = true;
  const start = () => {
    const plain = socket.own.socket;
    socket.own.detached = true;
    socket.own.reader.releaseLock();
    socket.own.writer.releaseLock();
    socket.own.socket = null;
    const s = plain.startTls(tls.servername ? { expectedServerHostname: tls.servername } : undefined);
    Object.assign(tls.own, { socket: s, reader: s.readable.getReader(), writer: s.writable.getWriter(), remote: socket.own.remote });
    s.opened.then(() => {
      tls.connecting = false;
      tls.emit("connect");
      tls.read(0);
    }, (err) => tls.destroy(err));
  };
  if (socket.connecting) socket.once("connect", start);
  else start();
}

const none = (value) => function () { return value; };
Object.assign(TLSSocket.prototype, {
  _init() {}, _start() {}, _handleTimeout() { this._emitTLSError(new Error("TLS handshake timeout")); }, _emitTLSError(err) { this.destroy(err); }, _tlsError(err) { this.emit("_tlsError", err); return err; },
  _releaseControl: none(true), _finishInit() {}, _destroySSL() {}, disableRenegotiation() {}, getProtocol: none("TLSv1.3"), isSessionReused: none(false), setServername(name) { validateString(name, "name"); this.servername = name; },
  setMaxSendFragment: none(false), setSession() {}, setKeyCert() {}, getPeerCertificate: none(undefined), getPeerX509Certificate: none(undefined), getX509Certificate: none(undefined),
});
for (const name of ["_wrapHandle", "enableTrace", "exportKeyingMaterial", "getCertificate", "getCipher", "getEphemeralKeyInfo", "getFinished", "getPeerFinished", "getSession", "getSharedSigalgs", "getTLSTicket", "renegotiate"]) {
  TLSSocket.prototype[name] = notImplemented(`TLSSocket.${name}`);
}

function connect(...args) {
  const [given, callback] = net._normalizeArgs(args);
  const extra = args.slice(1).find((a) => typeof a === "object" && a !== null);
  const options = { ...given, ...extra };
  if (!options.socket && options.port === undefined && !options.path) throw codes.ERR_MISSING_ARGS(["options", "port", "path"]);
  const servername = options.servername ?? (options.host && !net.isIP(options.host) ? options.host : undefined);
  const socket = new TLSSocket(options.socket, { ...options, servername });
  if (callback) socket.once("secureConnect", callback);
  if (!options.socket) socket.connect({ host: options.host, port: options.port });
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket;
}

module.exports = { TLSSocket, connect };
