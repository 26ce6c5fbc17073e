const { notImplemented, notImplementedClass } = require("internal/errors");
const names = native.host.modules.filter((n) => !n.startsWith("_"));
class Recoverable extends SyntaxError {
  constructor(err) {
    super();
    this.err = err;
  }
}
module.exports = {
  REPLServer: notImplementedClass("REPLServer", "clearBufferedCommand defineCommand displayPrompt setupHistory"), REPL_MODE_SLOPPY: Symbol("repl-sloppy"), REPL_MODE_STRICT: Symbol("repl-strict"), Recoverable,
  _builtinLibs: names, builtinModules: names, start: notImplemented("start"), writer: Object.assign(notImplemented("writer"), { options: {} }),
};
