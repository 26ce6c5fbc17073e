const EventEmitter = require("events");
const { codes, notImplemented, validateNumber, validateOneOf } = require("internal/errors");

// Agent holds options only: connections are the platform's business.
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  EventEmitter.call(this);
  this.options = { __proto__: null, ...options };
  if (this.options.noDelay === undefined) this.options.noDelay = true;
  this.options.path = null;
  this.defaultPort = 80;
  this.protocol = "http:";
  this.requests = { __proto__: null };
  this.sockets = { __proto__: null };
  this.freeSockets = { __proto__: null };
  this.keepAliveMsecs = this.options.keepAliveMsecs ?? 1000;
  this.keepAlive = this.options.keepAlive ?? false;
  this.maxSockets = this.options.maxSockets ?? Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets ?? 256;
  this.scheduling = this.options.scheduling ?? "lifo";
  this.maxTotalSockets = this.options.maxTotalSockets ?? Infinity;
  this.totalSocketCount = 0;
  validateOneOf(this.scheduling, "scheduling", ["fifo", "lifo"]);
  if (this.options.maxTotalSockets !== undefined) validateNumber(this.maxTotalSockets, "maxTotalSockets", 1);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);
Agent.defaultMaxSockets = Infinity;
Object.assign(Agent.prototype, {
  createConnection: notImplemented("createConnection"), addRequest: notImplemented("addRequest"), createSocket: notImplemented("createSocket"),
  removeSocket: notImplemented("removeSocket"), keepSocketAlive: notImplemented("keepSocketAlive"), reuseSocket: notImplemented("reuseSocket"),
  getName(options = {}) {
    let name = `${options.host || "localhost"}:${options.port || ""}:${options.localAddress || ""}`;
    if (options.family === 4 || options.family === 6) name += `:${options.family}`;
    if (options.socketPath) name += `:${options.socketPath}`;
    return name;
  },
  destroy() {},
});
Object.defineProperty(Agent, "length", { value: 1 });

function HttpsAgent(options) {
  if (!(this instanceof HttpsAgent)) return new HttpsAgent(options);
  Agent.call(this, options);
  this.defaultPort = 443;
  this.protocol = "https:";
}
Object.setPrototypeOf(HttpsAgent.prototype, Agent.prototype);
Object.setPrototypeOf(HttpsAgent, Agent);
HttpsAgent.prototype.getName = function getName(options = {}) {
  return Agent.prototype.getName.call(this, options) + ":" + ["ca", "cert", "clientCertEngine", "ciphers", "key", "pfx"].map((k) => options[k] ?? "").join(":");
};
Object.defineProperty(HttpsAgent, "length", { value: 1 });

module.exports = { Agent, HttpsAgent, globalAgent: new Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 }), httpsGlobalAgent: new HttpsAgent({ keepAlive: true, scheduling: "lifo", timeout: 5000 }) };
