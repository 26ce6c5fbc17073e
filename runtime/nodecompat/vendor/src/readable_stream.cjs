const Stream = require("readable-stream/lib/stream.js");
module.exports = {
  Stream,
  fromList: require("readable-stream/lib/internal/streams/readable.js")._fromList,
  utils: require("readable-stream/lib/internal/streams/utils.js"),
  destroy: require("readable-stream/lib/internal/streams/destroy.js"),
};
