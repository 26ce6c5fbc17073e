// V8's stack trace interface: Error.captureStackTrace with prepareStackTrace.
(function ($) {
	"use strict";
	class CallSite {
		#f;
		constructor(f) { this.#f = f; }
		getThis() {}
		getTypeName() { return null; }
		getFunction() {}
		getFunctionName() { return this.#f.name || null; }
		getMethodName() { return null; }
		getFileName() { return this.#f.file; }
		getLineNumber() { return this.#f.line; }
		getColumnNumber() { return this.#f.column; }
		getEvalOrigin() {}
		getScriptNameOrSourceURL() { return this.#f.file; }
		getPosition() { return 0; }
		isToplevel() { return !this.#f.name; }
		isEval() { return false; }
		isNative() { return false; }
		isConstructor() { return this.#f.name.startsWith("new "); }
		isAsync() { return false; }
		isPromiseAll() { return false; }
		getPromiseIndex() { return null; }
		toString() {
			const {name, file, line, column} = this.#f, at = `${file}:${line}:${column}`;
			return name ? `${name} (${at})` : at;
		}
	}
	const header = (o) => { try { return Reflect.apply(Error.prototype.toString, o, []); } catch { return "<error>"; } };
	return {Error: {captureStackTrace(target, above) {
		if (target === null || typeof target !== "object" && typeof target !== "function") throw new TypeError(`Invalid argument: ${String(target)}`);
		const limit = Error.stackTraceLimit;
		if (typeof limit !== "number") return;
		const sites = $.frames(typeof above === "function" ? above.name : "", Math.max(0, Math.trunc(limit)) || 0).map((f) => new CallSite(f));
		let stack;
		const prepare = Error.prepareStackTrace;
		if (typeof prepare === "function") stack = prepare(target, sites);
		else stack = header(target) + sites.map((s) => `\n    at ${s}`).join("");
		Object.defineProperty(target, "stack", {value: stack, writable: true, enumerable: false, configurable: true});
	}}};
})
