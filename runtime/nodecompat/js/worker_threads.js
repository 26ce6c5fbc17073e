const EventEmitter = require("events");
const { codes, notImplemented } = require("internal/errors");

class Worker extends EventEmitter {
  constructor() { super(); throw codes.ERR_METHOD_NOT_IMPLEMENTED("Worker"); }
}
for (const name of ["cpuUsage", "getHeapSnapshot", "getHeapStatistics", "postMessage", "postMessageToThread", "ref", "startCpuProfile", "startHeapProfile", "terminate", "unref"]) {
  Object.defineProperty(Worker.prototype, name, { value: notImplemented(`worker_threads.Worker.${name}`), writable: true, configurable: true });
}
class BroadcastChannel {
  constructor() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("BroadcastChannel"); }
}
module.exports = {
  BroadcastChannel, MessageChannel: globalThis.MessageChannel, MessagePort: globalThis.MessagePort, SHARE_ENV: Symbol("nodejs.worker_threads.SHARE_ENV"), Worker,
  getEnvironmentData(key) {}, isInternalThread: false, isMainThread: true, isMarkedAsUntransferable(value) { return false; }, markAsUncloneable(value) {}, markAsUntransferable(value) {},
  moveMessagePortToContext(port, context) { throw new TypeError("Illegal constructor"); }, parentPort: null, postMessageToThread: notImplemented("postMessageToThread", 4),
  receiveMessageOnPort(port) {}, resourceLimits: {}, setEnvironmentData(key, value) {}, threadId: 0, workerData: null,
};
