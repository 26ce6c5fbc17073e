const { codes, shape, validateFunction, validateString } = require("internal/errors");
const process = require("process");
const promises = require("dns/promises");

const lengths = {
  lookup: 3, lookupService: 1, resolve: 3, resolve4: 3, resolve6: 3, resolveAny: 1, resolveCaa: 2, resolveCname: 2, resolveMx: 2, resolveNaptr: 2, resolveNs: 2, resolvePtr: 2,
  resolveSoa: 2, resolveSrv: 2, resolveTxt: 2, reverse: 2,
};
const callbacks = {};
// answer calls back with what the promise gives; what is wrong with the arguments
// is thrown at once.
function answer(promise, callback, spread) {
  promise.then((v) => process.nextTick(() => (spread ? callback(null, v.address, v.family) : callback(null, v))), (err) => process.nextTick(() => callback(err)));
}
function lookup(hostname, options, callback) {
  if (!["number", "object", "undefined"].includes(typeof options)) [options, callback] = [{}, options];
  validateFunction(callback, "callback");
  options = typeof options === "number" ? { family: options } : options ?? {};
  promises.checked(hostname, options);
  answer(promises.lookup(hostname, options), callback, !options.all);
}
for (const [name, length] of Object.entries(lengths)) {
  callbacks[name] = name === "lookup" ? lookup : shape((...given) => {
    const callback = given.at(-1), [value, ...args] = given.slice(0, -1);
    if (typeof callback !== "function") throw codes.ERR_INVALID_ARG_TYPE("last argument", "function", callback);
    if (name === "lookupService" || name === "resolveAny") {
      answer(promises[name](value), callback);
      return;
    }
    validateString(value, "name");
    if (name === "resolve") promises.typed(args[0]);
    answer(promises[name](value, ...args), callback);
  }, name, length);
}

class Resolver {
  cancel() { throw new Error("Not implemented"); }
  setLocalAddress() { throw new Error("Not implemented"); }
}
for (const name of ["getServers", "setServers", ...Object.keys(lengths).filter((n) => n.startsWith("res") || n === "reverse")]) {
  Resolver.prototype[name] = { [name](...args) { return (callbacks[name] ?? promises[name])(...args); } }[name];
}
const constants = require("data/dns"), { ADDRCONFIG, ALL, V4MAPPED } = constants;
module.exports = {
  ...constants, ...callbacks, Resolver, promises: { ...promises, ADDRCONFIG, ALL, V4MAPPED, default: promises }, getDefaultResultOrder: promises.getDefaultResultOrder, getServers: promises.getServers,
  setDefaultResultOrder: promises.setDefaultResultOrder, setServers: promises.setServers,
};
