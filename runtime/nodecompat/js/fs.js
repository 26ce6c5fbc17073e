const { codes, shape, validateFunction } = require("internal/errors");
const sync = require("internal/fs_sync");
const { Stats, Dirent, Dir } = require("internal/fs_classes");
const { ReadStream, WriteStream } = require("internal/fs_streams");
const constants = { __proto__: null, ...require("data/fs") };

// How many parameters workerd's functions have, sync and with a callback.
const lengths = {
  access: [1, 1], appendFile: [2, 4], chmod: [2, 3], chown: [3, 4], close: [1, 1], copyFile: [2, 2], cp: [2, 4], fchmod: [2, 3], fchown: [3, 4], fdatasync: [1, 2],
  fstat: [1, 3], fsync: [1, 1], ftruncate: [1, 3], futimes: [3, 4], glob: [1, 3], lchmod: [2, 3], lchown: [3, 4], link: [2, 3], lstat: [1, 3], lutimes: [3, 4], mkdir: [1, 3],
  mkdtemp: [1, 3], open: [1, 1], opendir: [1, 3], read: [2, 6], readFile: [1, 3], readdir: [1, 3], readlink: [1, 3], readv: [2, 4], realpath: [1, 3], rename: [2, 3],
  rm: [1, 3], rmdir: [1, 3], stat: [1, 3], statfs: [1, 3], symlink: [2, 4], truncate: [1, 3], unlink: [1, 2], utimes: [3, 4], write: [2, 6], writeFile: [2, 4], writev: [2, 4],
};

// withCallback makes the form with a callback, which comes after what the
// function gives.
function withCallback(name, f, length, more) {
  return shape(function (...args) {
    const at = args.findLastIndex((a) => typeof a === "function");
    const callback = args[at];
    if (at < 0) validateFunction(undefined, "callback");
    args = args.slice(0, at);
    let out, error = null;
    try {
      out = f(...args);
    } catch (err) {
      if (err.code?.startsWith("ERR_INVALID")) throw err; // a mistake of the caller
      error = err;
    }
    queueMicrotask(() => (error ? callback(error) : callback(null, ...(out === undefined && !more ? [] : [out]), ...(more ? more(args) : []))));
  }, name, length);
}

const own = {};
for (const [name, [short, long]] of Object.entries(lengths)) {
  const f = sync[`${name}Sync`];
  own[`${name}Sync`] = shape(f, `${name}Sync`, short);
  const gives = ["read", "readv", "write", "writev"].includes(name) ? (args) => [args[1]] : undefined;
  own[name] = withCallback(name, f, long, gives);
}
own.realpath.native = shape((...args) => own.realpath(...args), "native", 3);
own.realpathSync.native = shape((...args) => own.realpathSync(...args), "native", 1);

function exists(path, callback) {
  validateFunction(callback, "callback");
  const found = sync.existsSync(path);
  queueMicrotask(() => callback(found));
}
Object.defineProperty(exists, Symbol.for("nodejs.util.promisify.custom"), { value: async (path) => sync.existsSync(path) });
function existsSync(path) { return sync.existsSync(path); }
function createReadStream(path) { return new ReadStream(path, arguments[1]); }
function createWriteStream(path) { return new WriteStream(path, arguments[1]); }
const { openAsBlob } = { async openAsBlob(path) { return new Blob([sync.readFileSync(path)], arguments[1]); } };
function watch() { throw codes.ERR_UNSUPPORTED_OPERATION(); }
function watchFile() { throw codes.ERR_UNSUPPORTED_OPERATION(); }
function unwatchFile() { throw codes.ERR_UNSUPPORTED_OPERATION(); }
for (const f of [createReadStream, createWriteStream, openAsBlob]) Object.defineProperty(f, "length", { value: 1 });

module.exports = {
  ...own, exists, existsSync, createReadStream, createWriteStream, openAsBlob, watch, watchFile, unwatchFile, Dir, Dirent, Stats,
  ReadStream, WriteStream, FileReadStream: ReadStream, FileWriteStream: WriteStream, constants,
  F_OK: constants.F_OK, R_OK: constants.R_OK, W_OK: constants.W_OK, X_OK: constants.X_OK,
};
Object.defineProperty(module.exports, "promises", { enumerable: true, configurable: true, get: () => ({ ...require("fs/promises") }) });
