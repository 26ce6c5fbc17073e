const { parse, stringify, escape, unescape, unescapeBuffer } = require("querystrings");
const { shape } = require("internal/errors");
module.exports = {
  parse: shape(parse, "parse", 4), decode: parse, stringify: shape(stringify, "stringify", 4), encode: stringify,
  escape: shape(escape, "escape", 1), unescape: shape(unescape, "unescape", 2), unescapeBuffer: shape(unescapeBuffer, "unescapeBuffer", 2),
};
