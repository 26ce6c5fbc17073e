const { Writable } = require("stream");
module.exports = Writable;
module.named = { Writable };
