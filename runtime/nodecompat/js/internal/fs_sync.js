// node:fs, synchronously; the other forms are made of these.
const { Buffer } = require("buffer");
const { codes, validateInteger } = require("internal/errors");
const { fail, dir, file, node, walk, content, store, resize } = require("internal/vfs");
const { Dir, Dirent, makeStats } = require("internal/fs_classes");
const constants = require("data/fs");

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = constants;

function pathOf(path, name = "path") {
  if (path instanceof URL) path = require("url").fileURLToPath(path);
  else if (ArrayBuffer.isView(path)) path = Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString();
  if (typeof path !== "string") throw codes.ERR_INVALID_ARG_TYPE(name, ["string", "Buffer", "URL"], path);
  if (path.includes("\0")) throw codes.ERR_INVALID_ARG_VALUE(name, path, "must be a string, Uint8Array, or URL without null bytes");
  return path;
}

const modes = {
  r: O_RDONLY, rs: O_RDONLY, sr: O_RDONLY, "r+": O_RDWR, "rs+": O_RDWR, "sr+": O_RDWR, w: O_TRUNC | O_CREAT | O_WRONLY, "w+": O_TRUNC | O_CREAT | O_RDWR,
  a: O_APPEND | O_CREAT | O_WRONLY, "a+": O_APPEND | O_CREAT | O_RDWR,
};
for (const m of ["w", "a"]) {
  for (const [x, plain] of [[`${m}x`, m], [`x${m}`, m], [`${m}x+`, `${m}+`], [`x${m}+`, `${m}+`]]) modes[x] = modes[plain] | O_EXCL;
}
function flagsOf(flags) {
  if (typeof flags === "number") return flags;
  const f = modes[flags ?? "r"];
  if (f === undefined) throw codes.ERR_INVALID_ARG_VALUE("flags", flags);
  return f;
}

const encodingOf = (options, fallback = null) => {
  const e = typeof options === "string" ? options : options?.encoding ?? fallback;
  if (e !== null && e !== "buffer" && !Buffer.isEncoding(e)) throw codes.ERR_INVALID_ARG_VALUE("options.encoding", e);
  return e === "buffer" ? null : e;
};
const named = (name, options) => (encodingOf(options, "utf8") === null ? Buffer.from(name) : name);

function need(path, syscall, follow = true) {
  const at = walk(path, follow);
  if (!at.node) throw fail("ENOENT", syscall, path);
  return at;
}
function writable(n, syscall, about) {
  if (!n || n.readOnly) throw fail("EPERM", syscall, about);
}

// Descriptors, open files by number.
const open = new Map();
let nextFd = 3;
function fdOf(fd) {
  if (typeof fd === "object" && fd !== null && typeof fd.fd === "number") fd = fd.fd;
  if (typeof fd !== "number") throw codes.ERR_INVALID_ARG_TYPE("fd", "number", fd);
  validateInteger(fd, "fd", 0, 2147483647);
  return fd;
}
function handle(fd, syscall) {
  const h = open.get(fdOf(fd));
  if (!h) throw fail("EBADF", syscall);
  return h;
}

function openNode(path, flags, syscall = "open") {
  const at = walk(path);
  if (at.node) {
    if (flags & O_CREAT && flags & O_EXCL) throw fail("EEXIST", syscall);
    if (at.node.type === "dir" && flags & (O_WRONLY | O_RDWR)) throw fail("EISDIR", syscall);
    if (flags & (O_WRONLY | O_RDWR) && at.node.type !== "device") writable(at.node, syscall);
    if (flags & O_TRUNC && at.node.type === "file") resize(at.node, 0);
    return at.node;
  }
  if (!(flags & O_CREAT) || !at.parent) throw fail("ENOENT", syscall, path);
  writable(at.parent, syscall);
  const n = file();
  at.parent.entries.set(at.name, n);
  return n;
}

function readAt(n, target, position) {
  if (n.type === "device") return n.read(target);
  const part = content(n).subarray(position, position + target.length);
  target.set(part);
  n.atime = new Date();
  return part.length;
}
function writeAt(n, bytes, position, syscall) {
  if (n.type === "device") {
    if (!n.write(bytes)) throw fail("EPERM", syscall);
    return bytes.length;
  }
  writable(n, syscall);
  store(n, bytes, position);
  return bytes.length;
}

const bytesOf = (data, encoding) => {
  if (typeof data === "string") return Buffer.from(data, encoding ?? "utf8");
  if (!ArrayBuffer.isView(data)) throw codes.ERR_INVALID_ARG_TYPE("data", ["string", "Buffer", "TypedArray", "DataView"], data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
};

function readAll(from, syscall = "readAll") {
  let n;
  if (typeof from === "number") n = handle(from, "read").node;
  else n = need(from, syscall).node;
  if (n.type === "dir") throw fail("EISDIR", syscall);
  return n.type === "device" ? new Uint8Array(0) : content(n).slice();
}

const target = (path) => (typeof path === "number" ? fdOf(path) : path?.fd !== undefined && typeof path !== "string" && !(path instanceof URL) && !ArrayBuffer.isView(path) ? path.fd : pathOf(path));

const api = {
  accessSync(path, mode) {
    const p = pathOf(path), { node: n } = need(p, "access");
    if ((mode ?? 0) & constants.W_OK && n.readOnly) throw fail("ENOENT", "access", p);
    if ((mode ?? 0) & constants.X_OK && n.type === "file") throw fail("ENOENT", "access", p);
  },
  appendFileSync(path, data, options) {
    api.writeFileSync(path, data, { ...(typeof options === "string" ? { encoding: options } : options), flag: options?.flag ?? "a" });
  },
  chmodSync(path, mode) { need(pathOf(path), "chmod"); },
  chownSync(path, uid, gid) { need(pathOf(path), "chown"); },
  closeSync(fd) { open.delete(fdOf(fd)); },
  copyFileSync(src, dest) {
    const mode = arguments[2] ?? 0, from = pathOf(src, "src"), to = pathOf(dest, "dest");
    const n = need(from, "copyFile").node;
    if (n.type === "dir") throw fail("EISDIR", "copyFile", from);
    if (mode & constants.COPYFILE_EXCL && walk(to).node) throw fail("EEXIST", "copyFile", to);
    const out = openNode(to, O_CREAT | O_WRONLY | O_TRUNC, "copyFile");
    writeAt(out, content(n).slice(), 0, "copyFile");
  },
  cpSync(src, dest) {
    const options = arguments[2] ?? {}, from = pathOf(src, "src"), to = pathOf(dest, "dest");
    const n = need(from, "cp").node;
    if (n.type !== "dir") {
      if (walk(to).node && options.force === false) {
        if (options.errorOnExist) throw fail("EEXIST", "cp", to);
        return;
      }
      api.copyFileSync(from, to);
      return;
    }
    if (!options.recursive) throw Object.assign(new Error("Expected a file but found a directory"), { code: "ERR_FS_EISDIR" });
    api.mkdirSync(to, { recursive: true });
    for (const name of n.entries.keys()) {
      if (options.filter && !options.filter(`${from}/${name}`, `${to}/${name}`)) continue;
      api.cpSync(`${from}/${name}`, `${to}/${name}`, options);
    }
  },
  existsSync(path) {
    try {
      return walk(pathOf(path)).node !== undefined;
    } catch {
      return false;
    }
  },
  fchmodSync(fd, mode) { handle(fd, "fchmod"); },
  fchownSync(fd, uid, gid) { handle(fd, "fchown"); },
  fdatasyncSync(fd) { handle(fd, "fdatasync"); },
  fsyncSync(fd) { handle(fd, "fsync"); },
  fstatSync(fd) { return makeStats(handle(fd, "fstat").node, arguments[1]); },
  ftruncateSync(fd) {
    const { node: n } = handle(fd, "ftruncate");
    writable(n, "ftruncate");
    resize(n, Math.max(0, arguments[1] ?? 0));
  },
  futimesSync(fd, atime, mtime) { touch(handle(fd, "futimes").node, atime, mtime); },
  globSync(pattern) { return []; },
  lchmodSync(path, mode) { need(pathOf(path), "lchmod", false); },
  lchownSync(path, uid, gid) { need(pathOf(path), "lchown", false); },
  linkSync(existingPath, newPath) {
    const n = need(pathOf(existingPath, "existingPath"), "link").node, at = walk(pathOf(newPath, "newPath"));
    if (at.node) throw fail("EEXIST", "link");
    writable(at.parent, "link");
    at.parent.entries.set(at.name, n);
  },
  lstatSync(path) { return statOf(path, arguments[1], "stat", false); },
  lutimesSync(path, atime, mtime) { touch(need(pathOf(path), "lutimes", false).node, atime, mtime); },
  mkdirSync(path) {
    const options = arguments[1], p = pathOf(path), recursive = typeof options === "object" && options !== null && options.recursive;
    const at = walk(p);
    if (at.node) {
      if (at.node.type !== "dir") throw fail("EEXIST", "mkdir", p);
      return undefined;
    }
    if (at.parent) {
      writable(at.parent, "mkdir");
      at.parent.entries.set(at.name, dir());
      return recursive ? p : undefined;
    }
    if (!recursive) throw fail(at.notDir ? "ENOTDIR" : "ENOENT", "mkdir", at.name);
    const above = api.mkdirSync(p.slice(0, p.replace(/\/+$/, "").lastIndexOf("/")), { recursive: true });
    api.mkdirSync(p);
    return above ?? p;
  },
  mkdtempSync(prefix) {
    const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const p = pathOf(prefix, "prefix") + Array.from(crypto.getRandomValues(new Uint8Array(1)), (b) => letters[b % 62]).join("");
    if (api.existsSync(p)) return api.mkdtempSync(p);
    api.mkdirSync(p);
    return named(p, arguments[1]);
  },
  openSync(path) {
    const flags = flagsOf(arguments[1]);
    const n = openNode(pathOf(path), flags);
    open.set(nextFd, { node: n, flags, at: 0 });
    return nextFd++;
  },
  opendirSync(path) {
    const p = pathOf(path), { node: n } = need(p, "opendir");
    if (n.type !== "dir") throw fail("ENOTDIR", "opendir", p);
    return new Dir(entries(p, n, { ...arguments[1], withFileTypes: true }), p, arguments[1]);
  },
  readFileSync(path) {
    const options = arguments[1], e = encodingOf(options);
    if (options?.flag !== undefined) flagsOf(options.flag);
    const b = Buffer.from(readAll(target(path)).buffer);
    return e === null ? b : b.toString(e);
  },
  readSync(fd, buffer) {
    let [, , offset, length, position] = arguments;
    const h = handle(fd, "read");
    if (!ArrayBuffer.isView(buffer)) throw codes.ERR_INVALID_ARG_TYPE("buffer", ["Buffer", "TypedArray", "DataView"], buffer);
    if (typeof offset === "object" && offset !== null) ({ offset, length, position } = offset);
    offset ??= 0;
    validateInteger(offset, "offset", 0);
    length ??= buffer.byteLength - offset;
    validateInteger(length, "length", 0, buffer.byteLength - offset);
    if ((h.flags & 3) === O_WRONLY) throw fail("EBADF", "read");
    if (h.node.type === "dir") throw fail("EISDIR", "read");
    const placed = (typeof position === "number" || typeof position === "bigint") && position >= 0;
    const n = readAt(h.node, new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length), placed ? Number(position) : h.at);
    if (!placed) h.at += n;
    return n;
  },
  readdirSync(path) {
    const p = pathOf(path), { node: n } = need(p, "readdir");
    if (n.type !== "dir") throw fail("ENOTDIR", "readdir", p);
    return entries(p, n, arguments[1]);
  },
  readlinkSync(path) {
    const n = need(pathOf(path), "readlink", false).node;
    if (n.type !== "link") throw fail("EINVAL", "readlink");
    return named(n.target, arguments[1]);
  },
  readvSync(fd, buffers) {
    let position = arguments[2], total = 0;
    for (const b of buffers) {
      const n = api.readSync(fd, b, 0, b.byteLength, position ?? null);
      total += n;
      if (typeof position === "number") position += n;
      if (n < b.byteLength) break;
    }
    return total;
  },
  realpathSync(path) { return named(need(pathOf(path), "realpath").real, arguments[1]); },
  renameSync(oldPath, newPath) {
    const from = pathOf(oldPath, "oldPath"), to = pathOf(newPath, "newPath");
    const a = need(from, "rename", false), b = walk(to, false);
    writable(a.parent, "rename");
    if (!b.parent) throw fail("ENOENT", "rename", to);
    writable(b.parent, "rename");
    a.parent.entries.delete(a.name);
    b.parent.entries.set(b.name, a.node);
  },
  rmSync(path) {
    const p = pathOf(path), at = walk(p, false), options = arguments[1] ?? {};
    if (!at.node) return;
    writable(at.node, "rm");
    writable(at.parent, "rm");
    if (at.node.type === "dir" && at.node.entries.size > 0 && !options.recursive) throw fail("ENOTEMPTY", "rm", at.name);
    at.parent.entries.delete(at.name);
  },
  rmdirSync(path) {
    const at = need(pathOf(path), "rm", false);
    if (at.node.type !== "dir") throw fail("ENOTDIR", "rm");
    writable(at.parent, "rm");
    if (at.node.entries.size > 0 && !arguments[1]?.recursive) throw fail("ENOTEMPTY", "rm", at.name);
    at.parent.entries.delete(at.name);
  },
  statSync(path) { return statOf(path, arguments[1], "stat", true); },
  statfsSync(path) {
    const p = pathOf(path), big = arguments[1]?.bigint;
    need(p, "statfs");
    return Object.fromEntries(["type", "bsize", "blocks", "bfree", "bavail", "files", "ffree"].map((k) => [k, big ? 0n : 0]));
  },
  symlinkSync(to, path) {
    const at = walk(pathOf(path), false);
    if (at.node) throw fail("EEXIST", "symlink");
    if (!at.parent) throw fail("ENOENT", "symlink");
    writable(at.parent, "symlink");
    at.parent.entries.set(at.name, node("link", { target: pathOf(to, "target") }));
  },
  truncateSync(path) {
    const n = typeof path === "number" ? handle(path, "ftruncate").node : need(pathOf(path), "truncate").node;
    writable(n, "truncate");
    resize(n, Math.max(0, arguments[1] ?? 0));
  },
  unlinkSync(path) {
    const at = walk(pathOf(path), false);
    if (!at.node) throw fail("ENOENT", "unlink", undefined, "File not found");
    if (at.node.type === "dir") throw fail("EISDIR", "unlink", undefined, "Cannot unlink a directory");
    writable(at.node, "unlink");
    writable(at.parent, "unlink");
    at.parent.entries.delete(at.name);
  },
  utimesSync(path, atime, mtime) { touch(need(pathOf(path), "utimes").node, atime, mtime); },
  writeFileSync(path, data) {
    const options = arguments[2], bytes = bytesOf(data, encodingOf(options)), where = target(path);
    if (typeof where === "number") {
      const h = handle(where, "write");
      h.at += writeAt(h.node, bytes, h.flags & O_APPEND ? h.node.size : h.at, "write");
      return;
    }
    const flags = flagsOf((typeof options === "object" ? options?.flag : undefined) ?? "w"), n = openNode(where, flags, "writeAll");
    writeAt(n, bytes, flags & O_APPEND ? n.size ?? 0 : 0, "writeAll");
  },
  writeSync(fd, buffer) {
    let [, , offset, length, position] = arguments;
    const h = handle(fd, "write");
    let bytes;
    if (typeof buffer === "string") {
      bytes = Buffer.from(buffer, length ?? "utf8");
      position = offset;
    } else {
      if (typeof offset === "object" && offset !== null) ({ offset, length, position } = offset);
      bytes = bytesOf(buffer);
      bytes = bytes.subarray(offset ?? 0, (offset ?? 0) + (length ?? bytes.length - (offset ?? 0)));
    }
    const placed = typeof position === "number" || typeof position === "bigint";
    const at = h.flags & O_APPEND ? h.node.size : placed ? Number(position) : h.at;
    const n = writeAt(h.node, bytes, at, "write");
    if (!placed) h.at = at + n;
    return n;
  },
  writevSync(fd, buffers) {
    let position = arguments[2], total = 0;
    for (const b of buffers) {
      const n = api.writeSync(fd, b, 0, b.byteLength, position ?? null);
      total += n;
      if (typeof position === "number") position += n;
    }
    return total;
  },
};

function touch(n, atime, mtime) {
  n.atime = new Date(atime);
  n.mtime = new Date(mtime);
}

function statOf(path, options, syscall, follow) {
  const p = pathOf(path), { node: n } = walk(p, follow);
  if (!n) {
    if (options?.throwIfNoEntry === false) return undefined;
    throw fail("ENOENT", syscall, p);
  }
  return makeStats(n, options);
}

function entries(path, n, options) {
  const out = [], typed = options?.withFileTypes;
  const visit = (p, d, shown) => {
    for (const [name, child] of [...d.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      out.push(typed ? new Dirent(named(name, options), child.type, p) : named(shown + name, options));
      if (options?.recursive && child.type === "dir") visit(`${p}/${name}`, child, `${shown}${name}/`);
    }
  };
  visit(path, n, options?.recursive && !typed ? `${path.replace(/^\//, "")}/` : "");
  return out;
}

module.exports = { ...api, pathOf, fdOf, encodingOf, flagsOf };
