const { codes, shape, validateBoolean, validateObject } = require("internal/errors");
const { Buffer } = require("buffer");
const { EventEmitter } = require("events");
const { fail } = require("internal/vfs");
const sync = require("internal/fs_sync");
const streams = () => require("internal/fs_streams");
const constants = { __proto__: null, ...require("data/fs") };

class FileHandle extends EventEmitter {
  #fd;
  constructor(token, fd) {
    if (token !== mayConstruct) throw new TypeError("Illegal constructor");
    super();
    this.#fd = fd;
  }
  // #open is the descriptor while there is one.
  get #open() {
    if (this.#fd === undefined) throw Object.assign(fail("EBADF", "stat"), { name: "Error", message: "Bad file descriptor", errno: -9, path: undefined });
    return this.#fd;
  }
  get fd() { return this.#fd; }
  async appendFile(data, options) { sync.appendFileSync(this.#open, data, options); }
  async chmod(mode) { sync.fchmodSync(this.#open, mode); }
  async chown(uid, gid) { sync.fchownSync(this.#open, uid, gid); }
  async close() {
    if (this.#fd !== undefined) sync.closeSync(this.#fd);
    this.#fd = undefined;
    this.emit("close");
  }
  createReadStream(options) { return new (streams().ReadStream)("", { ...options, fd: this }); }
  createWriteStream(options) { return new (streams().WriteStream)("", { ...options, fd: this }); }
  async datasync() { sync.fdatasyncSync(this.#open); }
  async read(buffer = {}, offset = {}, length, position = null) {
    const fd = this.#open;
    if (!ArrayBuffer.isView(buffer)) ({ buffer = Buffer.alloc(16384), ...offset } = buffer);
    if (typeof offset === "object") ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
    return { bytesRead: sync.readSync(fd, buffer, offset, length, position), buffer };
  }
  async readFile(options) { return sync.readFileSync(this.#open, options); }
  readLines() {
    this.#open;
    throw new Error("not implemented");
  }
  readableWebStream(options = {}) {
    this.#open;
    validateObject(options, "options");
    const { autoClose = true } = options;
    validateBoolean(autoClose, "options.autoClose");
    const handle = this, close = async () => { if (autoClose) await handle.close(); };
    return new ReadableStream({
      type: "bytes",
      autoAllocateChunkSize: 16384,
      async pull(controller) {
        const { view } = controller.byobRequest, { bytesRead } = await handle.read(view);
        if (bytesRead === 0) {
          controller.close();
          await close();
        }
        controller.byobRequest.respond(bytesRead);
      },
      cancel: close,
    });
  }
  async readv(buffers, position) { return { bytesRead: sync.readvSync(this.#open, buffers, position), buffers }; }
  async stat(options) { return sync.fstatSync(this.#open, options); }
  async sync() { sync.fsyncSync(this.#open); }
  async truncate(len) { sync.ftruncateSync(this.#open, len); }
  async utimes(atime, mtime) { sync.futimesSync(this.#open, atime, mtime); }
  async write(buffer, offset, length, position) {
    const fd = this.#open;
    if (typeof buffer === "string") buffer = Buffer.from(buffer, length); // as workerd does: what follows is as for bytes
    return { bytesWritten: sync.writeSync(fd, buffer, offset, length, position), buffer };
  }
  async writeFile(data, options = {}) {
    const bytesWritten = sync.writeFileSync(this.#open, data, options);
    return { bytesWritten, buffer: ArrayBuffer.isView(data) ? data : Buffer.from(data, typeof options === "string" ? options : "utf8") };
  }
  async writev(buffers, position) { return { bytesWritten: sync.writevSync(this.#open, buffers, position), buffers }; }
  async [Symbol.asyncDispose]() { return this.close(); }
}
const mayConstruct = Symbol();

const lengths = {
  access: 1, appendFile: 2, chmod: 2, chown: 3, copyFile: 3, cp: 3, lchmod: 2, lchown: 3, link: 2, lstat: 1, lutimes: 3, mkdir: 1, mkdtemp: 1, opendir: 1, readFile: 1,
  readdir: 1, readlink: 1, realpath: 1, rename: 2, rm: 1, rmdir: 2, stat: 1, statfs: 1, symlink: 2, truncate: 1, unlink: 1, utimes: 3, writeFile: 2,
};
const silent = ["appendFile", "writeFile"]; // which give numbers otherwise
for (const [name, length] of Object.entries(lengths)) {
  const f = sync[`${name}Sync`];
  exports[name] = shape({
    async [name](...args) {
      const result = f(...args);
      if (!silent.includes(name)) return result;
    },
  }[name], name, length);
}
Object.assign(exports, {
  FileHandle, constants,
  open: { async open(path, flags, mode) { return new FileHandle(mayConstruct, sync.openSync(path, flags, mode)); } }.open,
  glob: shape({ glob(pattern, options) { return found(pattern, options); } }.glob, "glob", 1),
  watch: { watch() { throw codes.ERR_UNSUPPORTED_OPERATION(); } }.watch,
});
// found gives what a pattern finds one by one, looking when it is first asked.
function found(pattern, options) {
  let list;
  return {
    async next() {
      list ??= sync.globSync(pattern, options).values();
      return list.next();
    },
    async return(value) {
      list = [].values();
      return { done: true, value };
    },
    [Symbol.asyncIterator]() { return this; },
  };
}
