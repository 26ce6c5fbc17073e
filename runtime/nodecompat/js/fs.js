const { codes, shape, validateFunction, validateUint32 } = require("internal/errors");
const { Buffer } = require("buffer");
const { checkPosition, fdOf, isView } = require("internal/fs_args");
const { rehearse } = require("internal/fs_ops");
const sync = require("internal/fs_sync");
const { Stats, Dirent, Dir } = require("internal/fs_classes");
const { ReadStream, WriteStream } = require("internal/fs_streams");
const constants = { __proto__: null, ...require("data/fs") };

// How many parameters workerd's functions have, sync and with a callback; how
// many come before the options, or the callback in their place; and whether the
// callback gets a value.
const functions = {
  access: [1, 1, 1], appendFile: [2, 4, 2, true], chmod: [2, 3, 2], chown: [3, 4, 3], close: [1, 1, 1], copyFile: [2, 2, 2], cp: [2, 4, 2], fchmod: [2, 3, 2], fchown: [3, 4, 3],
  fdatasync: [1, 2, 1], fstat: [1, 3, 1, true], fsync: [1, 1, 1], ftruncate: [1, 3, 1], futimes: [3, 4, 3], lchmod: [2, 3, 2], lchown: [3, 4, 3], link: [2, 3, 2],
  lstat: [1, 3, 1, true], lutimes: [3, 4, 3], mkdir: [1, 3, 1, true], mkdtemp: [1, 3, 1, true], open: [1, 1, 1, true], opendir: [1, 3, 1, true], readFile: [1, 3, 1, true],
  readdir: [1, 3, 1, true], readlink: [1, 3, 1, true], realpath: [1, 3, 1, true], rename: [2, 3, 2], rm: [1, 3, 1], rmdir: [1, 3, 1], stat: [1, 3, 1, true], statfs: [1, 3, 1, true],
  symlink: [2, 4, 2], truncate: [1, 3, 1], unlink: [1, 2, 1], utimes: [3, 4, 3], writeFile: [2, 4, 2, true],
};

const isMistake = (err) => err.code?.startsWith("ERR_") && !err.code.startsWith("ERR_FS_") && err.code !== "ERR_UNKNOWN_ENCODING";

// call does something and tells the callback. Mistakes in the arguments are
// thrown instead; without a callback, nothing but those.
function call(f, callback, more = []) {
  if (typeof callback !== "function") {
    rehearse(f);
    validateFunction(callback, "callback");
  }
  let result;
  try {
    result = f();
  } catch (err) {
    if (isMistake(err)) throw err;
    queueMicrotask(() => callback(err));
    return;
  }
  queueMicrotask(() => callback(null, ...(more === null ? [] : [result]), ...(more ?? [])));
}

const optional = { close: () => {}, fsync: () => {} };
const options = { access: 1, copyFile: 1, open: 2 }; // how many can come before the callback, where its length does not say
const own = {};
for (const [name, [short, long, needed, gives]] of Object.entries(functions)) {
  const f = sync[`${name}Sync`];
  own[`${name}Sync`] = shape(f, `${name}Sync`, short);
  own[name] = shape((...args) => {
    let at = args.findIndex((a, i) => i >= needed && typeof a === "function");
    if (at < 0) at = needed + (options[name] ?? Math.max(0, long - needed - 1));
    if (name === "ftruncate" || name === "futimes") fdOf(args[0]);
    const callback = at < args.length ? args[at] : optional[name];
    call(() => f(...args.slice(0, at)), callback, gives ? [] : null);
  }, name, long);
}
own.realpath.native = shape((...args) => own.realpath(...args), "native", 3);
own.realpathSync.native = shape((...args) => own.realpathSync(...args), "native", 1);

// readArgs sorts out the many ways to call read.
function readArgs(buffer, offset, length, position, callback) {
  if (typeof buffer === "function") return [Buffer.alloc(16384), {}, buffer];
  if (typeof buffer === "object" && buffer !== null && !ArrayBuffer.isView(buffer)) {
    const { buffer: own = Buffer.alloc(16384), ...options } = buffer;
    isView(own, "options.buffer");
    return [own, checked(options), offset];
  }
  isView(buffer);
  if (typeof offset === "function") return [buffer, {}, offset];
  if (typeof offset === "object") {
    const { offset: o, length: l, position: p } = offset;
    return [buffer, checked({ offset: o, length: l, position: p }), length];
  }
  const at = typeof offset === "number" ? offset : 0;
  if (typeof length === "function") return [buffer, { offset: at }, length];
  validateUint32(position, "position");
  return [buffer, { offset: at, length: length ?? undefined, position }, callback];
}
function checked(options) {
  if (options.offset !== undefined) validateUint32(options.offset, "options.offset");
  if (options.length !== undefined) validateUint32(options.length, "options.length");
  checkPosition(options.position ?? null, "options.position");
  return options;
}
function read(fd, ...args) {
  const [buffer, options, callback] = readArgs(...args);
  const { offset = 0, length = buffer.byteLength - (options.offset ?? 0), position = null } = options;
  validateFunction(callback, "callback");
  if (offset < 0 || length < 0 || offset + length > buffer.byteLength) throw codes.ERR_INVALID_ARG_VALUE("offset", "must be >= 0 and <= buffer.length");
  call(() => sync.readSync(fd, buffer, { offset, length, position }), callback, [buffer]);
}
function write(fd, buffer, ...args) {
  const at = args.findIndex((a) => typeof a === "function"), callback = args[at];
  if (!callback) validateFunction(args[3], "callback");
  args = args.slice(0, at);
  if (typeof buffer === "string") {
    buffer = Buffer.from(buffer, typeof args[1] === "string" ? args[1] : "utf8");
    args = [{ position: args[0] ?? null }];
  }
  call(() => sync.writeSync(fd, buffer, ...args), callback, [buffer]);
}
const vectored = (f) => (fd, buffers, position, callback) => {
  if (typeof position === "function") [position, callback] = [null, position];
  validateFunction(callback, "callback");
  call(() => f(fd, buffers, position), callback, [buffers]);
};
function glob(pattern, options, callback) {
  if (typeof options === "function") [options, callback] = [undefined, options];
  validateFunction(callback, "callback");
  call(() => sync.globSync(pattern, options), callback);
}
for (const name of ["read", "write", "readv", "writev"]) own[`${name}Sync`] = shape(sync[`${name}Sync`], `${name}Sync`, 2);
Object.assign(own, { glob, globSync: shape(sync.globSync, "globSync", 1), read: shape(read, "read", 6), write: shape(write, "write", 6), readv: shape(vectored(sync.readvSync), "readv", 4), writev: shape(vectored(sync.writevSync), "writev", 4) });

function exists(path, callback) { queueMicrotask(() => callback(sync.existsSync(path))); }
Object.defineProperty(exists, Symbol.for("nodejs.util.promisify.custom"), { value: async (path) => sync.existsSync(path) });
function existsSync(path) { return sync.existsSync(path); }
function createReadStream(path) { return new ReadStream(path, arguments[1]); }
function createWriteStream(path) { return new WriteStream(path, arguments[1]); }
const openAsBlob = shape(sync.openAsBlob, "openAsBlob", 1);
function watch() { throw codes.ERR_UNSUPPORTED_OPERATION(); }
function watchFile() { throw codes.ERR_UNSUPPORTED_OPERATION(); }
function unwatchFile() { throw codes.ERR_UNSUPPORTED_OPERATION(); }
for (const f of [createReadStream, createWriteStream]) Object.defineProperty(f, "length", { value: 1 });

module.exports = {
  ...own, exists, existsSync, createReadStream, createWriteStream, openAsBlob, watch, watchFile, unwatchFile, Dir, Dirent, Stats,
  ReadStream, WriteStream, FileReadStream: ReadStream, FileWriteStream: WriteStream, constants,
  F_OK: constants.F_OK, R_OK: constants.R_OK, W_OK: constants.W_OK, X_OK: constants.X_OK,
};
Object.defineProperty(module.exports, "promises", { enumerable: true, configurable: true, get: () => ({ ...require("fs/promises") }) });
