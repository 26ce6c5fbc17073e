const bytes = (s) => Uint8Array.from([...s], (c) => c.charCodeAt(0));

async function requestIsFilled() {
	const s = new ReadableStream({ type: "bytes", pull(c) { c.byobRequest.view[0] = 7; c.byobRequest.respond(1); } });
	const r = s.getReader({ mode: "byob" });
	const lent = new Uint8Array(3);
	assert.equal(await r.read(lent), { value: Uint8Array.of(7), done: false });
	assert.equal(lent.byteLength, 0, "the buffer was transferred");
	assert.equal(await r.read(new Uint8Array(3)), { value: Uint8Array.of(7), done: false });
}

async function autoAllocate() {
	let lent;
	const s = new ReadableStream({ type: "bytes", autoAllocateChunkSize: 16, pull(c) { lent = c.byobRequest.view.byteLength; c.byobRequest.respond(3); } });
	assert.equal(await s.getReader().read(), { value: new Uint8Array(3), done: false });
	assert.equal(lent, 16);
	assert.throws(() => new ReadableStream({ type: "bytes", autoAllocateChunkSize: 0 }), "TypeError: The autoAllocateChunkSize option cannot be zero.");
}

async function kinds() {
	const make = (n) => new ReadableStream({ type: "bytes", start(c) { c.enqueue(new Uint8Array(n)); c.close(); } }).getReader({ mode: "byob" });
	const r = await make(4).read(new Uint16Array(4));
	assert.equal([r.value.constructor.name, r.value.length, r.value.buffer.byteLength], ["Uint16Array", 2, 8]);
	const v = (await make(3).read(new DataView(new ArrayBuffer(10), 1, 4))).value;
	assert.equal([v.constructor.name, v.byteLength, v.byteOffset, v.buffer.byteLength], ["DataView", 3, 1, 10]);
	const end = await new ReadableStream({ type: "bytes", start(c) { c.close(); } }).getReader({ mode: "byob" }).read(new Uint16Array(4));
	assert.equal([end.done, end.value], [true, new Uint16Array(0)]);
}

async function hostStreamsGiveUint8Arrays() {
	for (const make of [body, slowBody]) {
		const r = make("abcd").getReader({ mode: "byob" });
		const { value } = await r.read(new Uint16Array(4));
		assert.equal([value.constructor.name, value.length, value.buffer.byteLength], ["Uint8Array", 4, 8]);
		const end = await r.read(new Uint8Array(4));
		assert.equal([end.done, end.value.byteLength], [true, 0]);
	}
}

async function minimums() {
	const make = () => {
		let n = 0;
		return new ReadableStream({ type: "bytes", pull(c) { if (n++ < 5) c.enqueue(Uint8Array.of(n)); else c.close(); } });
	};
	const r = make().getReader({ mode: "byob" });
	assert.equal((await r.read(new Uint8Array(4), { min: 3 })).value, Uint8Array.of(1, 2, 3));
	assert.equal((await r.readAtLeast(2, new Uint8Array(4))).value, Uint8Array.of(4, 5));
	const h = slowBody("abc").getReader({ mode: "byob" });
	assert.equal((await h.readAtLeast(5, new Uint8Array(8))).value, bytes("abc"));
	const e = body("abc").getReader({ mode: "byob" });
	await assert.throws(() => e.read(new Uint8Array(0)), 'TypeError: You must call read() on a "byob" reader with a positive-sized TypedArray object.');
	await assert.throws(() => e.read(new Uint8Array(4), { min: 5 }), "TypeError: Minimum bytes to read (5) exceeds size of buffer (4).");
	await assert.throws(() => e.read(new Uint8Array(4), { min: 0 }), "TypeError: Requested invalid minimum number of bytes to read (0).");
}

async function responses() {
	const make = (pull) => new ReadableStream({ type: "bytes", pull }).getReader({ mode: "byob" });
	await assert.throws(() => make((c) => c.byobRequest.respond(0)).read(new Uint8Array(3)), "TypeError: The bytesWritten must be more than zero while the stream is open.");
	await assert.throws(() => make((c) => c.byobRequest.respond(9)).read(new Uint8Array(3)), "RangeError: Too many bytes [9] in response to a BYOB read request.");
	const r = make((c) => { const v = c.byobRequest.view; v[0] = 9; c.byobRequest.respondWithNewView(new Uint8Array(v.buffer, 0, 1)); });
	assert.equal((await r.read(new Uint8Array(3))).value, Uint8Array.of(9));
}

async function enqueue() {
	let c;
	const s = new ReadableStream({ type: "bytes", start(cc) { c = cc; } });
	assert.equal(c.desiredSize, 0);
	const chunk = new Uint8Array(3);
	c.enqueue(chunk);
	assert.equal(chunk.byteLength, 0);
	assert.equal(c.desiredSize, -3);
	assert.throws(() => c.enqueue(5), "TypeError: Failed to execute 'enqueue' on 'ReadableByteStreamController': parameter 1 is not of type 'BufferSource'.");
	assert.throws(() => c.enqueue(new Uint8Array()), "TypeError: Cannot enqueue a zero-length ArrayBuffer.");
	assert.equal((await s.getReader().read()).value.byteLength, 3);
}

async function enqueueAnswersALoan() {
	let c;
	const s = new ReadableStream({ type: "bytes", start(cc) { c = cc; } });
	const r = s.getReader({ mode: "byob" });
	const p = r.read(new Uint8Array(2)), q = r.read(new Uint8Array(5));
	await sleep();
	c.enqueue(Uint8Array.of(1, 2, 3));
	assert.equal((await p).value, Uint8Array.of(1, 2));
	assert.equal((await q).value, Uint8Array.of(3));
	const last = r.read(new Uint8Array(1));
	c.close();
	assert.equal(await last, { value: new Uint8Array(0), done: true });
}

async function releaseKeepsWhatTheSourceWrites() {
	let c;
	const s = new ReadableStream({ type: "bytes", start(cc) { c = cc; }, pull() {} });
	const r = s.getReader({ mode: "byob" });
	const p = r.read(new Uint8Array(4));
	await sleep();
	const request = c.byobRequest;
	r.releaseLock();
	await assert.throws(() => p, "TypeError: This ReadableStream reader has been released.");
	request.view[0] = 65;
	request.respond(1);
	assert.equal((await s.getReader().read()).value, Uint8Array.of(65));
}

async function cancelGivesTheMemoryBack() {
	const s = new ReadableStream({ type: "bytes" });
	const r = s.getReader({ mode: "byob" });
	const p = r.read(new Uint8Array(4));
	await r.cancel();
	assert.equal(await p, { value: new Uint8Array(0), done: true });
}

async function closedController() {
	let c;
	new ReadableStream({ type: "bytes", start(cc) { c = cc; } });
	c.close();
	assert.throws(() => c.enqueue(Uint8Array.of(1)), "TypeError: This ReadableByteStreamController is closed.");
	assert.throws(() => c.close(), "TypeError: This ReadableStream is closed.");
	assert.equal(c.desiredSize, 0);
}

async function requestsAreUsedOnce() {
	let q;
	const s = new ReadableStream({ type: "bytes", pull(c) { q = c.byobRequest; q.respond(1); } });
	await s.getReader({ mode: "byob" }).read(new Uint8Array(2));
	assert.equal(q.view, null);
	assert.throws(() => q.respond(1), "TypeError: This ReadableStreamBYOBRequest has been invalidated.");
}
