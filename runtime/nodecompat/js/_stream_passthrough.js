const { PassThrough } = require("stream");
module.exports = PassThrough;
module.named = { PassThrough };
