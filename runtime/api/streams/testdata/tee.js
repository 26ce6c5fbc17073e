async function drain(s) {
	const r = s.getReader(), out = [];
	for (;;) {
		const { value, done } = await r.read();
		if (done) return out;
		out.push(value);
	}
}

async function bothBranchesSeeAll() {
	const [a, b] = ReadableStream.from([1, 2, 3]).tee();
	assert.equal(await drain(a), [1, 2, 3]);
	assert.equal(await drain(b), [1, 2, 3]);
}

async function hostBranches() {
	for (const make of [body, slowBody, (s) => slowBody(s).pipeThrough(new IdentityTransformStream())]) {
		const s = make("hello");
		const [a, b] = s.tee();
		assert(s.locked);
		assert.equal(await Promise.all([text(a), text(b)]), ["hello", "hello"]);
	}
}

async function cancelNeedsBoth() {
	let why;
	const s = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(r) { why = r; } });
	const [a, b] = s.tee();
	const p = a.cancel("x");
	await sleep();
	assert.equal(why, undefined);
	await b.cancel("y");
	await p;
	assert.equal(why, "y");
}

async function errorsReachBoth() {
	let c;
	const [a, b] = new ReadableStream({ start(cc) { c = cc; } }).tee();
	const p = a.getReader().read(), q = b.getReader().read();
	c.error(new Error("split"));
	await assert.throws(() => p, "Error: split");
	await assert.throws(() => q, "Error: split");
}

async function byteBranches() {
	const s = new ReadableStream({ type: "bytes", start(c) { c.enqueue(Uint8Array.of(1, 2)); c.close(); } });
	const [a, b] = s.tee();
	const r = await b.getReader({ mode: "byob" }).read(new Uint8Array(4));
	assert.equal(r.value, Uint8Array.of(1, 2));
	r.value[0] = 9;
	assert.equal((await a.getReader().read()).value, Uint8Array.of(1, 2));
}

async function writtenChannel() {
	const t = new IdentityTransformStream();
	const [a, b] = t.readable.tee();
	const w = t.writable.getWriter();
	const both = Promise.all([text(a), text(b)]);
	await w.write(Uint8Array.of(65, 66));
	await w.write(Uint8Array.of(67));
	await w.close();
	assert.equal(await both, ["ABC", "ABC"]);
}
