// What can be done in the file system of a worker, with the platform's errors.
// Arguments are URLs and descriptors that were checked before.
const vfs = require("internal/vfs");

const { fail, find } = vfs;

// rehearse runs a function up to where it would do something, so that it says
// what is wrong with its arguments.
let rehearsing;
function rehearse(f) {
  rehearsing = new Error("rehearsal");
  try {
    f();
  } catch (err) {
    if (err !== rehearsing) throw err;
  } finally {
    rehearsing = undefined;
  }
}

// place takes a URL apart: its names, and the directory and the name of its last.
function place(url) {
  if (rehearsing) throw rehearsing;
  if (url.protocol !== "file:") throw new TypeError("File path must be a file: URL");
  if (url.host !== "") throw new Error("File path must not have a host");
  const { pathname } = url;
  if (pathname.length > 4096) throw new Error("File path is too long");
  if (pathname.split("/").length - 1 > 48) throw new Error("File path has too many segments");
  // Escapes that a URL can do without are the character itself.
  const path = pathname.replace(/%[0-9a-fA-F]{2}/g, (e) => {
    const c = String.fromCharCode(parseInt(e.slice(1), 16));
    return /[\w\-.~!$&'()*+,;=:@]/.test(c) ? c : e.toUpperCase();
  });
  const at = path.lastIndexOf("/") + 1;
  const names = path.split("/").filter(Boolean);
  return { path, names, above: path.slice(0, at).split("/").filter(Boolean), name: path.slice(at) };
}

// Descriptors: open files by number.
const open = new Map();
let next = 3;
function handle(fd, syscall) {
  if (rehearsing) throw rehearsing;
  const h = fd < 3 ? { node: vfs.stdio[fd], read: true, write: true, at: 0 } : open.get(fd);
  if (!h) throw fail("EBADF", syscall);
  return h;
}
const nodeOf = (where, syscall, options) => (typeof where === "number" ? handle(where, syscall).node : find(place(where).names, { ...options, syscall }));

const ops = {
  stat: (where, follow = true) => nodeOf(where, typeof where === "number" ? "fstat" : "stat", { follow }),
  setTime(where, mtime, follow = true) {
    const node = nodeOf(where, "futimes", { follow });
    if (!node) throw fail("ENOENT", "utimes", place(where).path);
    if (node.type === "device" && !node.settable) throw fail("EPERM", "futimes");
    if (node.type === "file" && node.writable) node.mtime = mtime;
  },
  truncate(where, size) {
    const node = nodeOf(where, "ftruncate");
    if (!node) throw fail("ENOENT", "ftruncate", place(where).path);
    if (node.type === "dir") throw fail("EISDIR", "ftruncate");
    vfs.resize(node, size, "ftruncate");
  },
  readLink(url, needed) {
    const { names, path } = place(url), node = find(names, { follow: false, syscall: "readlink" });
    if (!node) throw fail("ENOENT", "readlink", path);
    if (node.type === "link") return `/${node.target.join("/")}`;
    if (needed) throw fail("EINVAL", "readlink");
    return `/${names.join("/")}`;
  },
  link(at, to, symbolic) {
    const from = place(at), target = place(to);
    if (find(from.names, { syscall: "link" })) throw fail("EEXIST", "link", undefined, "File already exists");
    if (from.name === "") throw fail("EINVAL", "link", undefined, "Invalid filename");
    const parent = find(from.above, { syscall: "link" });
    if (!parent) throw fail("ENOENT", "link", target.path, "Directory does not exist");
    if (parent.type !== "dir") throw fail("EINVAL", "link", undefined, "Not a directory");
    let node = vfs.link(target.names);
    if (!symbolic) {
      node = find(target.names, { follow: false, syscall: "link" });
      if (!node) throw fail("ENOENT", "link", target.path, "File not found");
      if (node.type === "dir") throw fail("EPERM", "link", undefined, "Cannot hardlink to a directory");
    }
    vfs.add(parent, from.name, node, "link");
  },
  unlink(url) {
    const { above, name } = place(url), parent = find(above, { syscall: "unlink" });
    if (!parent) throw fail("ENOENT", "unlink", name, "File not found");
    if (parent.type !== "dir") throw fail("ENOTDIR", "unlink", undefined, "Parent path is not a directory");
    const node = parent.names.get(name);
    if (!node) throw fail("ENOENT", "unlink", name, "File not found");
    const leads = node.type === "link" ? vfs.target(node, "unlink") : node;
    if (!leads) throw fail("ENOENT", "unlink", name, "File not found");
    if (leads.type === "dir") throw fail("EISDIR", "unlink", undefined, "Cannot unlink a directory");
    vfs.remove(parent, name, false, "unlink");
  },
  open(url, { read, write, append, create, exclusive, truncate }) {
    const { names, path } = place(url), syscall = "open";
    let node = find(names, { syscall });
    if (node && exclusive && write) throw fail("EEXIST", syscall, path);
    if (!node) {
      const above = find(names.slice(0, -1), { syscall });
      if (!create || above?.type !== "dir") throw fail("ENOENT", syscall, path);
      if (!above.writable) throw fail("EPERM", syscall, path);
      if (above.names.get(names.at(-1))) throw fail("EIO", syscall, path); // a link that leads nowhere
      above.names.set(names.at(-1), node = vfs.file());
    }
    if (node.type === "dir" && write) throw fail("EISDIR", syscall, path);
    if (!node.writable && write) throw fail("EPERM", syscall, path);
    if (truncate && write && node.type === "file") vfs.resize(node, 0, syscall);
    open.set(next, { node, read, write, append, at: 0 });
    return next++;
  },
  close(fd) { open.delete(fd); },
  write(fd, buffers, position) {
    const h = handle(fd, "write");
    if (h.node.type === "dir") throw fail("EISDIR", "write");
    let at = h.append ? h.node.size : Number(position ?? h.at), total = 0;
    for (const b of buffers) {
      const n = vfs.write(h.node, at, b, "write");
      at += n;
      total += n;
    }
    if (position === null && !h.append) h.at += total;
    return total;
  },
  read(fd, buffers, position) {
    const h = handle(fd, "read");
    if (!h.read) throw fail("EBADF", "read");
    if (h.node.type === "dir") throw fail("EISDIR", "read");
    let at = Number(position ?? h.at), total = 0;
    for (const b of buffers) {
      const n = vfs.read(h.node, at, b);
      at += n;
      total += n;
      if (n < b.length) break;
    }
    if (position === null) h.at += total;
    return total;
  },
  readAll(where) {
    const fd = typeof where === "number", h = fd ? handle(where, "fread") : undefined;
    if (fd && (!h.read || h.node.type === "dir")) throw fail("EBADF", "fread");
    const node = fd ? h.node : nodeOf(where, "readAll");
    if (!node) throw fail("ENOENT", "readAll", place(where).path);
    if (node.type === "dir") throw fail("EISDIR", "readAll");
    if (fd) h.at = node.size;
    return node.type === "device" ? new Uint8Array(0) : vfs.content(node).slice();
  },
  writeAll(where, bytes, { append, exclusive }) {
    if (typeof where === "number") return writeAllTo(handle(where, "fwrite"), bytes, append);
    const syscall = "writeAll", { names, above, name, path } = place(where), node = find(names, { syscall });
    if (!node) {
      const parent = find(above, { syscall });
      if (!parent || name === "") throw fail("ENOENT", syscall, path);
      if (parent.type !== "dir") throw fail("ENOTDIR", syscall);
      const made = vfs.file();
      vfs.add(parent, name, made, syscall);
      return vfs.write(made, 0, bytes, syscall);
    }
    if (exclusive) throw fail("EEXIST", syscall);
    if (node.type === "dir") throw fail("EISDIR", syscall);
    return overwrite(node, bytes, append, syscall);
  },
  mkdir(url, recursive, temporary) {
    const syscall = "mkdir", { names, above, name } = place(url), found = find(names, { follow: false, syscall });
    if (found?.type === "dir") return undefined;
    if (found) throw fail("EEXIST", syscall);
    if (recursive) return mkdirs(names);
    const parent = find(above, { syscall });
    if (!parent || name === "") throw fail("ENOENT", syscall, name);
    if (parent.type !== "dir") throw fail("ENOTDIR", syscall);
    const made = temporary ? `${name}${temporaries++}` : name;
    vfs.add(parent, made, vfs.dir(), syscall);
    return temporary ? `/${[...above, made].join("/")}` : undefined;
  },
  rm(url, { recursive, directory }) { // what is not there needs no force, but for rmdir
    const syscall = "rm", { above, name } = place(url), parent = find(above, { syscall });
    if (!parent) throw fail("ENOENT", syscall, name);
    if (parent.type !== "dir") throw fail("ENOTDIR", syscall, name);
    if (!parent.writable) throw fail("EPERM", syscall);
    let node = parent.names.get(name);
    if (directory) {
      if (node?.type === "link") node = vfs.target(node, syscall);
      if (!node) throw fail("ENOENT", syscall, name);
      if (node.type !== "dir") throw fail("ENOTDIR", syscall);
    }
    vfs.remove(parent, name, recursive, syscall, name);
  },
  // readdir gives [name, kind, directory] of each entry.
  readdir(url, recursive) {
    const { names, path } = place(url), node = find(names, { follow: false, syscall: "readdir" });
    if (!node) throw fail("ENOENT", "readdir", path);
    if (node.type === "link") throw fail("EINVAL", "readdir", path);
    if (node.type !== "dir") throw fail("ENOTDIR", "readdir", path);
    const list = [];
    const visit = (at, names, seen) => {
      for (const [name, child] of at.names) {
        list.push({ name: recursive ? [...names, name].join("/") : name, type: child.type, path: `/${names.join("/")}` });
        if (!recursive) continue;
        const inside = child.type === "link" ? new Set(seen) : seen;
        const below = child.type === "link" ? vfs.target(child, "readdir", inside) : child;
        if (below?.type === "dir") visit(below, [...names, name], inside);
      }
    };
    visit(node, names, new Set());
    return list;
  },
  place, rehearse,
};
let temporaries = 0;

// overwrite gives a file or a device new contents, or more of them.
function overwrite(node, bytes, append, syscall) {
  if (!node.writable) throw fail("EPERM", syscall);
  if (append) return vfs.write(node, node.size, bytes, syscall);
  if (node.type === "file") vfs.resize(node, 0, syscall);
  return vfs.write(node, 0, bytes, syscall);
}
function writeAllTo(h, bytes, append) {
  if (!h.write || h.node.type === "dir") throw fail("EBADF", "fwrite");
  const n = overwrite(h.node, bytes, h.append || append, "fwrite");
  h.at = h.node.size;
  return n;
}

// mkdirs makes directories; it gives the first it made above the last.
function mkdirs(names) {
  const syscall = "mkdir";
  let first;
  for (let i = 1; i <= names.length; i++) {
    const at = find(names.slice(0, i), { syscall });
    if (at && at.type !== "dir") throw fail("ENOTDIR", syscall);
    if (at) continue;
    vfs.add(find(names.slice(0, i - 1), { syscall }), names[i - 1], vfs.dir(), syscall);
    if (i < names.length) first ??= `/${names.slice(0, i).join("/")}`;
  }
  return first;
}

module.exports = ops;
