const { _checkIsHttpToken, _checkInvalidHeaderChar, CRLF, chunkExpression, continueExpression, kIncomingMessage, parsers, methods } = require("internal/http/common");
module.exports = { _checkIsHttpToken, _checkInvalidHeaderChar, CRLF, chunkExpression, continueExpression, kIncomingMessage, parsers, methods };
