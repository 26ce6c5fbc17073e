// Promise.withResolvers, Promise.try, Promise.any and Array.fromAsync.
(function ($) {
	"use strict";
	const isObject = (v) => v !== null && (typeof v === "object" || typeof v === "function");
	const isConstructor = (f) => { try { Reflect.construct(Object, [], f); return true; } catch { return false; } };
	const capability = (C) => {
		if (!isObject(C)) throw new TypeError("PromiseResolve called on non-object");
		if (!isConstructor(C)) throw new TypeError(`${String(C)} is not a constructor`);
		let resolve, reject;
		const promise = new C((a, b) => {
			if (resolve !== undefined || reject !== undefined) throw new TypeError("Promise executor has already been invoked with non-undefined arguments");
			resolve = a;
			reject = b;
		});
		if (typeof resolve !== "function" || typeof reject !== "function") throw new TypeError("Promise resolve or reject function is not callable");
		return {promise, resolve, reject};
	};
	return {
		Promise: {
			withResolvers() { return capability(this); },
			try(f, ...args) {
				const c = capability(this);
				try { c.resolve(f(...args)); } catch (e) { c.reject(e); }
				return c.promise;
			},
			any(items) {
				const c = capability(this);
				try {
					const resolve = this.resolve, errors = [];
					if (typeof resolve !== "function") throw new TypeError("Promise resolve or reject function is not callable");
					let left = 1, i = 0;
					const failed = () => { if (--left === 0) c.reject(new AggregateError(errors, "All promises were rejected")); };
					for (const item of items) {
						const at = i++;
						let called = false;
						errors[at] = undefined;
						left++;
						Reflect.apply(resolve, this, [item]).then(c.resolve, (e) => {
							if (called) return;
							called = true;
							errors[at] = e;
							failed();
						});
					}
					failed();
				} catch (e) { c.reject(e); }
				return c.promise;
			},
		},
		Array: {async fromAsync(items, mapper, thisArg) {
			if (mapper !== undefined && typeof mapper !== "function") throw new TypeError(`${String(mapper)} is not a function`);
			const C = isConstructor(this) ? this : undefined;
			const make = (...args) => C === undefined ? (args.length ? new Array(...args) : []) : new C(...args);
			const put = (out, i, value) => Object.defineProperty(out, i, {value, writable: true, enumerable: true, configurable: true});
			const openAsync = items[Symbol.asyncIterator];
			const open = openAsync ?? items[Symbol.iterator];
			let k = 0;
			if (open === undefined || open === null) {
				const like = Object(items), n = Math.min(Math.max(Math.trunc(Number(like.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
				const out = make(n);
				for (; k < n; k++) {
					let v = await like[k];
					if (mapper) v = await Reflect.apply(mapper, thisArg, [v, k]);
					put(out, k, v);
				}
				out.length = n;
				return out;
			}
			const out = make();
			const it = Reflect.apply(open, items, []);
			if (!isObject(it)) throw new TypeError(`${String(it)} is not an object`);
			const next = it.next, sync = openAsync === undefined || openAsync === null;
			for (;; k++) {
				let r = Reflect.apply(next, it, []);
				if (!sync) r = await r;
				if (!isObject(r)) throw new TypeError(`Iterator result ${String(r)} is not an object`);
				if (r.done) { out.length = k; return out; }
				try {
					let v = sync ? await r.value : r.value;
					if (mapper) v = await Reflect.apply(mapper, thisArg, [v, k]);
					put(out, k, v);
				} catch (e) {
					try { const f = it.return; if (f != null) { const q = Reflect.apply(f, it, []); if (!sync) await q; } } catch {}
					throw e;
				}
			}
		}},
	};
})
