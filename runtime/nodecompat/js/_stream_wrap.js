const { codes } = require("internal/errors");
const { Socket } = require("net");

// JSStreamSocket wraps a stream as a handle in Node; there are no handles here.
class JSStreamSocket extends Socket {
  constructor(stream) {
    super({ handle: undefined, manualStart: true });
    this.stream = stream;
  }
  isClosing() { return !this.readable || !this.writable; }
  readStart() { this.stream.resume(); return 0; }
  readStop() { this.stream.pause(); return 0; }
  doShutdown() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("JSStreamSocket.doShutdown"); }
  doClose() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("JSStreamSocket.doClose"); }
}
module.exports = JSStreamSocket;
