const { posix, win32 } = require("paths");
const { validateObject, validateString } = require("internal/errors");

// Paths are resolved from the last to the first absolute one; what stands before
// it is not looked at.
function checkUntilAbsolute(paths, windows) {
  for (let i = paths.length - 1; i >= 0; i--) {
    validateString(paths[i], `paths[${i}]`);
    if (windows ? /^(?:[a-z]:[\\/]|[\\/]{2})/i.test(paths[i]) : paths[i].startsWith("/")) return;
  }
}

function namespaced(path) {
  const found = win32.toNamespacedPath(path);
  if (found !== path || typeof path !== "string" || path === "") return found;
  const full = win32.resolve(path);
  return full.length <= 2 ? path : full;
}

function complete(p) {
  const out = {};
  for (const name of ["resolve", "normalize", "isAbsolute", "join", "relative", "toNamespacedPath", "dirname", "basename", "extname", "format", "parse"]) {
    const f = p[name];
    const own = { [name](...args) {
      if (name === "format") validateObject(args[0], "pathObject");
      else if (name === "join") for (const a of args) validateString(a, "path");
      else if (name === "resolve") checkUntilAbsolute(args, p === win32);
      else if (name === "relative") { validateString(args[0], "from"); validateString(args[1], "to"); }
      else if (name !== "toNamespacedPath") validateString(args[0], "path");
      if (name === "basename" && args[1] !== undefined) validateString(args[1], p === win32 ? "suffix" : "ext");
      return name === "toNamespacedPath" && p === win32 ? namespaced(args[0]) : f.apply(out, args);
    } }[name];
    Object.defineProperty(own, "length", { value: name === "basename" ? 2 : f.length });
    out[name] = own;
  }
  Object.defineProperty(out.format, "name", { value: "bound _format" });
  Object.defineProperty(out.format, "length", { value: 1 });
  Object.assign(out, { matchesGlob(path, pattern) { return globMatches(path, pattern, p === win32); }, sep: p.sep, delimiter: p.delimiter, win32: null, posix: null });
  return out;
}

// globMatches knows *, **, ?, [...], {...} and +(...) with its kin, as
// path.matchesGlob does: none of them matches a dot a name begins with.
function globMatches(path, pattern, windows) {
  validateString(path, "path");
  validateString(pattern, "pattern");
  if (windows) [path, pattern] = [path.replaceAll("\\", "/"), pattern.replaceAll("\\", "/")];
  const closers = [];
  let re = "";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i], visible = i === 0 || pattern[i - 1] === "/" ? "(?!\\.)" : "";
    if ("?*+@!".includes(c) && pattern[i + 1] === "(") {
      re += c === "!" ? `${visible}(?!(?:` : `${visible}(?:`;
      closers.push({ "?": ")?", "*": ")*", "+": ")+", "@": ")", "!": ")(?:/|$))[^/]*" }[c]);
      i++;
    } else if (c === ")" && closers.length) re += closers.pop();
    else if (c === "|" && closers.length) re += "|";
    else if (c === "*" && pattern[i + 1] === "*") {
      i++;
      if (pattern[i + 1] === "/") { i++; re += "(?:(?!\\.)[^/]+/)*"; } else re += "(?:(?!\\.)[^/]+(?:/(?!\\.)[^/]+)*)?";
    } else if (c === "*") re += `${visible}[^/]*`;
    else if (c === "?") re += `${visible}[^/]`;
    else if (c === "[" && pattern.indexOf("]", i + 2) > 0) {
      const end = pattern.indexOf("]", i + 2);
      re += `${visible}[${pattern.slice(i + 1, end).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
      i = end;
    } else if (c === "{") { closers.push(")"); re += "(?:"; }
    else if (c === "}" && closers.length) re += closers.pop();
    else if (c === "," && closers.length) re += "|";
    else re += (c === "\\" && i + 1 < pattern.length ? pattern[++i] : c).replace(/[\\^$+.()|{}\[\]?*]/g, "\\$&");
  }
  return new RegExp(`^${re}$`).test(path);
}

const own = complete(posix), windows = complete(win32);
for (const p of [own, windows]) Object.assign(p, { posix: own, win32: windows });
module.exports = own;
