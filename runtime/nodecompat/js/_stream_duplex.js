const { Duplex } = require("stream");
module.exports = Duplex;
module.named = { Duplex };
