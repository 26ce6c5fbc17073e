const { shape, validateFunction } = require("internal/errors");
const promises = require("dns/promises");

const lengths = {
  lookup: 3, lookupService: 1, resolve: 3, resolve4: 3, resolve6: 3, resolveAny: 1, resolveCaa: 2, resolveCname: 2, resolveMx: 2, resolveNaptr: 2, resolveNs: 2, resolvePtr: 2,
  resolveSoa: 2, resolveSrv: 2, resolveTxt: 2, reverse: 2,
};
const callbacks = {};
for (const [name, length] of Object.entries(lengths)) {
  callbacks[name] = shape((...args) => {
    const callback = args.at(-1);
    validateFunction(callback, "callback");
    promises[name](...args.slice(0, -1)).then((v) => {
      if (name === "lookup" && !Array.isArray(v)) callback(null, v.address, v.family);
      else callback(null, v);
    }, callback);
  }, name, length);
}

class Resolver {
  cancel() {}
  setLocalAddress() {}
}
for (const name of ["getServers", "setServers", ...Object.keys(lengths).filter((n) => n.startsWith("res") || n === "reverse")]) {
  Resolver.prototype[name] = { [name](...args) { return (callbacks[name] ?? promises[name])(...args); } }[name];
}
const constants = require("data/dns");
module.exports = {
  ...constants, ...callbacks, Resolver, promises, getDefaultResultOrder: promises.getDefaultResultOrder, getServers: promises.getServers,
  setDefaultResultOrder: promises.setDefaultResultOrder, setServers: promises.setServers,
};
