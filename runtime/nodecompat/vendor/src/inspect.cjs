module.exports = require("node-inspect-extracted");
