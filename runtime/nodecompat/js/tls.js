const { notImplemented } = require("internal/errors");
const { SecureContext, createSecureContext } = require("_tls_common");
const { TLSSocket, connect } = require("_tls_wrap");

// Names a certificate may have; the platform has checked it already.
function checkServerIdentity(hostname, cert) {
  const names = cert.subjectaltname ? cert.subjectaltname.split(", ").map((n) => n.replace(/^(DNS|IP Address):/, "")) : [cert.subject?.CN ?? ""].flat();
  const matches = (n) => n.toLowerCase() === hostname.toLowerCase() || (n.startsWith("*.") && hostname.split(".").slice(1).join(".").toLowerCase() === n.slice(2).toLowerCase());
  if (names.some(matches)) return undefined;
  const reason = `Host: ${hostname}. is not in the cert's altnames: ${cert.subjectaltname ?? ""}`;
  return Object.assign(new Error(`Hostname/IP does not match certificate's altnames: ${reason}`), { code: "ERR_TLS_CERT_ALTNAME_INVALID", reason, host: hostname, cert });
}
function convertALPNProtocols(protocols, out) {
  if (!Array.isArray(protocols)) return;
  out.ALPNProtocols = Buffer.concat(protocols.map((p) => Buffer.concat([Buffer.from([p.length]), Buffer.from(p)])));
}
function Server() { throw new Error("Not implemented"); }
function createServer() { throw new Error("Not implemented"); }
function getCiphers() { throw new Error("Not implemented"); }

module.exports = {
  CLIENT_RENEG_LIMIT: 3, CLIENT_RENEG_WINDOW: 600, DEFAULT_CIPHERS: "", DEFAULT_ECDH_CURVE: "auto", DEFAULT_MAX_VERSION: "TLSv1.3", DEFAULT_MIN_VERSION: "TLSv1.2",
  SecureContext, Server, TLSSocket, checkServerIdentity, connect, convertALPNProtocols, createSecureContext, createSecurePair: notImplemented("createSecurePair"),
  createServer, getCiphers, rootCertificates: [],
};
