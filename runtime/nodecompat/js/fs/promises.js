const { codes, shape } = require("internal/errors");
const { Buffer } = require("buffer");
const sync = require("internal/fs_sync");
const streams = () => require("internal/fs_streams");
const constants = { __proto__: null, ...require("data/fs") };

class FileHandle {
  #fd;
  constructor(token, fd) {
    if (token !== mayConstruct) throw new TypeError("Illegal constructor");
    this.#fd = fd;
  }
  get fd() { return this.#fd; }
  async appendFile(data, options) { return sync.appendFileSync(this.#fd, data, options); }
  async chmod(mode) { return sync.fchmodSync(this.#fd, mode); }
  async chown(uid, gid) { return sync.fchownSync(this.#fd, uid, gid); }
  async close() {
    if (this.#fd === -1) return;
    sync.closeSync(this.#fd);
    this.#fd = -1;
  }
  createReadStream(options) { return new (streams().ReadStream)(undefined, { ...options, fd: this.#fd }); }
  createWriteStream(options) { return new (streams().WriteStream)(undefined, { ...options, fd: this.#fd }); }
  async datasync() { return sync.fdatasyncSync(this.#fd); }
  async read(buffer, offset, length, position) {
    if (!ArrayBuffer.isView(buffer)) ({ buffer = Buffer.alloc(16384), offset, length, position } = buffer ?? {});
    return { bytesRead: sync.readSync(this.#fd, buffer, offset, length, position), buffer };
  }
  async readFile(options) { return sync.readFileSync(this.#fd, options); }
  readLines() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("FileHandle.readLines"); }
  readableWebStream() { return require("stream").Readable.toWeb(this.createReadStream({ autoClose: false })); }
  async readv(buffers, position) { return { bytesRead: sync.readvSync(this.#fd, buffers, position), buffers }; }
  async stat(options) { return sync.fstatSync(this.#fd, options); }
  async sync() { return sync.fsyncSync(this.#fd); }
  async truncate(len) { return sync.ftruncateSync(this.#fd, len); }
  async utimes(atime, mtime) { return sync.futimesSync(this.#fd, atime, mtime); }
  async write(buffer, offset, length, position) { return { bytesWritten: sync.writeSync(this.#fd, buffer, offset, length, position), buffer }; }
  async writeFile(data, options) { return sync.writeFileSync(this.#fd, data, options); }
  async writev(buffers, position) { return { bytesWritten: sync.writevSync(this.#fd, buffers, position), buffers }; }
  async [Symbol.asyncDispose]() { return this.close(); }
}
const mayConstruct = Symbol();

const lengths = {
  access: 1, appendFile: 2, chmod: 2, chown: 3, copyFile: 3, cp: 3, lchmod: 2, lchown: 3, link: 2, lstat: 1, lutimes: 3, mkdir: 1, mkdtemp: 1, opendir: 1, readFile: 1,
  readdir: 1, readlink: 1, realpath: 1, rename: 2, rm: 1, rmdir: 2, stat: 1, statfs: 1, symlink: 2, truncate: 1, unlink: 1, utimes: 3, writeFile: 2,
};
for (const [name, length] of Object.entries(lengths)) {
  const f = sync[`${name}Sync`];
  exports[name] = shape({ async [name](...args) { return f(...args); } }[name], name, length);
}
Object.assign(exports, {
  FileHandle, constants,
  open: { async open(path, flags, mode) { return new FileHandle(mayConstruct, sync.openSync(path, flags, mode)); } }.open,
  glob: shape({ glob() { return { async next() { return { done: true, value: undefined }; }, [Symbol.asyncIterator]() { return this; } }; } }.glob, "glob", 1),
  watch: { watch() { throw codes.ERR_UNSUPPORTED_OPERATION(); } }.watch,
});
