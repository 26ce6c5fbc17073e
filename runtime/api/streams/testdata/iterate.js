// drain is for await, which the engine only knows bundled.
async function drain(s, options) {
	const it = s.values(options), out = [];
	for (;;) {
		const { value, done } = await it.next();
		if (done) return out;
		out.push(value);
	}
}

async function iterators() {
	const it = body("abc").values();
	assert.equal(Object.prototype.toString.call(it), "[object ReadableStreamAsyncIterator]");
	assert(it[Symbol.asyncIterator]() === it);
	assert.equal((await it.next()).done, false);
	assert.equal((await it.next()).done, true);
	assert.equal(ReadableStream.prototype[Symbol.asyncIterator], ReadableStream.prototype[Symbol.asyncIterator]);
}

async function returnCancels() {
	for (const preventCancel of [false, true]) {
		let cancelled = 0;
		const s = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { cancelled++; } });
		const it = s.values({ preventCancel });
		await it.next();
		assert.equal(await it.return("v"), { value: "v", done: true });
		assert.equal(cancelled, preventCancel ? 0 : 1);
		assert(!s.locked);
		assert.equal(await it.next(), { value: undefined, done: true });
	}
}

async function nextQueues() {
	const it = ReadableStream.from([1, 2]).values();
	const all = await Promise.all([it.next(), it.next(), it.next(), it.next()]);
	assert.equal(all.map((r) => r.value), [1, 2, undefined, undefined]);
}

async function fromIterables() {
	assert.equal(await drain(ReadableStream.from([1, 2, 3])), [1, 2, 3]);
	assert.equal(await drain(ReadableStream.from([Promise.resolve(1), 2])), [1, 2]);
	assert.equal(await drain(ReadableStream.from("héy")), ["h", "é", "y"]);
	assert.equal(await drain(ReadableStream.from((function* () { yield 1; yield 2; })())), [1, 2]);
	let n = 0, returned;
	const async = { [Symbol.asyncIterator]: () => ({ async next() { return { value: n, done: n++ > 1 }; }, async return(v) { returned = v; return {}; } }) };
	assert.equal(await drain(ReadableStream.from(async)), [0, 1]);
	n = 0;
	await ReadableStream.from(async).cancel("stop");
	assert.equal(returned, "stop");
	assert.equal(await drain(ReadableStream.from(ReadableStream.from([5]))), [5]);
	assert.throws(() => ReadableStream.from(5), "TypeError: Failed to execute 'from' on 'ReadableStream': parameter 1 is not of type 'AsyncGenerator'.");
	assert.throws(() => ReadableStream.from(null), TypeError);
	await assert.throws(() => drain(ReadableStream.from((function* () { yield 1; throw new Error("gen"); })())), "Error: gen");
}

async function fromIsLazy() {
	let n = 0;
	const s = ReadableStream.from((function* () { for (;;) yield n++; })());
	await sleep();
	assert.equal(n, 0);
	await s.getReader().read();
	await sleep();
	assert.equal(n, 1);
}
