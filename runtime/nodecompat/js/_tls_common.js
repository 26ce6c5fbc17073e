const { validateInteger } = require("internal/errors");

// The platform keeps the secrets of TLS; a context holds nothing.
function SecureContext(secureProtocol, secureOptions, minVersion, maxVersion) {
  if (!(this instanceof SecureContext)) return new SecureContext(secureProtocol, secureOptions, minVersion, maxVersion);
  if (secureOptions !== undefined) validateInteger(secureOptions, "secureOptions");
  this.context = undefined;
}
function createSecureContext(options = {}) { return new SecureContext(options.secureProtocol, options.secureOptions, options.minVersion, options.maxVersion); }
function translatePeerCertificate(c) { return c || null; }
module.exports = { SecureContext, createSecureContext, translatePeerCertificate };
