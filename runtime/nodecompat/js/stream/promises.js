const { finished, pipeline } = require("readable_stream").Stream.promises;
module.exports = { finished, pipeline };
module.named = { promises: module.exports };
