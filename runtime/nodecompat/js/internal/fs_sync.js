// node:fs, synchronously; the other forms are made of these.
const { Buffer } = require("buffer");
const { codes, validateBoolean, validateObject, validateOneOf, validateString, validateUint32 } = require("internal/errors");
const { fail } = require("internal/vfs");
const args = require("internal/fs_args");
const ops = require("internal/fs_ops");
const { Dir, Stats, direntOf, token } = require("internal/fs_classes");
const constants = require("data/fs");

const { urlOf, fdOf } = args;

// missing is the error of what the platform looks for itself: it has a number.
function missing(code, syscall, path) {
  const err = new Error(code === "EBADF" ? "Bad file descriptor" : code === "EINVAL" ? "invalid argument" : `no such file or directory, ${syscall} '${path}'`);
  const errno = { EBADF: -9, ENOENT: -2, EINVAL: -22 }[code];
  return Object.assign(err, { code, name: "Error", syscall, errno, path });
}
function exists(url, syscall, follow = true) {
  if (!ops.stat(url, follow)) throw missing("ENOENT", syscall, url.pathname);
}
// mere is what only checks: permissions and owners mean nothing here.
const mere = (syscall, check, follow) => (path, a, b) => {
  check(a, b);
  exists(urlOf(path), syscall, follow);
};
const mereFd = (syscall, check = () => {}) => (fd, a, b) => {
  fd = fdOf(fd);
  check(a, b);
  ops.stat(fd);
};
const encoded = (name, encoding) => (encoding === "buffer" ? Buffer.from(name) : Buffer.from(name).toString(encoding));

// linkText gives what a link, or a path, leads to.
function linkText(path, options, needed) {
  const { encoding = "utf8" } = args.encodedOptions(options);
  args.checkEncoding(encoding);
  return Buffer.from(ops.readLink(urlOf(path), needed)).toString(encoding);
}
function statOf(path, options, syscall, follow) {
  const { bigint, throwIfNoEntry } = args.statOptions(options);
  if (typeof path === "number") return new Stats(token, ops.stat(fdOf(path)), bigint);
  const url = urlOf(path), node = ops.stat(url, follow);
  if (node) return new Stats(token, node, bigint);
  if (throwIfNoEntry) throw missing("ENOENT", syscall, url.pathname);
}

const api = {
  accessSync(path, mode = constants.F_OK) {
    const url = urlOf(path);
    args.checkAccess(mode);
    if (mode & constants.X_OK) throw missing("ENOENT", "access", url.pathname);
    const node = ops.stat(url);
    if (!node || (mode & constants.W_OK && !node.writable)) throw missing("ENOENT", "access", url.pathname);
  },
  appendFileSync(path, data, options = {}) {
    if (typeof options === "string" || options == null) options = { encoding: options };
    const { encoding = "utf8", mode = 0o666, flag = "a", flush = false } = options;
    return api.writeFileSync(path, data, { encoding, mode, flag, flush });
  },
  chmodSync: mere("chmod", args.checkMode),
  chownSync: mere("chown", args.checkOwner),
  lchmodSync: mere("lchmod", args.checkMode, false),
  lchownSync: mere("lchown", args.checkOwner, false),
  fchmodSync: mereFd("fchmod", args.checkMode),
  fchownSync(fd, uid, gid) {
    args.checkOwner(uid, gid);
    if (typeof fd !== "number") {
      urlOf(fd);
      throw missing("EBADF", "fchown");
    }
    ops.stat(fdOf(fd));
  },
  fdatasyncSync: mereFd("datasync"),
  fsyncSync: mereFd("sync"),
  closeSync(fd) { ops.close(fdOf(fd)); },
  copyFileSync(src, dest, mode = 0) {
    validateOneOf(mode, "mode", args.copyModes);
    if (mode & constants.COPYFILE_FICLONE_FORCE) throw codes.ERR_UNSUPPORTED_OPERATION();
    if (mode & constants.COPYFILE_EXCL && api.existsSync(dest)) throw fail("EEXIST", "copyFile", urlOf(dest).pathname);
    require("internal/fs_move").copyFile(urlOf(src), urlOf(dest));
  },
  cpSync(src, dest, options = {}) {
    options = args.cpOptions(options);
    require("internal/fs_move").cp(urlOf(src), urlOf(dest), options);
  },
  existsSync(path) {
    try {
      api.accessSync(path);
      return true;
    } catch {
      return false;
    }
  },
  fstatSync(fd, options = {}) {
    const { bigint } = args.statOptions(options);
    if (typeof fd !== "number") throw codes.ERR_INVALID_ARG_TYPE("fd", "number", fd);
    return new Stats(token, ops.stat(fdOf(fd)), bigint);
  },
  ftruncateSync(fd, len = 0) {
    validateUint32(len, "len");
    ops.truncate(fdOf(fd), len);
  },
  futimesSync(fd, atime, mtime) {
    args.dateOf(atime);
    const time = args.dateOf(mtime);
    ops.setTime(fdOf(fd), time);
  },
  globSync(pattern, options = {}) { return require("internal/fs_glob").glob(pattern, options); },
  linkSync(existingPath, newPath) { ops.link(urlOf(newPath), urlOf(existingPath), false); },
  lstatSync: (path, options = {}) => statOf(path, options, "lstat", false),
  lutimesSync(path, atime, mtime) {
    args.dateOf(atime);
    const time = args.dateOf(mtime);
    ops.setTime(urlOf(path), time, false);
  },
  mkdirSync(path, options = {}) {
    const { recursive } = args.mkdirOptions(options);
    return ops.mkdir(urlOf(path), recursive);
  },
  mkdtempSync(prefix, options = {}) {
    const { encoding = "utf8" } = args.encodedOptions(options);
    args.checkEncoding(encoding);
    const made = ops.mkdir(urlOf(prefix, encoding), false, true);
    if (made === undefined) throw missing("EINVAL", "mkdtemp");
    return made;
  },
  openSync(path, flags = "r", mode = 0o666) {
    args.checkMode(mode);
    const how = args.openFlags(args.flagsOf(flags));
    return ops.open(urlOf(path), how);
  },
  opendirSync(path, options = {}) {
    const { encoding, recursive } = args.listOptions(options);
    return new Dir(ops.readdir(urlOf(path), recursive), path, { encoding });
  },
  readFileSync(path, options = {}) {
    const { encoding = null, flag = "r" } = args.encodedOptions(options);
    if (encoding !== null) args.checkEncoding(encoding);
    args.flagsOf(flag);
    const all = Buffer.from(ops.readAll(typeof path === "number" ? fdOf(path) : urlOf(path)).buffer);
    return encoding === null ? all : all.toString(encoding);
  },
  readSync(fd, buffer, offset = {}, length, position = null) {
    const [checked, views, at] = args.readArgs(fd, buffer, offset, length, position);
    return views[0].length === 0 ? 0 : ops.read(checked, views, at);
  },
  readdirSync(path, options = {}) {
    if (typeof options === "string" || options == null) options = { encoding: options };
    const { encoding, withFileTypes, recursive } = args.listOptions(options);
    return ops.readdir(urlOf(path), recursive).map((e) => {
      if (!withFileTypes) return encoded(e.name, encoding);
      return direntOf(e, encoding === "buffer" ? Buffer.from(e.name) : e.name);
    });
  },
  readlinkSync: (path, options = {}) => linkText(path, options, true),
  realpathSync: (path, options = {}) => linkText(path, options, false),
  readvSync(fd, buffers, position = null) {
    fd = fdOf(fd);
    const views = args.viewsOf(buffers);
    args.checkPosition(position);
    return views.length === 0 ? 0 : ops.read(fd, views, position);
  },
  renameSync(oldPath, newPath) { require("internal/fs_move").rename(urlOf(oldPath), urlOf(newPath)); },
  rmSync(path, options = {}) {
    const how = args.rmOptions(options);
    ops.rm(urlOf(path), how);
  },
  rmdirSync(path, options = {}) {
    const { recursive } = args.rmOptions({ ...rmdirOptions(options), force: false });
    ops.rm(urlOf(path), { recursive, directory: true });
  },
  statSync: (path, options = {}) => statOf(path, options, "stat", true),
  statfsSync(path, options = {}) {
    urlOf(path);
    validateObject(options, "options");
    const { bigint = false } = options;
    validateBoolean(bigint, "options.bigint");
    return Object.fromEntries(["type", "bsize", "blocks", "bfree", "bavail", "files", "ffree"].map((k) => [k, bigint ? 0n : 0]));
  },
  symlinkSync(target, path, type = null) {
    validateOneOf(type, "type", ["dir", "file", "junction", null]);
    ops.link(urlOf(path), urlOf(target), true);
  },
  truncateSync(path, len = 0) {
    validateUint32(len, "len");
    ops.truncate(urlOf(path), len);
  },
  unlinkSync(path) { ops.unlink(urlOf(path)); },
  utimesSync(path, atime, mtime) {
    args.dateOf(atime);
    const time = args.dateOf(mtime);
    ops.setTime(urlOf(path), time);
  },
  writeFileSync(path, data, options = {}) { return ops.writeAll(...args.writeFileArgs(path, data, options)); },
  writeSync(fd, buffer, offset = null, length, position) { return ops.write(...args.writeArgs(fd, buffer, offset, length, position)); },
  writevSync(fd, buffers, position = null) {
    fd = fdOf(fd);
    const views = args.viewsOf(buffers);
    args.checkPosition(position);
    return views.length === 0 ? 0 : ops.write(fd, views, position);
  },
  openAsBlob(path, options = {}) {
    const url = urlOf(path);
    validateObject(options, "options");
    const { type = "" } = options;
    validateString(type, "options.type");
    const node = ops.stat(url);
    if (!node) throw fail("ENOENT", "open", ops.place(url).path);
    if (node.type === "dir") throw fail("EISDIR", "open");
    return new Blob([ops.readAll(url)], { type });
  },
};

// rmdirOptions are those of rm that rmdir has.
function rmdirOptions(options) {
  validateObject(options, "options");
  const { maxRetries, recursive, retryDelay } = options;
  return { maxRetries, recursive, retryDelay };
}

module.exports = api;
