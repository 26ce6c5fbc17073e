// What the parts of node:http share.
const { codes } = require("internal/errors");

const token = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const badValue = /[^\t\x20-\x7e\x80-\xff]/;

function _checkIsHttpToken(value) { return token.test(value); }
function _checkInvalidHeaderChar(value) { return badValue.test(value); }

function validateHeaderName(name, label = "Header name") {
  if (typeof name !== "string" || !name || !token.test(name)) throw codes.ERR_INVALID_HTTP_TOKEN(label, name);
}
function validateHeaderValue(name, value) {
  if (value === undefined) throw codes.ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (badValue.test(value)) throw codes.ERR_INVALID_CHAR("header content", name);
}
Object.defineProperty(validateHeaderName, "length", { value: 1 });

module.exports = {
  _checkIsHttpToken, _checkInvalidHeaderChar, validateHeaderName, validateHeaderValue, CRLF: "\r\n",
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i, continueExpression: /(?:^|\W)100-continue(?:$|\W)/i, kIncomingMessage: Symbol("IncomingMessage"),
  parsers: { name: "parsers", max: 1000 }, ...{ methods: require("data/http").METHODS },
};
