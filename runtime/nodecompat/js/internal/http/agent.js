const EventEmitter = require("events");
const { notImplemented, validateNumber, validateOneOf } = require("internal/errors");

// Agent holds options only: connections are the platform's business.
function Agent(options) {
  if (!(this instanceof Agent)) return new Agent(options);
  EventEmitter.call(this);
  this.defaultPort = 80;
  this.protocol = "http:";
  this.options = { __proto__: null, ...options, path: null, proxyEnv: undefined };
  if (this.options.noDelay === undefined) this.options.noDelay = true;
  this.agentKeepAliveTimeoutBuffer = 1000;
  this.keepAliveMsecs = this.options.keepAliveMsecs ?? 1000;
  this.keepAlive = this.options.keepAlive ?? false;
  this.maxSockets = this.options.maxSockets ?? Agent.defaultMaxSockets;
  this.maxFreeSockets = this.options.maxFreeSockets ?? 256;
  this.scheduling = this.options.scheduling ?? "lifo";
  this.maxTotalSockets = this.options.maxTotalSockets ?? Infinity;
  this.totalSocketCount = 0;
  for (const name of ["freeSockets", "sockets", "requests"]) this[name] = { __proto__: null };
  validateOneOf(this.scheduling, "scheduling", ["fifo", "lifo"]);
  if (this.options.maxTotalSockets !== undefined) validateNumber(this.maxTotalSockets, "maxTotalSockets", 1);
}
Object.setPrototypeOf(Agent.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Agent, EventEmitter);
Agent.defaultMaxSockets = Infinity;
Object.assign(Agent.prototype, {
  // There are no sockets to keep.
  createConnection: notImplemented("createConnection"), addRequest() {}, createSocket() {}, removeSocket() {}, keepSocketAlive() { return false; }, reuseSocket() {},
  getName(options = {}) {
    let name = `${options.host || "localhost"}:${options.port || ""}:${options.localAddress || ""}`;
    if (options.family === 4 || options.family === 6) name += `:${options.family}`;
    if (options.socketPath) name += `:${options.socketPath}`;
    return name;
  },
  destroy() {},
});
Object.defineProperty(Agent, "length", { value: 1 });

// nameOptions are those that tell connections apart, as Node lists them.
const nameOptions = ["ca", "cert", "clientCertEngine", "ciphers", "key", "pfx", "rejectUnauthorized", "servername", "minVersion", "maxVersion", "secureProtocol", "crl",
  "honorCipherOrder", "ecdhCurve", "dhparam", "secureOptions", "sessionIdContext", "sigalgs", "privateKeyIdentifier", "privateKeyEngine"];

function HttpsAgent(options) {
  if (!(this instanceof HttpsAgent)) return new HttpsAgent(options);
  Agent.call(this, options);
  this.defaultPort = 443;
  this.protocol = "https:";
}
Object.setPrototypeOf(HttpsAgent.prototype, Agent.prototype);
Object.setPrototypeOf(HttpsAgent, Agent);
Object.defineProperty(HttpsAgent, "name", { value: "Agent", configurable: true });
HttpsAgent.prototype.getName = function getName(options = {}) {
  const named = { ...options };
  if (named.servername === named.host) delete named.servername;
  return Agent.prototype.getName.call(this, options) + ":" + nameOptions.map((k) => named[k] ?? "").join(":");
};
Object.defineProperty(HttpsAgent, "length", { value: 1 });

module.exports = { Agent, HttpsAgent, globalAgent: new Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 }), httpsGlobalAgent: new HttpsAgent({ keepAlive: true, scheduling: "lifo", timeout: 5000 }) };
