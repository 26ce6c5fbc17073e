async function textOfEveryInit() {
  assert.equal(await new Response("héllo").text(), "héllo");
  assert.equal(await new Response(new Uint8Array([104, 105])).text(), "hi");
  assert.equal(await new Response(new Uint8Array([104, 105]).buffer).text(), "hi");
  assert.equal(await new Response(new Blob(["a", "b"])).text(), "ab");
  assert.equal(await new Response(new URLSearchParams({ a: "1 2", b: "é" })).text(), "a=1+2&b=%C3%A9");
  assert.equal(await new Response(42).text(), "42");
  assert.equal(await new Response(null).text(), "");
  assert.equal(await new Response().text(), "");
}

async function contentTypes() {
  const type = (b) => new Response(b).headers.get("content-type");
  assert.equal(type("x"), "text/plain;charset=UTF-8");
  assert.equal(type(new URLSearchParams()), "application/x-www-form-urlencoded;charset=UTF-8");
  assert.equal(type(new Blob(["x"], { type: "image/PNG" })), "image/png");
  assert.equal(type(new Uint8Array(1)), null);
  assert(type(new FormData()).startsWith("multipart/form-data; boundary="));
  assert.equal(new Response("x", { headers: { "content-type": "a/b" } }).headers.get("content-type"), "a/b");
}

async function bodyIsUsedOnce() {
  const r = new Response("x");
  assert.equal(r.bodyUsed, false);
  await r.text();
  assert.equal(r.bodyUsed, true);
  await assert.throws(() => r.text(), "TypeError: Body has already been used");
  assert.equal(new Response().body, null);
  assert.equal(new Response(null).bodyUsed, false);
}

async function streamsAsBodies() {
  const s = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("ab")); c.enqueue(new TextEncoder().encode("cd")); c.close(); } });
  assert.equal(await new Response(s).text(), "abcd");
  const r = new Response("stream me");
  const reader = r.body.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "stream me");
  assert((await reader.read()).done);
}

async function json() {
  assert.equal(await new Response('{"a":[1,2]}').json(), { a: [1, 2] });
  await assert.throws(() => new Response("{").json(), "SyntaxError");
  const r = Response.json({ x: 1 }, { status: 201 });
  assert.equal([r.status, r.headers.get("content-type"), await r.text()].join(), '201,application/json,{"x":1}');
  assert.equal(await Response.json(undefined).text(), "undefined");
  await assert.throws(() => Response.json(), "TypeError");
}

async function invalidUTF8IsReplaced() {
  assert.equal(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62])).text(), "a\ufffdb");
  assert.equal(await new Response(new Uint8Array([0xf0, 0x9f, 0x98])).text(), "\ufffd");
}

async function cloneGivesTwoBodies() {
  const r = new Response("twice", { headers: { a: "b" } });
  const c = r.clone();
  assert.equal(await r.text(), "twice");
  assert.equal(await c.text(), "twice");
  assert.equal(c.headers.get("a"), "b");
  await assert.throws(() => r.clone(), "TypeError");
  const s = new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array([65])); c.close(); } }));
  const t = s.clone();
  assert.equal((await s.text()) + (await t.text()), "AA");
}

async function formDataBothWays() {
  const f = new FormData();
  f.append("a", "1");
  f.append("a", "two\r\nlines");
  f.append('na"me', new File(["content"], "fi\"le.txt", { type: "text/plain" }));
  f.set("b", new Blob(["x"]), "named.bin");
  const r = new Response(f);
  const g = await r.formData();
  assert.equal(g.getAll("a"), ["1", "two\r\nlines"]);
  const file = g.get("na%22me"); // what is escaped in writing stays so, as in workerd
  assert(file instanceof File);
  assert.equal([file.name, file.type, file.size, await file.text()].join("|"), 'fi%22le.txt|text/plain|7|content');
  assert.equal(g.get("b").name, "named.bin");
  assert.equal([...g.keys()], ["a", "a", "na%22me", "b"]);
  const u = await new Response("a=1&b=x+y%20z&c", { headers: { "content-type": "application/x-www-form-urlencoded" } }).formData();
  assert.equal([...u], [["a", "1"], ["b", "x y z"], ["c", ""]]);
  await assert.throws(() => new Response("x", { headers: { "content-type": "text/plain" } }).formData(), "TypeError: Unrecognized Content-Type");
}

async function blobs() {
  const b = new Blob(["abc", new Uint8Array([100]), new Blob(["e"])], { type: "Text/X" });
  assert.equal([b.size, b.type, await b.text(), await b.slice(1, 3).text(), await b.slice(-2).text()].join(), "5,text/x,abcde,bc,de");
  assert.equal(new Uint8Array(await b.arrayBuffer()).length, 5);
  const chunks = [];
  const reader = b.stream().getReader();
  for (let r; !(r = await reader.read()).done; ) chunks.push(...r.value);
  assert.equal(String.fromCharCode(...chunks), "abcde");
  const f = new File(["x"], "n.txt", { lastModified: 5 });
  assert.equal([f.name, f.lastModified, f instanceof Blob].join(), "n.txt,5,true");
}
