const EventEmitter = require("events");
const ports = require("internal/ports");
const { codes, notImplemented, validateBoolean, validateInteger, validateNumber, validateObject, validatePort } = require("internal/errors");
const { OutgoingMessage, webHeaders, begin } = require("internal/http/outgoing");
const { IncomingMessage, fill } = require("internal/http/incoming");
const { _checkInvalidHeaderChar, validateHeaderValue } = require("internal/http/common");
const { STATUS_CODES } = require("data/http");

const kServerResponse = Symbol("ServerResponse"), kConnectionsCheckingInterval = Symbol("http.server.connectionsCheckingInterval");

function ServerResponse(req, options) {
  if (!(this instanceof ServerResponse)) return new ServerResponse(req, options);
  OutgoingMessage.call(this, options);
  this.req = req;
  this.socket = undefined;
  this.statusCode = 200;
  this.statusMessage = "unknown"; // as in workerd, which HTTP/2 has no place for anyway
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
  const bodied = res._hasBody && ![204, 304].includes(status);
  if (bodied && !headers.has("content-length") && !headers.has("transfer-encoding")) headers.set("transfer-encoding", "chunked");
  if (!headers.has("connection")) headers.set("connection", "keep-alive");
  const init = { status, statusText: res.statusMessage, headers };
  if (!bodied) {
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
  _implicitHeader() {
    this.own.implicit = true;
    this.writeHead(this.statusCode);
  },
  writeHead(statusCode, reason, headers) {
    if (this._header) throw codes.ERR_HTTP_HEADERS_SENT("write");
    statusCode |= 0;
    if (statusCode < 200 || statusCode > 999) throw codes.ERR_HTTP_INVALID_STATUS_CODE(arguments[0]);
    if (typeof reason === "string") this.statusMessage = reason;
    else {
      this.statusMessage ||= STATUS_CODES[statusCode] || "unknown";
      headers ??= reason;
    }
    this.statusCode = statusCode;
    if (Array.isArray(headers)) {
      if (headers.length % 2 !== 0 && !Array.isArray(headers[0])) throw codes.ERR_INVALID_ARG_VALUE("headers", headers);
      const pairs = Array.isArray(headers[0]) ? headers : headers.reduce((out, v, i) => (i % 2 ? out.at(-1).push(v) : out.push([v]), out), []);
      for (const [name] of pairs) this.removeHeader(name);
      for (const [name, value] of pairs) if (name) this.appendHeader(name, value);
    } else if (headers && this.getHeaderNames().length > 0) {
      for (const name of Object.keys(headers)) if (headers[name]) this.setHeader(name, headers[name]);
    } else if (headers) {
      for (const name of Object.keys(headers)) {
        const value = headers[name];
        if (Array.isArray(value)) for (const v of value) validateHeaderValue(name, v);
        this.setHeader(name, value === undefined ? "undefined" : value);
      }
    }
    if (_checkInvalidHeaderChar(this.statusMessage)) throw codes.ERR_INVALID_CHAR("statusMessage");
    this._storeHeader();
    // The length of a body given to end() is known only after this returns.
    queueMicrotask(() => {
      if (this.own.sink) return;
      try {
        respond(this);
      } catch (err) { // a status that no Response has
        this.own.response.reject(this.own.implicit ? Object.assign(new TypeError("Premature close"), { code: "ERR_STREAM_PREMATURE_CLOSE" }) : err);
      }
    });
    return this;
  },
  assignSocket: notImplemented("assignSocket", 1), detachSocket: notImplemented("detachSocket", 1), writeContinue: notImplemented("writeContinue", 1),
  writeProcessing: notImplemented("writeProcessing", 1), writeEarlyHints: notImplemented("writeEarlyHints", 2),
  destroy(err) {
    if (!this._header) this.own.response.reject(err ?? new Error("The response was destroyed before it was sent"));
    return OutgoingMessage.prototype.destroy.call(this, err);
  },
});

function storeHTTPOptions(options) { throw codes.ERR_METHOD_NOT_IMPLEMENTED("storeHTTPOptions"); }

// checkOptions checks those of a server, most of which do nothing.
function checkOptions({ insecureHTTPParser, maxHeaderSize, requestTimeout = 300000, headersTimeout = Math.min(60000, requestTimeout), requireHostHeader, joinDuplicateHeaders, keepAliveTimeout = 5000, keepAliveTimeoutBuffer = 1000, connectionsCheckingInterval = 30000 }) {
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, "maxHeaderSize", 0);
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, "options.insecureHTTPParser");
  const times = { requestTimeout, headersTimeout, keepAliveTimeout, keepAliveTimeoutBuffer, connectionsCheckingInterval };
  for (const [name, value] of Object.entries(times)) validateNumber(value, name, 0);
  if (requestTimeout > 0 && headersTimeout > requestTimeout) throw codes.ERR_OUT_OF_RANGE("headersTimeout", "<= requestTimeout", headersTimeout);
  if (requireHostHeader !== undefined) validateBoolean(requireHostHeader, "options.requireHostHeader");
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, "options.joinDuplicateHeaders");
  return times;
}
const state = Symbol("state");

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  if (typeof options === "function") [requestListener, options] = [options, {}];
  else if (options === undefined || options === null) options = {};
  else validateObject(options, "options");
  EventEmitter.call(this);
  Object.defineProperty(this, state, { value: { port: null, fetch: async (...args) => handle(this, ...args), Incoming: options.IncomingMessage ?? IncomingMessage, Outgoing: options.ServerResponse ?? ServerResponse } });
  Object.assign(this, { httpAllowHalfOpen: false, timeout: 0, maxHeadersCount: null, maxRequestsPerSocket: 0, joinDuplicateHeaders: false, ...checkOptions(options) });
  if (requestListener) this.on("request", requestListener);
}
Object.setPrototypeOf(Server.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Server, EventEmitter);

Object.assign(Server.prototype, {
  listen(...args) {
    const callback = typeof args.at(-1) === "function" ? args.pop() : undefined;
    const port = typeof args[0] === "object" && args[0] !== null ? args[0].port : args[0], s = this[state];
    if (s.port !== null) throw codes.ERR_SERVER_ALREADY_LISTEN();
    const numbered = typeof port === "number" || (typeof port === "string" && port.trim() !== "" && +port >= 0);
    s.port = ports.bind("127.0.0.1", numbered ? validatePort(port, "options.port") : 0, this[state]);
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
  req.socket = Object.assign(new EventEmitter(), { encrypted: url.protocol === "https:", remoteAddress: request.headers.get("cf-connecting-ip") ?? "127.0.0.1", remotePort: 0, remoteFamily: "IPv4", destroy() {}, setTimeout() {} });
  const res = new Outgoing(req);
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
