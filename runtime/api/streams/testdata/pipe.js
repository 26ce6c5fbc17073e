const state = (p) => { let s = "pending"; p.then(() => { s = "done"; }, (e) => { s = "rejected " + e?.message; }); return sleep().then(() => s); };
const counting = (n) => { let i = 0; return new ReadableStream({ pull(c) { if (i < n) c.enqueue(i++); else c.close(); } }); };
const recording = (log, extra) => new WritableStream({ write(c) { log.push(c); }, close() { log.push("close"); }, abort(r) { log.push("abort " + r.message); }, ...extra });

async function movesAll() {
	const log = [], src = counting(3), dst = recording(log);
	const p = src.pipeTo(dst);
	assert(src.locked && dst.locked);
	await p;
	assert(!src.locked && !dst.locked);
	assert.equal(log, [0, 1, 2, "close"]);
	const kept = [];
	const open = recording(kept);
	await counting(1).pipeTo(open, { preventClose: true });
	await open.getWriter().write("more");
	assert.equal(kept, [0, "more"]);
}

async function queuedChunksArriveBeforeTheClose() {
	const log = [];
	await new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.enqueue(3); c.close(); } }).pipeTo(recording(log));
	assert.equal(log, [1, 2, 3, "close"]);
}

async function sourceFails() {
	for (const preventAbort of [false, true]) {
		const log = [];
		const dst = recording(log);
		const src = new ReadableStream({ start(c) { c.error(new Error("srcerr")); } });
		await assert.throws(() => src.pipeTo(dst, { preventAbort }), "Error: srcerr");
		assert.equal(log, preventAbort ? [] : ["abort srcerr"]);
	}
}

async function destinationFails() {
	for (const preventCancel of [false, true]) {
		let why;
		const src = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(r) { why = r; } });
		await assert.throws(() => src.pipeTo(new WritableStream({ write() { throw new Error("wf"); } }), { preventCancel }), "Error: wf");
		assert.equal(why?.message, preventCancel ? undefined : "wf");
		assert(!src.locked);
	}
}

async function destinationClosed() {
	const dst = new WritableStream();
	await dst.close();
	let why;
	await assert.throws(() => new ReadableStream({ cancel(r) { why = r; } }).pipeTo(dst), "TypeError: This destination writable stream is closed.");
	assert(why instanceof TypeError);
}

async function signals() {
	const early = new AbortController();
	early.abort();
	await assert.throws(() => new ReadableStream().pipeTo(new WritableStream(), { signal: early.signal }), "AbortError: The operation was aborted");
	const log = [];
	let cancelled;
	const late = new AbortController();
	const p = new ReadableStream({ pull(c) { c.enqueue(1); return new Promise(() => {}); }, cancel(r) { cancelled = r; } }).pipeTo(recording(log), { signal: late.signal });
	await sleep();
	late.abort(new Error("user"));
	await assert.throws(() => p, "Error: user");
	assert.equal([log, cancelled.message], [[1, "abort user"], "user"]);
	await assert.throws(() => new ReadableStream().pipeTo(new WritableStream(), { signal: {} }), TypeError);
}

async function hostSignal() {
	const c = new AbortController();
	const t = new IdentityTransformStream();
	const p = endlessBody().pipeTo(t.writable, { signal: c.signal });
	const r = t.readable.getReader();
	await r.read();
	c.abort(new Error("enough"));
	await assert.throws(() => p, "Error: enough");
	await assert.throws(async () => { for (;;) if ((await r.read()).done) return; }, "Error: enough");
}

async function backpressureHoldsTheSource() {
	let pulls = 0, release;
	const src = new ReadableStream({ pull(c) { pulls++; c.enqueue(pulls); } }, { highWaterMark: 0 });
	src.pipeTo(new WritableStream({ write() { return new Promise((r) => { release = r; }); } }, { highWaterMark: 2 }));
	await sleep();
	assert.equal(pulls, 2);
	release();
	await sleep();
	assert.equal(pulls, 3);
}

async function hostEnds() {
	await slowBody("hello").pipeTo(hostSink());
	assert.equal(sunk(), "hello|closed");
	await slowBody("hello").pipeTo(hostSink(), { preventClose: true });
	assert.equal(sunk(), "hello|");
	await assert.throws(() => failingBody("net down").pipeTo(hostSink()), "Error: net down");
	assert.equal(sunk(), "|Error: net down");
	const s = slowBody("hello"), d = failingSink("disk full");
	await assert.throws(() => s.pipeTo(d), "Error: disk full");
	assert(!s.locked && !d.locked);
	await assert.throws(() => d.getWriter().closed, "Error: disk full");
}

async function scriptBytesIntoHostEnds() {
	await ReadableStream.from([Uint8Array.of(65), Uint8Array.of(66)]).pipeTo(hostSink());
	assert.equal(sunk(), "AB|closed");
}

async function badArguments() {
	await assert.throws(() => new ReadableStream().pipeTo({}), "TypeError: Failed to execute 'pipeTo' on 'ReadableStream': parameter 1 is not of type 'WritableStream'.");
	assert.throws(() => new ReadableStream().pipeThrough({}), "TypeError: Incorrect type for the 'readable' field on 'Transform': the provided value is not of type 'ReadableStream'.");
}

async function chains() {
	const ts = () => new TransformStream();
	const gzip = (s) => s.pipeThrough(new CompressionStream("gzip"));
	const gunzip = (s) => s.pipeThrough(new DecompressionStream("gzip"));
	for (const make of [body, slowBody]) {
		assert.equal(await text(gunzip(gzip(make("hello")))), "hello");
		assert.equal(await text(gunzip(gzip(make("hello").pipeThrough(ts())).pipeThrough(ts())).pipeThrough(ts())), "hello");
		assert.equal(await text(make("hello").pipeThrough(new IdentityTransformStream()).pipeThrough(ts()).pipeThrough(new IdentityTransformStream())), "hello");
	}
}
