const { validateInteger } = require("internal/errors");
const { METHODS, STATUS_CODES } = require("data/http");
const { Agent, globalAgent } = require("internal/http/agent");
const { ClientRequest, request, get } = require("internal/http/client");
const { IncomingMessage } = require("internal/http/incoming");
const { OutgoingMessage, validateHeaderName, validateHeaderValue } = require("internal/http/outgoing");
const { Server, ServerResponse, createServer, _connectionListener } = require("internal/http/server");

module.exports = {
  Agent, ClientRequest, CloseEvent, IncomingMessage, METHODS, MessageEvent, OutgoingMessage, STATUS_CODES, Server, ServerResponse, WebSocket, _connectionListener,
  createServer, get, globalAgent, maxHeaderSize: 16384, request, setMaxIdleHTTPParsers(max) { validateInteger(max, "max", 1); }, validateHeaderName, validateHeaderValue,
};
