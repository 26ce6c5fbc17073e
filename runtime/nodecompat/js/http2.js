const { notImplemented, notImplementedClass } = require("internal/errors");
const no = (name, length) => notImplemented(`http2.${name}`, length);
module.exports = {
  Http2ServerRequest: notImplementedClass("http2.Http2ServerRequest"), Http2ServerResponse: notImplementedClass("http2.Http2ServerResponse"),
  connect: no("connect"), constants: require("data/http2"), createSecureServer: no("createSecureServer"), createServer: no("createServer"),
  getDefaultSettings() { return {}; }, getPackedSettings() { return Buffer.from(""); }, getUnpackedSettings() { return {}; },
  performServerHandshake: no("performServerHandshake"), sensitiveHeaders: Symbol("nodejs.http2.sensitiveHeaders"),
};
