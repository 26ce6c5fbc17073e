export async function everyAlgorithm() {
  const crypto_ = require("crypto"), jwt = pkg;
  const keys = { HS256: ["secret", "secret"], HS512: [Buffer.from("secret"), "secret"] };
  const pem = (type, options) => {
    const { privateKey, publicKey } = crypto_.generateKeyPairSync(type, options);
    return [privateKey.export({ type: "pkcs8", format: "pem" }), publicKey.export({ type: "spki", format: "pem" })];
  };
  keys.RS256 = keys.RS512 = pem("rsa", { modulusLength: 2048 });
  keys.ES256 = pem("ec", { namedCurve: "P-256" });
  keys.ES384 = pem("ec", { namedCurve: "P-384" });
  for (const [algorithm, [sign, verify]] of Object.entries(keys)) {
    const token = jwt.sign({ sub: "me" }, sign, { algorithm, expiresIn: "1h" });
    assert.equal(jwt.verify(token, verify, { algorithms: [algorithm] }).sub, "me", algorithm);
    assert.throws(() => jwt.verify(token.slice(0, -4) + "AAAA", verify, { algorithms: [algorithm] }), "JsonWebTokenError");
  }
}

// Deployed, too: workerd takes no key object beside options for signing.
export async function paddingOptionsWithKeyObjects() {
  const { privateKey } = require("crypto").generateKeyPairSync("rsa", { modulusLength: 2048 });
  assert.throws(() => pkg.sign({}, privateKey.export({ type: "pkcs8", format: "pem" }), { algorithm: "PS256" }), "Received an instance of PrivateKeyObject");
}

export async function expiredAndDecoded() {
  const token = pkg.sign({ a: 1 }, "s", { expiresIn: -10 });
  assert.throws(() => pkg.verify(token, "s"), "TokenExpiredError: jwt expired");
  assert.equal(pkg.decode(token, { complete: true }).header, { alg: "HS256", typ: "JWT" });
  const v = await new Promise((resolve, reject) => pkg.verify(pkg.sign({ b: 2 }, "s"), "s", (err, v) => (err ? reject(err) : resolve(v))));
  assert.equal(v.b, 2);
}
