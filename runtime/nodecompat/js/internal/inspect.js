// util.inspect and util.format: Node's own, vendored.
const vendored = require("inspect");

// The styles of the Node that workerd follows.
const { module: ofModules, regexp, ...rest } = vendored.inspect.styles;
vendored.inspect.styles = { __proto__: null, ...rest, name: undefined, regexp: "red", module: ofModules };
module.exports = vendored;
