// The ports of the worker: what listens on one, be it a server of http or of net.
// They exist for cloudflare:node only, nothing of the machine is bound.
const { codes } = require("internal/errors");

const listeners = new Map();
let last = 49151;

// ephemeral is a port that nothing has.
function ephemeral() {
  do last = last === 65535 ? 49152 : last + 1;
  while (listeners.has(last));
  return last;
}

// bind gives a port to its owner; 0 is any.
function bind(address, port, owner) {
  if (port === 0) port = ephemeral();
  if (listeners.has(port)) {
    throw Object.assign(new Error(`bind EADDRINUSE ${address}:${port}`), { code: "EADDRINUSE", errno: -98, syscall: "bind", address, port });
  }
  listeners.set(port, owner);
  return port;
}
function release(port, owner) {
  if (listeners.get(port) === owner) listeners.delete(port);
}

module.exports = { bind, ephemeral, release, transfer: (port, owner) => listeners.set(port, owner), find: (port) => listeners.get(port) };
