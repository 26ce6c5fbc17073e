const { decode, encode, toASCII, toUnicode, ucs2 } = require("punycodes");
module.exports = { version: "2.1.0", ucs2, decode, encode, toASCII, toUnicode };
