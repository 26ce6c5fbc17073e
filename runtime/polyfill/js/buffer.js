// Resizing and transfer of buffers, half floats, Math.sumPrecise and Atomics.
(function ($) {
	"use strict";
	const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
	const lengthOf = (b) => $.isDetached(b) ? 0 : Reflect.apply(byteLength, b, []);
	const nameOf = (v) => v === null || typeof v !== "object" && typeof v !== "function" ? String(v) : Array.isArray(v) ? "[object Array]" : `#<${v.constructor?.name ?? "Object"}>`;
	const brand = (b, method) => {
		if (!$.isArrayBuffer(b)) throw new TypeError(`Method ${method} called on incompatible receiver ${nameOf(b)}`);
		return b;
	};
	const attached = (b, method) => {
		if ($.isDetached(b)) throw new TypeError(`Cannot perform ${method} on a detached ArrayBuffer`);
	};
	const toIndex = (v, text = "Invalid array buffer length") => {
		const n = Math.trunc(+v) || 0;
		if (n < 0 || n > Number.MAX_SAFE_INTEGER) throw new RangeError(text);
		return n;
	};
	const transfer = (b, method, length, fixed) => {
		method = `ArrayBuffer.prototype.${method}`;
		brand(b, method);
		const n = length === undefined ? lengthOf(b) : toIndex(length);
		attached(b, method);
		return $.transfer(b, n, fixed);
	};
	const resize = (b, length) => {
		const method = "ArrayBuffer.prototype.resize", wrong = method + ": Invalid length parameter";
		if ($.maxByteLength(brand(b, method)) === undefined) throw new TypeError(`Method ${method} called on incompatible receiver ${nameOf(b)}`);
		const n = toIndex(length, wrong);
		attached(b, method);
		if (!$.resize(b, n)) throw new RangeError(wrong);
	};
	const f16 = new Float16Array(1), u16 = new Uint16Array(f16.buffer);
	const fromHalf = (h) => { u16[0] = h; return f16[0]; };
	const {getUint16, setUint16} = DataView.prototype;
	const half = (view, method, f) => {
		if (!(ArrayBuffer.isView(view) && $.isDataView(view))) throw new TypeError(`Method DataView.prototype.${method} called on incompatible receiver ${nameOf(view)}`);
		return f();
	};
	const round = (x) => { f16[0] = x; return f16[0]; };
	const integers = new Set(["Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array"]);
	const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
	const place = (a, i, waitable) => {
		const kind = a !== null && typeof a === "object" ? Reflect.apply(tag, a, []) : undefined;
		if (!(waitable ? kind === "Int32Array" || kind === "BigInt64Array" : integers.has(kind))) throw new TypeError(`[object ${kind ?? "Object"}] is not an integer typed array.`);
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
		globalThis: {Atomics, SharedArrayBuffer},
		"ArrayBuffer.prototype": {
			transfer(length) { return transfer(this, "transfer", arguments[0], false); },
			transferToFixedLength(length) { return transfer(this, "transferToFixedLength", arguments[0], true); },
			resize(length) { resize(this, length); },
			detached: {get detached() { return $.isDetached(brand(this, "get ArrayBuffer.prototype.detached")); }},
			resizable: {get resizable() { return $.maxByteLength(brand(this, "get ArrayBuffer.prototype.resizable")) !== undefined; }},
			maxByteLength: {get maxByteLength() {
				brand(this, "get ArrayBuffer.prototype.maxByteLength");
				return $.isDetached(this) ? 0 : $.maxByteLength(this) ?? lengthOf(this);
			}},
		},
		"DataView.prototype": {
			getFloat16(offset, littleEndian) { return half(this, "getFloat16", () => fromHalf(getUint16.call(this, offset, littleEndian))); },
			setFloat16(offset, value, littleEndian) { const h = () => { const n = Number(value); f16[0] = n; return u16[0]; }; half(this, "setFloat16", () => setUint16.call(this, offset, {valueOf: h}, littleEndian)); },
		},
		Math: {
			f16round(x) { return round(Number(x)); },
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
