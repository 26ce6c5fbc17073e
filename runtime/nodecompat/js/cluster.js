const EventEmitter = require("events");
const { notImplemented } = require("internal/errors");

class Worker extends EventEmitter {
  constructor() {
    super();
    this._connected = false;
    this.id = 0;
  }
}
for (const name of ["isConnected", "isDead"]) Worker.prototype[name] = { [name]() { return name === "isDead" ? true : this._connected; } }[name];
Object.defineProperty(Worker, "length", { value: 1 });
Object.defineProperties(Worker.prototype, { exitedAfterDisconnect: { configurable: true, get: () => false }, process: { configurable: true, get: () => require("process") } });
for (const name of ["send", "kill", "destroy", "disconnect"]) Worker.prototype[name] = notImplemented(`cluster.Worker.${name}`);

class Cluster extends EventEmitter {
  constructor() {
    super();
    Object.assign(this, { Worker, isMaster: true, isPrimary: true, isWorker: false, SCHED_NONE: 1, SCHED_RR: 2, schedulingPolicy: 2, settings: {}, workers: {} });
  }
}
const methods = {
  disconnect: notImplemented("cluster.disconnect", 1), fork: notImplemented("cluster.fork", 1),
  setupPrimary: notImplemented("cluster.setupPrimary", 1), setupMaster: notImplemented("cluster.setupWorker", 1),
};
Object.defineProperty(methods.setupMaster, "name", { value: "setupMaster" });
Object.assign(Cluster.prototype, methods);

module.exports = new Cluster();
module.named = { Cluster, ...methods, _events: [], _eventsCount: 0, _maxListeners: 0 };
module.hidden = { domain: true };
