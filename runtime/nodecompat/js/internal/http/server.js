const EventEmitter = require("events");
const ports = require("internal/ports");
const { codes, validateObject, validatePort } = require("internal/errors");
const { OutgoingMessage, webHeaders, begin } = require("internal/http/outgoing");
const { IncomingMessage, fill } = require("internal/http/incoming");
const { STATUS_CODES } = require("data/http");

const kServerResponse = Symbol("ServerResponse"), kConnectionsCheckingInterval = Symbol("http.server.connectionsCheckingInterval");

function ServerResponse(req, options) {
  if (!(this instanceof ServerResponse)) return new ServerResponse(req, options);
  OutgoingMessage.call(this, options);
  this.req = req;
  this.statusCode = 200;
  this.statusMessage = undefined;
  if (req?.method === "HEAD") this._hasBody = false;
  this.own.response = Promise.withResolvers();
}
Object.setPrototypeOf(ServerResponse.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ServerResponse, OutgoingMessage);
Object.defineProperty(ServerResponse, "length", { value: 1 });

// respond makes the Response once its head is known.
function respond(res) {
  const headers = webHeaders(res), status = res.statusCode;
  if (res._contentLength !== null && !headers.has("content-length") && !headers.has("transfer-encoding") && res._hasBody && status >= 200 && status !== 204 && status !== 304) headers.set("content-length", String(res._contentLength));
  const bodied = res._hasBody && ![101, 204, 205, 304].includes(status);
  if (bodied && !headers.has("content-length") && !headers.has("transfer-encoding")) headers.set("transfer-encoding", "chunked");
  if (!headers.has("connection")) headers.set("connection", "keep-alive");
  const init = { status, statusText: res.statusMessage, headers };
  if (!res._hasBody || [101, 204, 205, 304].includes(status)) {
    res._hasBody = false;
    res.own.response.resolve(new Response(null, init));
    begin(res, { write: async () => {}, close: async () => {}, abort() {} });
    return;
  }
  const length = headers.get("content-length");
  const { readable, writable } = length !== null && /^\d+$/.test(length) ? new FixedLengthStream(Number(length)) : new IdentityTransformStream();
  const writer = writable.getWriter();
  res.own.response.resolve(new Response(readable, init));
  begin(res, { write: (b) => writer.write(new Uint8Array(b)), close: () => writer.close(), abort: (err) => writer.abort(err).catch(() => {}) });
}

Object.assign(ServerResponse.prototype, {
  _implicitHeader() { this.writeHead(this.statusCode); },
  writeHead(statusCode, reason, headers) {
    if (this._header) throw codes.ERR_HTTP_HEADERS_SENT("write");
    statusCode |= 0;
    if (statusCode < 100 || statusCode > 999) throw codes.ERR_HTTP_INVALID_STATUS_CODE(arguments[0]);
    if (typeof reason === "string") this.statusMessage = reason;
    else {
      this.statusMessage ||= "unknown"; // as in workerd, which HTTP/2 has no place for anyway
      headers ??= reason;
    }
    this.statusCode = statusCode;
    if (Array.isArray(headers)) {
      if (headers.length % 2 !== 0 && !Array.isArray(headers[0])) throw codes.ERR_INVALID_ARG_VALUE("headers", headers);
      const pairs = Array.isArray(headers[0]) ? headers : headers.reduce((out, v, i) => (i % 2 ? out.at(-1).push(v) : out.push([v]), out), []);
      for (const [name] of pairs) this.removeHeader(name);
      for (const [name, value] of pairs) if (name) this.appendHeader(name, value);
    } else if (headers) {
      for (const name of Object.keys(headers)) if (name) this.setHeader(name, headers[name]);
    }
    this._storeHeader();
    // The length of a body given to end() is known only after this returns.
    queueMicrotask(() => { if (!this.own.sink) respond(this); });
    return this;
  },
  assignSocket(socket) { this.socket = socket; },
  detachSocket() { this.socket = null; },
  writeContinue(callback) { if (callback) queueMicrotask(callback); },
  writeProcessing() {},
  writeEarlyHints(hints, callback) {
    validateObject(hints, "hints");
    if (callback) queueMicrotask(callback);
  },
  destroy(err) {
    if (!this._header) this.own.response.reject(err ?? new Error("The response was destroyed before it was sent"));
    return OutgoingMessage.prototype.destroy.call(this, err);
  },
});

function storeHTTPOptions(options) { throw codes.ERR_METHOD_NOT_IMPLEMENTED("storeHTTPOptions"); }
const state = Symbol("state");

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  if (typeof options === "function") [requestListener, options] = [options, {}];
  else if (options === undefined || options === null) options = {};
  else validateObject(options, "options");
  EventEmitter.call(this);
  Object.defineProperty(this, state, { value: { port: null, fetch: async (...args) => handle(this, ...args), Incoming: options.IncomingMessage ?? IncomingMessage, Outgoing: options.ServerResponse ?? ServerResponse } });
  Object.assign(this, { httpAllowHalfOpen: false, timeout: 0, keepAliveTimeout: options.keepAliveTimeout ?? 5000, maxHeadersCount: null, maxRequestsPerSocket: 0, headersTimeout: options.headersTimeout ?? 60000, requestTimeout: options.requestTimeout ?? 300000, joinDuplicateHeaders: false });
  if (requestListener) this.on("request", requestListener);
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

Object.assign(Server.prototype, {
  listen(...args) {
    const callback = typeof args.at(-1) === "function" ? args.pop() : undefined;
    const port = typeof args[0] === "object" && args[0] !== null ? args[0].port : args[0], s = this[state];
    if (s.port !== null) throw codes.ERR_SERVER_ALREADY_LISTEN();
    s.port = ports.bind("127.0.0.1", port === undefined || port === null ? 0 : validatePort(port), this[state]);
    if (callback) this.once("listening", callback);
    queueMicrotask(() => this.emit("listening"));
    return this;
  },
  close(callback) {
    const s = this[state];
    if (callback) {
      const err = s.port === null ? codes.ERR_SERVER_NOT_RUNNING() : undefined;
      this.once("close", () => callback(err));
    }
    if (s.port !== null) ports.release(s.port, s);
    s.port = null;
    queueMicrotask(() => this.emit("close"));
    return this;
  },
  closeAllConnections() {}, closeIdleConnections() {},
  address() {
    const { port } = this[state];
    return port === null ? null : { port, family: "IPv4", address: "127.0.0.1" };
  },
  getConnections(callback) { queueMicrotask(() => callback(null, 0)); return this; },
  setTimeout(ms, callback) {
    this.timeout = ms;
    if (callback) this.on("timeout", callback);
    return this;
  },
  ref() { return this; },
  unref() { return this; },
});
Object.defineProperties(Server.prototype, {
  listening: { configurable: true, enumerable: true, get() { return this[state].port !== null; } },
  connections: { configurable: true, enumerable: true, get() { return 0; } },
  maxConnections: { configurable: true, enumerable: true, writable: true, value: 0 },
});

// handle gives a Request to a server and promises its Response.
function handle(server, request, env, ctx) {
  const { Incoming, Outgoing } = server[state];
  const url = new URL(request.url);
  const req = fill(new Incoming(), request);
  Object.assign(req, { method: request.method, url: url.pathname + url.search, cloudflare: { cf: request.cf, env, ctx } });
  if (!request.headers.has("host")) req.rawHeaders.push("host", url.host);
  req.socket = { encrypted: url.protocol === "https:", remoteAddress: request.headers.get("cf-connecting-ip") ?? "127.0.0.1", remotePort: 0, remoteFamily: "IPv4", destroy() {}, setTimeout() {}, on() { return this; } };
  const res = new Outgoing(req);
  res.socket = req.socket;
  try {
    server.emit("request", req, res);
  } catch (err) {
    res.own.response.reject(err);
  }
  return res.own.response.promise;
}

function createServer(options, requestListener) { return new Server(options, requestListener); }
function _connectionListener() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("_connectionListener"); }
function setupConnectionsTracking() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("setupConnectionsTracking"); }
function httpServerPreClose(server) {
  server.closeIdleConnections();
}

module.exports = {
  Server, ServerResponse, createServer, _connectionListener, setupConnectionsTracking, storeHTTPOptions, httpServerPreClose, kServerResponse,
  kConnectionsCheckingInterval, STATUS_CODES,
};
