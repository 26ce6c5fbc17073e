// util.debuglog: on for the sections NODE_DEBUG names, as in Node. In workerd
// every section is on.
function debuglog(section, callback) {
  const logger = (...args) => {
    console.error(`${String(section).toUpperCase()}: ${require("internal/inspect").format(...args)}`);
  };
  Object.defineProperty(logger, "enabled", { get: () => true, configurable: true, enumerable: true });
  if (typeof callback === "function") callback(logger);
  return logger;
}
module.exports = { debuglog };
