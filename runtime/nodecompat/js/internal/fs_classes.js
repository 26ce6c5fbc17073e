// Stats, Dirent and Dir of node:fs.
const { types } = require("internal/vfs");
const { codes, validateObject, validateString } = require("internal/errors");
const { Buffer } = require("buffer");
const constants = require("data/fs");

const kinds = {
  isBlockDevice: ["S_IFBLK", "UV_DIRENT_BLOCK"], isCharacterDevice: ["S_IFCHR", "UV_DIRENT_CHAR"], isDirectory: ["S_IFDIR", "UV_DIRENT_DIR"], isFIFO: ["S_IFIFO", "UV_DIRENT_FIFO"],
  isFile: ["S_IFREG", "UV_DIRENT_FILE"], isSocket: ["S_IFSOCK", "UV_DIRENT_SOCKET"], isSymbolicLink: ["S_IFLNK", "UV_DIRENT_LINK"],
};
function kindMethods(C, which, typeOf) {
  for (const [name, values] of Object.entries(kinds)) {
    const kind = constants[values[which]];
    Object.defineProperty(C.prototype, name, { value: { [name]() { return typeOf(this) === kind; } }[name], writable: true, configurable: true });
  }
}

// Only the platform makes Stats: it has the token.
const token = Symbol();

// Stats are what is known of a node. Only the time of the last change is kept.
class Stats {
  constructor(mark, node, bigint) {
    if (mark !== token) throw new TypeError("Illegal constructor");
    const num = (v) => (bigint ? BigInt(v) : v);
    const mode = types[node.regular ? "file" : node.type] | 0o444 | (node.writable ? 0o222 : 0);
    Object.assign(this, {
      dev: num(node.type === "device" ? 1 : 0), ino: num(0), mode: num(mode), nlink: num(1), uid: num(0), gid: num(0), rdev: num(0), size: num(node.size), blksize: num(0), blocks: num(0),
    });
    const times = { atime: 0, mtime: node.mtime, ctime: node.mtime, birthtime: 0 };
    for (const k of Object.keys(times)) this[`${k}Ms`] = num(times[k]);
    for (const k of Object.keys(times)) this[`${k}Ns`] = bigint ? BigInt(times[k]) * 1000000n : undefined;
    for (const k of Object.keys(times)) this[k] = new Date(times[k]);
  }
}
Object.defineProperty(Stats, "length", { value: 3 });
kindMethods(Stats, 0, (s) => Number(s.mode) & constants.S_IFMT);

class Dirent {
  #type;
  constructor(name, type, path) {
    this.name = name;
    this.parentPath = path;
    this.#type = type;
  }
  static type(d) { return d.#type; }
}
const direntType = Dirent.type;
delete Dirent.type;
kindMethods(Dirent, 1, direntType);

const direntTypes = { file: "UV_DIRENT_FILE", dir: "UV_DIRENT_DIR", link: "UV_DIRENT_LINK", device: "UV_DIRENT_CHAR" };
const direntOf = (e, name) => new Dirent(name, constants[direntTypes[e.type]], e.path);

const asyncIterator = (f) => ({ next: f, async return() { return { done: true, value: undefined }; }, [Symbol.asyncIterator]() { return this; } });
class Dir {
  #entries; #path; #encoding;
  constructor(entries, path, options) {
    if (entries == null) throw codes.ERR_MISSING_ARGS("handle");
    validateObject(options, "options");
    const { encoding = "utf8" } = options;
    validateString(encoding, "options.encoding");
    this.#entries = entries;
    this.#path = path;
    this.#encoding = encoding;
  }
  get path() { return this.#path; }
  readSync() {
    if (!this.#entries) throw codes.ERR_DIR_CLOSED();
    const e = this.#entries.shift();
    if (!e) return null;
    const name = Buffer.from(e.name);
    return direntOf(e, this.#encoding === "buffer" ? name : name.toString(this.#encoding));
  }
  read(callback) {
    let entry, error = null;
    try {
      entry = this.readSync();
    } catch (err) {
      error = err;
    }
    if (typeof callback === "function") queueMicrotask(() => (error ? callback(error, null) : callback(null, entry)));
    else return error ? Promise.reject(error) : Promise.resolve(entry);
  }
  closeSync() {
    if (!this.#entries) throw codes.ERR_DIR_CLOSED();
    this.#entries = undefined;
  }
  close(callback) {
    this.closeSync();
    if (typeof callback !== "function") return Promise.resolve();
    queueMicrotask(() => callback(null));
  }
  entries() {
    return asyncIterator(async () => {
      const value = await this.read();
      return value === null ? { done: true, value: undefined } : { done: false, value };
    });
  }
  [Symbol.asyncIterator]() { return this.entries(); }
  [Symbol.dispose]() { this.closeSync(); }
  async [Symbol.asyncDispose]() { await this.close(); }
}

module.exports = { Stats, token, Dirent, direntOf, Dir };
