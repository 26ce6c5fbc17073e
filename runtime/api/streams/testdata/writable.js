const state = (p) => { let s = "pending"; p.then(() => { s = "done"; }, (e) => { s = "rejected " + e?.message; }); return sleep().then(() => s); };

async function writesInOrder() {
	const log = [];
	const s = new WritableStream({
		start() { log.push("start"); },
		async write(c) { log.push("begin " + c); await sleep(); log.push("end " + c); },
		close() { log.push("close"); },
	});
	const w = s.getWriter();
	w.write(1);
	w.write(2);
	await w.close();
	await w.closed;
	assert.equal(log.join(), "start,begin 1,end 1,begin 2,end 2,close");
	assert.equal(w.desiredSize, 0);
}

async function backpressure() {
	let release;
	const s = new WritableStream({ write() { return new Promise((r) => { release = r; }); } }, { highWaterMark: 2 });
	const w = s.getWriter();
	await w.ready;
	assert.equal(w.desiredSize, 2);
	w.write("a");
	assert.equal(w.desiredSize, 1);
	const before = w.ready;
	w.write("b");
	assert.equal(w.desiredSize, 0);
	assert(before !== w.ready);
	assert.equal(await state(w.ready), "pending");
	release();
	await w.ready;
	assert.equal(w.desiredSize, 1);
}

async function failingWrite() {
	const w = new WritableStream({ write() { throw new Error("we"); } }).getWriter();
	assert.equal(await Promise.all([state(w.write(1)), state(w.write(2))]), ["rejected we", "rejected we"]);
	assert.equal(await state(w.closed), "rejected we");
	assert.equal(await state(w.ready), "rejected we");
	assert.equal(w.desiredSize, null);
}

async function abort() {
	let signal, why, fired = 0;
	const s = new WritableStream({ start(c) { signal = c.signal; }, abort(r) { why = r; } });
	signal.addEventListener("abort", () => { fired++; });
	await s.abort("stop");
	assert.equal([signal.aborted, signal.reason, fired, why], [true, "stop", 1, "stop"]);
	await assert.throws(() => s.getWriter().write(1).catch((e) => { throw new Error(String(e)); }), "Error: stop");
}

async function abortWaitsForTheWriteUnderWay() {
	const log = [];
	let release;
	const s = new WritableStream({ write() { return new Promise((r) => { release = r; }); }, abort() { log.push("abort"); } });
	const w = s.getWriter();
	const write = w.write(1);
	await sleep();
	const p = w.abort(new Error("why"));
	await sleep();
	assert.equal(log, []);
	release();
	await write;
	await p;
	assert.equal(log, ["abort"]);
}

async function controllerError() {
	let c;
	const s = new WritableStream({ start(cc) { c = cc; } });
	c.error(new Error("gone"));
	await assert.throws(() => s.getWriter().write(1), "Error: gone");
}

async function texts() {
	const closedText = "TypeError: This WritableStream has been closed.";
	const w = new WritableStream().getWriter();
	await w.close();
	await assert.throws(() => w.write(1), closedText);
	await assert.throws(() => w.close(), closedText);
	const r = new WritableStream().getWriter();
	r.releaseLock();
	await assert.throws(() => r.write(1), "TypeError: This WritableStream writer has been released.");
	const s = new WritableStream();
	s.getWriter();
	assert.throws(() => s.getWriter(), "TypeError: This WritableStream is currently locked to a writer.");
	await assert.throws(() => s.abort(), "TypeError: This WritableStream is currently locked to a writer.");
	await assert.throws(() => s.close(), "TypeError: This WritableStream is currently locked to a writer.");
	await assert.throws(() => new ReadableStream().pipeTo(s), "TypeError: This WritableStream is currently locked to a writer");
}

async function goSinks() {
	const s = hostSink();
	const w = s.getWriter();
	await w.write(Uint8Array.of(65));
	await w.write(Uint8Array.of(66).buffer);
	await w.close();
	assert.equal(sunk(), "AB|closed");
	const t = hostSink();
	await t.abort(new Error("never mind"));
	assert.equal(sunk(), "|Error: never mind");
	await assert.throws(() => hostSink().getWriter().write(5), "TypeError: This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.");
}
