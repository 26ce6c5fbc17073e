const EventEmitter = require("events");
const { codes } = require("internal/errors");

class Session extends EventEmitter {
  constructor() { super(); throw codes.ERR_METHOD_NOT_IMPLEMENTED("Session"); }
  connect() {}
  connectToMainThread() {}
  disconnect() {}
  post() {}
}
const quiet = {};
for (const name of ["debug", "error", "info", "log", "warn", "dir", "dirxml", "table", "trace", "group", "groupCollapsed", "groupEnd", "clear", "count", "countReset", "assert", "profile", "profileEnd", "time", "timeLog", "timeStamp"]) quiet[name] = { [name]() {} }[name];
const Network = {};
for (const name of ["dataReceived", "dataSent", "loadingFailed", "loadingFinished", "requestWillBeSent", "responseReceived"]) Network[name] = { [name]() {} }[name];
module.exports = {
  Network, Session, close() {}, console: quiet, open(port, address, wait) { return { [Symbol.dispose]() {} }; }, url() {}, waitForDebugger() {},
};
