const s = crypto.subtle, data = new Uint8Array([1, 2, 3]);
const password = () => s.importKey("raw", data, "PBKDF2", false, ["deriveBits", "deriveKey"]);
const rounds = (iterations) => ({ name: "PBKDF2", hash: "SHA-256", salt: data, iterations });
const rsa = { name: "RSA-OAEP", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, "0")).join("");

// What comes first: the end of the work, or the code behind its call.
const first = (work) => Promise.race([work.then(() => "work"), Promise.resolve().then(() => "code")]);

async function shortWork() {
  assert.equal(await first(s.digest("SHA-256", data)), "work");
  assert.equal(await first(s.deriveBits(rounds(1), await password(), 256)), "work");
}

async function longWork() {
  assert.equal(await first(s.digest("SHA-256", new Uint8Array(2 << 20))), "code");
  assert.equal(await first(s.deriveBits(rounds(20_000), await password(), 256)), "code");
  assert.equal(await first(s.generateKey(rsa, true, ["decrypt"])), "code");
}

// The results, and the errors of what is made of them.
async function results() {
  const key = await password();
  const bits = await s.deriveBits(rounds(2000), key, 256);
  const derived = await s.deriveKey(rounds(2000), key, { name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  assert.equal(hex(await s.exportKey("raw", derived)), hex(bits));
  assert.equal(await s.deriveKey(rounds(2000), key, { name: "AES-GCM", length: 256 }, true, ["sign"]).catch((e) => e.name), "SyntaxError");

  const { publicKey, privateKey } = await s.generateKey(rsa, true, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]);
  assert.equal(hex(await s.decrypt("RSA-OAEP", privateKey, await s.encrypt("RSA-OAEP", publicKey, data))), "010203");
  assert.equal(await s.decrypt("RSA-OAEP", privateKey, new Uint8Array(256)).catch((e) => e.message), "RSA-OAEP failed encrypt/decrypt.");
  const wrapped = await s.wrapKey("raw", derived, publicKey, "RSA-OAEP");
  const unwrapped = await s.unwrapKey("raw", wrapped, privateKey, "RSA-OAEP", "AES-GCM", true, ["encrypt"]);
  assert.equal(hex(await s.exportKey("raw", unwrapped)), hex(bits));
}

async function inputIsCopied() {
  const large = new Uint8Array(2 << 20), digest = s.digest("SHA-1", large);
  large.fill(1);
  assert.equal(hex(await digest), hex(await s.digest("SHA-1", new Uint8Array(2 << 20))));
}
