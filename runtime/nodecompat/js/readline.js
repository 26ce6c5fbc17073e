const EventEmitter = require("events");

// There is no terminal to read lines from.
class Interface extends EventEmitter {
  terminal = false; line = ""; cursor = 0;
  getPrompt() { return ""; }
  setPrompt() {}
  prompt() {}
  question(query, options, callback) { callback?.(""); }
  close() { this.emit("close"); }
  pause() { this.emit("pause"); return this; }
  resume() { this.emit("resume"); return this; }
  write() {}
  getCursorPos() { return { rows: 0, cols: 0 }; }
  [Symbol.asyncIterator]() { return { async next() { return { done: true, value: undefined }; }, [Symbol.asyncIterator]() { return this; } }; }
}
function createInterface() { return new Interface(); }
module.exports = {
  Interface, clearLine() { return false; }, clearScreenDown() { return false; }, createInterface, cursorTo() { return false; }, emitKeypressEvents() {},
  moveCursor() { return false; },
};
module.exports.promises = require("readline/promises");
