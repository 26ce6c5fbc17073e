async function smoke() {
	const t = new TransformStream({ transform(c, ctl) { ctl.enqueue(c * 2); } });
	const out = ReadableStream.from([1, 2, 3]).pipeThrough(t);
	assert.equal(await drain(out), [2, 4, 6]);
	const its = new IdentityTransformStream();
	const w = its.writable.getWriter();
	const p = w.write(new Uint8Array([65, 66]));
	const q = w.close();
	assert.equal(await text(its.readable), "AB");
	await p; await q;
	assert.equal(await text(body("hello").pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"))), "hello");
	assert.equal(await text(slowBody("hello").pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"))), "hello");
	assert.equal(await text(body("hello").pipeThrough(new TransformStream()).pipeThrough(new CompressionStream("deflate")).pipeThrough(new TransformStream()).pipeThrough(new DecompressionStream("deflate"))), "hello");
}

async function drain(s) {
	const r = s.getReader(), out = [];
	for (;;) {
		const { value, done } = await r.read();
		if (done) return out;
		out.push(value);
	}
}
