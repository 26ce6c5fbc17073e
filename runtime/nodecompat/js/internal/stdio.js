// process.stdout, stderr and stdin. What is written goes to the log, by lines.
const { Writable, Readable } = require("stream");

class SyncWriteStream extends Writable {
  #rest = ""; #fd;
  constructor(fd) {
    super({ decodeStrings: false });
    this.#fd = fd;
    Object.assign(this, { fd, _type: "fs", _isStdio: true, readable: false });
    this.destroySoon = this.destroy;
  }
  _write(chunk, encoding, done) {
    const lines = (this.#rest + (typeof chunk === "string" ? chunk : chunk.toString())).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) (this.#fd === 2 ? console.error : console.log)(line);
    done();
  }
  _destroy(err, done) { done(err); }
}

class ReadStream extends Readable {
  constructor() {
    super();
    this.fd = 0;
  }
  _read() { queueMicrotask(() => this.push(null)); }
}

module.exports = { output: (fd) => new SyncWriteStream(fd), input: () => new ReadStream() };
