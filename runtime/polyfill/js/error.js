// V8's call sites, for Error.prepareStackTrace.
(function () {
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
		isNative() { return this.#f.native; }
		isConstructor() { return this.#f.name.startsWith("new "); }
		isAsync() { return this.#f.async; }
		isPromiseAll() { return false; }
		getPromiseIndex() { return null; }
		toString() {
			return this.#f.text;
		}
	}
	return {prepare: (error, frames) => Error.prepareStackTrace(error, frames.map((f) => new CallSite(f)))};
})
