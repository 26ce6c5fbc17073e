// Modules as packages use them: together, and by both names.

export async function sameModuleByBothNames() {
  assert(require("buffer") === require("node:buffer"));
  assert(require("buffer").Buffer === Buffer);
  assert(require("util/types") === require("util").types);
  assert(require("process") === process && global === globalThis);
}

export async function unknownModuleIsUndefined() {
  assert.equal(process.getBuiltinModule("node:nope"), undefined);
  assert.equal(process.getBuiltinModule("sea"), undefined);
}

export async function bufferIsAUint8Array() {
  const b = Buffer.from("héllo");
  assert(b instanceof Uint8Array && Buffer.isBuffer(b) && Buffer.isBuffer(b.subarray(1)));
  assert.equal(b.subarray(0, 1).toString(), "h");
  assert.equal(b.slice(-1).toString("hex"), "6f");
  b.slice(0, 1)[0] = 72;
  assert.equal(b.toString(), "Héllo");
  assert.equal(JSON.stringify(b.map((x) => x)), JSON.stringify(b));
}

export async function bufferEncodesBothWays() {
  const text = "grüße €𝄞\u0000";
  for (const e of ["utf8", "utf16le", "base64", "base64url", "hex"]) {
    const bytes = Buffer.from(text);
    const back = e === "utf8" || e === "utf16le" ? Buffer.from(text, e).toString(e) : Buffer.from(bytes.toString(e), e).toString();
    assert.equal(back, text, e);
  }
  assert.equal(Buffer.from("ÿ", "latin1").toString("latin1"), "ÿ");
}

export async function bufferWritesWholeCharacters() {
  const b = Buffer.alloc(4);
  assert.equal(b.write("a€€"), 4);
  assert.equal(Buffer.alloc(3).write("a€"), 1);
  assert.equal(Buffer.alloc(3).write("abc", 1), 2);
}

export async function buffersAreJoined() {
  const a = Buffer.from("ab"), b = new Uint8Array([99, 100]);
  assert.equal(Buffer.concat([a, b, a.subarray(1)]).toString(), "abcdb");
  assert.equal(Buffer.concat([]).length, 0);
  assert.equal(Buffer.concat([a, b], 3).toString(), "abc");
  assert.equal(Buffer.concat([a, b], 5).toString(), "abcd\0");
  const joined = Buffer.concat([a]);
  joined[0] = 0;
  assert.equal(a[0], 97);
  for (const list of [[a, "b"], [a, [1]], [a, , b], [a, new Uint16Array(1)]]) {
    try { Buffer.concat(list); assert(false, String(list)); } catch (e) { assert(e instanceof TypeError, String(e)); }
  }
}

export async function numbersOfBuffers() {
  const b = Buffer.alloc(8);
  for (const [t, v] of [["Int8", -5], ["UInt16LE", 65000], ["Int32BE", -70000], ["UInt32LE", 4000000000], ["DoubleBE", 1.5], ["FloatLE", 0.25], ["BigInt64LE", -7n], ["BigUInt64BE", 9n]]) {
    b[`write${t}`](v);
    assert.equal(b[`read${t}`](), v, t);
  }
  b.writeIntBE(-123456789, 1, 6);
  assert.equal(b.readIntBE(1, 6), -123456789);
}

export async function numbersOfBuffersAreThoseOfViews() {
  const kinds = { UInt8: "Uint8", Int8: "Int8", UInt16: "Uint16", Int16: "Int16", UInt32: "Uint32", Int32: "Int32", Float: "Float32", Double: "Float64", BigInt64: "BigInt64", BigUInt64: "BigUint64" };
  const sizes = { 8: 1, 16: 2, 32: 4, 64: 8 };
  const b = Buffer.from(Array.from({ length: 24 }, (_, i) => (i * 97 + 130) % 256)).subarray(3, 20);
  const thrown = (f) => { try { return f(); } catch (e) { return e.code ?? e.name; } };
  for (const [kind, of] of Object.entries(kinds)) {
    for (const end of /8$/.test(kind) ? [""] : ["LE", "BE"]) {
      const view = new DataView(b.buffer, b.byteOffset, b.length), size = sizes[/\d+$/.exec(of)];
      for (let at = 0; at <= b.length - size; at++) {
        const value = view[`get${of}`](at, end === "LE");
        assert(Object.is(b[`read${kind}${end}`](at), value), kind + end + at);
        if (value !== value) continue; // a NaN need not keep its bits
        const copy = Buffer.alloc(b.length);
        assert.equal(copy[`write${kind}${end}`](value, at), at + size);
        assert(copy.subarray(at, at + size).equals(b.subarray(at, at + size)), kind + end + at);
      }
      for (const at of [-1, b.length - size + 1, 1.5, "1", null]) {
        if (kind.startsWith("Big") && !(at < 0 || at > 1.5)) continue; // these take what is near, as in workerd
        assert.equal(thrown(() => b[`read${kind}${end}`](at)), typeof at === "number" ? "ERR_OUT_OF_RANGE" : "ERR_INVALID_ARG_TYPE", kind + end + at);
      }
    }
  }
  assert.equal(b.writeUInt8(255.9, 0), 1);
  assert.equal(b[0], 255);
  assert.equal(b.writeInt16BE("-2"), 2);
  assert.equal(b.readInt16BE(), -2);
  for (const f of [() => b.writeUInt8(256), () => b.writeUInt8(-1), () => b.writeInt32LE(2 ** 31), () => b.writeBigInt64LE(2n ** 63n), () => b.writeBigUInt64BE(-1n)]) {
    assert.equal(thrown(f), "ERR_OUT_OF_RANGE", String(f));
  }
  assert.equal(thrown(() => b.writeBigInt64LE(1)), "TypeError");
  assert.equal(thrown(() => Buffer.alloc(1).readUInt16LE()), "ERR_BUFFER_OUT_OF_BOUNDS");
  assert.equal(Buffer.prototype.readUInt8.call(new Uint16Array([300]), 0), 300);
  assert.equal(Buffer.prototype.readUInt16LE.name, "readUInt16LE");
}

export async function eventsReachListenersInOrder() {
  const { EventEmitter, once, on } = require("events");
  const e = new EventEmitter(), log = [];
  e.once("x", () => log.push("once"));
  e.on("x", (v) => log.push(v));
  e.prependListener("x", () => log.push("first"));
  e.emit("x", 1);
  e.emit("x", 2);
  assert.equal(log.join(), "first,once,1,first,2");
  setTimeout(() => e.emit("y", 3, 4));
  assert.equal(await once(e, "y"), [3, 4]);
  const it = on(e, "z");
  e.emit("z", 5);
  assert.equal((await it.next()).value, [5]);
  await it.return();
  assert.equal(e.listenerCount("z"), 0);
}

export async function captureRejectionsBecomeErrors() {
  const EventEmitter = require("events");
  const e = new EventEmitter({ captureRejections: true });
  const failed = EventEmitter.once(e, "error");
  e.on("x", async () => { throw new Error("late"); });
  e.emit("x");
  assert.equal((await failed)[0].message, "late");
}

export async function promisifyAndBack() {
  const { promisify, callbackify } = require("util");
  assert.equal(await promisify((a, done) => done(null, a + 1))(1), 2);
  assert.equal(await new Promise((resolve) => callbackify(async (a) => a * 2)(4, (err, v) => resolve(v))), 8);
}

export async function streamsPipe() {
  const { Readable, Transform, pipeline, PassThrough } = require("stream");
  const { text } = require("stream/consumers");
  const upper = new Transform({ transform(c, e, done) { done(null, c.toString().toUpperCase()); } });
  assert.equal(await text(Readable.from(["a", "b"]).pipe(upper)), "AB");
  const out = new PassThrough();
  const done = require("stream/promises").pipeline(Readable.from([Buffer.from("x")]), out);
  assert.equal(await text(out), "x");
  await done;
  const list = await Readable.from([1, 2, 3]).map((x) => x * 2).toArray();
  assert.equal(list, [2, 4, 6]);
}

export async function streamsCrossToTheWeb() {
  const { Readable, Writable } = require("stream");
  assert.equal(await new Response(Readable.toWeb(Readable.from([Buffer.from("he"), Buffer.from("llo")]))).text(), "hello");
  const r = Readable.fromWeb(new Blob(["abc"]).stream());
  assert.equal(await require("stream/consumers").text(r), "abc");
  const { readable, writable } = new TransformStream();
  const w = Writable.fromWeb(writable);
  w.end("ok");
  const { value } = await readable.getReader().read();
  assert.equal(new TextDecoder().decode(value), "ok");
  const seen = [];
  const ww = Writable.toWeb(new Writable({ write(c, e, done) { seen.push(c.toString()); done(); } })).getWriter();
  await ww.write(Buffer.from("1"));
  await ww.close();
  assert.equal(seen, ["1"]);
}

export async function failingStreamsFail() {
  const { Readable, finished } = require("stream");
  const r = new Readable({ read() { this.destroy(new Error("broken")); } });
  const err = await new Promise((resolve) => { finished(r, resolve); r.resume(); });
  assert.equal(err.message, "broken");
}

export async function timersOfNode() {
  const t = setTimeout(() => {}, 1e6);
  assert(t.hasRef() && typeof +t === "number");
  clearTimeout(+t);
  let n = 0;
  await new Promise((resolve) => {
    const i = setInterval(() => {
      if (++n < 2) return;
      i.close();
      resolve();
    }, 1);
  });
  assert.equal(n, 2);
  assert.equal(await require("timers/promises").setTimeout(1, "v"), "v");
}

export async function environmentHoldsStrings() {
  process.env.X = 5;
  assert.equal(process.env.X, "5");
  delete process.env.X;
  assert(!("X" in process.env));
}

export async function pathsAndUrls() {
  const path = require("path");
  assert.equal(path.join("/a", "../b", "c"), "/b/c");
  assert.equal(path.win32.basename("C:\\x\\y.txt", ".txt"), "y");
  assert.equal(require("url").parse("http://a:1/b?c=d#e", true).query.c, "d");
  assert.equal(require("querystring").stringify({ a: ["x", "y z"] }), "a=x&a=y%20z");
}

export async function decoderKeepsHalfCharacters() {
  const { StringDecoder } = require("string_decoder");
  const d = new StringDecoder();
  const bytes = Buffer.from("a€𝄞é");
  let out = "";
  for (const b of bytes) out += d.write(Buffer.from([b]));
  assert.equal(out + d.end(), "a€𝄞é");
}

export async function inspectShowsObjectsOfThePlatform() {
  const { inspect } = require("util");
  assert.equal(inspect(new Headers({ a: "b" })), "Headers(1) { 'a' => 'b', [immutable]: false }");
  assert.equal(inspect({ p: new URLSearchParams("a=1&a=2") }), "{ p: URLSearchParams(2) { 'a' => '1', 'a' => '2' } }");
  assert(inspect(new URL("http://x/y?z=1")).startsWith("URL {\n") && inspect(new URL("http://x/y?z=1")).includes("searchParams: URLSearchParams(1) { 'z' => '1' }"));
  assert(/^Response \{\n/.test(inspect(new Response("a"))) && inspect(new Response("a")).includes("status: 200"));
  assert.equal(inspect({ a: { b: { c: new Blob(["a"]) } } }), "{ a: { b: { c: [Blob] } } }");
}
