// Renaming and copying in the file system of a worker, as on the platform:
// names in the middle of a path are followed, what stands at the end is replaced.
const vfs = require("internal/vfs");
const { place } = require("internal/fs_ops");

const { fail, find } = vfs;

// parentOf is the directory a name is put into, or taken out of.
function parentOf({ above, name }, syscall) {
  const parent = find(above, { syscall });
  if (!parent) throw fail("ENOENT", syscall, name);
  if (parent.type !== "dir") throw fail("ENOTDIR", syscall);
  return parent;
}
function writable(parent, syscall) {
  if (!parent.writable) throw fail("EPERM", syscall);
}
const within = (a, b) => a.length > b.length && b.every((name, i) => a[i] === name);

function rename(src, dest) {
  const syscall = "rename", from = place(src), to = place(dest);
  const target = parentOf(to, syscall), source = parentOf(from, syscall);
  writable(source, syscall);
  if (from.path === to.path && source.names.get(from.name)) return;
  const node = find(from.names, { syscall }), existing = find(to.names, { follow: false, syscall });
  if (!node) throw fail("ENOENT", syscall, from.path);
  if (node.type === "dir" && within(to.names, from.names)) throw fail("EINVAL", syscall);
  if (existing) {
    if (node.type === "dir" && existing.type !== "dir") throw fail("ENOTDIR", syscall);
    if (node.type !== "dir" && existing.type === "dir") throw fail("EISDIR", syscall);
    vfs.remove(target, to.name, false, syscall);
  }
  vfs.add(target, to.name, node, syscall);
  vfs.remove(source, from.name, true, syscall);
}

function copyFile(src, dest) {
  const syscall = "copy", from = place(src), to = place(dest), target = parentOf(to, syscall);
  const node = find(from.names, { syscall });
  if (!node) throw fail("ENOENT", syscall, from.path);
  if (node.type === "dir" || find(to.names, { follow: false, syscall })?.type === "dir") throw fail("EISDIR", syscall);
  put(target, to.name, copyOf(node), syscall);
}
const copyOf = (node) => (node.type === "file" ? vfs.clone(node) : node);
function put(parent, name, node, syscall) {
  vfs.remove(parent, name, false, syscall);
  vfs.add(parent, name, node, syscall);
}

const coded = (code, message) => Object.assign(new Error(message), { code });

function cp(src, dest, options) {
  const syscall = "cp", from = place(src), to = place(dest), { dereference: follow, recursive } = options;
  if (from.path === to.path) throw new Error("Source and destination paths must not be the same");
  if (within(to.names, from.names)) throw coded("ERR_FS_CP_EINVAL", `Cannot copy '${from.path}' to a subdirectory of itself, '${to.path}'`);
  const node = find(from.names, { follow, syscall }), existing = find(to.names, { follow, syscall });
  if (!node) throw fail("ENOENT", syscall, from.path);
  if (node.type === "dir") {
    if (!recursive) throw coded("ERR_FS_EISDIR", "Expected a file but found a directory");
    if (existing?.type === "link") throw fail("ENOTDIR", syscall);
    if (existing && existing.type !== "dir") throw coded("ERR_FS_CP_DIR_TO_NON_DIR", "Cannot copy directory to non-directory");
    const into = existing ?? find(to.names, { create: "dir", syscall });
    if (into?.type !== "dir") throw fail(into ? "ENOTDIR" : "EINVAL", syscall);
    copyTree(node, into, options);
    return;
  }
  if (existing?.type === "dir") throw node.type === "link" ? fail("ENOTDIR", syscall) : coded("ERR_FS_CP_NON_DIR_TO_DIR", "Cannot copy non-directory to directory");
  if (existing && !replaces(options, () => coded("ERR_FS_CP_EEXIST", "File already exists"))) return;
  const parent = find(to.above, { create: "dir", syscall });
  if (parent?.type !== "dir") throw fail(parent ? "ENOTDIR" : "EINVAL", syscall);
  // A link is not put in the place of another: the platform keeps that one.
  put(parent, to.name, node.type === "link" && existing?.type === "link" ? existing : copyOf(node), syscall);
}

// replaces says whether what is there gives way.
function replaces({ force, errorOnExist }, problem) {
  if (!force && errorOnExist) throw problem();
  return force;
}

function copyTree(from, into, options) {
  const syscall = "cp";
  if (!into.writable) throw fail("EPERM", syscall, undefined, "Destination directory is not writable");
  if (from === into) throw fail("EINVAL", syscall, undefined, "Source and destination directories are the same");
  for (const [name, node] of [...from.names]) {
    let existing = into.names.get(name);
    if (existing?.type === "link" && options.dereference) existing = vfs.target(existing, syscall);
    const refuse = (code, what) => { throw fail(code, syscall, undefined, `Cannot copy ${what}: ${name}`); };
    if (node.type === "dir") {
      if (existing?.type === "link") refuse("EISDIR", "directory to symbolic link");
      if (existing && existing.type !== "dir") refuse("ENOTDIR", "directory to file");
      const below = existing ?? vfs.dir();
      if (!existing) vfs.add(into, name, below, syscall);
      copyTree(node, below, options);
      continue;
    }
    if (existing?.type === "dir") refuse("EISDIR", `${node.type === "link" ? "link" : "file"} to directory`);
    if (existing === node) continue;
    if (existing && !replaces(options, () => fail("EEXIST", syscall, undefined, `Destination already exists: ${name}`))) continue;
    put(into, name, copyOf(node), syscall);
  }
}

module.exports = { rename, copyFile, cp };
