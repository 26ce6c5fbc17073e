const state = (p) => { let s = "pending"; p.then(() => { s = "done"; }, (e) => { s = "rejected " + e?.message; }); return sleep().then(() => s); };

async function drain(s) {
	const r = s.getReader(), out = [];
	for (;;) {
		const { value, done } = await r.read();
		if (done) return out;
		out.push(value);
	}
}

async function transforms() {
	const t = new TransformStream({
		start(c) { c.enqueue("first"); },
		transform(x, c) { c.enqueue(x * 2); c.enqueue(x * 3); },
		flush(c) { c.enqueue("last"); },
	});
	assert.equal(await drain(ReadableStream.from([1, 2]).pipeThrough(t)), ["first", 2, 3, 4, 6, "last"]);
}

async function backpressure() {
	const t = new TransformStream();
	const w = t.writable.getWriter(), r = t.readable.getReader();
	assert.equal(w.desiredSize, 1);
	const p = w.write("x");
	assert.equal(await state(p), "pending");
	assert.equal(await r.read(), { value: "x", done: false });
	await p;
}

async function failing() {
	const t = new TransformStream({ transform() { throw new Error("te"); } });
	const w = t.writable.getWriter(), r = t.readable.getReader();
	const p = w.write(1), q = r.read();
	await assert.throws(() => q, "Error: te");
	await assert.throws(() => p, "Error: te");
	await assert.throws(() => w.closed, "Error: te");
}

async function terminate() {
	const t = new TransformStream({ transform(x, c) { c.enqueue(x); c.terminate(); } });
	const w = t.writable.getWriter();
	w.write(1).catch(() => {});
	assert.equal(await drain(t.readable), [1]);
	await assert.throws(() => w.write(2), "TypeError: The transform stream has been terminated");
}

async function cancelAndAbort() {
	const log = [];
	const make = () => new TransformStream({ cancel(r) { log.push(r); } });
	const a = make();
	await a.readable.cancel("read");
	assert.equal(await state(a.writable.getWriter().closed.catch((e) => { throw new Error(e); })), "rejected read");
	const b = make();
	await b.writable.abort("write");
	await b.readable.getReader().read().then(assert.fail, (e) => assert.equal(e, "write"));
	assert.equal(log, ["read", "write"]);
	assert.throws(() => new TransformStream({ readableType: "x" }), "TypeError: transformer.readableType must be undefined.");
}

async function desiredSize() {
	let c;
	const t = new TransformStream({ start(cc) { c = cc; } }, undefined, { highWaterMark: 3 });
	assert.equal(c.desiredSize, 3);
	c.enqueue(1);
	assert.equal(c.desiredSize, 2);
	c.error(new Error("over"));
	assert.equal(c.desiredSize, null);
	await assert.throws(() => t.readable.getReader().read(), "Error: over");
}

async function text_() {
	const enc = new TextEncoderStream();
	assert.equal([enc.encoding, enc instanceof TransformStream], ["utf-8", true]);
	assert.equal(await drain(ReadableStream.from(["\ud83d", "\ude00", "", 5]).pipeThrough(enc)), [Uint8Array.of(240, 159, 152, 128), Uint8Array.of(53)]);
	assert.equal(await text(ReadableStream.from(["a\ud83d", "b\ud83d"]).pipeThrough(new TextEncoderStream())), "a\ufffdb\ufffd");
	const dec = new TextDecoderStream();
	assert.equal([dec.encoding, dec.fatal, dec.ignoreBOM], ["utf-8", false, false]);
	const parts = [Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0x98, 0x80), Uint8Array.of(0xf0)];
	assert.equal(await drain(ReadableStream.from(parts).pipeThrough(dec)), ["\u{1F600}", "\ufffd"]);
	assert.throws(() => new TextDecoderStream("foo"), 'RangeError: "foo" is not a valid encoding.');
	await assert.throws(() => drain(ReadableStream.from([Uint8Array.of(255)]).pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))), "TypeError: Failed to decode input.");
	await assert.throws(() => drain(ReadableStream.from(["x"]).pipeThrough(new TextDecoderStream())), "TypeError: This TransformStream is being used as a byte stream, but received a value that is not a BufferSource.");
}
