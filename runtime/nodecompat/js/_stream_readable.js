const { Readable } = require("stream");
module.exports = Readable;
module.named = { Readable };
module.hidden = { _fromList: true };
