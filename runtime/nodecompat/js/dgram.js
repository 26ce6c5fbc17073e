const EventEmitter = require("events");
const { codes, notImplemented } = require("internal/errors");

function Socket(type, listener) {
  EventEmitter.call(this);
  const options = typeof type === "object" && type !== null ? type : { type };
  this.type = options.type;
  if (typeof listener === "function") this.on("message", listener);
}
Object.setPrototypeOf(Socket.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Socket, EventEmitter);
for (const [name, length] of Object.entries({
  addMembership: 2, addSourceSpecificMembership: 3, address: 0, bind: 2, close: 1, connect: 3, disconnect: 0, dropMembership: 2, dropSourceSpecificMembership: 3,
  getRecvBufferSize: 0, getSendBufferSize: 0, getSendQueueCount: 0, getSendQueueSize: 0, ref: 0, remoteAddress: 0, send: 6, sendto: 6, setBroadcast: 1,
  setMulticastInterface: 1, setMulticastLoopback: 1, setMulticastTTL: 1, setRecvBufferSize: 1, setSendBufferSize: 1, setTTL: 1, unref: 0,
})) Socket.prototype[name] = notImplemented(`dgram.Socket.${name}`, length);

function createSocket(type, listener) {
  if (typeof type !== "string" && (typeof type !== "object" || type === null)) throw codes.ERR_INVALID_ARG_TYPE("type", "object", type);
  return new Socket(type, listener);
}
module.exports = { Socket, createSocket };
