const { notImplemented } = require("internal/errors");
const { HttpsAgent: Agent, httpsGlobalAgent: globalAgent } = require("internal/http/agent");
const { ClientRequest, normalize } = require("internal/http/client");
const http = require("internal/http/server");

function request() {
  const { options, callback } = normalize(...arguments);
  return new ClientRequest({ ...options, _defaultAgent: globalAgent }, callback);
}
function get(input, options, cb) {
  const req = request(input, options, cb);
  req.end();
  return req;
}

function Server(options, requestListener) {
  if (!(this instanceof Server)) return new Server(options, requestListener);
  http.Server.call(this, options, requestListener);
}
Object.setPrototypeOf(Server.prototype, http.Server.prototype);
Object.setPrototypeOf(Server, http.Server);
for (const name of ["addContext", "getTicketKeys", "setSecureContext", "setTicketKeys"]) Server.prototype[name] = notImplemented(`https.Server.${name}`);
Object.defineProperty(Server, "length", { value: 0 });
function createServer(options, requestListener) { return new Server(options, requestListener); }

module.exports = { Agent, Server, createServer, get, globalAgent, request };
