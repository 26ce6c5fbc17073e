const { codes, notImplemented, validateObject, validateString } = require("internal/errors");

// Code cannot be made from strings here.
class Script {
  constructor(code) {}
  cachedDataRejected; cachedDataProduced; cachedData; sourceMapURL;
  runInContext() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("runInContext"); }
  runInNewContext() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("runInNewContext"); }
  runInThisContext() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("runInThisContext"); }
  createCachedData() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("createCachedData"); }
}
module.exports = {
  Script, compileFunction(code) { validateString(code, "code"); throw codes.ERR_METHOD_NOT_IMPLEMENTED("compileFunction"); },
  constants: { __proto__: null, USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol("vm_dynamic_import_main_context_default"), DONT_CONTEXTIFY: Symbol("vm_context_no_contextify") },
  createContext(object = {}) { return object; }, createScript(code) { return new Script(code, arguments[1]); },
  isContext(object) { validateObject(object, "object"); return false; }, measureMemory: notImplemented("measureMemory"),
  runInContext(code, object) { validateObject(object, "object"); throw codes.ERR_METHOD_NOT_IMPLEMENTED("runInContext"); },
  runInNewContext: notImplemented("runInThisContext", 3), runInThisContext: notImplemented("runInThisContext", 1),
};
Object.defineProperty(module.exports.runInNewContext, "name", { value: "runInNewContext" });
