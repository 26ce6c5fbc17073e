const { posix, win32 } = require("paths");
const { validateObject, validateString } = require("internal/errors");


function complete(p) {
  const out = {};
  for (const name of ["resolve", "normalize", "isAbsolute", "join", "relative", "toNamespacedPath", "dirname", "basename", "extname", "format", "parse"]) {
    const f = p[name];
    const own = { [name](...args) {
      if (name === "format") validateObject(args[0], "pathObject");
      else if (name === "join" || name === "resolve") for (const a of args) validateString(a, "path");
      else if (name === "relative") { validateString(args[0], "from"); validateString(args[1], "to"); }
      else if (name !== "toNamespacedPath") validateString(args[0], "path");
      if (name === "basename" && args[1] !== undefined) validateString(args[1], "suffix");
      return f.apply(out, args);
    } }[name];
    Object.defineProperty(own, "length", { value: name === "basename" ? 2 : f.length });
    out[name] = own;
  }
  Object.defineProperty(out.format, "name", { value: "bound _format" });
  Object.defineProperty(out.format, "length", { value: 1 });
  Object.assign(out, { matchesGlob(path, pattern) { return globMatches(path, pattern, p === win32); }, sep: p.sep, delimiter: p.delimiter, win32: null, posix: null });
  return out;
}

// globMatches knows *, **, ?, [...] and {...}, as path.matchesGlob does.
function globMatches(path, pattern, windows) {
  validateString(path, "path");
  validateString(pattern, "pattern");
  if (windows) [path, pattern] = [path.replaceAll("\\", "/"), pattern.replaceAll("\\", "/")];
  let re = "", depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === "*" && pattern[i + 1] === "*") {
      i++;
      if (pattern[i + 1] === "/") { i++; re += "(?:.*/)?"; } else re += ".*";
    } else if (c === "*") re += "[^/]*";
    else if (c === "?") re += "[^/]";
    else if (c === "[" && pattern.indexOf("]", i + 2) > 0) {
      const end = pattern.indexOf("]", i + 2);
      re += "[" + pattern.slice(i + 1, end).replace(/^!/, "^").replaceAll("\\", "\\\\") + "]";
      i = end;
    } else if (c === "{") { depth++; re += "(?:"; }
    else if (c === "}" && depth > 0) { depth--; re += ")"; }
    else if (c === "," && depth > 0) re += "|";
    else re += c.replace(/[\\^$+.()|{}\[\]]/g, "\\$&");
  }
  return new RegExp(`^${re}$`).test(path);
}

const own = complete(posix), windows = complete(win32);
for (const p of [own, windows]) Object.assign(p, { posix: own, win32: windows });
module.exports = own;
