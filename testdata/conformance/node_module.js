// compatibility_flags: nodejs_compat
// node:module.
import mod, * as named from "node:module";
import { createRequire, isBuiltin, builtinModules } from "node:module";
import buffer from "node:buffer";
import * as path from "node:path";
import { each, nodeArea } from "./lib/node.js";

const odd = [undefined, null, 0, 1, "", "x", "/x", "./x", true, {}, [], new URL("file:///x"), new URL("http://x/"), "file:///a/b.js", "http://x/"];
const require = createRequire("/bundle/worker.js");

export default nodeArea({
  "names": () => Object.keys(mod).sort(),
  "named": () => Object.keys(named).sort(),
  "default": () => [typeof mod, mod.name, mod.length, mod.Module === mod, typeof named.default],
  "new": () => new mod("x"),
  "called": () => mod("x"),
  "builtins": () => builtinModules,
  "builtins kind": () => [Array.isArray(builtinModules), Object.isFrozen(builtinModules), builtinModules === mod.builtinModules],
  "isBuiltin": () => ["fs", "node:fs", "node:test", "test", "x", "node:x", "fs/promises", "node:fs/promises", "sys", "node:sqlite", "sqlite", "node:sea", "node:test/reporters", "constants", "_http_agent", "node:_http_agent", "cloudflare:workers", "", "node:", "FS", "wasi", "cloudflare:sockets", "workerd:unsafe"].map((n) => `${n} ${isBuiltin(n)}`),
  "isBuiltin odd": () => each([undefined, null, 1, {}, []], (n) => isBuiltin(n)),
  "createRequire odd": () => each(odd, (p) => typeof createRequire(p)),
  "require": () => require("node:buffer") === buffer,
  "require bare": () => require("buffer") === buffer,
  "require path": () => typeof require("path").join,
  "require missing": () => each(["x", "node:x", "./x", "/x", "", "fs/", "node:"], (n) => require(n)),
  "require odd": () => each([undefined, null, 1, {}, Symbol.iterator], (n) => require(n)),
  "require cloudflare": () => each(["cloudflare:workers", "cloudflare:sockets", "cloudflare:node", "cloudflare:workflows"], (n) => [n, typeof require(n), Object.keys(require(n)).sort()]),
  "require every": () => each(["assert", "events", "util", "stream", "fs", "os", "crypto", "zlib", "http", "url", "querystring", "string_decoder", "timers", "process", "dns", "net", "tls", "test", "sqlite", "sea", "console", "module"], (n) => [n, typeof require(n)]),
  "require node every": () => each(["test", "sqlite", "sea", "test/reporters", "worker_threads"], (n) => [n, typeof require(`node:${n}`)]),
  "require the bundle": () => each(["./lib/node.js", "./probe.js", "/bundle/probe.js", "probe.js"], (n) => Object.keys(require(n)).sort()),
  "require fields": () => [Object.keys(require), require.name, require.length, require.main, typeof require.resolve, require.cache, require.extensions],
  "resolve": () => each(["fs", "node:fs", "x"], (n) => require.resolve(n)),
  "resolve paths": () => require.resolve.paths?.("x"),
  "each alone": () => createRequire("/a") === createRequire("/a"),
  "unimplemented": () => each(["SourceMap", "_debug", "_findPath", "_initPaths", "_load", "_nodeModulePaths", "_preloadModules", "_resolveFilename", "_resolveLookupPaths", "findPackageJSON", "findSourceMap", "register", "registerHooks", "runMain", "setSourceMapsSupport", "stripTypeScriptTypes", "syncBuiltinESMExports", "wrap"], (n) => [n, mod[n]()]),
  "findSourceMap": () => each(["/x", undefined, 1], (v) => mod.findSourceMap(v)),
  "stripTypeScriptTypes": () => each(["let a: number = 1", 1], (v) => mod.stripTypeScriptTypes(v)),
  "wrap": () => mod.wrap("x"),
  "wrapper": () => mod.wrapper,
  "compile cache": () => [mod.enableCompileCache(), mod.flushCompileCache(), mod.getCompileCacheDir(), mod.constants],
  "source maps": () => mod.getSourceMapsSupport(),
  "paths": () => [mod.globalPaths, mod._cache, mod._pathCache, mod._extensions],
  "prototype": () => each(["load", "require", "_compile"], (n) => mod.prototype[n]("x")),
  "isPreloading": () => [mod.isPreloading, mod.prototype.isPreloading],
  "lengths": () => Object.entries(mod).filter(([, v]) => typeof v === "function").map(([k, v]) => `${k} ${v.name} ${v.length}`).sort(),
  "getBuiltinModule": () => each(["fs", "node:fs", "x", "node:test", "test", "", "node:buffer", "cloudflare:workers", "cloudflare:x"], (n) => typeof process.getBuiltinModule(n)),
  "getBuiltinModule odd": () => each([undefined, null, 1, {}], (n) => typeof process.getBuiltinModule(n)),
  "getBuiltinModule same": () => process.getBuiltinModule("buffer") === buffer,
  "dynamic": async () => (await import("node:buffer")).default === buffer,
  "dynamic bare": async () => (await import(["buf", "fer"].join(""))).default === buffer,
  "dynamic missing": async () => import(["node:", "nothing"].join("")),
  "namespace": () => [Object.prototype.toString.call(path), Object.isFrozen(path), Object.isExtensible(path)],
  "namespace write": () => { eval("0"); Reflect.set(path, "join", 1) || Reflect.defineProperty(path, "join", { value: 1 }); },
  "default write": () => { const was = path.default.sep; try { path.default.sep = "x"; return path.sep; } finally { path.default.sep = was; } },
});
