// util.inspect and util.format: Node's own, vendored, which cannot look into
// promises and proxies by itself.
const vendored = require("inspect");
module.exports = vendored;
