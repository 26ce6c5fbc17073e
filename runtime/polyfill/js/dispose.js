// Explicit resource management: SuppressedError and the disposable stacks.
(function ($) {
	"use strict";
	const hidden = (o, key, value) => Object.defineProperty(o, key, {value, writable: true, enumerable: false, configurable: true});
	function SuppressedError(error, suppressed, message) {
		const target = new.target ?? SuppressedError;
		const e = Reflect.construct(Error, message === undefined ? [] : [message], target);
		hidden(e, "error", error);
		hidden(e, "suppressed", suppressed);
		return e;
	}
	Object.setPrototypeOf(SuppressedError, Error);
	Object.defineProperty(SuppressedError, "prototype", {value: Object.create(Error.prototype), writable: false, enumerable: false, configurable: false});
	hidden(SuppressedError.prototype, "constructor", SuppressedError);
	hidden(SuppressedError.prototype, "name", "SuppressedError");
	hidden(SuppressedError.prototype, "message", "");

	const method = (v, async) => {
		if (v === null || typeof v !== "object" && typeof v !== "function") throw new TypeError(`${String(v)} is not an object`);
		let f = async ? v[Symbol.asyncDispose] : undefined, wait = true;
		if (f === undefined || f === null) { f = v[Symbol.dispose]; wait = !async; }
		if (typeof f !== "function") throw new TypeError(`Symbol(Symbol.${async ? "asyncDispose" : "dispose"}) is not a function`);
		// A sync disposer used for an async stack: its result is not awaited.
		return async && !wait ? () => { Reflect.apply(f, v, []); } : () => Reflect.apply(f, v, []);
	};
	const gone = (name) => new ReferenceError(`Cannot add values to a disposed ${name}`);
	const needFunction = (f) => { if (typeof f !== "function") throw new TypeError(`${String(f)} is not a function`); };
	const both = (failed, old, e) => failed ? new SuppressedError(e, old, "An error was suppressed during disposal") : e;

	class DisposableStack {
		#list = []; #disposed = false;
		#open() { if (this.#disposed) throw gone("disposable stack"); }
		get disposed() { return this.#disposed; }
		use(value) {
			this.#open();
			if (value !== undefined && value !== null) this.#list.push(method(value, false));
			return value;
		}
		adopt(value, onDispose) { this.#open(); needFunction(onDispose); this.#list.push(() => onDispose(value)); return value; }
		defer(onDispose) { this.#open(); needFunction(onDispose); this.#list.push(() => onDispose()); }
		move() {
			this.#open();
			const s = new DisposableStack();
			s.#list = this.#list;
			this.#list = [];
			this.#disposed = true;
			return s;
		}
		dispose() {
			if (this.#disposed) return;
			this.#disposed = true;
			let failed = false, error;
			const list = this.#list;
			this.#list = [];
			for (let i = list.length - 1; i >= 0; i--) try { list[i](); } catch (e) { error = both(failed, error, e); failed = true; }
			if (failed) throw error;
		}
	}
	class AsyncDisposableStack {
		#list = []; #disposed = false;
		#open() { if (this.#disposed) throw gone("async disposable stack"); }
		get disposed() { return this.#disposed; }
		use(value) {
			this.#open();
			this.#list.push(value === undefined || value === null ? () => {} : method(value, true));
			return value;
		}
		adopt(value, onDispose) { this.#open(); needFunction(onDispose); this.#list.push(() => onDispose(value)); return value; }
		defer(onDispose) { this.#open(); needFunction(onDispose); this.#list.push(() => onDispose()); }
		move() {
			this.#open();
			const s = new AsyncDisposableStack();
			s.#list = this.#list;
			this.#list = [];
			this.#disposed = true;
			return s;
		}
		async disposeAsync() {
			if (this.#disposed) return;
			this.#disposed = true;
			let failed = false, error;
			const list = this.#list;
			this.#list = [];
			for (let i = list.length - 1; i >= 0; i--) try { await list[i](); } catch (e) { error = both(failed, error, e); failed = true; }
			if (failed) throw error;
		}
	}
	const finish = (C, symbol, name, tag) => {
		Object.defineProperty(C.prototype, symbol, {value: C.prototype[name], writable: true, enumerable: false, configurable: true});
		Object.defineProperty(C.prototype, Symbol.toStringTag, {value: tag, configurable: true});
	};
	finish(DisposableStack, Symbol.dispose, "dispose", "DisposableStack");
	finish(AsyncDisposableStack, Symbol.asyncDispose, "disposeAsync", "AsyncDisposableStack");
	return {globalThis: {SuppressedError, DisposableStack, AsyncDisposableStack}};
})
