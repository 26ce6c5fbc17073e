// What node:fs takes: paths, flags, modes and options, checked as the platform
// does, in its order, before anything is done.
const { Buffer } = require("buffer");
const { codes, validateBoolean, validateFunction, validateInteger, validateInt32, validateObject, validateUint32 } = require("internal/errors");
const constants = require("data/fs");

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_SYNC } = constants;

// urlOf makes the URL of a path: the platform's paths are URLs, which is why
// names show as they do in one.
function urlOf(path, encoding = "utf8") {
  if (path instanceof URL) return path;
  if (Buffer.isBuffer(path)) path = path.toString(encoding);
  if (typeof path !== "string") throw codes.ERR_INVALID_ARG_TYPE("path", ["string", "Buffer", "URL"], path);
  if (path.includes("\0")) throw codes.ERR_INVALID_ARG_VALUE("path", path, "must not contain null bytes");
  path = path.replace(/\?/g, "%3F").replace(/#/g, "%23").replace(/\/\//g, "/");
  return new URL(path, `file://${require("process").cwd().replace(/\/?$/, "/")}`);
}

const modes = { r: O_RDONLY, rs: O_RDONLY | O_SYNC, "r+": O_RDWR, "rs+": O_RDWR | O_SYNC };
for (const [letter, flag] of [["w", O_TRUNC | O_CREAT], ["a", O_APPEND | O_CREAT]]) {
  for (const [plus, access] of [["", O_WRONLY], ["+", O_RDWR]]) {
    modes[letter + plus] = flag | access;
    modes[`${letter}x${plus}`] = flag | access | O_EXCL;
  }
}
modes.as = modes.a | O_SYNC;
modes["as+"] = modes["a+"] | O_SYNC;
for (const name of ["rs", "rs+", "wx", "wx+", "ax", "ax+", "as", "as+"]) modes[name[1] + name[0] + name.slice(2)] = modes[name];

function flagsOf(flags) {
  if (typeof flags === "number") {
    validateInt32(flags, "flags");
    return flags;
  }
  if (flags == null) return O_RDONLY;
  if (!Object.hasOwn(modes, flags)) throw codes.ERR_INVALID_ARG_VALUE("flags", flags);
  return modes[flags];
}

// openFlags says what a file is opened for.
function openFlags(flags) {
  const has = (flag) => (flags & flag) !== 0, writes = has(O_WRONLY) || has(O_RDWR);
  return { read: !has(O_WRONLY) || has(O_RDWR), write: writes, append: has(O_APPEND), create: has(O_CREAT), exclusive: has(O_EXCL), truncate: has(O_TRUNC) };
}

// checkMode checks the permissions of a file, which mean nothing here.
function checkMode(mode, name = "mode") {
  if (typeof mode === "string") {
    if (!/^[0-7]+$/.test(mode)) throw codes.ERR_INVALID_ARG_VALUE(name, mode, "must be a 32-bit unsigned integer or an octal string");
    mode = parseInt(mode, 8);
  }
  validateUint32(mode, name);
}
function checkOwner(uid, gid) {
  validateInteger(uid, "uid", -1, 2 ** 32 - 1);
  validateInteger(gid, "gid", -1, 2 ** 32 - 1);
}
const checkAccess = (mode) => validateInteger(mode, "mode", 0, 7);

function fdOf(fd) {
  validateInt32(fd, "fd", 0);
  return fd;
}

function dateOf(time) {
  if (!["number", "bigint", "string"].includes(typeof time) && !(time instanceof Date)) throw codes.ERR_INVALID_ARG_TYPE("time", ["string", "number", "bigint", "Date"], time);
  return +new Date(typeof time === "bigint" ? Number(time) : time);
}

function checkEncoding(encoding, name = "options.encoding") {
  if (encoding !== "buffer" && !Buffer.isEncoding(encoding)) throw codes.ERR_INVALID_ARG_VALUE(name, encoding);
}

// encodedOptions are options of which a text is the encoding.
function encodedOptions(options) {
  if (typeof options === "string" || options == null) options = { encoding: options };
  validateObject(options, "options");
  return options;
}

function checkPosition(position, name = "position") {
  if (typeof position === "number") validateUint32(position, name);
  else if (typeof position !== "bigint" && position !== null) throw codes.ERR_INVALID_ARG_TYPE(name, ["integer", "bigint", "null"], position);
}

const isView = (value, name = "buffer") => {
  if (!ArrayBuffer.isView(value)) throw codes.ERR_INVALID_ARG_TYPE(name, ["Buffer", "TypedArray", "DataView"], value);
};
const bytesOf = (view, offset = 0, length = view.byteLength - offset) => new Uint8Array(view.buffer, view.byteOffset + offset, length);

function viewsOf(buffers) {
  if (!Array.isArray(buffers) || !buffers.every((b) => ArrayBuffer.isView(b))) throw codes.ERR_INVALID_ARG_TYPE("buffer", "ArrayBufferView[]", buffers);
  return buffers.map((b) => bytesOf(b));
}

// Each of these gives what the checked arguments of a function come to.
function statOptions(options) {
  validateObject(options, "options");
  const { bigint = false, throwIfNoEntry = true } = options;
  validateBoolean(bigint, "options.bigint");
  validateBoolean(throwIfNoEntry, "options.throwIfNoEntry");
  return { bigint, throwIfNoEntry };
}

function mkdirOptions(options) {
  if (typeof options === "number") options = { mode: options };
  validateObject(options, "options");
  const { recursive = false, mode = 0o777 } = options;
  validateBoolean(recursive, "options.recursive");
  checkMode(mode);
  return { recursive };
}

function rmOptions(options) {
  validateObject(options, "options");
  const { force = false, maxRetries = 0, recursive = false, retryDelay = 0 } = options;
  validateBoolean(force, "options.force");
  validateUint32(maxRetries, "options.maxRetries");
  validateBoolean(recursive, "options.recursive");
  validateUint32(retryDelay, "options.retryDelay");
  return { recursive, force };
}

function listOptions(options) {
  validateObject(options, "options");
  const { encoding = "utf8", withFileTypes = false, recursive = false, bufferSize = 32 } = options;
  checkEncoding(encoding);
  validateUint32(bufferSize, "options.bufferSize");
  validateBoolean(withFileTypes, "options.withFileTypes");
  validateBoolean(recursive, "options.recursive");
  return { encoding, withFileTypes, recursive };
}

const copyModes = [0, constants.COPYFILE_EXCL, constants.COPYFILE_FICLONE_FORCE, constants.COPYFILE_FICLONE];

function cpOptions(options) {
  validateObject(options, "options");
  const { dereference = false, errorOnExist = false, force = true, mode = 0, preserveTimestamps = false, recursive = false, verbatimSymlinks = false, filter } = options;
  for (const [name, value] of Object.entries({ dereference, errorOnExist, force, preserveTimestamps, recursive, verbatimSymlinks })) validateBoolean(value, `options.${name}`);
  validateUint32(mode, "options.mode");
  if (mode & constants.COPYFILE_FICLONE_FORCE) throw codes.ERR_INVALID_ARG_VALUE("options.mode", "COPYFILE_FICLONE_FORCE is not supported");
  if (filter !== undefined) {
    validateFunction(filter, "options.filter");
    throw codes.ERR_UNSUPPORTED_OPERATION();
  }
  return { dereference, errorOnExist, force, recursive };
}

function readArgs(fd, buffer, offset, length, position) {
  fd = fdOf(fd);
  isView(buffer);
  if (typeof offset === "object" && offset !== null) ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
  else if (typeof offset !== "number") throw codes.ERR_INVALID_ARG_TYPE("offset", ["number", "object"], offset);
  length ??= buffer.byteLength - offset;
  validateUint32(offset, "offset");
  validateUint32(length, "length");
  checkPosition(position);
  if (offset + length > buffer.byteLength) throw codes.ERR_OUT_OF_RANGE("length", `<= ${buffer.byteLength - offset}`, length);
  return [fd, [bytesOf(buffer, offset, length)], position];
}

function writeArgs(fd, buffer, offset, length, position) {
  fd = fdOf(fd);
  if (!ArrayBuffer.isView(buffer)) {
    if (typeof buffer !== "string") throw codes.ERR_INVALID_ARG_TYPE("buffer", ["string", "Buffer", "TypedArray", "DataView"], buffer);
    checkPosition(offset ?? null);
    return [fd, [Buffer.from(buffer, typeof length === "string" ? length : "utf8")], offset ?? null];
  }
  if (typeof offset === "object" && offset !== null) ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
  offset ??= 0;
  validateInteger(offset, "offset", 0);
  checkPosition(position ?? null);
  if (offset > buffer.byteLength) throw codes.ERR_BUFFER_OUT_OF_BOUNDS("offset");
  length ??= buffer.byteLength - offset;
  validateInteger(length, "length", 0);
  if (offset + length > buffer.byteLength) throw codes.ERR_BUFFER_OUT_OF_BOUNDS("length");
  return [fd, [bytesOf(buffer, offset, length)], position ?? null];
}

function writeFileArgs(path, data, options) {
  path = typeof path === "number" ? fdOf(path) : urlOf(path);
  const { encoding = "utf8", mode = 0o666, flag = "w", flush = false } = encodedOptions(options);
  checkEncoding(encoding);
  validateBoolean(flush, "options.flush");
  checkMode(mode, "options.mode");
  const flags = flagsOf(flag);
  if (!(flags & (O_APPEND | O_WRONLY | O_RDWR))) throw codes.ERR_INVALID_ARG_VALUE("flag", flag, "must be indicate write or append");
  if (typeof data === "string") data = Buffer.from(data, encoding);
  if (!ArrayBuffer.isView(data)) throw codes.ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
  return [path, bytesOf(data), { append: (flags & O_APPEND) !== 0, exclusive: (flags & O_EXCL) !== 0 }];
}

module.exports = {
  urlOf, flagsOf, openFlags, checkMode, checkOwner, checkAccess, checkEncoding, checkPosition, fdOf, dateOf, isView, viewsOf, encodedOptions,
  statOptions, mkdirOptions, rmOptions, listOptions, cpOptions, copyModes, readArgs, writeArgs, writeFileArgs,
};
