const { codes, notImplemented, validateString } = require("internal/errors");
const { host } = native;

const no = (name, length) => notImplemented(`module.${name}`, length);
const builtinModules = host.modules;

function Module() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("module.Module"); }
Object.assign(Module.prototype, { load: no("Module.load", 1), require: no("Module.require", 1), _compile: no("Module._compile", 3) });
Object.defineProperty(Module.prototype, "isPreloading", { get: () => false, configurable: true, enumerable: true });

function isBuiltin(id) {
  return typeof id === "string" && (id.startsWith("node:") ? builtinModules.includes(id.slice(5)) : builtinModules.includes(id));
}

function createRequire(path) {
  if (!(path instanceof URL) && !(typeof path === "string" && (path.startsWith("/") || URL.canParse(path) && new URL(path).protocol === "file:"))) {
    const err = codes.ERR_INVALID_ARG_VALUE("path", path);
    err.message = `The argument 'path' The argument must be a file URL object, a file URL string, or an absolute path string.. Received '${path}'`;
    throw err;
  }
  const require_ = function require(id) {
    validateString(id, "id");
    const name = id.replace(/^node:/, "");
    if (!builtinModules.includes(name)) throw new Error(`No such module "${id}".`);
    return host.import(`node:${name}`).default;
  };
  require_.resolve = no("require.resolve", 1);
  require_.cache = { __proto__: null };
  require_.extensions = { __proto__: null };
  require_.main = undefined;
  require_.paths = [];
  return require_;
}

module.exports = Object.assign(Module, {
  Module, SourceMap: no("SourceMap"), _cache: { __proto__: null }, _debug: no("_debug"), _extensions: { __proto__: null }, _findPath: no("_findPath"),
  _initPaths: no("_initPaths"), _load: no("_load"), _nodeModulePaths: no("_nodeModulePaths"), _pathCache: { __proto__: null }, _preloadModules: no("_preloadModules"),
  _resolveFilename: no("_resolveFilename"), _resolveLookupPaths: no("_resolveLookupPaths"), builtinModules,
  constants: { compileCacheStatus: { FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 } }, createRequire, enableCompileCache() {},
  findPackageJSON: no("findPackageJSON"), findSourceMap: no("findSourceMap"), flushCompileCache() {}, getCompileCacheDir() {},
  getSourceMapsSupport() { return { enabled: false, nodeModules: false, generatedCode: false }; }, globalPaths: [], isBuiltin, register: no("register"),
  registerHooks: no("registerHooks"), runMain: no("runMain"), setSourceMapsSupport: no("setSourceMapsSupport"), stripTypeScriptTypes: no("stripTypeScriptTypes"),
  syncBuiltinESMExports: no("syncBuiltinESMExports"), wrap: no("wrap"),
});
