const bytes = (s) => Uint8Array.from([...s], (c) => c.charCodeAt(0));
const state = (p) => { let s = "pending"; p.then(() => { s = "done"; }, (e) => { s = "rejected " + e?.message; }); return sleep().then(() => s); };

async function handsOver() {
	const t = new IdentityTransformStream();
	const w = t.writable.getWriter(), r = t.readable.getReader();
	assert(t instanceof TransformStream);
	assert.equal(w.desiredSize, 1);
	const p = w.write(bytes("ab"));
	w.write(bytes("c"));
	assert.equal(await state(p), "pending");
	assert.equal((await r.read()).value, bytes("ab"));
	await p;
	assert.equal((await r.read()).value, bytes("c"));
	const q = r.read();
	await w.close();
	assert.equal(await q, { value: undefined, done: true });
	await assert.throws(() => w.write(bytes("x")), "TypeError: This WritableStream has been closed.");
}

async function smallThings() {
	const t = new IdentityTransformStream({ highWaterMark: 10 });
	const w = t.writable.getWriter();
	assert.equal(w.desiredSize, 10);
	w.write(bytes("abcd"));
	assert.equal(w.desiredSize, 6);
	const u = new IdentityTransformStream().writable.getWriter();
	assert.equal(await state(u.write(new Uint8Array(0))), "done");
	assert.equal(await state(u.close()), "done");
}

async function onlyBytes() {
	const t = new IdentityTransformStream();
	const p = text(t.readable);
	const w = t.writable.getWriter();
	await w.write("h\u00e9");
	await w.close();
	assert.equal(await p, "h\u00e9");
	const u = new IdentityTransformStream();
	await assert.throws(() => u.writable.getWriter().write({}), "TypeError: This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.");
	const v = new IdentityTransformStream();
	const s = new ReadableStream({ start(c) { c.enqueue(5); c.close(); } });
	const q = v.readable.getReader().read();
	await assert.throws(() => s.pipeTo(v.writable), "TypeError: This WritableStream only supports writing byte types.");
	await assert.throws(() => q, "TypeError: This WritableStream only supports writing byte types.");
}

async function abortAndCancel() {
	const t = new IdentityTransformStream();
	const p = t.readable.getReader().read();
	t.writable.getWriter().abort(new Error("boom"));
	await assert.throws(() => p, "Error: boom");
	const u = new IdentityTransformStream();
	const w = u.writable.getWriter();
	const pending = w.write(bytes("x"));
	u.readable.getReader().cancel(new Error("boom2"));
	await assert.throws(() => pending, "Error: boom2");
	await assert.throws(() => w.write(bytes("y")), "Error: boom2");
}

async function fixedLength() {
	const t = new FixedLengthStream(5);
	assert(t instanceof IdentityTransformStream);
	const p = text(t.readable);
	const w = t.writable.getWriter();
	await w.write(bytes("hello"));
	await w.close();
	assert.equal(await p, "hello");
	const few = new FixedLengthStream(5n);
	const q = text(few.readable);
	const fw = few.writable.getWriter();
	await fw.write(bytes("abc"));
	await fw.close();
	await assert.throws(() => q, "TypeError: FixedLengthStream did not see all expected bytes before close().");
	const many = new FixedLengthStream(2);
	const r = text(many.readable);
	const mw = many.writable.getWriter();
	await mw.write(bytes("abc"));
	await assert.throws(() => mw.close(), "TypeError: Attempt to write too many bytes through a FixedLengthStream.");
	await assert.throws(() => r, "TypeError: Attempt to write too many bytes through a FixedLengthStream.");
	assert.throws(() => new FixedLengthStream(-1), "TypeError: The value cannot be converted because it is negative and this API expects a positive bigint.");
	assert.throws(() => new FixedLengthStream(2 ** 60), "TypeError: FixedLengthStream requires an integer expected length less than 2^53.");
	const zero = new FixedLengthStream(0);
	await zero.writable.close();
	assert.equal((await zero.readable.getReader().read()).done, true);
}

async function fixedLengthOfHostBytes() {
	for (const make of [body, slowBody]) {
		assert.equal(await text(make("hello").pipeThrough(new FixedLengthStream(5))), "hello");
		await assert.throws(() => text(make("hello").pipeThrough(new FixedLengthStream(6))), "TypeError: FixedLengthStream did not see all expected bytes before close().");
		await assert.throws(() => text(make("hello").pipeThrough(new FixedLengthStream(4))), "TypeError: Attempt to write too many bytes through a FixedLengthStream.");
	}
}

async function spliceThenWrite() {
	for (const make of [body, slowBody]) {
		const t = new IdentityTransformStream();
		const p = make("abc").pipeTo(t.writable, { preventClose: true });
		const r = t.readable.getReader();
		assert.equal((await r.read()).value, bytes("abc"));
		const next = r.read();
		await p;
		const w = t.writable.getWriter();
		w.write(bytes("d"));
		assert.equal((await next).value, bytes("d"));
		const end = r.read();
		await w.close();
		assert((await end).done);
	}
}

async function nobodyReads() {
	const t = new IdentityTransformStream();
	const p = body("abc").pipeTo(t.writable);
	assert.equal(await state(p), "pending");
	assert(t.writable.locked);
	await t.readable.cancel(new Error("cc"));
	await assert.throws(() => p, "Error: cc");
}

async function byob() {
	const t = new IdentityTransformStream();
	const r = t.readable.getReader({ mode: "byob" });
	const p = r.readAtLeast(3, new Uint8Array(4));
	const w = t.writable.getWriter();
	await w.write(bytes("ab"));
	w.write(bytes("cdef"));
	assert.equal((await p).value, bytes("abcd"));
	assert.equal((await r.read(new Uint8Array(4))).value, bytes("ef"));
}
