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

async function hostBodyReads() {
	const r = body("hello").getReader();
	const { value, done } = await r.read();
	assert.equal(new TextDecoderish(value).text, "hello");
	assert(!done);
	assert.equal((await r.read()).done, true);
}

async function slowHostBodyReads() {
	const r = slowBody("hello").getReader();
	const { value, done } = await r.read();
	assert.equal(new TextDecoderish(value).text, "hello");
	assert(!done);
	assert.equal((await r.read()).done, true);
}

class TextDecoderish { constructor(b) { this.text = String.fromCharCode(...b); } }
