const { Buffer } = require("buffer");
const { codes, validateString } = require("internal/errors");
const { KeyObject, handleOf, wrapPublic } = require("internal/crypto/keys");
const { anyBytes } = require("internal/crypto/util");
const n = native.crypto;

class X509Certificate {
  #handle; #about;
  constructor(buffer) {
    if (typeof buffer === "string") buffer = Buffer.from(buffer);
    if (!ArrayBuffer.isView(buffer)) throw codes.ERR_INVALID_ARG_TYPE("buffer", ["string", "Buffer", "TypedArray", "DataView"], buffer);
    this.#handle = n.parseCertificate(buffer);
    if (!this.#handle) {
      const err = codes.ERR_INVALID_ARG_VALUE("buffer", buffer, "is not a valid certificate");
      throw err;
    }
    this.#about = n.describeCertificate(this.#handle);
  }
  get subject() { return this.#about.subject; }
  get subjectAltName() { return this.#about.subjectAltName || undefined; }
  get issuer() { return this.#about.issuer; }
  get issuerCertificate() { return undefined; }
  get infoAccess() { return undefined; }
  get validFrom() { return this.#about.validFrom; }
  get validTo() { return this.#about.validTo; }
  get fingerprint() { return this.#about.fingerprint; }
  get fingerprint256() { return this.#about.fingerprint256; }
  get fingerprint512() { return this.#about.fingerprint512; }
  get keyUsage() { return undefined; }
  get serialNumber() { return this.#about.serialNumber; }
  get raw() { return Buffer.from(this.#about.raw); }
  get publicKey() { return wrapPublic(n.certificateKey(this.#handle)); }
  get ca() { return this.#about.ca; }
  toString() { return this.#about.pem; }
  toJSON() { return this.toString(); }
  checkHost(name) { validateString(name, "name"); return n.certificateHost(this.#handle, name) ? name : undefined; }
  checkEmail(email) { validateString(email, "email"); return this.#about.emails.split("\n").includes(email) ? email : undefined; }
  checkIP(ip) { validateString(ip, "ip"); return n.certificateHost(this.#handle, ip) ? ip : undefined; }
  checkIssued(other) {
    if (!(other instanceof X509Certificate)) throw codes.ERR_INVALID_ARG_TYPE("otherCert", "X509Certificate", other);
    return n.certificateIssued(this.#handle, other.#handle);
  }
  checkPrivateKey(key) {
    if (!(key instanceof KeyObject)) throw codes.ERR_INVALID_ARG_TYPE("pkey", "KeyObject", key);
    return require("crypto").createPublicKey(key).equals(this.publicKey);
  }
  verify(key) {
    if (!(key instanceof KeyObject)) throw codes.ERR_INVALID_ARG_TYPE("pkey", "KeyObject", key);
    return n.certificateVerify(this.#handle, handleOf(key));
  }
  toLegacyObject() {
    const { subject, issuer, subjectAltName: subjectaltname, validFrom: valid_from, validTo: valid_to, fingerprint, fingerprint256, fingerprint512, serialNumber, raw, ca } = this;
    const names = (s) => Object.assign(Object.create(null), Object.fromEntries(s.split("\n").map((l) => [l.slice(0, l.indexOf("=")), l.slice(l.indexOf("=") + 1)])));
    return { subject: names(subject), issuer: names(issuer), subjectaltname, ca, valid_from, valid_to, fingerprint, fingerprint256, fingerprint512, serialNumber, raw };
  }
}

// Certificate is Netscape's SPKAC, which nobody sends any more.
function Certificate() { if (!new.target) return new Certificate(); }
const spkac = {
  exportChallenge: (spkac, encoding) => Buffer.from(n.spkacChallenge(anyBytes(spkac, "spkac", encoding))),
  exportPublicKey: (spkac, encoding) => Buffer.from(n.spkacKey(anyBytes(spkac, "spkac", encoding))),
  verifySpkac: (spkac, encoding) => n.verifySpkac(anyBytes(spkac, "spkac", encoding)),
};
for (const name of Object.keys(spkac)) Certificate[name] = Certificate.prototype[name] = spkac[name];

module.exports = { X509Certificate, Certificate };
