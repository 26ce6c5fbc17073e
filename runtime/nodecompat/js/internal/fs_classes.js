// Stats, Dirent and Dir of node:fs.
const { fail, types } = require("internal/vfs");
const { validateFunction } = require("internal/errors");

const kinds = { isBlockDevice: "block", isCharacterDevice: "device", isDirectory: "dir", isFIFO: "fifo", isFile: "file", isSocket: "socket", isSymbolicLink: "link" };
const kindMethods = (C, type) => {
  for (const [name, kind] of Object.entries(kinds)) {
    Object.defineProperty(C.prototype, name, { value: { [name]() { return type(this) === kind; } }[name], writable: true, configurable: true });
  }
};

const nodeTypes = new WeakMap();
class Stats {
  constructor(n, bigint) {
    const num = (v) => (bigint ? BigInt(Math.trunc(v)) : v);
    const mode = types[n.type] | (n.type === "dir" ? (n.readOnly ? 0o555 : 0o666) : n.readOnly ? 0o444 : 0o666);
    Object.assign(this, {
      dev: num(0), ino: num(n.ino), mode: num(mode), nlink: num(1), uid: num(0), gid: num(0), rdev: num(0), size: num(n.size ?? 0), blksize: num(0), blocks: num(0),
    });
    const times = { atime: n.atime, mtime: n.mtime, ctime: n.ctime, birthtime: n.birthtime };
    for (const k of Object.keys(times)) this[`${k}Ms`] = num(+times[k]);
    for (const k of Object.keys(times)) this[`${k}Ns`] = BigInt(+times[k]) * 1000000n;
    Object.assign(this, times);
    nodeTypes.set(this, n.type);
  }
}
Object.defineProperty(Stats, "length", { value: 3 });
kindMethods(Stats, (s) => nodeTypes.get(s));
const makeStats = (n, options) => new Stats(n, options?.bigint);

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
kindMethods(Dirent, direntType);

const asyncIterator = (f) => ({ next: f, async return() { return { done: true, value: undefined }; }, [Symbol.asyncIterator]() { return this; } });
class Dir {
  #entries; #path; #closed = false;
  constructor(entries, path, options) {
    this.#entries = entries;
    this.#path = path;
  }
  get path() { return this.#path; }
  #check() { if (this.#closed) throw Object.assign(new Error("Directory handle was closed"), { code: "ERR_DIR_CLOSED" }); }
  readSync() {
    this.#check();
    return this.#entries.shift() ?? null;
  }
  read(callback) {
    if (callback === undefined) return Promise.resolve().then(() => this.readSync());
    validateFunction(callback, "callback");
    const entry = this.readSync();
    queueMicrotask(() => callback(null, entry));
  }
  closeSync() {
    this.#check();
    this.#closed = true;
  }
  close(callback) {
    if (callback === undefined) return Promise.resolve().then(() => this.closeSync());
    this.closeSync();
    queueMicrotask(() => callback(null));
  }
  entries() {
    return asyncIterator(async () => {
      const value = this.readSync();
      return value === null ? { done: true, value: undefined } : { done: false, value };
    });
  }
  [Symbol.asyncIterator]() { return this.entries(); }
  [Symbol.dispose]() { this.#closed = true; }
  async [Symbol.asyncDispose]() { this.#closed = true; }
}

module.exports = { Stats, makeStats, Dirent, Dir };
