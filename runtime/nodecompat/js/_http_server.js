const { createServer, handle, ...rest } = require("internal/http/server");
module.exports = rest;
