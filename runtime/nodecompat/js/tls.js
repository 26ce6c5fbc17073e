const { Buffer } = require("buffer");
const { isIP } = require("net");
const { codes, notImplemented } = require("internal/errors");
const { SecureContext, createSecureContext } = require("_tls_common");
const { TLSSocket, connect } = require("_tls_wrap");

const bare = (host) => host.replace(/\.$/, "");
const labels = (host) => bare(host).toLowerCase().split(".");
const canonical = (ip) => (isIP(ip) === 6 ? new URL(`http://[${ip}]`).hostname.slice(1, -1) : isIP(ip) ? ip : "");

// altNames are the parts of a certificate's alternative names; a part may be, or
// contain, a JSON string.
function altNames(text) {
  if (!text.includes('"')) return text.split(", ");
  const parts = [""];
  for (let rest = text; rest !== ""; ) {
    const plain = /^[^",]+/.exec(rest)?.[0], quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0];
    if (plain) parts[parts.length - 1] += plain;
    else if (quoted) parts[parts.length - 1] += unquoted(quoted);
    else if (rest[0] === ",") parts.push("");
    else throw codes.ERR_TLS_CERT_ALTNAME_FORMAT();
    rest = rest.slice(plain?.length ?? quoted?.length ?? 2);
  }
  return parts;
}
function unquoted(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw codes.ERR_TLS_CERT_ALTNAME_FORMAT();
  }
}

// covers tells whether the name of a certificate, with at most one wildcard in
// its first label, is one of the host.
function covers(name, host) {
  if (!name) return false;
  const pattern = labels(name);
  if (pattern.length !== host.length || pattern.some((l) => l === "" || /[^!-\x7f]/u.test(l))) return false;
  if (pattern.slice(1).some((l, i) => l !== host[i + 1])) return false;
  const [first] = pattern, [before, after, more] = first.split("*");
  if (after === undefined || first.includes("xn--")) return first === host[0];
  return more === undefined && pattern.length > 2 && host[0].length >= before.length + after.length && host[0].startsWith(before) && host[0].endsWith(after);
}

function mismatch(host, { subject, subjectaltname }) {
  const names = subjectaltname ? altNames(subjectaltname) : [];
  const of = (kind) => names.filter((n) => n.startsWith(kind)).map((n) => n.slice(kind.length));
  if (isIP(host)) {
    const ips = of("IP Address:").map(canonical);
    return ips.includes(canonical(host)) ? undefined : `IP: ${host} is not in the cert's list: ${ips.join(", ")}`;
  }
  const dns = of("DNS:"), parts = labels(host), covered = (n) => covers(n, parts);
  if (dns.length > 0) return dns.some(covered) ? undefined : `Host: ${host}. is not in the cert's altnames: ${subjectaltname}`;
  if (!subject?.CN) return "Cert does not contain a DNS name";
  return [subject.CN].flat().some(covered) ? undefined : `Host: ${host}. is not cert's CN: ${subject.CN}`;
}

function checkServerIdentity(hostname, cert) {
  const host = bare(`${hostname}`);
  if (cert == null) void cert.subject;
  const reason = mismatch(host, cert);
  return reason && Object.assign(new Error(reason), { code: "ERR_TLS_CERT_ALTNAME_INVALID", reason, host, cert });
}

function convertALPNProtocols(protocols, out) {
  if (Array.isArray(protocols)) {
    out.ALPNProtocols = Buffer.concat(protocols.flatMap((p, i) => {
      const name = Buffer.from(typeof p === "string" ? p : `${p}`);
      if (name.length > 255) {
        const err = codes.ERR_OUT_OF_RANGE("", "", name.length);
        err.message = `The byte length of the protocol at index ${i} exceeds the maximum length. It must be <= 255. Received ${name.length}`;
        throw err;
      }
      return [Buffer.from([name.length]), name];
    }));
  } else if (ArrayBuffer.isView(protocols)) {
    out.ALPNProtocols = Buffer.from(protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength));
  }
}
function Server() { throw new Error("Not implemented"); }
function createServer() { throw new Error("Not implemented"); }
function getCiphers() { throw new Error("Not implemented"); }

module.exports = {
  CLIENT_RENEG_LIMIT: 3, CLIENT_RENEG_WINDOW: 600, DEFAULT_CIPHERS: "", DEFAULT_ECDH_CURVE: "auto", DEFAULT_MAX_VERSION: "TLSv1.3", DEFAULT_MIN_VERSION: "TLSv1.2",
  SecureContext, Server, TLSSocket, checkServerIdentity, connect, convertALPNProtocols, createSecureContext, createSecurePair: notImplemented("createSecurePair"),
  createServer, getCiphers, rootCertificates: [],
};
