// The file system of a worker: /bundle (what was deployed, read only), /tmp (of
// one event) and /dev, all of it in memory. What can be done with it is in
// internal/fs_ops.
const { fs } = native;

const types = { dir: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 };
const messages = {
  EBADF: "bad file descriptor", EEXIST: "file already exists", EINVAL: "invalid argument", EIO: "input/output error", EISDIR: "illegal operation on a directory",
  ELOOP: "too many symbolic links encountered", ENOENT: "no such file or directory", ENOTDIR: "not a directory", ENOTEMPTY: "directory not empty", EPERM: "operation not permitted",
};
// As on the platform, files are no larger, and no link leads through more links.
const largest = 128 << 20;
const deepest = 256;

// fail makes the error of a call. Errors that the platform makes of a path say
// so at the end, unless they have a message of their own.
function fail(code, syscall, path, message) {
  const err = new Error(message ?? (path ? `${messages[code]}, ${syscall} '${path}'` : messages[code]));
  Object.assign(err, { syscall, code });
  if (path) err.path = path;
  return err;
}

// Names are those of a directory, in the platform's order: what is removed
// leaves its place to the last.
class Names {
  #items = new Map();
  #order = [];
  constructor(items = []) { for (const [name, node] of items) this.set(name, node); }
  get size() { return this.#order.length; }
  get(name) { return this.#items.get(name)?.node; }
  set(name, node) {
    this.#items.set(name, { node, at: this.#order.length });
    this.#order.push(name);
  }
  delete(name) {
    const { at } = this.#items.get(name), last = this.#order.pop();
    this.#items.delete(name);
    if (last === name) return;
    this.#order[at] = last;
    this.#items.get(last).at = at;
  }
  *[Symbol.iterator]() { for (const name of this.#order) yield [name, this.get(name)]; }
}

const dir = (names = [], writable = true) => ({ type: "dir", writable, mtime: 0, size: 0, names: new Names(names) });
const file = (data = new Uint8Array(0), writable = true) => ({ type: "file", writable, mtime: 0, size: data.length, data });
const link = (target) => ({ type: "link", writable: false, mtime: 0, size: 0, target });

function bundle() {
  const root = dir([], false);
  for (const name of fs.names()) {
    let at = root;
    const parts = name.split("/").filter(Boolean);
    for (const p of parts.slice(0, -1)) {
      if (!at.names.get(p)) at.names.set(p, dir([], false));
      at = at.names.get(p);
    }
    at.names.set(parts.at(-1), file(new Uint8Array(fs.data(name)), false));
  }
  return root;
}

const nothing = () => 0;
// A device reads into bytes and takes what is written, or does not.
const device = (read, takes = nothing, settable = true) => ({ type: "device", writable: true, mtime: 0, size: 0, read, takes, settable });
function random(bytes) {
  for (let i = 0; i < bytes.length; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
  return bytes.length;
}
const zeros = (bytes) => bytes.fill(0).length;
const dev = () => dir([["null", device(nothing)], ["zero", device(zeros)], ["full", device(zeros, null)], ["random", device(random, null, false)]], false);
// The descriptors of a process that are open from the start; they look like files.
const stdio = [undefined, "stdout", "stderr"].map((name) => ({
  ...device(nothing, name ? (bytes) => require("process")[name].write(bytes) : nothing, false), regular: true,
}));

const fixed = { bundle: bundle(), dev: dev() };

// root is the tree as the event now running sees it.
function root() {
  const event = fs.event();
  return event.root ??= dir([["bundle", fixed.bundle], ["tmp", dir()], ["dev", fixed.dev]], false);
}

// find is the node that names lead to, undefined where there is none. create
// says what is made of missing names: "file" or "dir", and directories above it.
function find(names, { follow = true, create, syscall } = {}, from = root(), seen = new Set()) {
  let at = from;
  for (let i = 0; i < names.length; i++) {
    let next = at.names.get(names[i]);
    const last = i === names.length - 1;
    if (!next) return create && make(at, names.slice(i), create, syscall);
    if (next.type === "link") {
      if (!follow) return last ? next : undefined;
      next = target(next, syscall, seen);
    }
    if (last) return next;
    if (next?.type !== "dir") return undefined;
    at = next;
  }
  return at;
}

// target is what a link leads to.
function target(from, syscall, seen = new Set()) {
  if (seen.has(from) || seen.size >= deepest) throw fail("ELOOP", syscall, undefined, "symlink depth exceeded");
  return find(from.target, { syscall }, root(), seen.add(from));
}

function make(at, names, what, syscall) {
  if (!at.writable) throw fail("EPERM", syscall);
  const [name, ...rest] = names;
  const node = rest.length === 0 && what === "file" ? file() : dir();
  at.names.set(name, node);
  return rest.length === 0 ? node : make(node, rest, what, syscall);
}

// add puts a node into a directory.
function add(at, name, node, syscall) {
  if (!at.writable) throw fail("EPERM", syscall);
  if (name === "") throw fail("EINVAL", syscall, undefined, "Invalid path");
  if (at.names.get(name)) throw fail("EEXIST", syscall);
  at.names.set(name, node);
}

// remove takes a name out of a directory, if it is there.
function remove(at, name, recursive, syscall, about) {
  if (!at.writable) throw fail("EPERM", syscall, about);
  const node = at.names.get(name);
  if (!node) return;
  if (node.type === "dir" && node.names.size > 0 && !recursive) throw fail("ENOTEMPTY", syscall, about);
  at.names.delete(name);
}

const content = (n) => n.data.subarray(0, n.size);
const clone = (n) => file(content(n).slice());

// resize changes the length of a file. Its memory grows by more than it must.
function resize(n, size, syscall) {
  if (n.type === "device") {
    if (!n.takes || n.regular) throw fail("EPERM", syscall);
    return;
  }
  if (!n.writable) throw fail("EPERM", syscall);
  if (size > largest) throw fail("EPERM", syscall, undefined, "File size limit exceeded");
  if (size > n.data.length) {
    const grown = new Uint8Array(n.size === 0 ? size : Math.max(size, Math.min(largest, n.data.length * 2)));
    grown.set(content(n));
    n.data = grown;
  } else if (size < n.size) {
    n.data.fill(0, size, n.size);
  }
  n.size = size;
}

// read fills bytes with what is at a position, and says how many.
function read(n, position, bytes) {
  if (n.type === "device") return n.read(bytes);
  const part = content(n).subarray(position, position + bytes.length);
  bytes.set(part);
  return part.length;
}

// write puts bytes at a position of a file.
function write(n, position, bytes, syscall) {
  const end = position + bytes.length;
  if (n.type === "device") {
    if (!n.takes) throw fail("EPERM", syscall);
    n.takes(bytes);
    return bytes.length;
  }
  if (!n.writable || end > n.size) resize(n, end, syscall);
  n.data.set(bytes, position);
  return bytes.length;
}

module.exports = { fail, types, stdio, dir, file, link, find, target, add, remove, content, clone, resize, read, write };
