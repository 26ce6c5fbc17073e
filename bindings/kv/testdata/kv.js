const KV = env.KV;
const range = (n, f) => Array.from({ length: n }, (_, i) => f(i));

export async function classes() {
  assert.equal(Object.prototype.toString.call(KV), "[object KvNamespace]");
  assert.equal(Object.getOwnPropertyNames(Object.getPrototypeOf(KV)).sort().join(), "constructor,delete,get,getWithMetadata,list,put");
}

export async function types() {
  assert.equal(await KV.put("a", "hellö"), undefined);
  await KV.put("j", '{"a":1}');
  assert.equal(await KV.get("none"), null);
  for (const o of [undefined, null, "text", {}, { type: "text" }, { cacheTtl: 30 }]) assert.equal(await KV.get("a", o), "hellö");
  for (const o of ["json", { type: "json" }]) assert.equal(await KV.get("j", o), { a: 1 });
  assert.equal((await KV.get("a", "arrayBuffer")).byteLength, 6);
  assert.equal(await new Response(await KV.get("a", "stream")).text(), "hellö");
  await assert.throws(() => KV.get("a", "json"), "SyntaxError");
  for (const o of ["TEXT", "x", 5, { type: "x" }]) await assert.throws(() => KV.get("a", o), 'TypeError: Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".');
  await assert.throws(() => KV.get("a", { cacheTtl: 29 }), "Error: KV GET failed: 400 Invalid cache_ttl of 29. Cache TTL must be at least 30.");
  await assert.throws(() => KV.get("a", { cacheTtl: "x" }), "Error: KV GET failed: 400 Invalid cache_ttl of 0. Cache TTL must be at least 30.");
}

export async function metadata() {
  await KV.put("a", "1", { metadata: { m: [1] } });
  const r = await KV.getWithMetadata("a");
  assert.equal(Object.keys(r).join(), "value,metadata,cacheStatus");
  assert.equal(r, { value: "1", metadata: { m: [1] }, cacheStatus: null });
  assert.equal(await KV.getWithMetadata("a", "json"), { value: 1, metadata: { m: [1] }, cacheStatus: null });
  assert.equal(await KV.getWithMetadata("none"), { value: null, metadata: null, cacheStatus: null });
  for (const m of [5, "s"]) {
    await KV.put("a", "1", { metadata: m });
    assert.equal((await KV.getWithMetadata("a")).metadata, m);
  }
  for (const o of [{ metadata: null }, {}, null]) {
    await KV.put("a", "1", o);
    assert.equal((await KV.getWithMetadata("a")).metadata, null);
  }
  await KV.put("a", "1", { metadata: "x".repeat(1022) });
  await assert.throws(() => KV.put("a", "1", { metadata: "x".repeat(1023) }), "Error: KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.");
  await assert.throws(() => KV.put("a", "1", { metadata: () => 1 }), "Error: KV PUT failed: 500 Internal Server Error");
  await assert.throws(() => KV.put("a", "1", "x"), "TypeError: Failed to execute 'put' on 'KvNamespace': parameter 3 is not of type 'PutOptions'.");
}

export async function keys() {
  for (const [m, op] of [["get", "GET"], ["put", "PUT"], ["delete", "DELETE"]]) {
    await assert.throws(() => KV[m]("", "x"), "TypeError: Key name cannot be empty.");
    for (const k of [".", ".."]) await assert.throws(() => KV[m](k, m === "get" ? undefined : "x"), `TypeError: "${k}" is not allowed as a key name.`);
    await assert.throws(() => KV[m]("ü".repeat(257), m === "get" ? undefined : "x"), `Error: KV ${op} failed: 414 UTF-8 encoded length of 514 exceeds key length limit of 512.`);
  }
  await KV.put("x".repeat(512), "v");
  assert.equal(await KV.get("x".repeat(512)), "v");
  await KV.put(5, "five");
  assert.equal(await KV.get("5"), "five");
  await assert.throws(() => KV.get(), "TypeError: Failed to execute 'get' on 'KvNamespace': parameter 1 is not of type 'string or Array'.");
  await assert.throws(() => KV.put(), "TypeError: Failed to execute 'put' on 'KvNamespace': parameter 1 is not of type 'string'.");
  await assert.throws(() => KV.put("k"), "TypeError: Failed to execute 'put' on 'KvNamespace': parameter 2 is not of type 'string or Object'.");
  await assert.throws(() => KV.delete(), "TypeError: Failed to execute 'delete' on 'KvNamespace': parameter 1 is not of type 'string'.");
}

export async function values() {
  for (const [v, want] of [[undefined, "undefined"], [null, "null"], [5, "5"], [true, "true"], ["", ""], [new ArrayBuffer(2), "\0\0"], [new Uint8Array([65, 66, 67]).subarray(1), "BC"], [new Response("st").body, "st"]]) {
    await KV.put("v", v);
    assert.equal(await KV.get("v"), want);
  }
  await KV.put("v", new ReadableStream({ start(c) { c.enqueue(new Uint8Array([106, 115])); c.close(); } }));
  assert.equal(await KV.get("v"), "js");
  for (const v of [{}, [1], new Blob(["x"]), new Response("x"), new URLSearchParams("a=1")]) await assert.throws(() => KV.put("v", v), "TypeError: KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.");
  await assert.throws(() => KV.put("v", new ArrayBuffer(25 * 1024 * 1024 + 1)), "Error: KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.");
  await assert.throws(() => KV.put("v", new Blob([new ArrayBuffer(25 * 1024 * 1024 + 2)]).stream()), "413 Value length of 26214402");
  await assert.throws(() => KV.put("v", new ReadableStream({ pull() { throw new RangeError("boom"); } })), "RangeError: boom");
  assert.equal(await KV.get("v"), "js");
  const big = new Uint8Array(1 << 20).fill(7);
  const p = KV.put("v", big);
  big.fill(8); // too late to matter
  await p;
  const got = new Uint8Array(await KV.get("v", "arrayBuffer"));
  for (let i = 0; i < got.length; i += 9973) assert.equal(got[i], 7);
}

export async function expiration() {
  const now = Math.floor(Date.now() / 1000);
  const put = async (o) => {
    await KV.put("o", "v", o);
    return (await KV.list({ prefix: "o" })).keys[0].expiration - now;
  };
  for (const [o, want] of [[{ expirationTtl: 60 }, 60], [{ expirationTtl: "60" }, 60], [{ expirationTtl: 60.5 }, 60], [{ expiration: now + 100 }, 100], [{ expiration: now + 100, expirationTtl: 70 }, 70], [{ expiration: 5e9 }, 5e9 - now]]) {
    const got = await put(o), passed = Math.floor(Date.now() / 1000) - now; // seconds pass meanwhile
    if (got < want || got > want + passed) assert.equal(got, want);
  }
  for (const [o, message] of [
    [{ expirationTtl: 59 }, "Error: KV PUT failed: 400 Invalid expiration_ttl of 59. Expiration TTL must be at least 60."],
    [{ expirationTtl: 0 }, "Error: KV PUT failed: 400 Invalid expiration_ttl of 0. Please specify integer greater than 0."],
    [{ expirationTtl: "x" }, "expiration_ttl of 0."], [{ expirationTtl: null }, "expiration_ttl of 0."], [{ expirationTtl: -1 }, "expiration_ttl of -1."],
    [{ expiration: now + 30 }, `Error: KV PUT failed: 400 Invalid expiration of ${now + 30}. Expiration times must be at least 60 seconds in the future.`],
    [{ expiration: now - 1 }, `Error: KV PUT failed: 400 Invalid expiration of ${now - 1}. Please specify integer greater than the current number of seconds since the UNIX epoch.`],
    [{ expiration: "x" }, "expiration of 0."],
  ]) await assert.throws(() => put(o), message);
  await KV.put("o", "v"); // without options nothing of the old ones is left
  assert.equal((await KV.list({ prefix: "o" })).keys, [{ name: "o" }]);
}

export async function lists() {
  for (const k of ["a", "b/1", "b/2", "c", "ü"]) await KV.put(k, k, { metadata: k === "a" ? { m: 1 } : undefined });
  const all = await KV.list();
  assert.equal(Object.keys(all).join(), "keys,list_complete,cacheStatus");
  assert.equal(all, { keys: [{ name: "a", metadata: { m: 1 } }, { name: "b/1" }, { name: "b/2" }, { name: "c" }, { name: "ü" }], list_complete: true, cacheStatus: null });
  const list = async (o) => {
    const l = await KV.list(o);
    return l.keys.map((k) => k.name).join() + (l.list_complete ? "" : " " + l.cursor);
  };
  for (const [o, want] of [
    [null, "a,b/1,b/2,c,ü"], [{ limit: 0 }, "a,b/1,b/2,c,ü"], [{ limit: -1 }, "a,b/1,b/2,c,ü"], [{ limit: 5 }, "a,b/1,b/2,c,ü"], [{ limit: 2 }, "a,b/1 Yi8x"], [{ limit: "2" }, "a,b/1 Yi8x"], [{ limit: 1.5 }, "a YQ=="],
    [{ prefix: "b" }, "b/1,b/2"], [{ prefix: null }, "a,b/1,b/2,c,ü"], [{ prefix: 5 }, ""], [{ cursor: "Yi8y" }, "c,ü"], [{ cursor: null, limit: 1 }, "a YQ=="], [{ cursor: "junk" }, ""], [{ prefix: "b", limit: 1 }, "b/1 Yi8x"], [{ prefix: "b", limit: 1, cursor: "Yi8x" }, "b/2"],
  ]) assert.equal(await list(o), want, JSON.stringify(o));
  await assert.throws(() => KV.list({ limit: 1001 }), "Error: KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.");
  await assert.throws(() => KV.list({ prefix: "x".repeat(513) }), "Error: KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.");
  await assert.throws(() => KV.list("x"), "TypeError: Failed to execute 'list' on 'KvNamespace': parameter 1 is not of type 'ListOptions'.");
  await KV.delete("a");
  await KV.delete("none");
  assert.equal(await list(), "b/1,b/2,c,ü");
}

export async function manyKeys() {
  await KV.put("a", "1", { metadata: { m: 2 } });
  await KV.put("j", '{"x":1}');
  const get = async (keys, o) => JSON.stringify([...(await KV.get(keys, o))]);
  assert((await KV.get(["a"])) instanceof Map);
  assert.equal(await get(["a", "none", "a"]), '[["a","1"],["none",null]]');
  assert.equal(await get(["j", "a"], "json"), '[["j",{"x":1}],["a",1]]');
  assert.equal(await get(["a"], { type: "json", cacheTtl: 60 }), '[["a",1]]');
  assert.equal(JSON.stringify([...(await KV.getWithMetadata(["a", "none"]))]), '[["a",{"value":"1","metadata":{"m":2}}],["none",null]]');
  await KV.put("c", "c");
  for (const [keys, o, message] of [
    [["a"], "stream", '400 "stream" is not a valid type. Use "json" or "text"'], [[], undefined, "400 You must request a minimum of 1 key"],
    [range(101, (i) => "k" + i), undefined, "400 You can request a maximum of 100 keys"], [["a", ""], undefined, "400 Key names must not be empty"], [["."], undefined, '400 Illegal key name ".". Please use a different name.'],
    [["x".repeat(513)], undefined, "414 UTF-8 encoded length of 513 exceeds key length limit of 512."], [["c"], "json", "400 At least one of the requested keys corresponds to a non-json value"],
  ]) await assert.throws(() => KV.get(keys, o), "Error: KV GET_BULK failed: " + message);
  await KV.put("big", new ArrayBuffer(20 << 20));
  await KV.put("big2", new ArrayBuffer(20 << 20));
  await assert.throws(() => KV.get(["big", "big2"]), "Error: KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB");
}
