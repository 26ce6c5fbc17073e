// The platform keeps the secrets of TLS; a context holds nothing.
function SecureContext(secureProtocol, secureOptions, minVersion, maxVersion) {
  if (!(this instanceof SecureContext)) return new SecureContext(secureProtocol, secureOptions, minVersion, maxVersion);
  this.context = undefined;
}
function createSecureContext() { return new SecureContext(); }
function translatePeerCertificate(c) { return null; }
module.exports = { SecureContext, createSecureContext, translatePeerCertificate };
