// Streams of Node over streams of the Web, and back.
const { codes, AbortError } = require("internal/errors");
const { Buffer } = require("buffer");

// closed tells f when a Node stream ended, with an error if it did not end well.
function closed(stream, options, f) {
  return require("readable_stream").Stream.finished(stream, options, (err) => {
    if (err?.code === "ERR_STREAM_PREMATURE_CLOSE") err = new AbortError(undefined, { cause: err });
    f(err);
  });
}

function readableToWeb(readable, options = {}) {
  if (typeof readable?._readableState !== "object") throw codes.ERR_INVALID_ARG_TYPE("streamReadable", "stream.Readable", readable);
  if (readable.destroyed || readable.readable === false) {
    const ended = new ReadableStream();
    ended.cancel();
    return ended;
  }
  const objectMode = readable.readableObjectMode, highWaterMark = readable.readableHighWaterMark;
  const strategy = options.strategy ?? (objectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark: 0 });
  let controller, over = false;
  readable.pause();
  const stop = closed(readable, { writable: false }, (err) => {
    stop();
    readable.on("error", () => {});
    if (over) return;
    over = true;
    if (err) controller.error(err);
    else controller.close();
  });
  readable.on("data", (chunk) => {
    if (over) return;
    controller.enqueue(!objectMode && Buffer.isBuffer(chunk) ? new Uint8Array(chunk) : chunk);
    if (controller.desiredSize <= 0) readable.pause();
  });
  readable.pause();
  return new ReadableStream({
    start(c) { controller = c; },
    pull() { readable.resume(); },
    cancel(reason) { over = true; require("readable_stream").destroy.destroyer(readable, reason); },
  }, strategy);
}

function readableFromWeb(Stream, stream, options = {}) {
  if (!(stream instanceof ReadableStream)) throw codes.ERR_INVALID_ARG_TYPE("readableStream", "ReadableStream", stream);
  const reader = stream.getReader();
  let over = false;
  const readable = new Stream.Readable({
    objectMode: options.objectMode ?? false, highWaterMark: options.highWaterMark, encoding: options.encoding, signal: options.signal,
    read() {
      reader.read().then(({ value, done }) => {
        if (done) readable.push(null);
        else readable.push(value);
      }, (err) => readable.destroy(err));
    },
    destroy(err, done) {
      if (over) return done(err);
      over = true;
      reader.cancel(err).then(() => done(err), () => done(err));
    },
  });
  reader.closed.then(() => { over = true; }, (err) => { over = true; readable.destroy(err); });
  return readable;
}

function writableToWeb(writable) {
  if (typeof writable?._writableState !== "object") throw codes.ERR_INVALID_ARG_TYPE("streamWritable", "stream.Writable", writable);
  if (writable.destroyed || writable.writable === false) {
    const ended = new WritableStream();
    ended.close();
    return ended;
  }
  const highWaterMark = writable.writableHighWaterMark;
  const strategy = writable.writableObjectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark };
  let controller, room, ending, over = false;
  const stop = closed(writable, {}, (err) => {
    stop();
    writable.on("error", () => {});
    over = true;
    if (err) {
      room?.reject(err);
      ending?.reject(err);
      if (!ending) controller.error(err);
    } else {
      ending?.resolve();
    }
  });
  writable.on("drain", () => room?.resolve());
  const later = () => Promise.withResolvers();
  return new WritableStream({
    start(c) { controller = c; },
    async write(chunk) {
      if (writable.writableNeedDrain || !writable.write(chunk)) {
        room = later();
        await room.promise.finally(() => { room = undefined; });
      }
    },
    abort(reason) { require("readable_stream").destroy.destroyer(writable, reason); },
    close() {
      if (over) return Promise.resolve();
      ending = later();
      writable.end();
      return ending.promise;
    },
  }, strategy);
}

function writableFromWeb(Stream, stream, options = {}) {
  if (!(stream instanceof WritableStream)) throw codes.ERR_INVALID_ARG_TYPE("writableStream", "WritableStream", stream);
  const writer = stream.getWriter();
  let over = false;
  const writable = new Stream.Writable({
    highWaterMark: options.highWaterMark, objectMode: options.objectMode ?? false, decodeStrings: options.decodeStrings ?? true, signal: options.signal,
    write(chunk, encoding, done) {
      const bytes = typeof chunk === "string" && !options.objectMode ? Buffer.from(chunk, encoding) : chunk;
      writer.ready.then(() => writer.write(bytes)).then(() => done(), done);
    },
    destroy(err, done) {
      if (over) return done(err);
      over = true;
      (err ? writer.abort(err) : writer.close()).then(() => done(err), () => done(err));
    },
    final(done) {
      if (over) return done();
      over = true;
      writer.close().then(() => done(), done);
    },
  });
  writer.closed.then(() => { over = true; }, (err) => { over = true; writable.destroy(err); });
  return writable;
}

function duplexFromWeb(Stream, pair, options = {}) {
  const readable = readableFromWeb(Stream, pair?.readable, options), writable = writableFromWeb(Stream, pair?.writable, options);
  return Stream.Duplex.from({ readable, writable });
}

module.exports = { readableToWeb, readableFromWeb, writableToWeb, writableFromWeb, duplexFromWeb };
