const cached = (body, headers = { "cache-control": "max-age=100" }, status = 200) => new Response(body, { status, headers });
const url = "http://h/path";

export async function classes() {
  assert.equal(Object.prototype.toString.call(caches), "[object CacheStorage]");
  assert(caches.default instanceof Cache && caches instanceof CacheStorage);
  assert(caches.default === caches.default);
  await assert.throws(() => new Cache(), "TypeError: Illegal constructor");
  await assert.throws(() => caches.open(), "TypeError: Failed to execute 'open' on 'CacheStorage': parameter 1 is not of type 'string'.");
  for (const m of ["match", "has", "keys", "delete"]) await assert.throws(() => caches[m]("x"), `Error: Failed to execute '${m}' on 'CacheStorage': the method is not implemented.`);
  for (const m of ["add", "addAll", "keys", "matchAll"]) await assert.throws(() => caches.default[m]("x"), `Error: Failed to execute '${m}' on 'Cache': the method is not implemented.`);
}

export async function putAndMatch() {
  const c = caches.default;
  assert.equal(await c.match(url), undefined);
  const r = cached("body", { "cache-control": "max-age=100", "x-y": "z", "cf-cache-status": "FOO" });
  assert.equal(await c.put(url, r), undefined);
  assert.equal(r.bodyUsed, true);
  for (const q of [url, new Request(url), new URL(url), url + "#hash"]) {
    const m = await c.match(q);
    assert.equal([m.status, m.statusText, m.url, await m.text()], [200, "OK", "", "body"]);
  }
  const m = await c.match(url);
  assert.equal([...m.headers].filter(([k]) => k !== "date").map((h) => h.join(": ")), ["age: 0", "cache-control: max-age=100", "cf-cache-status: HIT", "content-length: 4", "content-type: text/plain;charset=UTF-8", "x-y: z"]);
  assert(m.headers.has("date"));
  await assert.throws(() => m.headers.set("a", "b"), "TypeError: Can't modify immutable headers.");
  assert.equal(await c.match(url + "?q"), undefined);
  await c.put(url, cached("new"));
  assert.equal(await (await c.match(url)).text(), "new");
  assert.equal([await c.delete(url), await c.delete(url)], [true, false]);
}

export async function bodies() {
  const c = caches.default;
  await c.put(url, cached(null));
  assert.equal(await (await c.match(url)).text(), "");
  await c.put(url, cached(new ReadableStream({ start(s) { s.enqueue(new Uint8Array([115, 116])); s.close(); } })));
  const m = await c.match(url);
  assert.equal([await m.text(), m.headers.get("content-length")], ["st", null]);
  const big = new Uint8Array(1 << 20);
  for (let i = 0; i < big.length; i += 997) big[i] = i;
  await c.put(url, cached(big));
  const got = new Uint8Array(await (await c.match(url)).arrayBuffer());
  assert.equal(got.length, big.length);
  for (let i = 0; i < big.length; i += 997 * 7) assert.equal(got[i], i & 255);
  await c.put("http://h/copy", await c.match(url));
  assert.equal((await (await c.match("http://h/copy")).arrayBuffer()).byteLength, 1 << 20);
  await c.match(url); // never read
  const broken = new ReadableStream({ pull() { throw new RangeError("boom"); } });
  await assert.throws(() => c.put(url, cached(broken)), "RangeError: boom");
  assert.equal((await (await c.match(url)).arrayBuffer()).byteLength, 1 << 20);
  const used = cached("x");
  await used.text();
  await assert.throws(() => c.put(url, used), "TypeError: Body has already been used.");
}

export async function methods() {
  const c = caches.default;
  await c.put(url, cached("x"));
  for (const method of ["POST", "HEAD", "DELETE"]) {
    assert.equal(await c.match(new Request(url, { method })), undefined);
    assert.equal(await (await c.match(new Request(url, { method }), { ignoreMethod: true })).text(), "x");
    await assert.throws(() => c.put(new Request(url, { method }), cached("y")), "TypeError: Cannot cache response to non-GET request.");
  }
  assert.equal(await c.delete(new Request(url, { method: "POST" })), false);
  for (const o of ["ignoreSearch", "ignoreVary"]) await assert.throws(() => c.match(url, { [o]: true }), `Error: The '${o}' field on 'CacheQueryOptions' is not implemented.`);
}

export async function refusals() {
  const c = caches.default;
  await assert.throws(() => c.put(url, cached("x", { vary: "*", "cache-control": "max-age=9" })), "TypeError: Cannot cache response with 'Vary: *' header.");
  await assert.throws(() => c.put(url, cached("x", {}, 206)), "TypeError: Cannot cache response to a range request (206 Partial Content).");
  await assert.throws(() => c.put(), "TypeError: Failed to execute 'put' on 'Cache': parameter 1 is not of type 'Request or string'.");
  await assert.throws(() => c.put(url), "TypeError: Failed to execute 'put' on 'Cache': parameter 2 is not of type 'Response'.");
  await assert.throws(() => c.put("foo", cached("x")), "TypeError: Invalid URL: foo");
  await assert.throws(() => c.match(), "TypeError: Failed to execute 'match' on 'Cache': parameter 1 is not of type 'Request or string'.");
  await assert.throws(() => c.delete(), "TypeError: Failed to execute 'delete' on 'Cache': parameter 1 is not of type 'Request or string'.");
}

export async function whatIsKept() {
  const c = caches.default;
  const kept = async (r, request) => {
    await c.delete(url);
    assert.equal(await c.put(new Request(url, request), r), undefined);
    return (await c.match(url)) !== undefined;
  };
  for (const s of [200, 203, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501]) assert.equal(await kept(cached("x", undefined, s)), true, s);
  for (const s of [201, 202, 204, 205, 304, 400, 401, 403, 451, 500, 502, 503]) assert.equal(await kept(cached([204, 205, 304].includes(s) ? null : "x", undefined, s)), false, s);
  const authorization = { headers: { authorization: "x" } };
  assert.equal(await kept(cached("x"), authorization), false);
  assert.equal(await kept(cached("x", { "cache-control": "public, max-age=9" }), authorization), true);
  assert.equal(await kept(cached("x"), { headers: { "cache-control": "no-store" } }), true);
  assert.equal(await kept(cached("x", { "set-cookie": "a=b", "cache-control": "max-age=9" })), false);
  assert.equal(await kept(cached("x", { "set-cookie": "a=b", "cache-control": "max-age=9, private=Set-Cookie" })), true);
  assert.equal([(await c.match(url)).headers.get("set-cookie"), (await c.match(url)).headers.get("cache-control")], [null, "max-age=9"]);
}

export async function conditionsAndRanges() {
  const c = caches.default;
  await c.put(url, cached("0123456789", { "cache-control": "max-age=100", etag: '"tag"', "last-modified": "Tue, 01 Jan 2019 00:00:00 GMT", "content-type": "text/x" }));
  const get = async (headers) => {
    const r = await c.match(new Request(url, { headers }));
    return [r.status, r.headers.get("content-range"), r.headers.get("content-length"), r.body && (await r.text())].join(" ");
  };
  const full = "200  10 0123456789", unsatisfiable = "416 bytes */10  ", same = "304  10 ";
  for (const [range, want] of [
    ["bytes=2-4", "206 bytes 2-4/10 3 234"], ["bytes=2-", "206 bytes 2-9/10 8 23456789"], ["bytes=-3", "206 bytes 7-9/10 3 789"], ["bytes=0-100", "206 bytes 0-9/10 10 0123456789"],
    ["bytes=20-", unsatisfiable], ["junk", unsatisfiable], ["bytes=5-2", unsatisfiable], ["bytes=-20", full], ["bytes=", full],
  ]) assert.equal(await get({ range }), want, range);
  for (const [e, want] of [['"tag"', same], ['W/"tag"', same], ['"x", "tag"', same], ["*", same], ['"x"', full], ["tag", full]]) assert.equal(await get({ "if-none-match": e }), want, e);
  for (const [d, want] of [["Tue, 01 Jan 2019 00:00:00 GMT", same], ["Tue, 01 Jan 2036 00:00:00 GMT", same], ["Mon, 01 Jan 2018 00:00:00 GMT", full], ["junk", full]]) assert.equal(await get({ "if-modified-since": d }), want, d);
  assert.equal(await get({ "if-none-match": '"tag"', range: "bytes=1-2" }), same);
  assert.equal((await c.match(new Request(url, { headers: { range: "junk" } }))).statusText, "Range Not Satisfiable");
  const many = await c.match(new Request(url, { headers: { range: "bytes=1-2,4-5" } }));
  const boundary = many.headers.get("content-type").replace("multipart/byteranges; boundary=", "");
  const text = await many.text();
  assert.equal(text.replaceAll(boundary, "B"), "--B\r\nContent-Type: text/x\r\nContent-Range: bytes 1-2/10\r\n\r\n12\r\n--B\r\nContent-Type: text/x\r\nContent-Range: bytes 4-5/10\r\n\r\n45\r\n--B--");
  assert.equal(many.headers.get("content-length"), String(text.length));
}

export async function namesAndKeys() {
  const x = await caches.open("x"), y = await caches.open("y");
  await x.put(url, cached("x"));
  assert.equal(await (await (await caches.open("x")).match(url)).text(), "x");
  assert.equal([await y.match(url), await caches.default.match(url), await (await caches.open("default")).match(url)], [undefined, undefined, undefined]);
  await x.put(new Request("http://h/k1", { cf: { cacheKey: "key" } }), cached("ck"));
  assert.equal(await x.match("http://h/k1"), undefined);
  assert.equal(await (await x.match(new Request("http://h/other", { cf: { cacheKey: "key" } }))).text(), "ck");
}
