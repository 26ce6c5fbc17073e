const { Transform } = require("stream");
module.exports = Transform;
module.named = { Transform };
