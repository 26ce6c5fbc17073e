(() => {
	"use strict";
	class AssertionError extends Error {
		get name() { return "AssertionError"; }
	}
	const fail = (message) => { throw new AssertionError(message); };

	const show = (v, depth = 0) => {
		if (typeof v === "string") return JSON.stringify(v);
		if (typeof v === "bigint") return v + "n";
		if (typeof v === "symbol") return v.toString();
		if (typeof v === "function") return `[function ${v.name}]`;
		if (Object.is(v, -0)) return "-0";
		if (v === null || typeof v !== "object") return String(v);
		if (v instanceof Error) return `${v.name}: ${v.message}`;
		if (depth > 4) return "…";
		const inner = (x) => show(x, depth + 1);
		const list = (xs) => Array.from(xs, inner).join(", ");
		if (Array.isArray(v)) return `[${list(v)}]`;
		if (v instanceof ArrayBuffer) return `ArrayBuffer[${list(new Uint8Array(v))}]`;
		if (v instanceof DataView) return `DataView(${v.byteLength})`;
		if (ArrayBuffer.isView(v)) return `${v.constructor.name}[${list(v)}]`;
		if (v instanceof Date) return `Date(${v.getTime()})`;
		if (v instanceof Map) return `Map{${list(v)}}`;
		if (v instanceof Set) return `Set{${list(v)}}`;
		const body = Object.keys(v).map((k) => `${k}: ${inner(v[k])}`).join(", ");
		const name = v.constructor?.name;
		return `${name && name !== "Object" ? name + " " : ""}{${body}}`;
	};

	const same = (a, b, seen = []) => {
		if (Object.is(a, b)) return true;
		if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
		if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
		if (seen.some(([x, y]) => x === a && y === b)) return true;
		seen.push([a, b]);
		if (a instanceof Error) return a.name === b.name && a.message === b.message;
		if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
		if (a instanceof RegExp) return String(a) === String(b);
		if (a instanceof ArrayBuffer) return same(new Uint8Array(a), new Uint8Array(b), seen);
		if (a instanceof DataView) return a.byteLength === b.byteLength && a.byteOffset === b.byteOffset;
		if (a instanceof Map || a instanceof Set) return same([...a], [...b], seen);
		const keys = Object.keys(a);
		return keys.length === Object.keys(b).length && keys.every((k) => Object.prototype.hasOwnProperty.call(b, k) && same(a[k], b[k], seen));
	};

	const check = (e, expected) => {
		if (expected === undefined) return e;
		if (typeof expected === "function") {
			if (!(e instanceof expected)) fail(`threw ${show(e)}, want a ${expected.name}`);
			return e;
		}
		const text = e instanceof Error || (typeof e === "object" && e !== null && "name" in e) ? `${e.name}: ${e.message}` : show(e);
		if (!text.includes(expected)) fail(`threw ${text}, want ${expected}`);
		return e;
	};

	const assert = (v, message) => { if (!v) fail(message || `got ${show(v)}`); };
	assert.fail = fail;
	assert.equal = (got, want, message) => {
		if (!same(got, want)) fail(`${message ? message + ": " : ""}got ${show(got)}, want ${show(want)}`);
	};
	// throws gives the error; it is a promise if f gave one.
	assert.throws = (f, expected) => {
		let result;
		try {
			result = f();
		} catch (e) {
			return check(e, expected);
		}
		if (typeof result?.then === "function") {
			return result.then((v) => fail(`fulfilled with ${show(v)}, want a rejection`), (e) => check(e, expected));
		}
		fail(`returned ${show(result)}, want an exception`);
	};
	return Object.freeze(assert);
})()
