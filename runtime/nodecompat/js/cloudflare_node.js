const ports = require("internal/ports");
const { validatePort } = require("internal/errors");

const invalid = (message) => Object.assign(new Error(message), { code: "ERR_INVALID_ARG_VALUE" });

// portOf is the port of a server or a description; a server without one is told
// to listen.
function portOf(what) {
  if (typeof what === "number") return validatePort(what);
  if (what == null) throw new Error("Server descriptor cannot be null or undefined");
  if (what.port == null && typeof what.listen === "function" && typeof what.address()?.port !== "number") what.listen();
  const port = what.port ?? what.address?.()?.port;
  if (port == null) throw new Error("Failed to determine port for server");
  return validatePort(port);
}

async function handleAsNodeRequest(desc, request, env, ctx) {
  const port = validatePort(typeof desc === "number" ? desc : desc?.port);
  const listener = ports.find(port);
  if (!listener?.fetch) throw invalid(`Http server with port ${port} not found. This is likely a bug with your code. You should check if server.listen() was called with the same port (${port})`);
  return listener.fetch(request, env, ctx);
}
function httpServerHandler(desc) {
  const port = portOf(desc);
  return { async fetch(request, env, ctx) { return handleAsNodeRequest({ port }, request, env, ctx); } };
}
// handleAsNodeConnection gives a connection to the server of the port it came
// for, and returns when it is over.
async function handleAsNodeConnection(socket, env, ctx) {
  const { localAddress } = await socket.opened, text = /:(\d+)$/.exec(localAddress)?.[1];
  if (text === undefined) throw new Error(`Failed to determine port for inbound socket from local address ${localAddress}`);
  const port = validatePort(Number(text)), listener = ports.find(port);
  if (!listener?.connect || !listener.server) throw invalid(`No net.Server is listening on port ${port}. Call server.listen(${port}) to accept connections arriving on that port.`);
  await listener.connect(socket);
}
function connectHandler() {
  return { async connect(socket, env, ctx) { await handleAsNodeConnection(socket, env, ctx); } };
}

module.exports = { handleAsNodeRequest, httpServerHandler, connectHandler, handleAsNodeConnection };
module.bare = true; // no default
