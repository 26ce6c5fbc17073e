const { finished, pipeline } = require("readable_stream").Stream.promises;
Object.defineProperty(finished, "length", { value: 1 });
module.exports = { finished, pipeline };
module.named = { promises: module.exports };
