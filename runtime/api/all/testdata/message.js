async function requestFields() {
  const r = new Request("https://Example.com/a b?q#frag", { method: "post", headers: { a: "1" }, body: "x" });
  assert.equal([r.method, r.url, r.redirect, r.headers.get("a"), await r.text()].join("|"), "POST|https://example.com/a%20b?q#frag|follow|1|x");
  assert.equal(new Request(new URL("https://e.com")).url, "https://e.com/");
}

async function requestErrors() {
  await assert.throws(() => new Request("/relative"), "TypeError: Invalid URL");
  await assert.throws(() => new Request("https://e.com", { body: "x" }), "TypeError: Request with a GET or HEAD method cannot have a body.");
  await assert.throws(() => new Request("https://e.com", { method: "FOO" }), "TypeError: Invalid HTTP method string");
  await assert.throws(() => new Request("https://e.com", { method: "CONNECT" }), "TypeError");
  await assert.throws(() => new Request(), "TypeError");
  await assert.throws(() => Request("https://e.com"), "TypeError");
}

async function requestFromRequest() {
  const a = new Request("https://e.com/x", { method: "PUT", body: "moved", headers: { k: "v" } });
  const b = new Request(a, { headers: { k: "w" } });
  assert.equal([b.method, b.url, b.headers.get("k"), await b.text(), a.bodyUsed].join(), "PUT,https://e.com/x,w,moved,true");
  const c = new Request("https://e.com/y", new Request("https://e.com", { method: "DELETE" }));
  assert.equal(c.method, "DELETE");
  const d = new Request("https://e.com", { signal: AbortSignal.abort("why") });
  assert.equal([d.signal.aborted, d.signal.reason].join(), "true,why");
}

async function responseFields() {
  const r = new Response("x", { status: 404, statusText: "Nope", headers: { a: "1" } });
  assert.equal([r.status, r.statusText, r.ok, r.headers.get("a"), r.type, r.url, r.redirected, r.webSocket].join("|"), "404|Nope|false|1|default||false|");
  const copy = new Response(r.body, r);
  assert.equal([copy.status, copy.headers.get("a"), await copy.text()].join(), "404,1,x");
}

async function responseErrors() {
  await assert.throws(() => new Response("", { status: 199 }), "RangeError");
  await assert.throws(() => new Response("", { status: 600 }), "RangeError");
  await assert.throws(() => new Response("body", { status: 204 }), "TypeError: Response with null body status");
  await assert.throws(() => Response.redirect("https://e.com", 200), "RangeError");
  assert.equal(Response.redirect("https://e.com/a", 301).headers.get("location"), "https://e.com/a");
  assert.equal(Response.error().type, "error");
}

async function subclasses() {
  class MyResponse extends Response { constructor(b) { super(b, { status: 201 }); this.extra = 1; } get twice() { return this.status * 2; } }
  const r = new MyResponse("s");
  assert.equal([r.twice, r.extra, await r.text(), r instanceof Response].join(), "402,1,s,true");
  class MyRequest extends Request { #secret = 7; secret() { return this.#secret; } }
  assert.equal(new MyRequest("https://e.com").secret(), 7);
}

async function fetchArguments() {
  await assert.throws(() => fetch(), "TypeError");
  await assert.throws(() => fetch("not a url"), "TypeError");
  const c = new AbortController();
  c.abort(new Error("stop"));
  await assert.throws(() => fetch("https://e.com", { signal: c.signal }), "Error: stop");
}
