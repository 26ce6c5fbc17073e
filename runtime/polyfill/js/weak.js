// WeakRef over a weak pointer of the host, and a FinalizationRegistry that
// never calls back, which the language allows.
(function ($) {
	"use strict";
	const holdable = (v) => v !== null && (typeof v === "object" || typeof v === "function") || typeof v === "symbol" && Symbol.keyFor(v) === undefined;
	// keep holds on to v until the turn's synchronous part is over, as the
	// language asks for.
	const done = Promise.resolve(), then = done.then;
	const keep = (v) => { if ($.keep(v)) Reflect.apply(then, done, [$.release]); };
	class WeakRef {
		#ref;
		constructor(target) {
			if (!holdable(target)) throw new TypeError("WeakRef: invalid target");
			this.#ref = typeof target === "symbol" ? () => target : $.weak(target);
			if (typeof target !== "symbol") keep(target);
		}
		deref() {
			const v = this.#ref();
			if (v !== undefined && typeof v !== "symbol") keep(v);
			return v;
		}
	}
	class FinalizationRegistry {
		#tokens = new WeakMap();
		constructor(cleanup) { if (typeof cleanup !== "function") throw new TypeError("FinalizationRegistry: cleanup must be callable"); }
		register(target, held) {
			if (!holdable(target)) throw new TypeError("FinalizationRegistry.prototype.register: invalid target");
			if (target === held) throw new TypeError("FinalizationRegistry.prototype.register: target and holdings must not be same");
			const token = arguments[2];
			if (token !== undefined && !holdable(token)) throw new TypeError(`Invalid unregisterToken ('${String(token)}')`);
			if (token !== undefined) this.#tokens.set(token, true);
			else this.#tokens.has(this);
		}
		unregister(token) {
			if (!holdable(token)) throw new TypeError(`Invalid unregisterToken ('${String(token)}')`);
			return this.#tokens.delete(token);
		}
	}
	for (const C of [WeakRef, FinalizationRegistry]) Object.defineProperty(C.prototype, Symbol.toStringTag, {value: C.name, configurable: true});
	return {globalThis: {WeakRef, FinalizationRegistry}};
})
