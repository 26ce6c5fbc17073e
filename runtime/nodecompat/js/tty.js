const net = require("net");

function ReadStream(fd) {
  const options = arguments[1];
  if (!new.target) throw new TypeError("Cannot set properties of undefined (setting 'fd')");
  const s = Reflect.construct(net.Socket, [options], new.target);
  return Object.assign(s, { fd, isRaw: false, isTTY: false });
}
function WriteStream(fd) {
  if (!new.target) throw new TypeError("Cannot set properties of undefined (setting 'fd')");
  const s = Reflect.construct(net.Socket, [], new.target);
  return Object.assign(s, { fd, isTTY: false, columns: 0, rows: 0 });
}
Object.setPrototypeOf(ReadStream.prototype, net.Socket.prototype);
Object.setPrototypeOf(ReadStream, net.Socket);
ReadStream.prototype.setRawMode = function setRawMode() { return this; };
Object.setPrototypeOf(WriteStream.prototype, net.Socket.prototype);
Object.setPrototypeOf(WriteStream, net.Socket);
const no = () => false;
Object.assign(WriteStream.prototype, {
  isTTY: false, _refreshSize() {}, clearLine: no, clearScreenDown: no, cursorTo: no, getColorDepth() { return 1; }, getWindowSize() { return [0, 0]; },
  hasColors: no, moveCursor: no,
});
module.exports = { ReadStream, WriteStream, isatty(fd) { return false; } };
