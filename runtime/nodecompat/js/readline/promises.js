const { Interface } = require("readline");

class PromisesInterface extends Interface {
  async question() { return ""; }
}
for (const name of ["close", "getCursorPos", "getPrompt", "pause", "prompt", "resume", "setPrompt", "write"]) {
  Object.defineProperty(PromisesInterface.prototype, name, { value: Interface.prototype[name], writable: true, configurable: true });
}
Object.defineProperty(PromisesInterface, "name", { value: "Interface" });
class Readline {
  clearLine() { return this; }
  clearScreenDown() { return this; }
  cursorTo() { return this; }
  moveCursor() { return this; }
  async commit() {}
  rollback() { return this; }
}
module.exports = { Interface: PromisesInterface, Readline, createInterface() { return new PromisesInterface(); } };
