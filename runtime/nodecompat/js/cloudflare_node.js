const { notImplemented, validatePort } = require("internal/errors");

const portOf = (what) => {
  const port = typeof what?.address === "function" ? what.address()?.port : what?.port;
  if (port === undefined || port === null) throw new Error("Failed to determine port for server");
  return validatePort(port);
};

async function handleAsNodeRequest(desc, request, env, ctx) {
  return require("internal/http/server").handle(typeof desc === "number" ? desc : portOf(desc), request, env, ctx);
}
function httpServerHandler(desc, handlers = {}) {
  const port = portOf(desc);
  return { ...handlers, async fetch(request, env, ctx) { return require("internal/http/server").handle(port, request, env, ctx); } };
}

module.exports = {
  handleAsNodeRequest, httpServerHandler,
  connectHandler: notImplemented("connectHandler"), handleAsNodeConnection: notImplemented("handleAsNodeConnection"),
};
module.bare = true; // no default
