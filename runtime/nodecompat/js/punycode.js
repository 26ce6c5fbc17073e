const { decode, encode, toASCII, toUnicode, ucs2 } = require("punycodes");
module.exports = { decode, encode, toASCII, toUnicode, ucs2, version: "2.1.0" };
