// ArrayBuffer transfer, half floats, Math.sumPrecise and Atomics.
(function ($) {
	"use strict";
	const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
	const lengthOf = (b) => $.isDetached(b) ? 0 : Reflect.apply(byteLength, b, []);
	const brand = (b) => { if (!$.isArrayBuffer(b)) throw new TypeError("Receiver is not an ArrayBuffer"); return b; };
	const toIndex = (v) => {
		const n = Math.trunc(Number(v)) || 0;
		if (n < 0 || n > Number.MAX_SAFE_INTEGER) throw new RangeError("Invalid array buffer length");
		return n;
	};
	const transfer = (b, length) => {
		brand(b);
		const n = length === undefined ? lengthOf(b) : toIndex(length);
		if ($.isDetached(b)) throw new TypeError("Cannot perform ArrayBuffer.prototype.transfer on a detached ArrayBuffer");
		return $.transfer(b, n);
	};
	const f32 = new Float32Array(1), u32 = new Uint32Array(f32.buffer);
	// toHalf rounds a double to the bits of a half, ties to even, in one step.
	const toHalf = (x) => {
		if (x !== x) return 0x7E00;
		const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
		x = Math.abs(x);
		if (x === 0) return sign;
		if (x >= 65520) return sign | 0x7C00;
		if (x < 2 ** -14) return sign | even(x / 2 ** -24);
		let e = Math.floor(Math.log2(x));
		if (2 ** e > x) e--; else if (2 ** (e + 1) <= x) e++;
		return sign | ((e + 15 - 1) << 10) + even(x / 2 ** (e - 10));
	};
	const even = (v) => { const f = Math.floor(v), r = v - f; return r > 0.5 || r === 0.5 && f % 2 === 1 ? f + 1 : f; };
	const fromHalf = (h) => {
		const sign = h & 0x8000 ? -1 : 1, e = h >> 10 & 31, m = h & 1023;
		if (e === 31) return m ? NaN : sign * Infinity;
		return sign * (e ? (1024 + m) * 2 ** (e - 25) : m * 2 ** -24);
	};
	const integers = new Set(["Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array"]);
	const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
	const place = (a, i, waitable) => {
		const kind = a !== null && typeof a === "object" ? Reflect.apply(tag, a, []) : undefined;
		if (!(waitable ? kind === "Int32Array" || kind === "BigInt64Array" : integers.has(kind))) throw new TypeError("[object Object] is not an integer typed array.");
		const n = toIndex(i);
		if (n >= a.length) throw new RangeError("Invalid atomic access index");
		return n;
	};
	const operand = (a, v) => typeof a[0] === "bigint" ? BigInt(v) : Math.trunc(Number(v)) || 0;
	const change = (f) => (a, i, v) => { const n = place(a, i), w = operand(a, v), old = a[n]; a[n] = f(old, w); return old; };
	const atomics = {
		add(a, i, v) { return add(a, i, v); }, and(a, i, v) { return and(a, i, v); },
		compareExchange(a, i, expected, v) {
			const n = place(a, i), e = operand(a, expected), w = operand(a, v), old = a[n];
			const probe = new a.constructor(1);
			probe[0] = e;
			if (old === probe[0]) a[n] = w;
			return old;
		},
		exchange(a, i, v) { return exchange(a, i, v); },
		isLockFree(n) { return [1, 2, 4, 8].includes(Math.trunc(Number(n))); },
		load(a, i) { return a[place(a, i)]; },
		notify(a, i, count) { place(a, i, true); return 0; },
		or(a, i, v) { return or(a, i, v); },
		pause(n) { if (n !== undefined && !(typeof n === "number" && Number.isInteger(n))) throw new TypeError("Atomics.pause: argument is not an integer"); },
		store(a, i, v) { const n = place(a, i), w = operand(a, v); a[n] = w; return w; },
		sub(a, i, v) { return sub(a, i, v); },
		wait(a, i, v, timeout) { place(a, i, true); throw new TypeError("Atomics.wait cannot be called in this context"); },
		waitAsync(a, i, v, timeout) { place(a, i, true); throw new TypeError("[object Array] is not a shared typed array."); },
		xor(a, i, v) { return xor(a, i, v); },
	};
	const add = change((x, y) => x + y), sub = change((x, y) => x - y), and = change((x, y) => x & y), or = change((x, y) => x | y), xor = change((x, y) => x ^ y), exchange = change((x, y) => y);
	const Atomics = {};
	for (const k of Object.keys(atomics)) Object.defineProperty(Atomics, k, {value: atomics[k], writable: true, enumerable: false, configurable: true});
	for (const [f, n] of [[atomics.pause, 0], [atomics.notify, 3], [atomics.wait, 4], [atomics.waitAsync, 4]]) Object.defineProperty(f, "length", {value: n, configurable: true});
	Object.defineProperty(Atomics, Symbol.toStringTag, {value: "Atomics", configurable: true});

	class SharedArrayBuffer {
		constructor(length) { $.refuse("SharedArrayBuffer", "use an ArrayBuffer: a worker has one thread"); }
		get byteLength() { throw new TypeError("Method get SharedArrayBuffer.prototype.byteLength called on incompatible receiver"); }
	}
	Object.defineProperty(SharedArrayBuffer.prototype, Symbol.toStringTag, {value: "SharedArrayBuffer", configurable: true});
	class Float16Array {
		constructor(a, b, c) { $.refuse("Float16Array", "use Float32Array, or DataView.getFloat16 and setFloat16"); }
		static BYTES_PER_ELEMENT = 2;
	}
	Object.defineProperty(Float16Array, "BYTES_PER_ELEMENT", {writable: false, enumerable: false, configurable: false});

	// sumPrecise adds exactly: doubles are integers times 2^-1074.
	const exact = (x) => {
		let e = 0;
		if (Math.abs(x) < 2 ** -1000) { x *= 2 ** 200; e = -200; }
		const k = Math.floor(Math.log2(Math.abs(x))) - 54;
		return BigInt(x / 2 ** Math.floor(k / 2) / 2 ** Math.ceil(k / 2)) << BigInt(k + e + 1274);
	};
	const rounded = (n) => { // n × 2^-1274 → double, ties to even
		const sign = n < 0n ? -1 : 1;
		if (n < 0n) n = -n;
		const bits = n.toString(2).length;
		let shift = Math.max(bits - 53, 200); // 200: the last bit of a denormal
		let q = n >> BigInt(shift);
		const rest = n - (q << BigInt(shift)), half = 1n << BigInt(shift - 1);
		if (rest > half || rest === half && q & 1n) q++;
		const e = shift - 1274;
		let v = Number(q);
		if (e < -1000) v = v * 2 ** (e + 200) * 2 ** -200; // exact: no bit is lost beyond the last
		else v = v * 2 ** Math.floor(e / 2) * 2 ** Math.ceil(e / 2);
		return sign * v;
	};
	return {
		globalThis: {Atomics, SharedArrayBuffer, Float16Array},
		"ArrayBuffer.prototype": {
			transfer(length) { return transfer(this, arguments[0]); },
			transferToFixedLength(length) { return transfer(this, arguments[0]); },
			resize(length) { brand(this); throw new TypeError("Method ArrayBuffer.prototype.resize called on incompatible receiver: the buffer is not resizable"); },
			detached: {get detached() { return $.isDetached(brand(this)); }},
			resizable: {get resizable() { brand(this); return false; }},
			maxByteLength: {get maxByteLength() { return lengthOf(brand(this)); }},
		},
		"DataView.prototype": {
			getFloat16(offset, littleEndian) { return fromHalf(DataView.prototype.getUint16.call(this, offset, littleEndian)); },
			setFloat16(offset, value, littleEndian) { DataView.prototype.setUint16.call(this, offset, toHalf(Number(value)), littleEndian); },
		},
		Math: {
			f16round(x) { return fromHalf(toHalf(Number(x))); },
			sumPrecise(items) {
				if (items === undefined || items === null) throw new TypeError(`${items} is not iterable`);
				let sum = 0n, negativeZero = true, plus = false, minus = false, nan = false;
				for (const x of items) {
					if (typeof x !== "number") throw new TypeError("Math.sumPrecise: every item must be a number");
					if (x !== x) nan = true;
					else if (x === Infinity) plus = true;
					else if (x === -Infinity) minus = true;
					else if (x !== 0) { sum += exact(x); negativeZero = false; }
					else if (!Object.is(x, -0)) negativeZero = false;
				}
				if (nan || plus && minus) return NaN;
				if (plus) return Infinity;
				if (minus) return -Infinity;
				if (sum === 0n) return negativeZero ? -0 : 0;
				return rounded(sum);
			},
		},
	};
})
