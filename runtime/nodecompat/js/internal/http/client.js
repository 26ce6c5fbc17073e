const { codes, validateNumber } = require("internal/errors");
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
  let agent = options.agent ?? options._defaultAgent ?? globalAgent;
  if (options.agent === false) agent = new Agent();
  else if (typeof agent.addRequest !== "function") throw codes.ERR_INVALID_ARG_TYPE("options.agent", ["Agent-like Object", "undefined", "false"], options.agent);
  this.agent = agent;
  const protocol = options.protocol || agent.protocol || "http:";
  const expected = agent.protocol ?? "http:";
  if (options.path && invalidPath.test(String(options.path))) throw codes.ERR_UNESCAPED_CHARACTERS("Request path");
  if (protocol !== expected) throw codes.ERR_INVALID_PROTOCOL(protocol, expected);
  const port = options.port || options.defaultPort || agent.defaultPort;
  const host = options.host = options.hostname || options.host || "localhost";
  if (options.timeout !== undefined) {
    validateNumber(options.timeout, "timeout");
    this.timeout = options.timeout;
  }
  let method = options.method;
  if (method !== undefined && method !== null && typeof method !== "string") throw codes.ERR_INVALID_ARG_TYPE("options.method", "string", method);
  if (method && !_checkIsHttpToken(method)) throw codes.ERR_INVALID_HTTP_TOKEN("Method", method);
  this.method = method = method ? method.toUpperCase() : "GET";
  this.path = options.path || "/";
  this.host = host;
  this.protocol = protocol;
  this.res = null;
  this.aborted = false;
  this.reusedSocket = false;
  this.maxHeadersCount = null;
  this.joinDuplicateHeaders = options.joinDuplicateHeaders;
  const url = new URL(`${protocol}//${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`);
  const at = this.path.startsWith("/") ? this.path : `/${this.path}`;
  const query = at.indexOf("?");
  url.pathname = query < 0 ? at : at.slice(0, query);
  url.search = query < 0 ? "" : at.slice(query);
  Object.assign(this.own, { url, controller: new AbortController(), sent: false, body: null, signal: options.signal });
  this.useChunkedEncodingByDefault = !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"].includes(method);
  if (cb) {
    this.once("response", cb);
  }
  setHeaders(this, options);
  if (options.signal) {
    if (options.signal.aborted) queueMicrotask(() => this.destroy(abortError(options.signal)));
    else options.signal.addEventListener("abort", () => this.destroy(abortError(options.signal)), { once: true });
  }
  if (this.timeout !== undefined) this.setTimeout(this.timeout);
  queueMicrotask(() => this.emit("socket", this.socket));
}
Object.setPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
Object.setPrototypeOf(ClientRequest, OutgoingMessage);

const abortError = (signal) => new (require("internal/errors").AbortError)(undefined, { cause: signal.reason });

function setHeaders(req, options) {
  const { headers } = options;
  if (Array.isArray(headers)) {
    const pairs = Array.isArray(headers[0]) ? headers : headers.reduce((out, v, i) => (i % 2 ? out.at(-1).push(v) : out.push([v]), out), []);
    for (const [name, value] of pairs) req.appendHeader(name, value);
  } else if (headers) {
    for (const name of Object.keys(headers)) req.setHeader(name, headers[name]);
  }
  const standard = { "http:": "80", "https:": "443" }[req.protocol];
  if (options.setHost !== false && !req.hasHeader("host")) {
    const port = req.own.url.port;
    req.setHeader("Host", port && port !== standard ? `${req.host}:${port}` : req.host);
  }
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
    this.destroy();
  },
  destroy(err) {
    if (this.destroyed) return this;
    this.own.controller.abort(err);
    this.res?.destroy(err);
    clearTimeout(this.own.timer);
    if (!err && !this.res) err = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    return OutgoingMessage.prototype.destroy.call(this, err);
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
  onSocket() {}, setNoDelay() {}, setSocketKeepAlive() {}, addTrailers() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("addTrailers"); },
});

// send starts the fetch once: with the body as it comes where there is one.
function send(req) {
  const { own } = req;
  if (own.sent || req.destroyed) return;
  own.sent = true;
  const init = { method: req.method, headers: webHeaders(req), redirect: "manual", signal: own.controller.signal };
  init.headers.delete("host");
  if (own.waiting.length === 0 && own.ended) {
    init.body = undefined;
    begin(req, { write: async () => {}, close: async () => {}, abort() {} });
  } else if (own.ended) {
    init.body = Buffer.concat(own.waiting.map((w) => w.bytes));
    begin(req, { write: async () => {}, close: async () => {}, abort() {} });
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
  Object.assign(res, { statusCode: response.status, statusMessage: response.statusText, url: "", req });
  if (req.method === "HEAD") res.own.reader = null;
  if (!req.emit("response", res)) res._dump();
}

function request(input, options, cb) { return new ClientRequest(input, options, cb); }
function get(input, options, cb) {
  const req = request(input, options, cb);
  req.end();
  return req;
}

module.exports = { ClientRequest, request, get, normalize, send };
