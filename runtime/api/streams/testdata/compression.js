const bytes = (s) => Uint8Array.from([...s], (c) => c.charCodeAt(0));

async function pack(data, format) {
	const t = new CompressionStream(format), out = [];
	const w = t.writable.getWriter();
	w.write(data);
	w.close();
	const r = t.readable.getReader();
	for (;;) {
		const { value, done } = await r.read();
		if (done) return Uint8Array.from(out);
		out.push(...value);
	}
}

async function roundTrips() {
	for (const format of ["gzip", "deflate", "deflate-raw"]) {
		const packed = await pack(bytes("hello hello hello"), format);
		for (const size of [1, 2, packed.length]) {
			const t = new DecompressionStream(format);
			const p = text(t.readable);
			const w = t.writable.getWriter();
			for (let i = 0; i < packed.length; i += size) await w.write(packed.subarray(i, i + size));
			await w.close();
			assert.equal(await p, "hello hello hello");
		}
	}
}

async function knownBytes() {
	const raw = Uint8Array.of(0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00);
	assert.equal(await text(ReadableStream.from([raw]).pipeThrough(new DecompressionStream("deflate-raw"))), "hello");
}

async function formats() {
	for (const f of ["x", "brotli", undefined]) {
		assert.throws(() => new CompressionStream(f), "TypeError: The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.");
		assert.throws(() => new DecompressionStream(f), "TypeError: The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.");
	}
	assert(new CompressionStream("gzip") instanceof TransformStream);
	assert.equal(new CompressionStream("gzip").writable.getWriter().desiredSize, 1);
}

async function badData() {
	const packed = await pack(bytes("hello"), "gzip");
	const cases = [
		[bytes("not compressed at all"), "TypeError: Decompression failed."],
		[packed.subarray(0, packed.length - 3), "TypeError: Called close() on a decompression stream with incomplete data"],
		[Uint8Array.from([...packed, 0]), "TypeError: Trailing bytes after end of compressed data"],
		[Uint8Array.from([...packed, ...packed]), "TypeError: Trailing bytes after end of compressed data"],
	];
	for (const [data, want] of cases) {
		const pushed = new ReadableStream({ start(c) { c.enqueue(data.slice()); c.close(); } });
		await assert.throws(() => text(pushed.pipeThrough(new DecompressionStream("gzip"))), want);
		await assert.throws(() => text(rawBody(data).pipeThrough(new DecompressionStream("gzip"))), want);
	}
}

async function smallWritesDoNotWait() {
	const t = new CompressionStream("gzip");
	const w = t.writable.getWriter();
	await w.write(new Uint8Array(1000));
	await w.close();
	assert.equal(w.desiredSize, 0);
}

async function abandonedDecompressor() {
	const t = new DecompressionStream("gzip");
	const w = t.writable.getWriter();
	await w.write(Uint8Array.of(0x1f, 0x8b));
	const u = new DecompressionStream("gzip");
	const x = u.writable.getWriter();
	await x.write(Uint8Array.of(0x1f, 0x8b));
	await u.readable.cancel();
}

async function onlyBytes() {
	const t = new CompressionStream("gzip");
	await assert.throws(() => t.writable.getWriter().write(5), "TypeError: This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.");
}
