// The file system of a worker: /bundle (what was deployed, read only), /tmp (of
// one event) and /dev. Directories are Maps; everything is in memory.
const { fs } = native;

const types = { dir: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 };
const messages = {
  EACCES: "permission denied", EBADF: "bad file descriptor", EEXIST: "file already exists", EINVAL: "invalid argument", EISDIR: "illegal operation on a directory",
  ELOOP: "too many symbolic links encountered", ENOENT: "no such file or directory", ENOTDIR: "not a directory", ENOTEMPTY: "directory not empty", EPERM: "operation not permitted",
};
const numbers = { EPERM: -1, ENOENT: -2, EACCES: -13, EBADF: -9, EEXIST: -17, ENOTDIR: -20, EISDIR: -21, EINVAL: -22, ENOTEMPTY: -39, ELOOP: -40 };

// fail makes the error of a call; about is appended where workerd does.
function fail(code, syscall, about, message = messages[code]) {
  const err = new Error(about === undefined ? message : `${message}, ${syscall} '${about}'`);
  return Object.assign(err, { code, syscall, errno: numbers[code] });
}

function node(type, extra) {
  const now = new Date();
  return { type, ino: 0, atime: now, mtime: now, ctime: now, birthtime: now, readOnly: false, ...extra };
}
const dir = (extra) => node("dir", { entries: new Map(), ...extra });
const file = (data = new Uint8Array(0), extra) => node("file", { data, size: data.length, ...extra });

function bundle() {
  const root = dir({ readOnly: true });
  for (const name of fs.names()) {
    let at = root;
    const parts = name.split("/").filter(Boolean);
    for (const p of parts.slice(0, -1)) {
      if (!at.entries.has(p)) at.entries.set(p, dir({ readOnly: true }));
      at = at.entries.get(p);
    }
    at.entries.set(parts.at(-1), file(new Uint8Array(fs.data(name)), { readOnly: true }));
  }
  return root;
}

const device = (read, write) => node("device", { read, write });
const dev = () => dir({
  readOnly: true,
  entries: new Map([
    ["null", device(() => 0, () => true)],
    ["zero", device((b) => b.fill(0).length, () => true)],
    ["full", device((b) => b.fill(0).length, () => false)],
    ["random", device((b) => { for (let i = 0; i < b.length; i += 65536) crypto.getRandomValues(b.subarray(i, i + 65536)); return b.length; }, () => true)],
  ]),
});

const fixed = dir({ readOnly: true, entries: new Map([["bundle", bundle()], ["dev", dev()]]) });

// root is the tree as the event now running sees it.
function root() {
  const event = fs.event();
  event.tmp ??= dir();
  return { ...fixed, entries: new Map([["bundle", fixed.entries.get("bundle")], ["dev", fixed.entries.get("dev")], ["tmp", event.tmp]]) };
}

// split resolves a path against the working directory.
function split(path) {
  const out = [];
  for (const p of (path.startsWith("/") ? path : `${require("process").cwd()}/${path}`).split("/")) {
    if (p === "..") out.pop();
    else if (p !== "" && p !== ".") out.push(p);
  }
  return out;
}

// walk finds the place of a path: {parent, name, node}, node undefined where
// there is nothing and parent undefined where its directory is missing too.
// real is the path without links.
function walk(path, follow = true, depth = 0) {
  if (depth > 32) throw fail("ELOOP", "stat");
  const parts = split(path);
  let at = root(), parent, name = "";
  const real = [];
  for (let i = 0; i < parts.length; i++) {
    if (at?.type !== "dir") return { parent: undefined, name: parts.at(-1), notDir: at !== undefined };
    parent = at;
    name = parts[i];
    at = at.entries.get(name);
    const last = i === parts.length - 1;
    if (at?.type === "link" && (!last || follow)) {
      const to = at.target.startsWith("/") ? at.target : `/${real.join("/")}/${at.target}`;
      return walk([to, ...parts.slice(i + 1)].join("/"), follow, depth + 1);
    }
    real.push(name);
  }
  return { parent, name, node: at, real: "/" + real.join("/") };
}

// stat is the node a path leads to, undefined if there is none.
const stat = (path) => walk(path).node;

function content(n) { return n.data.subarray(0, n.size); }

// store puts bytes at a position of a file, which grows as needed.
function store(n, bytes, at) {
  const end = at + bytes.length;
  if (end > n.data.length) {
    const grown = new Uint8Array(Math.max(end, n.data.length * 2));
    grown.set(content(n));
    n.data = grown;
  }
  n.data.set(bytes, at);
  n.size = Math.max(n.size, end);
  n.mtime = n.ctime = new Date();
}

function resize(n, size) {
  if (size > n.data.length) {
    const grown = new Uint8Array(size);
    grown.set(content(n));
    n.data = grown;
  } else {
    n.data.fill(0, size);
  }
  n.size = size;
  n.mtime = n.ctime = new Date();
}

module.exports = { fail, types, dir, file, node, walk, stat, content, store, resize };
