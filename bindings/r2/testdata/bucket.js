const text = (s) => new Uint8Array([...s].map((c) => c.charCodeAt(0)));

// fixed is a stream of n bytes that the script writes.
function fixed(n, ...chunks) {
  const f = new FixedLengthStream(n);
  const w = f.writable.getWriter();
  for (const c of chunks) w.write(text(c)).catch(() => {});
  w.close().catch(() => {});
  return f.readable;
}

export async function putAndGet() {
  const put = await env.STORE.put("a", "hello", { httpMetadata: { contentType: "text/plain" }, customMetadata: { z: "1", a: 2 } });
  assert.equal(put.key, "a");
  assert.equal(put.size, 5);
  assert.equal(put.etag, "5d41402abc4b2a76b9719d911017c592");
  assert.equal(put.httpEtag, '"5d41402abc4b2a76b9719d911017c592"');
  assert.equal(put.range, undefined);
  assert.equal(put.uploaded.getTime(), 1700000000000);
  assert.equal(put.storageClass, "Standard");
  assert.equal(put.customMetadata, { z: "1", a: "2" });
  assert.equal(Object.keys(put).join(), "ssecKeyMd5,storageClass,range,customMetadata,httpMetadata,uploaded,checksums,httpEtag,etag,size,version,key");
  const got = await env.STORE.get("a");
  assert.equal(got.range, { offset: 0, length: 5, suffix: undefined });
  assert.equal(got.bodyUsed, false);
  assert.equal(await got.text(), "hello");
  assert.equal(got.bodyUsed, true);
  assert.equal(got.body.locked, true);
  await assert.throws(() => got.text(), "TypeError: Body has already been used.");
  assert.equal(await env.STORE.get("none"), null);
  assert.equal(await env.STORE.head("none"), null);
  const head = await env.STORE.head("a");
  assert.equal("body" in head, false);
  assert.equal(head.range, { offset: 0, length: 5, suffix: undefined });
  assert.equal(head.version, put.version);
}

export async function classes() {
  const o = await env.STORE.put("a", "x");
  const g = await env.STORE.get("a");
  assert.equal(Object.prototype.toString.call(env.STORE), "[object R2Bucket]");
  assert.equal(o.constructor.name, "HeadResult");
  assert.equal(g.constructor.name, "GetResult");
  assert(g instanceof o.constructor);
  assert.equal(Object.getOwnPropertyNames(Object.getPrototypeOf(g)).sort().join(), "arrayBuffer,blob,body,bodyUsed,bytes,constructor,json,text");
  assert.equal(o.checksums.constructor.name, "Checksums");
  assert.equal(JSON.stringify(o.checksums), '{"md5":"9dd4e461268c8034f5c8564e155c67a6"}');
  assert.equal(o.checksums.md5.byteLength, 16);
  assert.equal(o.checksums.sha1, undefined);
  assert.equal(JSON.parse(JSON.stringify(o)).key, "a");
  assert.equal({ ...o }.size, 1);
  assert.equal(typeof R2Bucket, "undefined");
  assert.equal(env.STORE.put.length, 0);
}

export async function readers() {
  await env.STORE.put("j", '{"a":1}', { httpMetadata: { contentType: "application/json" } });
  const get = () => env.STORE.get("j");
  assert.equal(await (await get()).json(), { a: 1 });
  assert.equal((await (await get()).arrayBuffer()).byteLength, 7);
  assert.equal((await (await get()).bytes()).constructor.name, "Uint8Array");
  const b = await (await get()).blob();
  assert.equal([b.size, b.type], [7, "application/json"]);
  assert.equal(await new Response((await get()).body).text(), '{"a":1}');
  const { body } = await get();
  const r = body.getReader();
  assert.equal((await r.read()).value.length, 7);
  assert.equal((await r.read()).done, true);
}

export async function values() {
  const size = async (v) => (await env.STORE.put("k", v)).size;
  assert.equal(await size(null), 0);
  assert.equal(await size(undefined), 0);
  assert.equal(await size("ü"), 2);
  assert.equal(await size(new ArrayBuffer(3)), 3);
  assert.equal(await size(new Uint16Array([1, 2, 3]).subarray(1)), 4);
  assert.equal(await size(new DataView(new ArrayBuffer(8), 2, 3)), 3);
  assert.equal(await size(new Blob(["abc"])), 3);
  assert.equal(await size(new File(["abc"], "n")), 3);
  assert.equal(await size(new Response("abc").body), 3);
  assert.equal(await size(new Blob(["abcd"]).stream()), 4);
  assert.equal(await size(fixed(5, "12", "345")), 5);
  await env.STORE.put("a", "hello");
  assert.equal(await size((await env.STORE.get("a")).body), 5);
  for (const v of [5, {}, true, [1, 2], new URLSearchParams("a=1"), new Response("abc")]) {
    await assert.throws(() => env.STORE.put("k", v), "TypeError: Failed to execute 'put' on 'R2Bucket': parameter 2 is not of type 'JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob'.");
  }
  await assert.throws(() => env.STORE.put("k"), "parameter 2 is not of type");
  await assert.throws(() => env.STORE.head(), "TypeError: Failed to execute 'head' on 'R2Bucket': parameter 1 is not of type 'string'.");
  assert.equal(await env.STORE.head(undefined), null);
}

export async function largeValues() {
  const data = new Uint8Array(3 << 20).fill(7);
  const p = env.STORE.put("big", data);
  data.fill(8); // too late to matter
  assert.equal((await p).size, 3 << 20);
  const got = await (await env.STORE.get("big")).bytes();
  for (let i = 0; i < got.length; i += 9973) assert.equal(got[i], 7);
  const copied = await env.STORE.put("copy", (await env.STORE.get("big")).body);
  assert.equal(copied.etag, (await env.STORE.head("big")).etag);
  const part = await env.STORE.get("copy", { range: { offset: 100, length: 1000 } });
  assert.equal((await part.bytes()).length, 1000);
  await env.STORE.get("big"); // never read
}

export async function streamsOfUnknownLength() {
  const s = new ReadableStream({ start(c) { c.enqueue(text("x")); c.close(); } });
  await assert.throws(() => env.STORE.put("k", s), "TypeError: Provided readable stream must have a known length (request/response body or readable half of FixedLengthStream)");
  const locked = new Response("abc").body;
  locked.getReader();
  await assert.throws(() => env.STORE.put("k", locked), "TypeError: The ReadableStream has been locked to a reader.");
  const known = new ReadableStream({ type: "bytes", expectedLength: 2, start(c) { c.enqueue(text("xy")); c.close(); } });
  assert.equal((await env.STORE.put("k", known)).size, 2);
}

export async function failingStreams() {
  const broken = new ReadableStream({ expectedLength: 2, pull() { throw new RangeError("boom"); } });
  await assert.throws(() => env.STORE.put("k", broken), "RangeError: boom");
  assert.equal(await env.STORE.head("k"), null);
  let reason;
  const cancelled = new ReadableStream({ expectedLength: 2, cancel(r) { reason = r; } });
  await assert.throws(() => env.STORE.put("k", cancelled, { md5: "zz" }), "TypeError: MD5 is 32 hex characters, not 2");
  assert.equal(String(reason), "Error: Stream cancelled because the associated put operation encountered an error.");
}

export async function checksums() {
  const put = (o) => env.STORE.put("a", "hello", o);
  const sha1 = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
  assert.equal(JSON.stringify((await put({ sha1 })).checksums), `{"md5":"5d41402abc4b2a76b9719d911017c592","sha1":"${sha1}"}`);
  await put({ md5: "5D41402ABC4B2A76B9719D911017C592" });
  await assert.throws(() => put({ md5: new Uint8Array(15) }), "TypeError: MD5 is 16 bytes, not 15");
  await assert.throws(() => put({ md5: "x".repeat(32) }), "TypeError: Provided MD5 wasn't a valid hex string");
  await assert.throws(() => put({ md5: 5 }), "TypeError: Incorrect type for the 'md5' field on 'PutOptions': the provided value is not of type 'BufferSource or string'.");
  await assert.throws(() => put({ md5: "0".repeat(32), sha1: "0".repeat(40) }), "TypeError: You cannot specify multiple hashing algorithms.");
  for (const [k, name, n] of [["sha1", "SHA-1", 40], ["sha256", "SHA-256", 64], ["sha384", "SHA-384", 96], ["sha512", "SHA-512", 128]]) {
    await assert.throws(() => put({ [k]: "00" }), `TypeError: ${name} is ${n} hex characters, not 2`);
  }
  await assert.throws(() => put({ md5: "0".repeat(32) }), "Error: put: The MD5 checksum you specified did not match what we received.\n" +
    "You provided a MD5 checksum with value: 00000000000000000000000000000000\nActual MD5 was: 5d41402abc4b2a76b9719d911017c592 (10037)");
}

export async function metadata() {
  const headers = new Headers({ "content-type": "a/b", expires: "Tue, 01 Jan 2030 00:00:00 GMT", "cache-control": "c", "content-language": "de", "content-encoding": "gzip", "content-disposition": "inline" });
  await env.STORE.put("a", "hello", { httpMetadata: headers });
  const o = await env.STORE.head("a");
  assert.equal(o.httpMetadata, { contentType: "a/b", contentLanguage: "de", contentDisposition: "inline", contentEncoding: "gzip", cacheControl: "c", cacheExpiry: new Date(Date.UTC(2030, 0, 1)) });
  const out = new Headers({ "content-type": "old" });
  o.writeHttpMetadata(out);
  assert.equal([...out].join(";"), [...headers].join(";"));
  await assert.throws(() => o.writeHttpMetadata({}), "TypeError: Failed to execute 'writeHttpMetadata' on 'HeadResult': parameter 1 is not of type 'Headers'.");
  const put = (o) => env.STORE.put("a", "hello", o);
  assert.equal((await put({ httpMetadata: { cacheExpiry: 5 } })).httpMetadata.cacheExpiry.getTime(), 5);
  await put({ httpMetadata: null });
  await put(null);
  for (const [o, message] of [
    ["x", "TypeError: Failed to execute 'put' on 'R2Bucket': parameter 3 is not of type 'PutOptions'."],
    [{ httpMetadata: "x" }, "TypeError: Incorrect type for the 'httpMetadata' field on 'PutOptions': the provided value is not of type 'HttpMetadata or Headers'."],
    [{ httpMetadata: { cacheExpiry: "x" } }, "TypeError: Incorrect type for the 'cacheExpiry' field on 'HttpMetadata': the provided value is not of type 'date'."],
    [{ httpMetadata: { cacheExpiry: new Date(NaN) } }, "TypeError: The value cannot be converted because it is not a valid Date."],
    [{ customMetadata: null }, "TypeError: Incorrect type for the 'customMetadata' field on 'PutOptions': the provided value is not of type 'object'."],
    [{ customMetadata: ["a"] }, "TypeError: Incorrect type for the 'customMetadata' field on 'PutOptions': the provided value is not of type 'object'."],
    [{ customMetadata: { a: "x".repeat(10000) } }, "Error: put: Your metadata headers exceed the maximum allowed metadata size. (10012)"],
    [{ ssecKey: "00" }, "Error: SSE-C Key must be 32 bytes in length"],
  ]) await assert.throws(() => put(o), message);
}

export async function conditions() {
  const etag = "5d41402abc4b2a76b9719d911017c592";
  await env.STORE.put("a", "hello");
  const holds = async (onlyIf) => {
    const got = await env.STORE.get("a", { onlyIf });
    const put = await env.STORE.put("a", "hello", { onlyIf });
    assert.equal("body" in got, put !== null);
    return put !== null;
  };
  const h = (o) => new Headers(o);
  for (const [c, want] of [
    [{}, true], [null, true],
    [{ etagMatches: etag }, true], [{ etagMatches: "x" }, false], [{ etagMatches: "*" }, true], [{ etagMatches: "" }, false],
    [{ etagMatches: `x, ${etag}` }, false], [{ etagMatches: 'W/"x"' }, false],
    [{ etagDoesNotMatch: etag }, false], [{ etagDoesNotMatch: "*" }, false], [{ etagDoesNotMatch: "x" }, true],
    [{ uploadedBefore: new Date(0) }, false], [{ uploadedBefore: 2e12 }, true], [{ uploadedAfter: new Date(0) }, true],
    [h({ "if-match": '"x"' }), false], [h({ "if-match": `"${etag}", "x"` }), true], [h({ "if-match": '*, "x"' }), true],
    [h({ "if-none-match": "*" }), false], [h({ "if-none-match": `W/"x", , "y"` }), true], [h({ "if-none-match": `W/"${etag}"` }), false],
    [h({ "if-modified-since": "Thu, 01 Jan 1970 00:00:00 GMT" }), true], [h({ "if-unmodified-since": "nonsense" }), false],
    [h({}), true], [h({ "if-match": '"x"y' }), false],
  ]) assert.equal(await holds(c), want, c instanceof Headers ? String([...c]) : JSON.stringify(c));
  for (const [c, message] of [
    ["x", "TypeError: Incorrect type for the 'onlyIf' field on 'PutOptions': the provided value is not of type 'Conditional or Headers'."],
    [{ etagMatches: 5 }, "TypeError: Incorrect type for the 'etagMatches' field on 'Conditional': the provided value is not of type 'string'."],
    [{ etagMatches: '"x"' }, 'TypeError: Conditional ETag should not be wrapped in quotes ("x").'],
    [{ uploadedBefore: "x" }, "TypeError: Incorrect type for the 'uploadedBefore' field on 'Conditional': the provided value is not of type 'date'."],
    [h({ "if-match": "x" }), "Error: Invalid ETag in if-match header"],
    [h({ "if-match": '"x' }), "Error: Unclosed double quote for Etag"],
    [h({ "if-match": '"x" "y"' }), "Error: Comma was expected to separate etags. Encountered a double quote character"],
    [h({ "if-none-match": 'W"x"' }), "Error: Weak etags must start with W/ and their value must be quoted"],
  ]) await assert.throws(() => env.STORE.put("a", "hello", { onlyIf: c }), message);
}

export async function ranges() {
  await env.STORE.put("r", "0123456789");
  const get = async (range) => {
    const g = await env.STORE.get("r", { range });
    assert.equal(g.size, 10);
    return `${g.range.offset}+${g.range.length} ${await g.text()}`;
  };
  for (const [r, want] of [
    [{ offset: 2 }, "2+8 23456789"], [{ offset: 2, length: 3 }, "2+3 234"], [{ length: 3 }, "0+3 012"], [{ suffix: 3 }, "7+3 789"],
    [{ suffix: 20 }, "0+10 0123456789"], [{ length: 20 }, "0+10 0123456789"], [{}, "0+10 0123456789"], [null, "0+10 0123456789"], [{ offset: "2" }, "2+8 23456789"],
  ]) assert.equal(await get(r), want);
  for (const [r, want] of [
    ["bytes=2-4", "2+3 234"], ["bytes=2-", "2+8 23456789"], ["bytes=-3", "7+3 789"], ["bytes=0-100", "0+10 0123456789"],
    ["bytes=20-", "0+10 0123456789"], ["bytes=1-2,3-4", "0+10 0123456789"], ["junk", "0+10 0123456789"], ["bytes=5-2", "0+10 0123456789"],
  ]) assert.equal(await get(new Headers({ range: r })), want, r);
  const unsatisfiable = "Error: get: The requested range is not satisfiable (10039)";
  for (const [r, message] of [
    [{ suffix: 0 }, unsatisfiable], [{ offset: 10 }, unsatisfiable], [{ offset: Infinity }, unsatisfiable], [{ length: 0 }, unsatisfiable],
    [{ offset: -1 }, "RangeError: Invalid range. Starting offset (-1) must be greater than or equal to 0."],
    [{ offset: 1.5 }, "RangeError: Invalid range. Starting offset (1.5) must be an integer, not floating point."],
    [{ offset: NaN }, "RangeError: Invalid range. Starting offset (nan) must be greater than or equal to 0."],
    [{ length: -1 }, "RangeError: Invalid range. Length (-1) must be greater than or equal to 0."],
    [{ suffix: -1 }, "RangeError: Invalid suffix. Suffix (-1) must be greater than or equal to 0."],
    [{ suffix: 1.5 }, "RangeError: Invalid range. Suffix (1.5) must be an integer, not floating point."],
    [{ suffix: 1, offset: 1 }, "TypeError: Suffix is incompatible with offset."],
    [{ suffix: 1, length: 1 }, "TypeError: Suffix is incompatible with length."],
    ["x", "TypeError: Incorrect type for the 'range' field on 'GetOptions': the provided value is not of type 'Range or Headers'."],
  ]) await assert.throws(() => get(r), message);
}

export async function customerKeys() {
  const key = "0f".repeat(32), other = new Uint8Array(32);
  const put = await env.STORE.put("s", "secret", { ssecKey: key });
  assert.equal([put.ssecKeyMd5.length, (await env.STORE.head("s")).ssecKeyMd5 === put.ssecKeyMd5], [32, true]);
  assert.equal(await (await env.STORE.get("s", { ssecKey: key })).text(), "secret");
  const message = "Error: get: The SSE-C key does not match the key that the object was stored with.";
  await assert.throws(() => env.STORE.get("s"), message);
  await assert.throws(() => env.STORE.get("s", { ssecKey: other }), message);
  await env.STORE.put("s", "plain");
  assert.equal(await (await env.STORE.get("s", { ssecKey: other })).text(), "plain");
  const upload = await env.STORE.createMultipartUpload("m", { ssecKey: key });
  await assert.throws(() => upload.uploadPart(1, "x"), "Error: uploadPart: The SSE-C key");
  await upload.complete([await upload.uploadPart(1, "x", { ssecKey: key })]);
  await assert.throws(() => env.STORE.get("m"), message);
  assert.equal(await (await env.STORE.get("m", { ssecKey: key })).text(), "x");
}

export async function deletes() {
  for (const k of ["a", "b", "c"]) await env.STORE.put(k, k);
  assert.equal(await env.STORE.delete("a"), undefined);
  assert.equal(await env.STORE.delete(["b", "none"]), undefined);
  await env.STORE.delete([]);
  assert.equal((await env.STORE.list()).objects.map((o) => o.key).join(), "c");
  await assert.throws(() => env.STORE.delete(), "TypeError: Failed to execute 'delete' on 'R2Bucket': parameter 1 is not of type 'string or Array'.");
  await assert.throws(() => env.STORE.delete("x".repeat(1025)), "Error: delete: The specified object name is not valid. (10020)");
  await assert.throws(() => env.STORE.get("x".repeat(1025)), "Error: get: The specified object name is not valid. (10020)");
}

export async function lists() {
  for (const k of ["a", "b/1", "b/2", "c", "d/1", "ü"]) await env.STORE.put(k, k, { httpMetadata: { contentType: "t" }, customMetadata: { k } });
  const list = async (o) => {
    const l = await env.STORE.list(o);
    assert.equal(Object.keys(l).join(), "objects,truncated,cursor,delimitedPrefixes");
    assert.equal(typeof l.cursor, l.truncated ? "string" : "undefined");
    return [l.objects.map((x) => x.key).join(), l.delimitedPrefixes.join(), l.truncated].join(" ");
  };
  for (const [o, want] of [
    [undefined, "a,b/1,b/2,c,d/1,ü  false"], [null, "a,b/1,b/2,c,d/1,ü  false"], [{ limit: 2 }, "a,b/1  true"], [{ limit: "2" }, "a,b/1  true"], [{ limit: 1.5 }, "a  true"],
    [{ prefix: "b" }, "b/1,b/2  false"], [{ delimiter: "/" }, "a,c,ü b/,d/ false"], [{ delimiter: "/", limit: 2 }, "a b/ true"], [{ startAfter: "b/1" }, "b/2,c,d/1,ü  false"],
  ]) assert.equal(await list(o), want, JSON.stringify(o));
  const first = await env.STORE.list({ limit: 4 });
  const second = await env.STORE.list({ limit: 4, cursor: first.cursor });
  assert.equal(second.objects.map((x) => x.key).join(), "d/1,ü");
  const [bare] = first.objects;
  assert.equal([Object.values(bare.httpMetadata).join(""), bare.customMetadata, bare.range, bare.constructor.name], ["", {}, undefined, "HeadResult"]);
  const [full] = (await env.STORE.list({ include: ["customMetadata", "httpMetadata"] })).objects;
  assert.equal([full.httpMetadata.contentType, full.customMetadata], ["t", { k: "a" }]);
  for (const [o, message] of [
    [{ limit: 0 }, "Error: list: MaxKeys params must be positive integer <= 1000. (10022)"], [{ limit: 1001 }, "(10022)"], [{ limit: NaN }, "(10022)"],
    [{ prefix: 5 }, "TypeError: Incorrect type for the 'prefix' field on 'ListOptions': the provided value is not of type 'string'."],
    [{ include: ["x"] }, "RangeError: Unsupported include value x"],
    [{ include: "x" }, "TypeError: Incorrect type for the 'include' field on 'ListOptions': the provided value is not of type 'Array'."],
    ["x", "TypeError: Failed to execute 'list' on 'R2Bucket': parameter 1 is not of type 'ListOptions'."],
  ]) await assert.throws(() => env.STORE.list(o), message);
}

export async function multipart() {
  const m = await env.STORE.createMultipartUpload("m", { customMetadata: { a: "b" } });
  assert.equal(Object.keys(m).join(), "uploadId,key");
  const again = env.STORE.resumeMultipartUpload(m.key, m.uploadId);
  const part = await again.uploadPart(1, new Response("abc").body);
  assert.equal(Object.keys(part).join(), "partNumber,etag");
  const o = await m.complete([part]);
  assert.equal([o.size, o.customMetadata, JSON.stringify(o.checksums)], [3, { a: "b" }, "{}"]);
  assert(o.etag.endsWith("-1"));
  assert.equal(await (await env.STORE.get("m")).text(), "abc");
  const other = await env.STORE.createMultipartUpload("m");
  assert.equal(await other.abort(), undefined);
  const none = env.STORE.resumeMultipartUpload("m", "none");
  for (const [f, message] of [
    [() => other.uploadPart(0, "x"), "TypeError: Part number must be between 1 and 10000 (inclusive). Actual value was: 0"],
    [() => other.uploadPart(1, null), "TypeError: Failed to execute 'uploadPart' on 'R2MultipartUpload': parameter 2 is not of type"],
    [() => other.uploadPart(1, new ReadableStream()), "TypeError: Provided readable stream must have a known length"],
    [() => none.uploadPart(1, "x"), "Error: uploadPart: The specified multipart upload does not exist. (10024)"],
    [() => none.abort(), "Error: abortMultipartUpload: We encountered an internal error. Please try again. (10001)"],
    [() => none.complete([]), "Error: completeMultipartUpload: We encountered an internal error. Please try again. (10001)"],
    [() => m.complete([{ partNumber: 0, etag: "x" }]), "TypeError: Part number must be"],
    [() => m.complete("x"), "TypeError: Failed to execute 'complete' on 'R2MultipartUpload': parameter 1 is not of type 'Array'."],
    [async () => (await env.STORE.createMultipartUpload("m")).complete([{ partNumber: 1 }]), "Error: completeMultipartUpload: One or more of the specified parts could not be found. (10025)"],
    [() => env.STORE.createMultipartUpload("m", "x"), "TypeError: Failed to execute 'createMultipartUpload' on 'R2Bucket': parameter 2 is not of type 'MultipartOptions'."],
    [async () => env.STORE.resumeMultipartUpload("x"), "TypeError: Failed to execute 'resumeMultipartUpload' on 'R2Bucket': parameter 2 is not of type 'string'."],
  ]) await assert.throws(f, message);
}

// A loop of calls must let other work of the worker have its turns.
export async function callsTakeTurns() {
  let turns = 0;
  const other = (async () => { for (; turns < 5; turns++) await sleep(); })();
  for (let i = 0; i < 20; i++) await env.STORE.put("k", "v");
  assert.equal(turns, 5);
  await other;
}
