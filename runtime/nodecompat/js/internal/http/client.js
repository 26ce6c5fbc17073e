const { codes, validateAbortSignal, validateBoolean, validateFunction, validateInteger, validateNumber, validateString } = require("internal/errors");
const { Buffer } = require("buffer");
const { OutgoingMessage, webHeaders, begin } = require("internal/http/outgoing");
const { IncomingMessage, fill } = require("internal/http/incoming");
const { _checkIsHttpToken } = require("internal/http/common");
const { Agent, globalAgent } = require("internal/http/agent");
const { urlToHttpOptions } = require("url");

const invalidPath = /[^\u0021-\u00ff]/;

function normalize(input, options, callback) {
  if (typeof input === "string") input = urlToHttpOptions(new URL(input));
  else if (input instanceof URL) input = urlToHttpOptions(input);
  else [callback, options, input] = [options, input, null];
  if (typeof options === "function") [callback, options] = [options, input ?? {}];
  else options = Object.assign(input ?? {}, options);
  return { options, callback };
}

// ClientRequest is a fetch, made when the request ends, or earlier if there is
// more of a body than is worth keeping.
function ClientRequest(input, options, cb) {
  if (!(this instanceof ClientRequest)) return new ClientRequest(input, options, cb);
  OutgoingMessage.call(this);
  ({ options, callback: cb } = normalize(input, options, cb));
  const usual = options._defaultAgent ?? globalAgent;
  let agent = options.agent ?? usual;
  if (options.agent === false) agent = new usual.constructor();
  else if (typeof agent === "object" && typeof agent.addRequest !== "function") throw codes.ERR_INVALID_ARG_TYPE("options.agent", ["Agent-like Object", "undefined", "false"], options.agent);
  this.agent = agent;
  const protocol = options.protocol || usual.protocol;
  const expected = agent.protocol || usual.protocol;
  if (options.path && invalidPath.test(String(options.path))) throw codes.ERR_UNESCAPED_CHARACTERS("Request path");
  if (protocol !== expected) throw codes.ERR_INVALID_PROTOCOL(protocol, expected);
  const defaultPort = options.defaultPort || agent.defaultPort || 80, port = options.port || defaultPort;
  const host = options.host = checkHost(options.hostname, "hostname") || checkHost(options.host, "host") || "localhost";
  if (options.timeout !== undefined) {
    validateNumber(options.timeout, "timeout");
    this.timeout = options.timeout;
  }
  let method = options.method;
  if (method !== undefined && method !== null && typeof method !== "string") throw codes.ERR_INVALID_ARG_TYPE("options.method", "string", method);
  if (method && !_checkIsHttpToken(method)) throw codes.ERR_INVALID_HTTP_TOKEN("Method", method);
  this.method = method ? method.toUpperCase() : "GET";
  checkOptions(options);
  this.path = options.path || "/";
  this.host = host;
  this.protocol = protocol;
  this.res = null;
  this.aborted = false;
  this.reusedSocket = false;
  this.maxHeadersCount = Infinity;
  this.connection = null;
  this.joinDuplicateHeaders = options.joinDuplicateHeaders;
  const named = /:.*:/.test(host) && !host.startsWith("[") ? `[${host}]` : host; // an IPv6 address
  const url = new URL(`${protocol}//${named}`);
  url.port = port;
  const at = this.path.startsWith("/") ? this.path : `/${this.path}`;
  const query = at.indexOf("?");
  url.pathname = query < 0 ? at : at.slice(0, query);
  url.search = query < 0 ? "" : at.slice(query);
  Object.assign(this.own, { url, controller: new AbortController(), sent: false, body: null, signal: options.signal });
  if (cb) {
    this.once("response", cb);
  }
  setHeaders(this, options, +port === defaultPort ? named : `${named}:${port}`);
  if (options.signal) {
    if (options.signal.aborted) queueMicrotask(() => this.destroy(abortError(options.signal)));
    else options.signal.addEventListener("abort", () => this.destroy(abortError(options.signal)), { once: true });
  }
  if (this.timeout !== undefined) this.setTimeout(this.timeout);
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

function checkHost(host, name) {
  if (host !== undefined && host !== null && typeof host !== "string") throw codes.ERR_INVALID_ARG_TYPE(`options.${name}`, ["string", "undefined", "null"], host);
  return host;
}
// checkOptions refuses what a fetch has nothing for.
function checkOptions({ signal, maxHeaderSize, insecureHTTPParser, createConnection, lookup, socketPath, joinDuplicateHeaders }) {
  if (signal) validateAbortSignal(signal, "signal");
  if (maxHeaderSize !== undefined) validateInteger(maxHeaderSize, "maxHeaderSize", 0);
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, "options.insecureHTTPParser");
  if (createConnection !== undefined) validateFunction(createConnection, "options.createConnection");
  if (lookup !== undefined) validateFunction(lookup, "options.lookup");
  if (socketPath !== undefined) validateString(socketPath, "options.socketPath");
  if (joinDuplicateHeaders !== undefined) validateBoolean(joinDuplicateHeaders, "options.joinDuplicateHeaders");
  for (const [name, value] of Object.entries({ maxHeaderSize, createConnection, lookup, socketPath })) {
    if (value !== undefined) throw codes.ERR_OPTION_NOT_IMPLEMENTED(`options.${name}`);
  }
}

const abortError = (signal) => new (require("internal/errors").AbortError)(undefined, { cause: signal.reason });

function setHeaders(req, options, host) {
  const { headers } = options;
  if (Array.isArray(headers)) { // which say everything
    if (headers.length % 2 !== 0) throw codes.ERR_INVALID_ARG_VALUE("headers", headers);
    for (let i = 0; i < headers.length; i += 2) req.appendHeader(headers[i], headers[i + 1]);
    return;
  }
  for (const name of Object.keys(headers ?? {})) req.setHeader(name, headers[name]);
  if (options.setHost !== false && !req.hasHeader("host")) req.setHeader("Host", host);
  if (options.auth && !req.hasHeader("authorization")) req.setHeader("Authorization", "Basic " + Buffer.from(options.auth).toString("base64"));
}

Object.assign(ClientRequest.prototype, {
  _implicitHeader() {
    if (this._header) throw codes.ERR_HTTP_HEADERS_SENT("render");
    this._storeHeader();
  },
  _write(chunk, encoding, callback) { this.write(chunk, encoding, callback); },
  abort() {
    if (this.aborted) return;
    this.aborted = true;
    queueMicrotask(() => this.emit("abort"));
    this.destroy(null);
  },
  destroy(err) {
    if (this.destroyed) return this;
    this.own.controller.abort(err);
    this.res?.destroy(err);
    clearTimeout(this.own.timer);
    if (err === undefined && !this.res) err = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    return OutgoingMessage.prototype.destroy.call(this, err ?? undefined);
  },
  end(chunk, encoding, callback) {
    OutgoingMessage.prototype.end.call(this, chunk, encoding, callback);
    send(this);
    return this;
  },
  write(chunk, encoding, callback) {
    const room = OutgoingMessage.prototype.write.call(this, chunk, encoding, callback);
    if (!room) send(this);
    return room;
  },
  setTimeout(ms, callback) {
    clearTimeout(this.own.timer);
    if (callback) this.once("timeout", callback);
    this.timeout = ms;
    if (ms > 0) this.own.timer = setTimeout(() => this.emit("timeout"), ms);
    return this;
  },
  clearTimeout(callback) {
    clearTimeout(this.own.timer);
    if (callback) this.removeListener("timeout", callback);
  },
  onSocket() {},
  setNoDelay(noDelay) { validateBoolean(noDelay, "noDelay"); },
  setSocketKeepAlive(enable, initialDelay) {
    validateBoolean(enable, "enable");
    validateNumber(initialDelay, "initialDelay");
  },
  addTrailers() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("addTrailers"); },
});

const nowhere = { write: async () => {}, close: async () => {}, abort() {} };

// send starts the fetch once: with the body as it comes where there is one.
function send(req) {
  const { own } = req;
  if (own.sent || req.destroyed) return;
  own.sent = true;
  own.open = true; // until the response is over
  if (own.ended && req.getHeaderNames().length === 0) { // not even a host: HTTP has a name for that
    begin(req, nowhere);
    queueMicrotask(() => receive(req, new Response(null, { status: 400, statusText: "Bad Request", headers: { connection: "close" } })));
    return;
  }
  const init = { method: req.method, headers: webHeaders(req), redirect: "manual", signal: own.controller.signal };
  if (req.method === "GET" || req.method === "HEAD") {
    begin(req, nowhere);
  } else if (own.ended) {
    if (own.waiting.length > 0) init.body = Buffer.concat(own.waiting.map((w) => w.bytes));
    begin(req, nowhere);
  } else {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    init.body = readable;
    begin(req, { write: (b) => writer.write(new Uint8Array(b)), close: () => writer.close(), abort: (err) => writer.abort(err).catch(() => {}) });
  }
  fetch(own.url, init).then((response) => receive(req, response), (err) => {
    clearTimeout(own.timer);
    if (!req.destroyed) OutgoingMessage.prototype.destroy.call(req, err);
  });
}

function receive(req, response) {
  clearTimeout(req.own.timer);
  const res = req.res = fill(new IncomingMessage(), response);
  Object.assign(res, { statusCode: response.status, statusMessage: response.statusText, url: response.url, req });
  if (req.method === "HEAD") res.own.reader = null;
  if (!req.emit("response", res)) res._dump();
  res.once("end", () => shut(req)).once("close", () => shut(req)); // after the listeners of who asked
}

// shut tells once that the request is over.
function shut(req) {
  if (!req.own.open || req.destroyed) return;
  req.own.open = false;
  req._closed = true;
  req.emit("close");
}

function request(input, options, cb) { return new ClientRequest(input, options, cb); }
function get(input, options, cb) {
  const req = request(input, options, cb);
  req.end();
  return req;
}

module.exports = { ClientRequest, request, get, normalize, send };
