// fs.glob: patterns of path names below a directory.
const { validateObject, validateString } = require("internal/errors");
const { direntOf } = require("internal/fs_classes");
const { urlOf } = require("internal/fs_args");
const ops = require("internal/fs_ops");

// braces writes a pattern out: a{b,c} is ab and ac.
function braces(pattern) {
  let depth = 0, start = -1, parts = [], from = 0;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === "\\") i++;
    else if (c === "{" && depth++ === 0) [start, from, parts] = [i, i + 1, []];
    else if (c === "," && depth === 1) {
      parts.push(pattern.slice(from, i));
      from = i + 1;
    } else if (c === "}" && depth > 0 && --depth === 0) {
      parts.push(pattern.slice(from, i));
      if (parts.length === 1) continue;
      const rest = braces(pattern.slice(i + 1));
      return parts.flatMap(braces).flatMap((p) => rest.map((r) => pattern.slice(0, start) + p + r));
    }
  }
  return [pattern];
}

// matcher is the regular expression of one segment of a pattern.
function matcher(segment) {
  let text = "";
  for (let i = 0; i < segment.length; i++) {
    const c = segment[i], end = c === "[" ? segment.indexOf("]", i + 2) : -1;
    if (c === "*") text += "[^/]*";
    else if (c === "?") text += "[^/]";
    else if (end > 0) {
      text += `[${segment.slice(i + 1, end).replace(/^!/, "^").replace(/\\/g, "\\\\")}]`;
      i = end;
    } else text += (c === "\\" && i + 1 < segment.length ? segment[++i] : c).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  }
  return new RegExp(`^${/^[*?[]/.test(segment) ? "(?!\\.)" : ""}${text}$`);
}
const plain = (segment) => !/[*?[\\]/.test(segment);

function list(path) {
  try {
    return ops.readdir(urlOf(path), false);
  } catch {
    return [];
  }
}

// walk adds what the segments find in a directory, by its path from the start.
function walk(at, path, segments, found) {
  const [first, ...rest] = segments, down = (name) => (path ? `${path}/${name}` : name);
  if (first === "**") {
    if (rest.length) walk(at, path, rest, found);
    for (const e of list(at)) {
      if (e.name.startsWith(".")) continue;
      if (!rest.length) found.set(down(e.name), e);
      if (e.type === "dir") walk(`${at}/${e.name}`, down(e.name), segments, found);
    }
    return;
  }
  const test = plain(first) ? { test: (name) => name === first } : matcher(first);
  for (const e of list(at)) {
    if (!test.test(e.name)) continue;
    if (!rest.length) found.set(down(e.name), e);
    else if (e.type === "dir") walk(`${at}/${e.name}`, down(e.name), rest, found);
  }
}

// whole is the regular expression of a pattern for a path.
function whole(pattern) {
  const parts = pattern.split("/").map((s) => (s === "**" ? s : matcher(s).source.slice(1, -1)));
  return new RegExp(`^${parts.join("/").replace(/\*\*\//g, "(?:.*/)?").replace(/\*\*/g, ".*")}$`);
}

function glob(pattern, options) {
  const patterns = typeof pattern === "string" ? [pattern] : [...pattern];
  for (const p of patterns) validateString(p, "pattern");
  validateObject(options, "options");
  const { withFileTypes = false, exclude } = options;
  const cwd = options.cwd instanceof URL ? options.cwd.pathname : options.cwd ?? require("process").cwd();
  validateString(cwd, "options.cwd");
  const found = new Map();
  for (const p of patterns.flatMap(braces)) {
    const segments = p.split("/").filter((s) => s !== "" && s !== ".");
    if (segments.length) walk(cwd, "", segments, found);
  }
  const unwanted = Array.isArray(exclude) ? exclude.flatMap(braces).map(whole) : [];
  const out = [];
  for (const [path, e] of found) {
    if (unwanted.some((r) => r.test(path))) continue;
    const item = withFileTypes ? direntOf(e, e.name) : path;
    if (typeof exclude === "function" && exclude(item)) continue;
    out.push(item);
  }
  return out;
}

module.exports = { glob };
