const { Readable } = require("stream");
const { Buffer } = require("buffer");

// Headers of which a second one is dropped.
const single = new Set(["age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host", "if-modified-since", "if-unmodified-since",
  "last-modified", "location", "max-forwards", "proxy-authorization", "referer", "retry-after", "server", "user-agent"]);

// IncomingMessage is a request to a server, or the response to a client's. It
// reads a body of the Web.
function IncomingMessage(...args) {
  if (!(this instanceof IncomingMessage)) return new IncomingMessage(...args);
  Readable.call(this, { autoDestroy: true, highWaterMark: args[0]?.readableHighWaterMark });
  Object.assign(this, {
    _readableState: this._readableState, httpVersionMajor: 1, httpVersionMinor: 1, httpVersion: "1.1", complete: false, rawHeaders: [], rawTrailers: undefined,
    joinDuplicateHeaders: false, aborted: false, upgrade: undefined, url: "", method: null, statusCode: null, statusMessage: null, client: null, _consuming: false, _dumped: false,
  });
  Object.defineProperty(this, "own", { value: { headers: undefined, distinct: undefined, trailers: {}, trailersDistinct: {}, reader: null, socket: null }, enumerable: false });
}
Object.setPrototypeOf(IncomingMessage.prototype, Readable.prototype);
Object.setPrototypeOf(IncomingMessage, Readable);

const accessor = (get, set) => ({ configurable: true, enumerable: true, get, set });
Object.defineProperties(IncomingMessage.prototype, {
  headers: accessor(function () {
    if (this.own.headers === undefined) {
      this.own.headers = {};
      for (let i = 0; i < this.rawHeaders.length; i += 2) this._addHeaderLine(this.rawHeaders[i], this.rawHeaders[i + 1], this.own.headers);
    }
    return this.own.headers;
  }, function (v) { this.own.headers = v; }),
  headersDistinct: accessor(function () {
    if (this.own.distinct === undefined) {
      this.own.distinct = {};
      // As the platform has them: joined, cookies too.
      for (const [name, value] of Object.entries(this.headers)) this._addHeaderLineDistinct(name, [value].flat().join(", "), this.own.distinct);
    }
    return this.own.distinct;
  }, function (v) { this.own.distinct = v; }),
  trailers: accessor(function () { return this.own.trailers; }, function (v) { this.own.trailers = v; }),
  trailersDistinct: accessor(function () { return this.own.trailersDistinct; }, function (v) { this.own.trailersDistinct = v; }),
  socket: accessor(function () { return this.own.socket; }, function (v) { this.own.socket = v; }),
  connection: accessor(function () { return this.own.socket; }, function (v) { this.own.socket = v; }),
});

Object.assign(IncomingMessage.prototype, {
  setTimeout(ms, callback) {
    if (callback) this.on("timeout", callback);
    return this;
  },
  _read() {
    const reader = this.own.reader;
    if (!reader) {
      this.complete = true;
      this.push(null);
      return;
    }
    reader.read().then(({ value, done }) => {
      if (done) {
        this.complete = true;
        this.push(null);
      } else {
        this.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      }
    }, (err) => this.destroy(err));
  },
  _destroy(err, callback) {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit("aborted");
      this.own.reader?.cancel(err ?? undefined).catch(() => {});
    }
    queueMicrotask(() => callback(err));
  },
  _addHeaderLine(field, value, dest) {
    const name = field.toLowerCase();
    if (name === "content-type") value = value.split(", ", 1)[0]; // what a second one was joined to
    if (dest[name] === undefined) dest[name] = value;
    else if (!single.has(name)) dest[name] += (name === "cookie" ? "; " : ", ") + value;
  },
  _addHeaderLineDistinct(field, value, dest) { (dest[field.toLowerCase()] ??= []).push(value); },
  _addHeaderLines(list) { for (let i = 0; i < list.length; i += 2) this.rawHeaders.push(list[i], list[i + 1]); },
  _dump() {
    this._dumped = true;
    this.resume();
  },
});
Object.defineProperty(IncomingMessage, "length", { value: 0 });

// fill makes a message of a Request or Response.
function fill(message, from) {
  for (const [name, value] of from.headers) message.rawHeaders.push(name, value);
  message.own.reader = from.body?.getReader() ?? null;
  return message;
}

module.exports = { IncomingMessage, fill };
