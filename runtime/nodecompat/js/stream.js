const { Stream, fromList, utils } = require("readable_stream");
const web = require("internal/webstreams");

const { Readable, Writable, Duplex } = Stream;

// Minified code has lost its names, and Node 22 has larger buffers than 18.
for (const name of ["Readable", "Writable", "Duplex", "Transform", "PassThrough", "Stream"]) Object.defineProperty(Stream[name], "name", { value: name, configurable: true });
Stream.setDefaultHighWaterMark(false, 65536);

// What the vendored streams leave to Node.
Readable._fromList = fromList;
Readable.fromWeb = function fromWeb(stream, options) { return web.readableFromWeb(Stream, stream, options); };
Readable.toWeb = function toWeb(readable, options) { return web.readableToWeb(readable, options); };
Writable.fromWeb = function fromWeb(stream, options) { return web.writableFromWeb(Stream, stream, options); };
Writable.toWeb = function toWeb(writable) { return web.writableToWeb(writable); };
Duplex.fromWeb = function fromWeb(pair, options) { return web.duplexFromWeb(Stream, pair, options); };
Duplex.toWeb = function toWeb(duplex) { return { readable: web.readableToWeb(duplex), writable: web.writableToWeb(duplex) }; };

Stream._isArrayBufferView = function _isArrayBufferView(value) { return ArrayBuffer.isView(value); };
Stream.duplexPair = function duplexPair(options) {
  const callbacks = [null, null];
  const side = (own, other) => new (class DuplexSide extends Duplex {
    _read() {
      const done = callbacks[own];
      callbacks[own] = null;
      done?.();
    }
    _write(chunk, encoding, done) {
      if (chunk.length === 0) queueMicrotask(done);
      else {
        sides[other].push(chunk);
        callbacks[other] = done;
      }
    }
    _final(done) {
      sides[other].on("end", done);
      sides[other].push(null);
    }
  })(options);
  const sides = [];
  sides.push(side(0, 1), side(1, 0));
  return sides;
};
for (const name of ["isReadable", "isWritable", "isErrored", "isDisturbed", "isDestroyed"]) Stream[name] = utils[name];
Object.defineProperty(Stream, "promises", { value: require("stream/promises"), enumerable: true, configurable: true, writable: true });

module.exports = Stream;
