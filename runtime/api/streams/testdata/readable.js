const bytes = (s) => Uint8Array.from([...s], (c) => c.charCodeAt(0));
const str = (b) => String.fromCharCode(...b);

async function readsWhatWasEnqueued() {
	const s = new ReadableStream({ start(c) { c.enqueue(1); c.enqueue("two"); c.close(); } });
	const r = s.getReader();
	assert(s.locked);
	assert.equal(await r.read(), { value: 1, done: false });
	assert.equal(await r.read(), { value: "two", done: false });
	assert.equal(await r.read(), { value: undefined, done: true });
	await r.closed;
	r.releaseLock();
	assert(!s.locked);
}

async function pullsAsTheQueueDrains() {
	const log = [];
	const s = new ReadableStream({
		start() { log.push("start"); },
		pull(c) { log.push("pull " + c.desiredSize); c.enqueue("a"); },
	}, { highWaterMark: 3 });
	log.push("made");
	await sleep();
	log.push("x");
	const r = s.getReader();
	await r.read();
	log.push("read");
	await r.read();
	await sleep();
	assert.equal(log.join(), "start,made,pull 3,pull 2,pull 1,x,pull 1,read,pull 1");
}

async function pullWaitsForItsPromise() {
	let release, pulls = 0;
	const s = new ReadableStream({ pull() { pulls++; return new Promise((r) => { release = r; }); } }, { highWaterMark: 5 });
	await sleep();
	assert.equal(pulls, 1);
	release();
	await sleep();
	assert.equal(pulls, 1, "a pull that enqueued nothing is not repeated");
	const r = s.getReader();
	r.read();
	await sleep();
	assert.equal(pulls, 2);
}

async function errors() {
	let c;
	const s = new ReadableStream({ start(cc) { c = cc; } });
	const r = s.getReader();
	const p = r.read();
	c.error(new Error("broken"));
	await assert.throws(() => p, "Error: broken");
	await assert.throws(() => r.read(), "Error: broken");
	await assert.throws(() => r.closed, "Error: broken");
	assert.equal(c.desiredSize, null);
	await assert.throws(() => s.cancel(), "TypeError: This ReadableStream is currently locked to a reader.");
	r.releaseLock();
	await assert.throws(() => s.cancel(), "Error: broken");
}

async function startThrows() {
	await assert.throws(() => new ReadableStream({ start() { throw new RangeError("no"); } }).getReader().read(), "RangeError: no");
	const s = new ReadableStream({ start() { return Promise.reject(new Error("later")); } });
	await assert.throws(() => s.getReader().read(), "Error: later");
	const t = new ReadableStream({ pull() { throw new Error("pull"); } });
	await assert.throws(() => t.getReader().read(), "Error: pull");
}

async function cancelTellsTheSource() {
	let why;
	const s = new ReadableStream({ start(c) { c.enqueue(1); }, cancel(r) { why = r; return new Promise(() => {}).constructor.resolve(5); } });
	assert.equal(await s.cancel("enough"), undefined);
	assert.equal(why, "enough");
	assert.equal(await s.getReader().read(), { value: undefined, done: true });
	const t = new ReadableStream({ cancel() { throw new Error("no way"); } });
	await assert.throws(() => t.cancel(), "Error: no way");
}

async function texts() {
	const locked = () => { const s = new ReadableStream(); s.getReader(); return s; };
	assert.throws(() => locked().getReader(), "TypeError: This ReadableStream is currently locked to a reader.");
	assert.throws(() => locked().tee(), "TypeError: This ReadableStream is currently locked to a reader,");
	assert.throws(() => locked().pipeThrough(new TransformStream()), "TypeError: This ReadableStream is currently locked to a reader.");
	await assert.throws(() => locked().pipeTo(new WritableStream()), "TypeError: This ReadableStream is currently locked to a reader.");
	assert.throws(() => new ReadableStream().getReader({ mode: "byob" }), "TypeError: This ReadableStream does not support BYOB reads.");
	assert.throws(() => new ReadableStream().getReader({ mode: "x" }), "TypeError: mode must be undefined or 'byob' in call to getReader().");
	assert.throws(() => new ReadableStream({ type: "x" }), 'TypeError: "x" is not a valid type of ReadableStream.');
	assert.throws(() => new ReadableStream({ start: 5 }), "TypeError: Incorrect type for the 'start' field on 'UnderlyingSource': the provided value is not of type 'function'.");
	assert.throws(() => new ReadableStream({}, { highWaterMark: -1 }), "TypeError: The value cannot be converted because it is negative and this API expects a positive bigint.");
	assert.throws(() => new ReadableStream({}, { highWaterMark: NaN }), "TypeError: The value cannot be converted because it is not an integer.");
	assert.throws(() => new ReadableStreamDefaultReader({}), "TypeError: Failed to construct 'ReadableStreamDefaultReader': constructor parameter 1 is not of type 'ReadableStream'.");
	assert.throws(() => new ReadableStreamDefaultController(), "TypeError: Illegal constructor");
	let c;
	new ReadableStream({ start(cc) { c = cc; } });
	c.close();
	assert.throws(() => c.enqueue(1), "TypeError: Unable to enqueue");
	assert.throws(() => c.close(), "TypeError: This ReadableStream is closed.");
}

async function releasedReaders() {
	const gone = "TypeError: This ReadableStream reader has been released.";
	const s = new ReadableStream();
	const r = s.getReader();
	const p = r.read();
	r.releaseLock();
	await assert.throws(() => p, gone);
	await assert.throws(() => r.read(), gone);
	await assert.throws(() => r.closed, gone);
	await assert.throws(() => r.cancel(), gone);
	r.releaseLock();
	assert(!s.locked);
}

async function sizes() {
	let c;
	new ReadableStream({ start(cc) { c = cc; } }, new ByteLengthQueuingStrategy({ highWaterMark: 10 }));
	c.enqueue(bytes("abc"));
	assert.equal(c.desiredSize, 7);
	let d;
	const s = new ReadableStream({ start(cc) { d = cc; } }, { size() { throw new Error("sz"); } });
	d.enqueue(1);
	await assert.throws(() => s.getReader().read(), "Error: sz");
	const q = new CountQueuingStrategy({ highWaterMark: 3 });
	assert.equal([q.highWaterMark, typeof q.size, q.size()], [3, "function", 1]);
	assert(q.size === new CountQueuingStrategy({ highWaterMark: 1 }).size);
	assert.throws(() => new CountQueuingStrategy(), "TypeError: Failed to construct 'CountQueuingStrategy': constructor parameter 1 is not of type 'QueuingStrategyInit'.");
}

async function hostStreams() {
	for (const make of [body, slowBody]) {
		const r = make("hello").getReader();
		const { value, done } = await r.read();
		assert.equal(str(value), "hello");
		assert(!done);
		assert.equal((await r.read()).done, true);
		assert.equal((await r.read()).done, true);
	}
	const r = slowBody("abc").getReader();
	const p = r.read();
	await assert.throws(() => r.read(), "TypeError: This ReadableStream only supports a single pending read request at a time.");
	assert.throws(() => r.releaseLock(), "TypeError: Cannot call releaseLock() on a reader with outstanding read promises.");
	await p;
	const s = body("abc");
	await s.cancel();
	assert.equal((await s.getReader().read()).done, true);
	await assert.throws(() => failingBody("disk on fire").getReader().read(), "Error: disk on fire");
	await assert.throws(() => text(failingBody("disk on fire")), "Error: disk on fire");
}

async function collecting() {
	assert.equal(await text(slowBody("abc")), "abc");
	assert.equal(await text(ReadableStream.from([bytes("he"), bytes("llo").buffer])), "hello");
	await assert.throws(() => text(ReadableStream.from(["he"])), "TypeError: This ReadableStream did not return bytes.");
	await assert.throws(() => text(new ReadableStream({ pull() { throw new RangeError("mine"); } })), "RangeError: mine");
	const s = body("x");
	await text(s);
	assert(s.locked);
}

async function brands() {
	assert.equal(String(new ReadableStream()), "[object ReadableStream]");
	assert.equal(Object.keys(new ReadableStream()), []);
	assert.throws(() => ReadableStream.prototype.getReader.call({}), "TypeError: Illegal invocation");
	await assert.throws(() => ReadableStream.prototype.cancel.call({}), "TypeError: Illegal invocation");
	class Mine extends ReadableStream { extra = 1; }
	const m = new Mine({ start(c) { c.enqueue(7); } });
	assert(m instanceof ReadableStream && m.extra === 1);
	assert.equal((await m.getReader().read()).value, 7);
}
