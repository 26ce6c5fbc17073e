// show writes a value so that two engines can be compared.
(function show(v, depth = 0) {
	if (depth > 5) return "…";
	const list = (a) => Array.from(a, (x) => show(x, depth + 1)).join(", ");
	switch (typeof v) {
	case "string": return JSON.stringify(v);
	case "number": return Object.is(v, -0) ? "-0" : String(v);
	case "bigint": return v + "n";
	case "symbol": return String(v);
	case "function": return "function " + v.name + "/" + v.length;
	case "object": break;
	default: return String(v);
	}
	if (v === null) return "null";
	if (v instanceof Error) return v.name + (v.constructor === SuppressedError ? "(" + show(v.error, depth + 1) + ", " + show(v.suppressed, depth + 1) + ")" : "");
	if (v instanceof Set) return "Set{" + list(v) + "}";
	if (v instanceof Map) return "Map{" + list(v) + "}";
	if (v instanceof RegExp) return String(v);
	if (Array.isArray(v)) {
		let s = "[" + list(v);
		for (const k of Object.keys(v)) if (!/^\d+$/.test(k) && k !== "input") s += ", " + k + ": " + show(v[k], depth + 1);
		return s + "]";
	}
	if (ArrayBuffer.isView(v) && v.length !== undefined) return v.constructor.name + "[" + list(v) + "]";
	if (v instanceof ArrayBuffer) return "ArrayBuffer[" + (v.detached ? "detached" : list(new Uint8Array(v))) + "]";
	return "{" + Reflect.ownKeys(v).filter((k) => Reflect.getOwnPropertyDescriptor(v, k).enumerable).map((k) => String(k) + ": " + show(v[k], depth + 1)).join(", ") + "}";
})
