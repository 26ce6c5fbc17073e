// jose: sign, encrypt, keys.
import * as jose from "jose";
import { area } from "../../../conformance/probe.js";

const secret = new TextEncoder().encode("a secret of thirty-two bytes, ok");
const claims = { sub: "me", n: 1 };
const code = async (p) => { try { return await p; } catch (e) { return [e.name, e.code, e.message].join(" / "); } };
const keys = (alg, o) => jose.generateKeyPair(alg, { extractable: true, ...o });
const roundTrip = (alg, o) => async () => {
  const { publicKey, privateKey } = await keys(alg, o);
  const jwt = await new jose.SignJWT(claims).setProtectedHeader({ alg }).setIssuedAt(1).setIssuer("i").setAudience("a").setExpirationTime(7201).sign(privateKey);
  const r = await code(jose.jwtVerify(jwt, publicKey, { issuer: "i", audience: "a", currentDate: new Date(5000) }));
  const jwk = await jose.exportJWK(privateKey);
  const again = await jose.importJWK(await jose.exportJWK(publicKey), alg);
  const spki = await jose.exportSPKI(publicKey), pkcs8 = await jose.exportPKCS8(privateKey);
  const s2 = await new jose.CompactSign(secret).setProtectedHeader({ alg }).sign(await jose.importPKCS8(pkcs8, alg));
  return [r.payload, r.protectedHeader, Object.keys(jwk).sort().join(), jwk.kty, spki.split("\n")[0], (await jose.compactVerify(s2, await jose.importSPKI(spki, alg))).payload.length, again.type, again.algorithm.name];
};
const encrypt = (alg, enc, o) => async () => {
  const { publicKey, privateKey } = await keys(alg, o);
  const jwe = await new jose.EncryptJWT(claims).setProtectedHeader({ alg, enc }).setIssuer("i").encrypt(publicKey);
  return [jwe.split(".").length, (await jose.jwtDecrypt(jwe, privateKey)).payload];
};
const symmetric = (alg, enc, size) => async () => {
  const key = new Uint8Array(size).fill(7);
  const jwe = await new jose.CompactEncrypt(secret).setProtectedHeader({ alg, enc, zip: undefined }).encrypt(key);
  return new TextDecoder().decode((await jose.compactDecrypt(jwe, key)).plaintext);
};

const probes = {
  "hs256": async () => new jose.SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setIssuedAt(1).sign(secret),
  "hs512": async () => new jose.SignJWT(claims).setProtectedHeader({ alg: "HS512", kid: "1" }).setIssuedAt(1).sign(secret),
  "expired": async () => code(jose.jwtVerify(await new jose.SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setExpirationTime(10).sign(secret), secret)),
  "wrong signature": async () => code(jose.jwtVerify("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", secret)),
  "wrong audience": async () => code(jose.jwtVerify(await new jose.SignJWT({ aud: "x" }).setProtectedHeader({ alg: "HS256" }).sign(secret), secret, { audience: "y" })),
  "wrong algorithm": async () => code(jose.jwtVerify(await new jose.SignJWT({}).setProtectedHeader({ alg: "HS256" }).sign(secret), secret, { algorithms: ["HS512"] })),
  "malformed": () => code(jose.jwtVerify("a.b", secret)),
  "decode": () => [jose.decodeJwt("eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x"), jose.decodeProtectedHeader("eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x")],
  "unsecured": () => { const t = new jose.UnsecuredJWT(claims).setIssuedAt(1).encode(); return [t, jose.UnsecuredJWT.decode(t).payload]; },
  "thumbprint": () => jose.calculateJwkThumbprint({ kty: "EC", crv: "P-256", x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" }),
  "thumbprint uri": () => jose.calculateJwkThumbprintUri({ kty: "oct", k: "AAAA" }),
  "local jwks": async () => {
    const { publicKey, privateKey } = await keys("ES256");
    const set = jose.createLocalJWKSet({ keys: [{ ...(await jose.exportJWK(publicKey)), alg: "ES256", kid: "k", use: "sig" }] });
    const jwt = (kid) => new jose.SignJWT({}).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
    return [await code(jose.jwtVerify(await jwt("k"), set).then((r) => r.protectedHeader)), await code(jose.jwtVerify(await jwt("other"), set))];
  },
  "general sign": async () => {
    const s = new jose.GeneralSign(secret);
    s.addSignature(secret).setProtectedHeader({ alg: "HS256" });
    const jws = await s.sign();
    return [jws, (await jose.generalVerify(jws, secret)).protectedHeader];
  },
  "flattened sign detached": async () => {
    const jws = await new jose.FlattenedSign(secret).setProtectedHeader({ alg: "HS256", b64: false, crit: ["b64"] }).sign(secret);
    delete jws.payload;
    return [jws, (await jose.flattenedVerify({ ...jws, payload: secret }, secret)).protectedHeader];
  },
  "general encrypt": async () => {
    const { publicKey, privateKey } = await keys("ECDH-ES+A128KW");
    const jwe = await new jose.GeneralEncrypt(secret).setProtectedHeader({ enc: "A256GCM" }).setSharedUnprotectedHeader({ alg: "ECDH-ES+A128KW" }).addRecipient(publicKey).encrypt();
    return (await jose.generalDecrypt(jwe, privateKey)).plaintext.length;
  },
  "pbes2": async () => { const jwe = await new jose.CompactEncrypt(secret).setProtectedHeader({ alg: "PBES2-HS256+A128KW", enc: "A128GCM" }).encrypt(secret); return (await jose.compactDecrypt(jwe, secret, { keyManagementAlgorithms: ["PBES2-HS256+A128KW"] })).plaintext.length; },
  "not a key": () => code(new jose.SignJWT({}).setProtectedHeader({ alg: "RS256" }).sign(secret)),
  "generate secret": async () => (await jose.generateSecret("A256GCM")).algorithm,
  "base64url": () => [jose.base64url.encode("hi?>"), new TextDecoder().decode(jose.base64url.decode("aGk_Pg"))],
  "embedded": async () => { const { publicKey, privateKey } = await keys("EdDSA"); const jws = await new jose.FlattenedSign(secret).setProtectedHeader({ alg: "EdDSA", jwk: await jose.exportJWK(publicKey) }).sign(privateKey); return (await jose.flattenedVerify(jws, jose.EmbeddedJWK)).payload.length; },
};
for (const alg of ["ES256", "ES384", "ES512", "RS256", "PS256", "PS512", "EdDSA", "Ed25519"]) probes[alg] = roundTrip(alg);
for (const [alg, enc] of [["RSA-OAEP", "A128CBC-HS256"], ["RSA-OAEP-256", "A256GCM"], ["RSA-OAEP-512", "A256CBC-HS512"], ["ECDH-ES", "A256GCM"], ["ECDH-ES+A256KW", "A192GCM"]]) probes[`${alg} ${enc}`] = encrypt(alg, enc);
probes["ECDH-ES X25519"] = encrypt("ECDH-ES", "A128GCM", { crv: "X25519" });
probes["dir"] = symmetric("dir", "A256GCM", 32);
probes["dir cbc"] = symmetric("dir", "A128CBC-HS256", 32);
probes["A128KW"] = symmetric("A128KW", "A128GCM", 16);
probes["A256GCMKW"] = symmetric("A256GCMKW", "A256CBC-HS512", 32);

export default area(probes);
