// Servers of net: they take the connections that cloudflare:node hands them.
const EventEmitter = require("events");
const ports = require("internal/ports");
const { isIP } = require("internal/ip");
const { codes, validateBoolean, validateFunction, validateNumber, validateObject, validatePort, validateString } = require("internal/errors");

// What the two ends of a connection are called that nobody has named.
const host = "240.1.0.1", gateway = "240.1.255.254";
const familyOf = (address) => ({ 4: "IPv4", 6: "IPv6" })[isIP(address)];
const wildcards = { IPv4: "0.0.0.0", IPv6: "::" };
const within = (address, family) => (family === "IPv6" ? `::ffff:${address}` : address);

// concrete is the address a socket bound to all of them reports.
const concrete = (local) => (Object.values(wildcards).includes(local.address) ? { ...local, address: within(host, local.family) } : local);

// parts are those of "host:port" and "[host]:port".
function parts(authority) {
  const [, name, port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(authority ?? "") ?? [];
  if (port === undefined) return undefined;
  const address = name === "*" ? wildcards.IPv4 : name, family = familyOf(address);
  return { address, port: Number(port), ...(family && { family }) };
}

let adopt; // gives the port of a BoundSocket away
// BoundSocket keeps a port until a server or a socket takes it over.
class BoundSocket {
  #address;
  static isBoundSocket(v) { return v !== null && typeof v === "object" && #address in v; }
  constructor(options = {}) {
    validateObject(options, "options");
    if (options.path !== undefined) throw codes.ERR_INVALID_ARG_VALUE("options.path", options.path, "is not supported");
    const port = validatePort(options.port ?? 0, "options.port"), only6 = options.ipv6Only ?? false;
    validateBoolean(only6, "options.ipv6Only");
    validateBoolean(options.reusePort ?? false, "options.reusePort");
    const address = options.host ?? (only6 ? wildcards.IPv6 : wildcards.IPv4);
    validateString(address, "options.host");
    const family = familyOf(address);
    if (!family) throw codes.ERR_INVALID_ARG_VALUE("options.host", address, "must be a numeric IP address; net.BoundSocket does not perform DNS resolution");
    this.#address = { address, family, port: ports.bind(address, port, this) };
  }
  #own() {
    if (this.#address === null) throw codes.ERR_SOCKET_HANDLE_ADOPTED();
    return this.#address;
  }
  address() { return this.#own(); }
  fd() {
    this.#own();
    return -1;
  }
  close() { ports.release(adopt(this).port, this); }
  [Symbol.dispose]() { if (this.#address !== null) this.close(); }
  static {
    adopt = (bound) => {
      const address = bound.#own();
      bound.#address = null;
      return address;
    };
  }
}

class Server extends EventEmitter {
  #bound = null;
  #open = 0;
  #closing = false;
  constructor(options, connectionListener) {
    super();
    if (typeof options === "function") [connectionListener, options] = [options, {}];
    options ??= {};
    validateObject(options, "options");
    if (connectionListener !== undefined) {
      validateFunction(connectionListener, "connectionListener");
      this.on("connection", connectionListener);
    }
    const { allowHalfOpen = false, pauseOnConnect, noDelay, keepAlive, keepAliveInitialDelay = 0, highWaterMark } = options;
    validateNumber(keepAliveInitialDelay, "options.keepAliveInitialDelay");
    Object.assign(this, {
      allowHalfOpen, pauseOnConnect: Boolean(pauseOnConnect), noDelay: Boolean(noDelay), keepAlive: Boolean(keepAlive),
      keepAliveInitialDelay: Math.trunc(Math.max(0, keepAliveInitialDelay) / 1000), highWaterMark, maxConnections: undefined,
    });
  }
  listen(...args) {
    const [options, callback] = require("net")._normalizeArgs(args);
    if (this.#bound !== null) throw codes.ERR_SERVER_ALREADY_LISTEN();
    if (callback !== null) this.once("listening", callback);
    try {
      this.#bound = this.#bind(options);
    } catch (err) {
      if (err.code !== "EADDRINUSE") throw err;
      queueMicrotask(() => this.emit("error", err));
      return this;
    }
    this.#closing = false;
    queueMicrotask(() => this.emit("listening"));
    return this;
  }
  #bind(options) {
    const owner = { connect: (socket) => this.#accept(socket), server: this };
    const bound = [options, options.handle].find((v) => BoundSocket.isBoundSocket(v));
    if (bound) {
      const address = adopt(bound);
      ports.transfer(address.port, owner);
      return { ...address, owner };
    }
    if (options.path != null) throw codes.ERR_INVALID_ARG_VALUE("options.path", options.path, "is not supported");
    if (options.handle != null || options.fd != null) throw codes.ERR_INVALID_ARG_VALUE("options", options, "only a net.BoundSocket handle is supported");
    const port = options.port == null ? 0 : validatePort(options.port, "options.port");
    validateBoolean(options.reusePort ?? false, "options.reusePort");
    let address = options.host ?? (options.ipv6Only ? wildcards.IPv6 : wildcards.IPv4);
    validateString(address, "options.host");
    if (address === "localhost") address = "127.0.0.1";
    return { address, port: ports.bind(address, port, owner), family: familyOf(address), owner };
  }
  address() {
    if (this.#bound === null) return null;
    const { address, port, family } = this.#bound;
    return { address, port, ...(family && { family }) };
  }
  get listening() { return this.#bound !== null; }
  close(callback) {
    const bound = this.#bound;
    if (typeof callback === "function") this.once("close", bound ? callback : () => callback(codes.ERR_SERVER_NOT_RUNNING()));
    if (bound) ports.release(bound.port, bound.owner);
    this.#bound = null;
    this.#closing = true;
    this.#finish();
    return this;
  }
  // finish tells of the end once the last connection is gone.
  #finish() {
    if (!this.#closing || this.#open > 0) return;
    this.#closing = false;
    queueMicrotask(() => this.emit("close"));
  }
  getConnections(callback) {
    validateFunction(callback, "cb");
    const n = this.#open;
    queueMicrotask(() => callback(null, n));
    return this;
  }
  ref() { return this; }
  unref() { return this; }
  async [Symbol.asyncDispose]() {
    if (this.#bound !== null) await new Promise((resolve) => this.close(resolve));
  }
  // accept makes a Socket of a connection and returns when that is closed.
  async #accept(handle) {
    const info = await handle.opened;
    if (this.#bound === null) return handle.close();
    const local = concrete(this.address());
    const remote = parts(info.remoteAddress) ?? { address: within(gateway, local.family), family: local.family ?? "IPv4", port: ports.ephemeral() };
    if (this.maxConnections !== undefined && this.#open >= this.maxConnections) {
      this.emit("drop", {
        localAddress: local.address, localPort: local.port, localFamily: local.family,
        remoteAddress: remote.address, remotePort: remote.port, remoteFamily: remote.family,
      });
      return handle.close();
    }
    const socket = require("net").accepted(handle, { allowHalfOpen: this.allowHalfOpen, highWaterMark: this.highWaterMark }, local, remote);
    socket.server = socket._server = this;
    this.#open++;
    const closed = new Promise((resolve) => socket.once("close", resolve));
    if (this.pauseOnConnect) socket.pause();
    this.emit("connection", socket);
    if (!socket.isPaused()) socket.read(0);
    await closed;
    this.#open--;
    this.#finish();
  }
}

module.exports = { BoundSocket, Server, adopt, concrete };
