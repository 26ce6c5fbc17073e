const { createServer, ...rest } = require("internal/http/server");
module.exports = rest;
