const EventEmitter = require("events");
const { codes, notImplemented } = require("internal/errors");

class Worker extends EventEmitter {
  constructor() { super(); throw codes.ERR_METHOD_NOT_IMPLEMENTED("Worker"); }
}
class BroadcastChannel {
  constructor() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("BroadcastChannel"); }
}
module.exports = {
  BroadcastChannel, MessageChannel: globalThis.MessageChannel, MessagePort: globalThis.MessagePort, SHARE_ENV: Symbol("nodejs.worker_threads.SHARE_ENV"), Worker,
  getEnvironmentData() {}, isInternalThread: false, isMainThread: true, isMarkedAsUntransferable() { return false; }, markAsUncloneable() {}, markAsUntransferable() {},
  moveMessagePortToContext() { throw new TypeError("Illegal constructor"); }, parentPort: null, postMessageToThread: notImplemented("postMessageToThread"),
  receiveMessageOnPort() {}, resourceLimits: {}, setEnvironmentData() {}, threadId: 0, workerData: null,
};
