// Bindings as applications use them: the patterns of documentation and of
// libraries, several calls each.
import { DurableObject, RpcTarget, WorkerEntrypoint, env as imported } from "cloudflare:workers";
import { area, error, run, show } from "../probe.js";

const caught = async (f) => { try { return show(await f(), 1); } catch (e) { return error(e); } };
const until = async (f) => { for (let i = 0; i < 3_000; i++) { const v = await f(); if (v) return v; await scheduler.wait(5); } return "(never)"; };
const bytes = (n, c = 97) => new Uint8Array(n).fill(c);
const part = 5 << 20;
let n = 0;

// R2: a bucket behind a prefix of its own.
const r2 = (f) => ({ env }) => f(env.BUCKET, `r${n++}/`);
const serve = async (B, key, request) => {
  const o = await B.get(key, { onlyIf: request.headers, range: request.headers });
  if (o === null) return new Response("none", { status: 404 });
  const headers = new Headers();
  o.writeHttpMetadata(headers);
  headers.set("etag", o.httpEtag);
  if (o.range) headers.set("content-range", `bytes ${o.range.offset}-${o.range.offset + o.range.length - 1}/${o.size}`);
  const status = "body" in o && o.body ? (request.headers.get("range") !== null ? 206 : 200) : 412;
  return new Response(o.body, { headers, status });
};
const served = (headers) => r2(async (B, p) => { const head = await B.put(p + "k", "0123456789", { httpMetadata: { contentType: "text/x", cacheControl: "max-age=5" } }); const h = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v === "ETAG" ? head.httpEtag : v])); const r = await serve(B, p + "k", new Request("http://x/", { headers: h })); return [r.status, [...r.headers], await r.text()]; });
const fill = async (B, p, keys) => { for (const k of keys) await B.put(p + k, k); };
const listed = (keys, options) => r2(async (B, p) => { await fill(B, p, keys); const l = await B.list({ ...options, prefix: p + (options.prefix ?? ""), ...(options.startAfter !== undefined && { startAfter: p + options.startAfter }) }); return [l.objects.map((o) => o.key.slice(p.length)), l.delimitedPrefixes.map((d) => d.slice(p.length)), l.truncated, typeof l.cursor]; });
const all = async (B, options) => { const out = []; let cursor; do { const l = await B.list({ ...options, cursor }); out.push(l.objects.map((o) => o.key.slice(options.prefix.length)).concat(l.delimitedPrefixes.map((d) => "<" + d.slice(options.prefix.length))).join()); cursor = l.truncated ? l.cursor : undefined; } while (cursor); return out; };
const tree = ["a", "b/1", "b/2", "c", "d/e/1", "d/e/2", "d/f", "z"];
const buckets = {
  "serve": served({}),
  "serve a range": served({ range: "bytes=2-4" }),
  "serve the rest": served({ range: "bytes=5-" }),
  "serve the end": served({ range: "bytes=-3" }),
  "serve unchanged": served({ "if-none-match": "ETAG" }),
  "serve changed": served({ "if-none-match": '"other"' }),
  "serve the same": served({ "if-match": "ETAG" }),
  "serve another": served({ "if-match": '"other"' }),
  "serve unchanged, of several": served({ "if-none-match": '"a", ETAG' }),
  "serve unchanged range": served({ "if-none-match": "ETAG", range: "bytes=0-1" }),
  "serve since": served({ "if-modified-since": "Sun, 09 Sep 2001 01:46:40 GMT" }),
  "serve with if-range": served({ "if-range": '"other"', range: "bytes=0-1" }),
  "copy": r2(async (B, p) => { await B.put(p + "a", "text", { httpMetadata: { contentType: "x/y" }, customMetadata: { a: "b" } }); const o = await B.get(p + "a"); const c = await B.put(p + "b", o.body, { httpMetadata: o.httpMetadata, customMetadata: o.customMetadata }); const d = await B.get(p + "b"); return [c.etag === o.etag, d.httpMetadata, d.customMetadata, await d.text()]; }),
  "copy a range": r2(async (B, p) => { await B.put(p + "a", "0123456789"); const o = await B.get(p + "a", { range: { offset: 3, length: 4 } }); const c = await B.put(p + "b", o.body); return [c.size, await (await B.get(p + "b")).text()]; }),
  "store a response": r2(async (B, p) => { const o = await B.put(p, new Response("content").body); return [o.size, await (await B.get(p)).text()]; }),
  "store a request": r2(async (B, p) => { const r = new Request("http://x/", { method: "PUT", body: "content", headers: { "content-type": "a/b" } }); await B.put(p, r.body, { httpMetadata: r.headers }); const o = await B.get(p); return [o.httpMetadata, await o.text()]; }),
  "store both halves": r2(async (B, p) => { const [a, b] = new Response("content").body.tee(); return [await caught(() => B.put(p + "a", a)), await new Response(b).text()]; }),
  "store a file": r2(async (B, p) => { const f = new FormData(); f.set("f", new File(["content"], "n.txt", { type: "text/x" })); const file = (await new Response(f).formData()).get("f"); const o = await B.put(p, file.stream(), { httpMetadata: { contentType: file.type } }); return [o.size, o.httpMetadata.contentType]; }),
  "store a blob": r2(async (B, p) => { const b = await new Response("content", { headers: { "content-type": "text/x" } }).blob(); await B.put(p, b); const o = await B.get(p); const back = await o.blob(); return [back.size, back.type, o.httpMetadata.contentType]; }),
  "store compressed": r2(async (B, p) => { const z = new Blob(["content".repeat(100)]).stream().pipeThrough(new CompressionStream("gzip")); const data = await new Response(z).arrayBuffer(); await B.put(p, data, { httpMetadata: { contentEncoding: "gzip" } }); const o = await B.get(p); return [(await new Response(o.body.pipeThrough(new DecompressionStream("gzip"))).text()).length, o.httpMetadata.contentEncoding]; }),
  "store through a fixed length": r2(async (B, p) => { const t = new FixedLengthStream(7); const done = new Blob(["content"]).stream().pipeTo(t.writable); const o = await B.put(p, t.readable); await done; return o.size; }),
  "too short for its length": r2(async (B, p) => { const t = new FixedLengthStream(10); const w = t.writable.getWriter(); w.write(bytes(3)); const closed = w.close().catch(() => {}); const e = await caught(() => B.put(p, t.readable)); await closed; return [e.replace(/:.*/, ""), await B.head(p)]; }),
  "body piped": r2(async (B, p) => { await B.put(p, "content"); let got = ""; await (await B.get(p)).body.pipeThrough(new TextDecoderStream()).pipeTo(new WritableStream({ write(c) { got += c; } })); return got; }),
  "body iterated": r2(async (B, p) => { await B.put(p, bytes(150_000)); let size = 0; for await (const c of (await B.get(p)).body) size += c.byteLength; return size; }),
  "body cancelled": r2(async (B, p) => { await B.put(p, bytes(150_000)); const o = await B.get(p); const r = o.body.getReader(); await r.read(); await r.cancel(); return [o.bodyUsed, (await (await B.get(p)).arrayBuffer()).byteLength]; }),
  "body locked": r2(async (B, p) => { await B.put(p, "content"); const o = await B.get(p); o.body.getReader(); return caught(() => o.text()); }),
  "body twice": r2(async (B, p) => { await B.put(p, "content"); const o = await B.get(p); await o.arrayBuffer(); return [await caught(() => o.json()), await caught(() => o.blob()), o.body === o.body]; }),
  "read after delete": r2(async (B, p) => { await B.put(p, bytes(300_000)); const o = await B.get(p); await B.delete(p); return [(await o.arrayBuffer()).byteLength, await B.get(p)]; }),
  "read after overwrite": r2(async (B, p) => { await B.put(p, bytes(300_000)); const o = await B.get(p); await B.put(p, "new"); return [(await o.arrayBuffer()).byteLength, await (await B.get(p)).text()]; }),
  "written together": r2(async (B, p) => { await Promise.all(Array.from({ length: 8 }, (_, i) => B.put(p, String(i).repeat(1000)))); const t = await (await B.get(p)).text(); return [t.length, new Set(t).size]; }),
  "created once": r2(async (B, p) => { const put = (v) => B.put(p, v, { onlyIf: { etagDoesNotMatch: "*" } }); return [(await put("a"))?.size, await put("b"), await (await B.get(p)).text()]; }),
  "compare and swap": r2(async (B, p) => { const a = await B.put(p, "1"); const b = await B.put(p, "2", { onlyIf: { etagMatches: a.etag } }); const c = await B.put(p, "3", { onlyIf: { etagMatches: a.etag } }); return [b.size, c, await (await B.get(p)).text()]; }),
  "as json": r2(async (B, p) => { await B.put(p, "x", { customMetadata: { a: "1" }, httpMetadata: { contentType: "t/x" } }); const o = await B.head(p); const j = JSON.parse(JSON.stringify(o)); return [Object.keys(j).sort(), Object.keys(o).sort(), typeof j.uploaded, j.checksums]; }),
  "list as json": r2(async (B, p) => { await B.put(p + "a", "x"); const j = JSON.parse(JSON.stringify(await B.list({ prefix: p }))); return [Object.keys(j).sort(), Object.keys(j.objects[0]).sort()]; }),
  "cloned": r2(async (B, p) => { await B.put(p, "x"); const h = await B.head(p); return caught(() => structuredClone(h)); }),
  "cloned bucket": r2(async (B) => caught(() => structuredClone(B))),
  "head over rpc": ({ env }) => caught(async () => { await env.BUCKET.put("rpc", "x"); const h = await env.SELF.echo(await env.BUCKET.head("rpc")); return [h.constructor.name, h.size, typeof h.writeHttpMetadata]; }),
  "object over rpc": ({ env }) => caught(async () => { await env.BUCKET.put("rpc2", "x"); const h = await env.SELF.echo(await env.BUCKET.get("rpc2")); return [h.constructor.name, h.size]; }),
  "body over rpc": ({ env }) => caught(async () => { await env.BUCKET.put("rpc3", "content"); return env.SELF.size((await env.BUCKET.get("rpc3")).body); }),
  "bucket over rpc": ({ env }) => caught(async () => Object.prototype.toString.call(await env.SELF.echo(env.BUCKET))),
  "keys of all kinds": r2(async (B, p) => { const keys = ["/lead", "trail/", "a//b", "../up", "ü", "u\u0308", "a b", "a+b", "a%20b", "A", "a"]; await fill(B, p, keys); const l = (await B.list({ prefix: p })).objects.map((o) => o.key.slice(p.length)); return [l, await Promise.all(keys.map(async (k) => (await B.get(p + k))?.text() ?? null))]; }),
  "custom metadata keys": r2(async (B, p) => { await B.put(p, "", { customMetadata: { UPPER: "1", "with space": "2", "ü": "ä", empty: "" } }); return (await B.head(p)).customMetadata; }),
  "metadata undefined": r2(async (B, p) => { await B.put(p, "x", { httpMetadata: undefined, customMetadata: undefined, onlyIf: undefined }); return [(await B.head(p)).customMetadata, (await B.head(p)).httpMetadata]; }),
  "list of folders": listed(tree, { delimiter: "/" }),
  "list of a folder": listed(tree, { delimiter: "/", prefix: "b/" }),
  "list of nested folders": listed(tree, { delimiter: "/", prefix: "d/" }),
  "list of a half name": listed(["ab/1", "ac/2", "a"], { delimiter: "/", prefix: "a" }),
  "list, long delimiter": listed(["a--b", "a-b", "c--d"], { delimiter: "--" }),
  "list after, with folders": listed(tree, { delimiter: "/", startAfter: "b/1" }),
  "list after a folder": listed(tree, { delimiter: "/", startAfter: "b/" }),
  "list after all": listed(tree, { startAfter: "zz" }),
  "list limited, with folders": listed(tree, { delimiter: "/", limit: 2 }),
  "list in pages": r2(async (B, p) => { await fill(B, p, tree); return all(B, { prefix: p, limit: 3 }); }),
  "list in pages, with folders": r2(async (B, p) => { await fill(B, p, tree); return all(B, { prefix: p, limit: 2, delimiter: "/" }); }),
  "list while deleting": r2(async (B, p) => { await fill(B, p, tree); const l = await B.list({ prefix: p, limit: 3 }); await B.delete(l.objects.map((o) => o.key)); return all(B, { prefix: p, limit: 3 }); }),
  "list with metadata": r2(async (B, p) => { await B.put(p + "a", "x", { customMetadata: { k: "v" }, httpMetadata: { contentType: "t/x" } }); const one = (await B.list({ prefix: p, include: ["customMetadata", "httpMetadata"] })).objects[0]; return [one.customMetadata, one.httpMetadata]; }),
  "parts": r2(async (B, p) => { const u = await B.createMultipartUpload(p, { httpMetadata: { contentType: "t/x" }, customMetadata: { a: "1" } }); const parts = await Promise.all([u.uploadPart(1, bytes(part)), u.uploadPart(2, "the end")]); const o = await u.complete(parts); const g = await B.get(p, { range: { offset: part - 3, length: 6 } }); return [o.size === part + 7, /-2$/.test(o.etag), await g.text(), g.httpMetadata.contentType, g.customMetadata, JSON.stringify(g.checksums)]; }),
  "parts in any order": r2(async (B, p) => { const u = await B.createMultipartUpload(p); const b = await u.uploadPart(7, "end"), a = await u.uploadPart(3, bytes(part)); const o = await u.complete([b, a]); return [o.size, await (await B.get(p, { range: { suffix: 4 } })).text()]; }),
  "parts resumed": r2(async (B, p) => { const u = await B.createMultipartUpload(p); const a = await B.resumeMultipartUpload(p, u.uploadId).uploadPart(1, "one"); const o = await B.resumeMultipartUpload(u.key, u.uploadId).complete([JSON.parse(JSON.stringify(a))]); return [o.key === p, o.size, Object.keys(a)]; }),
  "parts over an object": r2(async (B, p) => { await B.put(p, "old"); const u = await B.createMultipartUpload(p); await u.uploadPart(1, "new"); const before = await (await B.get(p)).text(); await u.abort(); return [before, await (await B.get(p)).text()]; }),
  "part of a stream": r2(async (B, p) => { const u = await B.createMultipartUpload(p); const a = await u.uploadPart(1, new Blob(["stream"]).stream()); const o = await u.complete([a]); return [o.size, await (await B.get(p)).text()]; }),
};

// KV.
const kv = (f) => ({ env }) => f(env.KV, `k${n++}:`);
const namespaces = {
  "cache aside": kv(async (K, p) => { const get = async () => (await K.get(p, "json")) ?? (await K.put(p, JSON.stringify({ made: 1 }), { expirationTtl: 60 }), "made"); return [await get(), await get()]; }),
  "metadata only": kv(async (K, p) => { await K.put(p, "", { metadata: { a: [1, { b: null }] } }); const { value, metadata, cacheStatus } = await K.getWithMetadata(p); return [value, metadata, cacheStatus]; }),
  "metadata of all kinds": kv(async (K, p) => { const out = []; for (const m of ["text", 5, true, [1], null, 0, ""]) { await K.put(p, "v", { metadata: m }); out.push((await K.getWithMetadata(p)).metadata); } return out; }),
  "metadata undefined": kv(async (K, p) => { await K.put(p, "v", { metadata: undefined, expirationTtl: undefined, expiration: undefined }); return (await K.getWithMetadata(p)).metadata; }),
  "metadata null options": kv(async (K, p) => { await K.put(p, "v", null); return K.getWithMetadata(p, null); }),
  "list pages": kv(async (K, p) => { for (let i = 0; i < 7; i++) await K.put(p + i, "v", { metadata: { i } }); const pages = []; let cursor; do { const l = await K.list({ prefix: p, limit: 3, cursor }); pages.push(l.keys.map((k) => k.name.slice(p.length) + JSON.stringify(k.metadata)).join()); cursor = l.list_complete ? undefined : l.cursor; } while (cursor); return pages; }),
  "list shape": kv(async (K, p) => { await K.put(p + "a", "v", { expirationTtl: 3600, metadata: 1 }); const l = await K.list({ prefix: p }); const k = l.keys[0]; return [Object.keys(l).sort(), Object.keys(k).sort(), k.expiration > Date.now() / 1000, l.cacheStatus]; }),
  "list while deleting": kv(async (K, p) => { for (let i = 0; i < 5; i++) await K.put(p + i, "v"); const a = await K.list({ prefix: p, limit: 2 }); for (const k of a.keys) await K.delete(k.name); const b = await K.list({ prefix: p, limit: 2, cursor: a.cursor }); return b.keys.map((k) => k.name.slice(p.length)); }),
  "list of nothing with a cursor": kv(async (K, p) => { const l = await K.list({ prefix: p, cursor: undefined }); return [l.keys, l.list_complete, l.cursor]; }),
  "bulk mixed": kv(async (K, p) => { await K.put(p + "a", "1"); await K.put(p + "b", '{"x":2}'); const m = await K.get([p + "a", p + "b", p + "none"], "json"); return [m instanceof Map, [...m.values()]]; }),
  "bulk with metadata": kv(async (K, p) => { await K.put(p + "a", "1", { metadata: { m: 1 } }); const m = await K.getWithMetadata([p + "a", p + "none"]); return [...m.values()]; }),
  "bulk of 100": kv(async (K, p) => (await K.get(Array.from({ length: 100 }, (_, i) => p + i))).size),
  "stream through": kv(async (K, p) => { await K.put(p, new Response("streamed").body); const s = await K.get(p, "stream"); return new Response(s.pipeThrough(new TransformStream())).text(); }),
  "stream as response": kv(async (K, p) => { await K.put(p, "streamed"); const r = new Response(await K.get(p, { type: "stream" })); return [r.headers.get("content-length"), await r.text()]; }),
  "large": kv(async (K, p) => { await K.put(p, bytes(3_000_000)); return (await K.get(p, "arrayBuffer")).byteLength; }),
  "too large": kv((K, p) => K.put(p, bytes((25 << 20) + 1))),
  "largest": kv((K, p) => K.put(p, bytes(25 << 20))),
  "bytes of text": kv(async (K, p) => { await K.put(p, "ü\0\ud800"); return K.get(p, "arrayBuffer"); }),
  "bytes as text": kv(async (K, p) => { await K.put(p, new Uint8Array([255, 65, 0xef, 0xbb, 0xbf])); return [await K.get(p), (await K.get(p)).length]; }),
  "mark before text": kv(async (K, p) => { await K.put(p, new Uint8Array([0xef, 0xbb, 0xbf, 65])); return [(await K.get(p)).length, await caught(() => K.get(p, "json"))]; }),
  "json of scalars": kv(async (K, p) => { const out = []; for (const v of ["null", "0", '""', "[]", " 1 "]) { await K.put(p, v); out.push(await K.get(p, "json")); } return out; }),
  "json empty": kv(async (K, p) => { await K.put(p, ""); return [await caught(() => K.get(p, "json")), await K.get(p)]; }),
  "both expirations": kv(async (K, p) => { await K.put(p, "v", { expiration: Math.floor(Date.now() / 1000) + 7200, expirationTtl: 60 }); return (await K.list({ prefix: p })).keys[0].expiration - Math.floor(Date.now() / 1000) > 3600; }),
  "ttl as text": kv(async (K, p) => { await K.put(p, "v", { expirationTtl: "120" }); return typeof (await K.list({ prefix: p })).keys[0].expiration; }),
  "options with get": kv(async (K, p) => { await K.put(p, "[1]"); return [await K.get(p, { type: "json", cacheTtl: 60 }), await K.get(p, { cacheTtl: 3600 }), await K.get(p, {}), await K.get(p, undefined)]; }),
  "written together": kv(async (K, p) => { await Promise.all(Array.from({ length: 10 }, (_, i) => K.put(p, String(i)))); return (await K.get(p)).length; }),
  "deleted twice": kv(async (K, p) => { await K.put(p, "v"); return [await K.delete(p), await K.delete(p), await K.get(p)]; }),
  "keys of all kinds": kv(async (K, p) => { const keys = ["/a", "a/", "a:b", "ü", "😀", "a b", "%20", "\n", "?x#y"]; for (const k of keys) await K.put(p + k, k); return [(await K.list({ prefix: p })).keys.map((k) => k.name.slice(p.length)), await Promise.all(keys.map((k) => K.get(p + k)))]; }),
  "key of 512 bytes of two": kv(async (K) => [await caught(() => K.put("ü".repeat(256), "v")), await caught(() => K.put("ü".repeat(257), "v"))]),
  "imported env": kv(async (K, p) => { await K.put(p, "v"); return imported.KV.get(p); }),
};

// D1.
const d1 = (f) => ({ env }) => f(env.DB, `t${n++}`);
const table = (f, columns = "id INTEGER PRIMARY KEY, name TEXT, n REAL, b BLOB, at TEXT DEFAULT CURRENT_TIMESTAMP") => d1(async (DB, t) => { await DB.prepare(`CREATE TABLE ${t} (${columns})`).run(); return f(DB, t); });
const databases = {
  "insert and read": table(async (DB, t) => { const r = await DB.prepare(`INSERT INTO ${t} (name, n) VALUES (?1, ?2)`).bind("a", 1.5).run(); return [r.success, r.results, r.meta.last_row_id, r.meta.changes, r.meta.changed_db, await DB.prepare(`SELECT id, name, n, b FROM ${t}`).first()]; }),
  "insert many": table(async (DB, t) => { const s = DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`); const r = await DB.batch(["a", "b", "c"].map((x) => s.bind(x))); return [r.map((x) => x.meta.last_row_id), r.map((x) => x.meta.changes), (await DB.prepare(`SELECT count(*) AS c FROM ${t}`).first("c"))]; }),
  "batch sees itself": table(async (DB, t) => { const r = await DB.batch([DB.prepare(`INSERT INTO ${t} (name) VALUES ('x')`), DB.prepare(`SELECT count(*) AS c FROM ${t}`), DB.prepare(`DELETE FROM ${t}`), DB.prepare(`SELECT count(*) AS c FROM ${t}`)]); return r.map((x) => [x.results, x.meta.changes]); }),
  "batch undone": table(async (DB, t) => [await caught(() => DB.batch([DB.prepare(`INSERT INTO ${t} (id) VALUES (1)`), DB.prepare(`INSERT INTO ${t} (id) VALUES (1)`)])).then((e) => e.replaceAll(t, "t")), await DB.prepare(`SELECT count(*) AS c FROM ${t}`).first("c")]),
  "returning": table(async (DB, t) => DB.prepare(`INSERT INTO ${t} (name) VALUES ('a'), ('b') RETURNING id, name`).all().then((r) => [r.results, r.meta.changes, r.meta.rows_written])),
  "upsert": table(async (DB, t) => { const s = DB.prepare(`INSERT INTO ${t} VALUES (?1, 1) ON CONFLICT(k) DO UPDATE SET n = n + 1 RETURNING n`); return [await s.bind("a").first("n"), await s.bind("a").first("n"), await s.bind("b").first("n")]; }, "k TEXT PRIMARY KEY, n INTEGER"),
  "blob": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (b) VALUES (?)`).bind(new Uint8Array([0, 1, 255])).run(); const b = await DB.prepare(`SELECT b FROM ${t}`).first("b"); return [Array.isArray(b), b, await DB.prepare(`SELECT hex(b) h, length(b) l, typeof(b) t FROM ${t}`).first()]; }),
  "blob empty": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (b) VALUES (?), (?)`).bind(new ArrayBuffer(0), new Uint8Array(0)).run(); return DB.prepare(`SELECT b, typeof(b) t FROM ${t}`).raw(); }),
  "blob by slice": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (b) VALUES (?)`).bind(new Uint8Array([1, 2, 3, 4]).subarray(1, 3)).run(); return DB.prepare(`SELECT hex(b) h FROM ${t}`).first("h"); }),
  "null and undefined": table(async (DB, t) => [await caught(() => DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind(undefined).run()), await caught(() => DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind(null).run().then((r) => r.success)), await DB.prepare(`SELECT name FROM ${t}`).raw()]),
  "booleans": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (n, name) VALUES (?, ?)`).bind(true, false).run(); return DB.prepare(`SELECT n, typeof(n) t, name, typeof(name) u FROM ${t}`).first(); }),
  "dates": table(async (DB, t) => caught(() => DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind(new Date(0)).run())),
  "numbers": d1(async (DB) => DB.prepare("SELECT ? a, ? b, ? c, ? d, typeof(?1) e, typeof(?2) f").bind(1, 1.5, Number.MAX_SAFE_INTEGER, -0).first()),
  "large text": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind("ü".repeat(100_000)).run(); return DB.prepare(`SELECT length(name) l, length(CAST(name AS BLOB)) b FROM ${t}`).first(); }),
  "too large a value": table(async (DB, t) => caught(() => DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind("x".repeat(2_100_000)).run().then((r) => r.success))),
  "first of a column": d1(async (DB) => [await DB.prepare("SELECT 1 AS a, 2 AS b").first("b"), await DB.prepare("SELECT 1 AS a WHERE 0").first("a"), await caught(() => DB.prepare("SELECT 1 AS a").first("zz"))]),
  "raw with names": d1(async (DB) => [await DB.prepare("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'").raw({ columnNames: true }), await DB.prepare("SELECT 1 AS a").raw({ columnNames: false })]),
  "statement reused": d1(async (DB) => { const s = DB.prepare("SELECT ? AS a"); const [x, y] = [s.bind(1), s.bind(2)]; return [await x.first("a"), await y.first("a"), await x.first("a"), (await DB.batch([x, y, x])).map((r) => r.results[0].a)]; }),
  "like and in": table(async (DB, t) => { await DB.batch(["apple", "banana", "APRICOT"].map((x) => DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind(x))); return [(await DB.prepare(`SELECT name FROM ${t} WHERE name LIKE ? ORDER BY name`).bind("ap%").all()).results, (await DB.prepare(`SELECT name FROM ${t} WHERE name IN (${["?", "?"]})`).bind("apple", "none").all()).results, (await DB.prepare(`SELECT name FROM ${t} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`).bind("[1, 3]").all()).results]; }),
  "json": table(async (DB, t) => { await DB.prepare(`INSERT INTO ${t} (name) VALUES (?)`).bind('{"a":{"b":[1,2]}}').run(); return DB.prepare(`SELECT json_extract(name, '$.a.b[1]') x, name ->> '$.a' y, name -> 'a' z, json_array_length(name, '$.a.b') l FROM ${t}`).first(); }),
  "exec schema": d1(async (DB, t) => { const r = await DB.exec(`CREATE TABLE ${t} (a); INSERT INTO ${t} VALUES (1);\nINSERT INTO ${t} VALUES (2)`); return [r.count, await DB.prepare(`SELECT count(*) c FROM ${t}`).first("c")]; }),
  "schema read": table(async (DB, t) => (await DB.prepare("SELECT name, type FROM sqlite_master WHERE name = ?").bind(t).all()).results.map((r) => r.type)),
  "foreign keys": table(async (DB, t) => { await DB.exec(`CREATE TABLE ${t}c (p INTEGER REFERENCES ${t}(id) ON DELETE CASCADE)`); await DB.batch([DB.prepare(`INSERT INTO ${t} (id) VALUES (1)`), DB.prepare(`INSERT INTO ${t}c VALUES (1)`), DB.prepare(`DELETE FROM ${t}`)]); return [await DB.prepare(`SELECT count(*) c FROM ${t}c`).first("c"), await caught(() => DB.prepare(`INSERT INTO ${t}c VALUES (7)`).run())]; }),
  "error fields": d1(async (DB) => { try { await DB.prepare("SELECT * FROM nope").all(); } catch (e) { return [e.constructor.name, e.name, e.message, e.cause?.constructor.name, e.cause?.message, Object.keys(e)]; } }),
  "error in bind": d1(async (DB) => caught(() => DB.prepare("SELECT ?").bind(() => 1)).then((e) => e.replace(/\s/g, ""))),
  "session": table(async (DB, t) => { const s = DB.withSession("first-primary"); await s.prepare(`INSERT INTO ${t} (name) VALUES ('a')`).run(); const b = s.getBookmark(); const r = await DB.withSession(b).prepare(`SELECT name FROM ${t}`).all(); return [typeof b, r.results, Object.keys(r.meta).sort()]; }),
  "together": table(async (DB, t) => { await Promise.all(Array.from({ length: 10 }, (_, i) => DB.prepare(`INSERT INTO ${t} (n) VALUES (?)`).bind(i).run())); return DB.prepare(`SELECT count(*) c, sum(n) s FROM ${t}`).first(); }),
  "counted": table(async (DB, t) => { await DB.batch([1, 2, 3].map((i) => DB.prepare(`INSERT INTO ${t} (n) VALUES (?)`).bind(i))); const r = await DB.prepare(`UPDATE ${t} SET n = n * 2 WHERE n > 1`).run(); return [r.meta.changes, r.meta.rows_read, r.meta.rows_written, r.meta.changed_db, typeof r.meta.size_after, typeof r.meta.duration, typeof r.meta.served_by]; }),
  "triggers": table(async (DB, t) => { await DB.exec(`CREATE TRIGGER tr${t} AFTER INSERT ON ${t} BEGIN UPDATE ${t} SET name = 'by trigger' WHERE id = new.id; END`); await DB.prepare(`INSERT INTO ${t} (name) VALUES ('x')`).run(); return DB.prepare(`SELECT name FROM ${t}`).first("name"); }),
  "window and cte": d1(async (DB) => (await DB.prepare("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 4) SELECT i, sum(i) OVER (ORDER BY i) s FROM c").all()).results),
};

// Durable storage: what is stored and what comes back.
class A { x = 1; get y() { return 2; } }
const stores = {
  "values": async ({ st }) => { await st.put({ s: "ü\0", n: -0, big: 2n ** 70n, nan: NaN, d: new Date(5), re: /a/gi, m: new Map([[{ a: 1 }, 2]]), set: new Set([1]), nul: null, arr: [1, , 3], buf: new Uint8Array([1, 2]).subarray(1), e: new RangeError("r"), nested: { a: { b: [] } } }); return [...(await st.list()).entries()]; },
  "undefined inside": async ({ st }) => { await st.put("a", { x: undefined, y: [undefined] }); const v = await st.get("a"); return ["x" in v, v.y.length, v]; },
  "instance": async ({ st }) => { await st.put("a", new A()); const v = await st.get("a"); return [v instanceof A, Object.keys(v)]; },
  "cycle": async ({ st }) => { const o = {}; o.o = o; await st.put("a", o); const v = await st.get("a"); return v.o === v; },
  "function": async ({ st }) => caught(() => st.put("a", { f() {} })).then((e) => e.replace(/\s/g, "")),
  "symbol": async ({ st }) => caught(() => st.put("a", Symbol("x"))),
  "promise": async ({ st }) => caught(() => st.put("a", Promise.resolve(1))),
  "response": async ({ st }) => caught(() => st.put("a", new Response("x"))),
  "response without a body": async ({ st }) => caught(() => st.put("a", new Response(null))),
  "request": async ({ st }) => caught(() => st.put("a", new Request("http://x/"))),
  "request with a body": async ({ st }) => caught(() => st.put("a", new Request("http://x/", { method: "POST", body: "x" }))),
  "request headers": async ({ st }) => caught(() => st.put("a", new Headers({ a: "1" }))),
  "key of 2048": async ({ st }) => [await caught(() => st.put("k".repeat(2048), 1)), await caught(() => st.put("k".repeat(2049), 1)), await caught(() => st.get("k".repeat(2049)))],
  "keys of all kinds": async ({ st }) => { await st.put({ "": 0, a: 1, B: 2, "ü": 3, "😀": 4, "\uffff": 5, "a\0b": 6 }); return [...(await st.list()).keys()].map((k) => encodeURIComponent(k)); },
  "key number": async ({ st }) => { await st.put(5, "five"); return [await st.get("5"), [...(await st.list()).keys()]]; },
  "get of 128": async ({ st }) => [(await st.get(Array.from({ length: 128 }, (_, i) => "k" + i))).size, await caught(() => st.get(Array.from({ length: 129 }, (_, i) => "k" + i)).then((m) => m.size))],
  "delete of 129": async ({ st }) => caught(() => st.delete(Array.from({ length: 129 }, (_, i) => "k" + i))),
  "get order": async ({ st }) => { await st.put({ a: 1, b: 2, c: 3 }); return [...(await st.get(["c", "a", "none", "b"])).keys()]; },
  "get none": async ({ st }) => [(await st.get([])).size, await st.delete([]), await st.put({})],
  "list ranges": async ({ st }) => { await st.put({ a: 1, ab: 2, b: 3, ba: 4, c: 5 }); const l = async (o) => [...(await st.list(o)).keys()].join(); return [await l({ start: "ab", end: "b" }), await l({ startAfter: "ab" }), await l({ prefix: "a", reverse: true }), await l({ prefix: "b", start: "a" }), await l({ prefix: "b", end: "ba" }), await l({ end: "b", reverse: true, limit: 1 }), await l({ start: "c", end: "a" }), await l({ start: "", prefix: "" }), await l({ limit: 2 }), await l({ startAfter: "a", prefix: "a" })]; },
  "list nothing": async ({ st }) => [(await st.list({})).size, (await st.list(undefined)).size, (await st.list(null)).size, (await st.list({ prefix: undefined, limit: undefined })).size],
  "list odd": async ({ st }) => [await caught(() => st.list({ limit: -1 })), await caught(() => st.list({ limit: 1.5 }).then((m) => m.size)), await caught(() => st.list({ limit: "2" }).then((m) => m.size)), await caught(() => st.list({ limit: NaN }).then((m) => m.size)), await caught(() => st.list({ prefix: 5 }).then((m) => m.size)), await caught(() => st.list({ start: null }).then((m) => m.size))],
  "counter": async ({ st }) => { for (let i = 0; i < 5; i++) await st.put("n", ((await st.get("n")) ?? 0) + 1); return st.get("n"); },
  "overwrite with undefined": async ({ st }) => { await st.put("a", 1); return [await caught(() => st.put("a", undefined)), await caught(() => st.put({ a: undefined, b: 1 })), await st.get("a"), await st.get("b")]; },
  "kv sync": ({ st }) => { const { kv } = st; kv.put("a", { d: new Date(5) }); return [kv.get("a"), kv.get("none"), kv.delete("a"), kv.delete("a"), kv.constructor.name, Object.getOwnPropertyNames(Object.getPrototypeOf(kv)).sort()]; },
  "kv put odd": ({ st }) => { const t = (f) => { try { return show(f(), 1); } catch (e) { return error(e); } }; return [t(() => st.kv.put("a")), t(() => st.kv.put("a", undefined)), t(() => st.kv.put()), t(() => st.kv.get()), t(() => st.kv.delete()), t(() => st.kv.put({ a: 1 })), t(() => st.kv.get(["a"])), t(() => st.kv.put("b", () => 1)).replace(/\s/g, ""), [...st.kv.list()]]; },
  "kv list": ({ st }) => { for (const k of ["a", "b", "ba", "c"]) st.kv.put(k, k); const l = (o) => [...st.kv.list(o)].map(([k]) => k).join(); return [l(), l({ prefix: "b" }), l({ start: "b", end: "c" }), l({ startAfter: "b" }), l({ reverse: true, limit: 2 }), Object.prototype.toString.call(st.kv.list())]; },
  "kv list odd": ({ st }) => { const t = (f) => { try { return show(f(), 1); } catch (e) { return error(e); } }; return [t(() => [...st.kv.list({ limit: 0 })].length), t(() => [...st.kv.list({ start: "a", startAfter: "b" })].length), t(() => [...st.kv.list("x")].length)]; },
  "kv list is live": ({ st }) => { for (const k of "abc") st.kv.put(k, 1); const seen = []; for (const [k] of st.kv.list()) { seen.push(k); if (k === "a") { st.kv.delete("b"); st.kv.put("d", 1); } } return seen; },
  "kv list, another put": ({ st }) => { for (const k of "abc") st.kv.put(k, k); const i = st.kv.list(); const a = i.next(); const j = st.kv.list(); const b = j.next(); try { return [a, b, i.next().done]; } catch (e) { return [a, b, error(e)]; } },
  "alarm and value": async ({ st }) => { await st.put("a", 1); await st.setAlarm(new Date(4e12)); return [await st.getAlarm(), (await st.list()).size]; },
  "alarm in the past": async ({ st }) => { await st.setAlarm(1); return typeof await st.getAlarm(); },
  "alarm fraction": async ({ st }) => { await st.setAlarm(4e12 + 0.7); return st.getAlarm(); },
  "deleteAll and more": async ({ st }) => { await st.put("a", 1); await st.deleteAll(); await st.put("b", 2); return [...(await st.list()).keys()]; },
  "large values": async ({ st }) => [await caught(() => st.put("a", "x".repeat(2_000_000)).then(() => "kept")), await caught(() => st.put("a", "x".repeat(2_200_000)).then(() => "kept")), await caught(() => st.put("a", new Uint8Array(2_000_000)).then(() => "kept"))],
  "transaction of counters": async ({ st }) => { await st.transaction(async (t) => { await t.put({ a: 1, b: 2 }); await t.delete("a"); await t.put("c", [...(await t.list()).keys()].join()); }); return [...(await st.list())]; },
};

// WebSockets that hibernate.
const socket = (f) => ({ env }) => { const stub = env.OBJECTS.getByName("ws" + n++); return f(stub, (query = "") => open(stub, query)); };
async function open(stub, query) {
  const r = await stub.fetch("http://x/socket?" + query, { headers: { upgrade: "websocket" } });
  const ws = r.webSocket;
  const got = [];
  ws.addEventListener("message", (e) => got.push(typeof e.data === "string" ? e.data : `${e.data.constructor.name}(${e.data.byteLength ?? e.data.size})`));
  ws.addEventListener("close", (e) => got.push(`closed ${e.code} ${e.reason} ${e.wasClean}`));
  ws.accept();
  return { ws, got, status: r.status, say: async (m, count = 1) => { const have = got.length + count; ws.send(m); await until(() => got.length >= have || got.some((g) => g.startsWith("closed"))); return got.slice(-count); }, ended: () => until(() => got.find((g) => g.startsWith("closed"))) };
}
const sockets = {
  "echo": socket(async (s, open) => { const c = await open(); return [c.status, await c.say("hi"), await c.say("")]; }),
  "binary": socket(async (s, open) => { const c = await open(); return [await c.say(new Uint8Array([1, 2, 3])), await c.say(new Uint8Array([1, 2, 3]).buffer), await c.say(new Uint8Array(0))]; }),
  "order": socket(async (s, open) => { const c = await open(); for (let i = 0; i < 20; i++) c.ws.send("m" + i); await until(() => c.got.length === 20); return c.got.join(); }),
  "broadcast": socket(async (s, open) => { const all = await Promise.all([open(), open(), open()]); all[0].ws.send("all"); await until(() => all.every((c) => c.got.length)); return all.map((c) => c.got); }),
  "tags": socket(async (s, open) => { await open("tag=a&tag=b"); await open("tag=b"); await open(); return s.counts(); }),
  "tag of a message": socket(async (s, open) => (await open("tag=x&tag=y")).say("tags")),
  "attachment": socket(async (s, open) => { const c = await open("attach=user1"); return [await c.say("attachment"), await c.say("attach"), await c.say("attachment")]; }),
  "auto response": socket(async (s, open) => { const c = await open(); await s.auto("ping", "pong"); return [await c.say("ping"), await c.say("pinging"), await s.autoTimes(), await s.messages()]; }),
  "auto response removed": socket(async (s, open) => { const c = await open(); await s.auto("ping", "pong"); await c.say("ping"); await s.auto(); return c.say("ping"); }),
  "auto response of binary": socket(async (s, open) => { const c = await open(); await s.auto("ping", "pong"); return c.say(new TextEncoder().encode("ping")); }),
  "client closes": socket(async (s, open) => { const c = await open(); c.ws.close(4001, "bye"); const e = await c.ended(); return [e, await s.closes(), await s.counts()]; }),
  "client closes without a code": socket(async (s, open) => { const c = await open(); c.ws.close(); const e = await c.ended(); return [e, await s.closes()]; }),
  "object closes": socket(async (s, open) => { const c = await open(); c.ws.send("close"); const e = await c.ended(); return [e, await s.counts()]; }),
  "object closes, client answers": socket(async (s, open) => { const c = await open(); c.ws.send("close"); await c.ended(); c.ws.close(1000, "ok"); await until(async () => (await s.closes()).length); return s.closes(); }),
  "send after close": socket(async (s, open) => { const c = await open(); c.ws.send("close"); await c.ended(); return [await caught(() => c.ws.send("late")), c.ws.readyState]; }),
  "object sends after close": socket(async (s, open) => { const c = await open(); c.ws.send("close then send"); await c.ended(); return [c.got, await s.messages()]; }),
  "ready states": socket(async (s, open) => { const c = await open(); return [c.ws.readyState, await c.say("state")]; }),
  "throws": socket(async (s, open) => { const c = await open(); c.ws.send("throw"); return [await c.say("still"), await s.messages()]; }),
  "push from a call": socket(async (s, open) => { const c = await open(); await s.push("news"); await until(() => c.got.length); return c.got; }),
  "push from an alarm": socket(async (s, open) => { const c = await open(); await s.ring(); await until(() => c.got.length); return c.got; }),
  "large message": socket(async (s, open) => { const c = await open(); return (await c.say("x".repeat(1_000_000)))[0].length; }),
  "attachment of all kinds": socket(async (s, open) => { await open(); return s.attachments(); }),
  "handed over": socket(async (s, open) => { const c = await open("delay=1"); return c.say("hi"); }),
  "not hibernating beside": socket(async (s, open) => { const a = await open(), b = await open("plain=1"); return [await a.say("x"), await b.say("y"), await s.counts()]; }),
  "refused": socket(async (s) => { const r = await s.fetch("http://x/refuse", { headers: { upgrade: "websocket" } }); return [r.status, r.webSocket, await r.text()]; }),
  "protocol": socket(async (s) => { const r = await s.fetch("http://x/socket?protocol=chat", { headers: { upgrade: "websocket", "sec-websocket-protocol": "chat, other" } }); r.webSocket.accept(); return [r.headers.get("sec-websocket-protocol"), r.webSocket.protocol]; }),
};

// Methods over a binding, as applications call them.
const rpc = (f) => ({ env }) => f(env.SELF);
const methods = {
  "all together": rpc((S) => Promise.all([1, 2, 3].map((x) => S.double(x)))),
  "settled": rpc(async (S) => (await Promise.allSettled([S.double(1), S.fails(), S.nope()])).map((r) => r.value ?? error(r.reason))),
  "race": rpc((S) => Promise.race([S.wait(50).then(() => "slow"), S.double(4)])),
  "session": rpc(async (S) => { using s = await S.login("ann"); return [await s.name, await s.count(), await s.count()]; }),
  "session, pipelined": rpc((S) => S.login("bob").greet("hi")),
  "pipelined thrice": rpc((S) => S.login("bob").friend("eve").friend("dan").name),
  "callback": rpc(async (S) => { const seen = []; await S.each([1, 2], (x) => { seen.push(x); return x; }); return seen; }),
  "callback throws": rpc((S) => caught(() => S.each([1], () => { throw new TypeError("mine"); }))),
  "subscription": rpc(async (S) => { const seen = []; const stop = await S.subscribe((x) => { seen.push(x); }); await until(() => seen.length >= 3); await stop(); return seen.slice(0, 3); }),
  "optional arguments": rpc((S) => S.options({ a: 1, b: undefined })),
  "class with fields": rpc((S) => caught(() => S.instance())),
  "errors with fields": rpc(async (S) => { try { await S.failsWith(); } catch (e) { return [e.name, e.message, e.code, e.details, e.cause?.message, e instanceof Error]; } }),
  "response": rpc(async (S) => { const r = await S.response(); return [r.status, r.headers.get("x-a"), await r.json()]; }),
  "request": rpc((S) => S.takes(new Request("http://x/p?q=1", { method: "POST", body: "b", headers: { a: "1" } }))),
  "stream": rpc(async (S) => new Response((await S.stream(3)).pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream())).text()),
  "stream up": rpc((S) => S.size(new Blob(["12345"]).stream())),
  "binary": rpc(async (S) => { const b = await S.echo(new Uint8Array([1, 2, 3]).subarray(1)); return [b, b.buffer.byteLength]; }),
  "date map set": rpc((S) => S.echo({ d: new Date(5), m: new Map([["a", 1]]), s: new Set([1]) })),
  "same object": rpc(async (S) => { const o = { a: 1 }; const r = await S.echo([o, o]); return r[0] === r[1]; }),
  "object of an object": ({ env }) => env.OBJECTS.getByName("rpc1").child("x").double(21),
  "object calls back": ({ env }) => env.OBJECTS.getByName("rpc2").withCallback((x) => x + 1),
  "object passed on": ({ env }) => env.SELF.useObject(env.OBJECTS.getByName("rpc3")),
  "object state": async ({ env }) => { const s = env.OBJECTS.getByName("rpc4"); await s.increment(2); await s.increment(3); return [await s.total, await s.increment(0)]; },
  "fetch beside methods": rpc(async (S) => (await S.fetch("http://x/path")).text()),
  "json of a stub": rpc(async (S) => { using s = await S.login("x"); return caught(() => JSON.stringify({ s })); }),
  "stub as a key": rpc(async (S) => { using s = await S.login("x"); return new Map([[s, 1]]).get(s); }),
  "after dispose": rpc(async (S) => { const s = await S.login("x"); s[Symbol.dispose](); return caught(() => s.count()); }),
  "private": rpc((S) => caught(() => S.secret())),
  "inherited": rpc((S) => S.inherited(1)),
  "async iterator": rpc((S) => caught(async () => { const out = []; for await (const x of await S.items()) out.push(x); return out; })),
};

class Base extends WorkerEntrypoint { inherited(x) { return `inherited ${x}`; } }
class Session extends RpcTarget {
  #n = 0; #name;
  constructor(name) { super(); this.#name = name; }
  get name() { return this.#name; }
  count() { return ++this.#n; }
  greet(word) { return `${word}, ${this.#name}`; }
  friend(name) { return new Session(`${name} of ${this.#name}`); }
  double(x) { return 2 * x; }
}
export class Service extends Base {
  #secret() { return "secret"; }
  double(x) { return 2 * x; }
  fails() { throw new RangeError("as always"); }
  failsWith() { throw Object.assign(new TypeError("with fields", { cause: new Error("inner") }), { code: "E_X", details: { a: [1] } }); }
  async wait(ms) { await scheduler.wait(ms); }
  login(name) { return new Session(name); }
  async each(list, f) { for (const x of list) await f(x); }
  async subscribe(f) { const g = f.dup(); let on = true; this.ctx.waitUntil((async () => { for (let i = 0; on && i < 100; i++) { await g(i); await scheduler.wait(1); } g[Symbol.dispose](); })()); return () => { on = false; }; }
  options(o) { return [Object.keys(o), "b" in o]; }
  instance() { return new A(); }
  response() { return Response.json({ ok: true }, { status: 201, headers: { "x-a": "1" } }); }
  async takes(r) { return [r.method, r.url, r.headers.get("a"), await r.text()]; }
  stream(k) { return new ReadableStream({ async pull(c) { if (k-- > 0) c.enqueue(new TextEncoder().encode("chunk ")); else c.close(); } }); }
  async size(s) { return (await new Response(s).arrayBuffer()).byteLength; }
  echo(x) { return x; }
  async useObject(stub) { return [await stub.increment(5), await stub.total]; }
  items() { return (async function* () { yield 1; yield 2; })(); }
  fetch(request) { return new Response("fetched " + new URL(request.url).pathname); }
}

export class Used extends DurableObject {
  log = []; closed = []; n = 0;
  inside(name) { return run(stores[name], { ctx: this.ctx, st: this.ctx.storage }); }
  get total() { return this.n; }
  increment(k) { return this.n += k; }
  child(name) { return new Session(name); }
  async withCallback(f) { return [await f(1), await f(2)]; }
  async fetch(request) {
    const url = new URL(request.url), q = url.searchParams;
    if (url.pathname === "/refuse") return new Response("no", { status: 403 });
    if (q.has("delay")) await scheduler.wait(1);
    const [theirs, mine] = Object.values(new WebSocketPair());
    if (q.has("plain")) { mine.accept(); mine.addEventListener("message", (e) => mine.send("plain " + e.data)); } else this.ctx.acceptWebSocket(mine, q.getAll("tag"));
    if (q.has("attach")) mine.serializeAttachment({ user: q.get("attach") });
    return new Response(null, { status: 101, webSocket: theirs, headers: q.has("protocol") ? { "sec-websocket-protocol": q.get("protocol") } : {} });
  }
  webSocketMessage(ws, m) {
    this.log.push(typeof m === "string" ? m.slice(0, 20) : m.constructor.name);
    switch (m) {
      case "all": for (const w of this.ctx.getWebSockets()) w.send("to all"); return;
      case "tags": return ws.send(this.ctx.getTags(ws).join());
      case "attachment": return ws.send(JSON.stringify(ws.deserializeAttachment()));
      case "attach": ws.serializeAttachment({ again: 1 }); return ws.send("attached");
      case "close": return ws.close(4000, "by the object");
      case "close then send": ws.close(4000, "by the object"); try { ws.send("late"); } catch (e) { this.log.push(error(e)); } return;
      case "state": return ws.send(String(ws.readyState));
      case "throw": throw new RangeError("in a message");
    }
    ws.send(m);
  }
  webSocketClose(ws, code, reason, clean) { this.closed.push(`${code} ${reason} ${clean} ${ws.readyState}`); try { ws.close(code === 1005 ? 1000 : code, "answered"); } catch (e) { this.closed.push(error(e)); } }
  counts() { const c = (t) => this.ctx.getWebSockets(t).length; return [this.ctx.getWebSockets().length, c("a"), c("b"), c("none")]; }
  auto(a, b) { this.ctx.setWebSocketAutoResponse(a && new WebSocketRequestResponsePair(a, b)); }
  autoTimes() { return this.ctx.getWebSockets().map((w) => this.ctx.getWebSocketAutoResponseTimestamp(w) instanceof Date); }
  messages() { return this.log; }
  async closes() { await until(() => this.closed.length || !this.ctx.getWebSockets().length); return this.closed; }
  push(m) { for (const w of this.ctx.getWebSockets()) w.send(m); }
  ring() { return this.ctx.storage.setAlarm(Date.now() + 5); }
  alarm() { this.push("rang"); }
  attachments() { const w = this.ctx.getWebSockets()[0]; return [null, 5, "x", [1], { d: new Date(5), m: new Map([[1, 2]]) }, undefined, () => 1].map((v) => { try { w.serializeAttachment(v); return show(w.deserializeAttachment(), 1); } catch (e) { return error(e).replace(/\s/g, ""); } }); }
}
export class Legacy extends DurableObject { inside(name) { return run(stores[name], { ctx: this.ctx, st: this.ctx.storage }); } }

const named = (kind, probes) => Object.fromEntries(Object.entries(probes).map(([name, f]) => [`${kind}: ${name}`, f]));
const storage = (ns, skip) => Object.fromEntries(Object.keys(stores).filter((name) => !skip.test(name)).map((name) => [name, ({ env }) => env[ns].getByName(name).inside(name)]));
export default area({
  ...named("r2", buckets), ...named("kv", namespaces), ...named("d1", databases), ...named("socket", sockets), ...named("rpc", methods),
  ...named("storage", storage("OBJECTS", /^$/)), ...named("legacy storage", storage("LEGACY", /^kv/)),
});
