const { codes } = require("internal/errors");
class WASI {
  constructor() { throw codes.ERR_METHOD_NOT_IMPLEMENTED("WASI"); }
  start() {}
  initialize() {}
  getImportObject() {}
  finalizeBindings() {}
}
module.exports = { WASI };
