// What the conformance probes do not reach: round trips and pieces.
const node = () => require("crypto");

export async function piecesGiveTheSameAsOne() {
  const data = Buffer.alloc(1000, "0123456789abcdef");
  for (const name of ["aes-128-cbc", "aes-192-ctr", "aes-256-gcm", "aes-128-ecb", "aes-256-ofb", "des-ede3-cbc", "rc4"]) {
    const info = node().getCipherInfo(name), key = Buffer.alloc(info.keyLength, 7), iv = Buffer.alloc(info.ivLength ?? 0, 9);
    const whole = node().createCipheriv(name, key, iv), pieces = node().createCipheriv(name, key, iv);
    const a = Buffer.concat([whole.update(data), whole.final()]);
    const parts = [];
    for (let i = 0; i < data.length; i += 13) parts.push(pieces.update(data.subarray(i, i + 13)));
    const b = Buffer.concat([...parts, pieces.final()]);
    assert.equal(a.toString("hex"), b.toString("hex"), name);
    const d = node().createDecipheriv(name, key, iv);
    if (name.includes("gcm")) d.setAuthTag(whole.getAuthTag());
    const back = [];
    for (let i = 0; i < a.length; i += 11) back.push(d.update(a.subarray(i, i + 11)));
    assert(Buffer.concat([...back, d.final()]).equals(data), name);
  }
}

export async function gcmWithOddNonces() {
  for (const size of [1, 8, 16, 33]) {
    const key = Buffer.alloc(16, 1), iv = Buffer.alloc(size, 5), text = Buffer.from("some text that is longer than one block");
    const c = node().createCipheriv("aes-128-gcm", key, iv);
    const out = Buffer.concat([c.update(text.subarray(0, 5)), c.update(text.subarray(5)), c.final()]);
    const web = await globalThis.crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    const plain = await globalThis.crypto.subtle.decrypt({ name: "AES-GCM", iv }, web, Buffer.concat([out, c.getAuthTag()]));
    assert.equal(Buffer.from(plain).toString(), text.toString());
  }
}

export async function tamperedTextIsRefused() {
  const key = Buffer.alloc(32, 1), iv = Buffer.alloc(12);
  const c = node().createCipheriv("chacha20-poly1305", key, iv);
  const out = Buffer.concat([c.update("hello world", "utf8"), c.final()]);
  out[0] ^= 1;
  const d = node().createDecipheriv("chacha20-poly1305", key, iv);
  d.setAuthTag(c.getAuthTag());
  d.update(out);
  assert.throws(() => d.final(), "Authentication failed");
}

export async function signaturesAgreeWithWebCrypto() {
  const { privateKey, publicKey } = node().generateKeyPairSync("ec", { namedCurve: "P-256" });
  const sig = node().sign("sha256", Buffer.from("x"), { key: privateKey.export({ type: "pkcs8", format: "pem" }), dsaEncoding: "ieee-p1363" });
  const web = publicKey.toCryptoKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  assert(await globalThis.crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, web, sig, Buffer.from("x")));
  const again = node().KeyObject.from(web);
  assert(again.equals(publicKey));
}

export async function keysSurviveEveryEncoding() {
  for (const [type, options] of [["rsa", { modulusLength: 2048 }], ["ec", { namedCurve: "secp384r1" }], ["ed25519", {}], ["x25519", {}]]) {
    const { privateKey, publicKey } = node().generateKeyPairSync(type, options);
    for (const format of ["pem", "der", "jwk"]) {
      const priv = privateKey.export({ type: "pkcs8", format }), pub = publicKey.export({ type: "spki", format });
      const input = (key, type) => (format === "pem" ? key : { key, format, type });
      assert(node().createPrivateKey(input(priv, "pkcs8")).equals(privateKey), `${type} ${format}`);
      assert(node().createPublicKey(input(pub, "spki")).equals(publicKey), `${type} ${format}`);
    }
    assert(node().createPublicKey(privateKey).equals(publicKey));
  }
}

export async function encryptedKeyNeedsThePassphrase() {
  const { privateKey } = node().generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-128-cbc", passphrase: "secret" });
  assert(node().createPrivateKey({ key: pem, passphrase: "secret" }).equals(privateKey));
  assert.throws(() => node().createPrivateKey({ key: pem, passphrase: "wrong" }), "Failed to parse private key");
  assert.throws(() => node().createPrivateKey(pem), "Failed to parse private key");
}

export async function certificate() {
  const pem = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUZQ0ZkOUc0FkAVuIyAV8rkyQ0ZwIwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`;
  assert.throws(() => new (node().X509Certificate)(pem), "is not a valid certificate");
}

export async function hashAsStream() {
  const { pipeline } = require("stream/promises");
  const h = node().createHash("sha256");
  await pipeline(require("stream").Readable.from(["a", "b"]), h);
  assert.equal(h.read().toString("hex"), node().createHash("sha256").update("ab").digest("hex"));
}
