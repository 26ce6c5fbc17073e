const { codes, notImplemented, shape } = require("internal/errors");
const { posix } = require("path");
const { host } = native;

const no = (name, length) => notImplemented(`module.${name}`, length);
// Two modules have the prefix in their names.
const builtinModules = Object.freeze(host.modules.filter((name) => name !== "sqlite" && name !== "test"));

function Module() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("module.Module"); }
Object.assign(Module.prototype, { load(filename) {}, require(id) {}, _compile(content, filename, format) {} });
Object.defineProperty(Module.prototype, "isPreloading", { get: () => false, configurable: true, enumerable: true });

function isBuiltin(id) { return typeof id === "string" && (id.startsWith("node:") || id === "sqlite" || builtinModules.includes(id)); }

const absolute = (path) => typeof path === "string" && (path.startsWith("/") || URL.canParse(path) && new URL(path).protocol === "file:");

// createRequire makes functions that give builtin modules: a bundle has no files.
function createRequire(path) {
  if (!(path instanceof URL ? path.protocol === "file:" : absolute(path))) {
    const err = codes.ERR_INVALID_ARG_VALUE("path", path);
    err.message = `The argument 'path' The argument must be a file URL object, a file URL string, or an absolute path string.. Received '${path}'`;
    throw err;
  }
  const folder = posix.dirname(path instanceof URL || !path.startsWith("/") ? new URL(path).pathname : path);
  return (...[id]) => {
    id = id !== null && typeof id === "object" ? "#<Object>" : String(id);
    if (id.startsWith("cloudflare:")) return host.import(id);
    const name = id.replace(/^node:/, "");
    if (id === name ? isBuiltin(name) : host.modules.includes(name)) return host.import(`node:${name}`).default;
    throw new Error(`No such module "${id === name ? posix.resolve(folder, id).slice(1) : id}".`);
  };
}
Object.assign(createRequire, { resolve: no("require.resolve", 1), cache: { __proto__: null }, extensions: { __proto__: null }, main: undefined, paths: [] });

module.exports = Object.assign(Module, {
  Module, SourceMap: no("SourceMap"), _cache: { __proto__: null }, _debug: no("_debug"), _extensions: { __proto__: null, ...Object.fromEntries([".js", ".json", ".node"].map((ext) => [ext, shape(no("_extensions"), ext)])) }, _findPath: no("_findPath"),
  _initPaths: no("_initPaths"), _load: no("_load"), _nodeModulePaths: no("_nodeModulePaths"), _pathCache: { __proto__: null }, _preloadModules: no("_preloadModules"),
  _resolveFilename: no("_resolveFilename"), _resolveLookupPaths: no("_resolveLookupPaths"), builtinModules,
  constants: { compileCacheStatus: { FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 } }, createRequire, enableCompileCache() {},
  findPackageJSON: no("findPackageJSON"), findSourceMap: no("findSourceMap"), flushCompileCache() {}, getCompileCacheDir() {},
  getSourceMapsSupport() { return { enabled: false, nodeModules: false, generatedCode: false }; }, globalPaths: [], isBuiltin, register: no("register"),
  registerHooks: no("registerHooks"), runMain: no("runMain"), setSourceMapsSupport: no("setSourceMapsSupport"), stripTypeScriptTypes: no("stripTypeScriptTypes"),
  syncBuiltinESMExports: no("syncBuiltinESMExports"), wrap: no("wrap"),
});
