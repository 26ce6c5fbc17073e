const { notImplemented } = require("internal/errors");
const { Buffer } = require("buffer");
const keys = require("internal/crypto/keys");
const { Hash, Hmac, createHash, createHmac, hash, getHashes } = require("internal/crypto/hash");
const { Cipheriv, Decipheriv, createCipheriv, createDecipheriv, getCipherInfo, getCiphers } = require("internal/crypto/cipher");

const { webcrypto } = { webcrypto: globalThis.crypto };

function timingSafeEqual(a, b) { return webcrypto.subtle.timingSafeEqual(a, b); }
function getRandomValues(array) { return webcrypto.getRandomValues(array); }
Object.defineProperty(getRandomValues, "length", { value: 0 });
const old = (name) => notImplemented(name);
const oldClass = (name) => {
  const refuse = notImplemented(name);
  return { [name]: function () { refuse(); } }[name];
};

module.exports = {
  Certificate: undefined, Cipher: oldClass("Cipher"), Cipheriv, CryptoKey, Decipher: oldClass("Decipher"), Decipheriv,
  Hash, Hmac, KeyObject: keys.KeyObject, PrivateKeyObject: keys.PrivateKeyObject, PublicKeyObject: keys.PublicKeyObject, SecretKeyObject: keys.SecretKeyObject,
  constants: { __proto__: null, ...require("data/crypto") }, createCipher: old("createCipher"), createCipheriv, createDecipher: old("createDecipher"), createDecipheriv, createHash, createHmac,
  createPrivateKey: keys.createPrivateKey, createPublicKey: keys.createPublicKey, createSecretKey: keys.createSecretKey, fips: true, generateKey: keys.generateKey,
  generateKeyPair: keys.generateKeyPair, generateKeyPairSync: keys.generateKeyPairSync, generateKeySync: keys.generateKeySync, getCipherInfo, getCiphers,
  getFips() { return true; }, getHashes, getRandomValues, hash, secureHeapUsed() { return { total: 0, used: 0, utilization: 0, min: 0 }; },
  setEngine: notImplemented("setEngine", 2), setFips: notImplemented("setFips", 1), subtle: webcrypto.subtle, timingSafeEqual, webcrypto,
};
delete module.exports.Certificate;
Object.assign(module.exports, require("internal/crypto/sign"), require("internal/crypto/random"), require("internal/crypto/kdf"), require("internal/crypto/agree"), require("internal/crypto/x509"));
module.exports.pseudoRandomBytes = Object.defineProperty((...args) => module.exports.randomBytes(...args), "length", { value: 2 });
