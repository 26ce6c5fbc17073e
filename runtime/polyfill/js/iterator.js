// Iterator, its static methods and the helpers on every built-in iterator.
(function ($) {
	"use strict";
	const IteratorPrototype = $.iteratorPrototype;
	const {create, defineProperty, getPrototypeOf, prototype: {isPrototypeOf}} = Object;
	const call = (f, self, ...args) => Reflect.apply(f, self, args);
	const isObject = (v) => v !== null && (typeof v === "object" || typeof v === "function");
	const needObject = (v) => { if (!isObject(v)) throw new TypeError("Iterator helper called on non-object"); return v; };
	const needCallable = (f, it) => {
		if (typeof f === "function") return f;
		closing(it, new TypeError(`${typeof f === "symbol" ? "Symbol()" : String(f)} is not a function`));
	};

	// direct is GetIteratorDirect: an object and its next, read once.
	const direct = (o) => ({o, next: o.next, over: false});
	const step = (it) => {
		const r = call(it.next, it.o);
		if (!isObject(r)) throw new TypeError(`Iterator result ${String(r)} is not an object`);
		if (r.done) { it.over = true; return null; }
		return r;
	};
	const close = (it) => {
		const f = it.o.return;
		if (f === undefined || f === null) return;
		const r = call(f, it.o);
		if (!isObject(r)) throw new TypeError(`${String(r)} is not an object`);
	};
	// closing closes an iterator because of an exception, which wins.
	const closing = (it, e) => {
		try { const f = (it.o ?? it).return; if (f != null) call(f, it.o ?? it); } catch {}
		throw e;
	};
	const guarded = (it, f) => { try { return f(); } catch (e) { closing(it, e); } };

	// Helper is the object helpers return: a generator that only has next and
	// return, and that closes what it reads from even before it has started.
	class Helper {
		#body; #started = false; #running = false; #done = false; #abandon;
		constructor(body, abandon) { this.#body = body; this.#abandon = abandon; }
		next() {
			if (this.#running) throw new TypeError("Generator is already running");
			if (this.#done) return {value: undefined, done: true};
			this.#running = this.#started = true;
			try {
				const r = this.#body.next();
				if (r.done) this.#done = true;
				return r;
			} catch (e) { this.#done = true; throw e; } finally { this.#running = false; }
		}
		return() {
			if (this.#running) throw new TypeError("Generator is already running");
			if (this.#done) return {value: undefined, done: true};
			this.#done = true;
			if (!this.#started) { this.#abandon(); return {value: undefined, done: true}; }
			this.#running = true;
			try { return this.#body.return(); } finally { this.#running = false; }
		}
	}
	delete Helper.prototype.constructor;
	Object.setPrototypeOf(Helper.prototype, IteratorPrototype);
	defineProperty(Helper.prototype, Symbol.toStringTag, {value: "Iterator Helper", configurable: true});
	const helper = (it, body) => new Helper(body(), () => close(it));

	class Wrap {
		#it;
		constructor(it) { this.#it = it; }
		next() { const it = this.#it; return call(it.next, it.o); }
		return() {
			const f = this.#it.o.return;
			return f === undefined ? {value: undefined, done: true} : call(f, this.#it.o);
		}
	}
	delete Wrap.prototype.constructor;
	Object.setPrototypeOf(Wrap.prototype, IteratorPrototype);

	// flattenable is GetIteratorFlattenable.
	const flattenable = (v, strings) => {
		if (!isObject(v) && !(strings && typeof v === "string")) throw new TypeError(`${String(v)} is not an object`);
		const f = v[Symbol.iterator];
		if (f === undefined || f === null) return direct(v);
		const o = call(f, v);
		if (!isObject(o)) throw new TypeError(`${String(o)} is not an object`);
		return direct(o);
	};
	const count = (n, o) => guarded({o}, () => {
		const num = Number(n);
		if (num !== num) throw new RangeError(`${String(n)} must be positive`);
		const i = Math.trunc(num);
		if (i < 0) throw new RangeError(`${String(n)} must be positive`);
		return i;
	});
	// give yields one value and closes the source if the consumer leaves.
	function* give(it, v) {
		let back = false;
		try { yield v; back = true; } finally { if (!back) close(it); }
	}

	const helpers = {
		map(mapper) {
			needObject(this); needCallable(mapper, this);
			const it = direct(this);
			return helper(it, function* () {
				for (let r, i = 0; (r = step(it)) !== null;) {
					const v = r.value;
					yield* give(it, guarded(it, () => mapper(v, i++)));
				}
			});
		},
		filter(predicate) {
			needObject(this); needCallable(predicate, this);
			const it = direct(this);
			return helper(it, function* () {
				for (let r, i = 0; (r = step(it)) !== null;) {
					const v = r.value;
					if (guarded(it, () => predicate(v, i++))) yield* give(it, v);
				}
			});
		},
		take(limit) {
			needObject(this);
			let left = count(limit, this);
			const it = direct(this);
			return helper(it, function* () {
				for (;;) {
					if (left === 0) { close(it); return; }
					left--;
					const r = step(it);
					if (r === null) return;
					yield* give(it, r.value);
				}
			});
		},
		drop(limit) {
			needObject(this);
			let left = count(limit, this);
			const it = direct(this);
			return helper(it, function* () {
				for (; left > 0; left--) if (step(it) === null) return;
				for (let r; (r = step(it)) !== null;) yield* give(it, r.value);
			});
		},
		flatMap(mapper) {
			needObject(this); needCallable(mapper, this);
			const it = direct(this);
			return helper(it, function* () {
				for (let r, i = 0; (r = step(it)) !== null;) {
					const v = r.value;
					const inner = guarded(it, () => flattenable(mapper(v, i++), false));
					for (let q; (q = guarded(it, () => step(inner))) !== null;) {
						const w = guarded(it, () => q.value);
						let back = false;
						try { yield w; back = true; } finally {
							if (!back) { guarded(it, () => close(inner)); close(it); }
						}
					}
				}
			});
		},
		reduce(reducer) {
			needObject(this); needCallable(reducer, this);
			const it = direct(this);
			let acc, i = 0;
			if (arguments.length > 1) acc = arguments[1];
			else {
				const r = step(it);
				if (r === null) throw new TypeError("Reduce of a done iterator with no initial value");
				acc = r.value;
				i = 1;
			}
			for (let r; (r = step(it)) !== null; i++) { const v = r.value; acc = guarded(it, () => reducer(acc, v, i)); }
			return acc;
		},
		toArray() {
			const it = direct(needObject(this)), out = [];
			for (let r; (r = step(it)) !== null;) out.push(r.value);
			return out;
		},
		forEach(f) {
			needObject(this); needCallable(f, this);
			const it = direct(this);
			for (let r, i = 0; (r = step(it)) !== null; i++) { const v = r.value; guarded(it, () => f(v, i)); }
		},
		some(f) {
			needObject(this); needCallable(f, this);
			const it = direct(this);
			for (let r, i = 0; (r = step(it)) !== null; i++) { const v = r.value; if (guarded(it, () => f(v, i))) { close(it); return true; } }
			return false;
		},
		every(f) {
			needObject(this); needCallable(f, this);
			const it = direct(this);
			for (let r, i = 0; (r = step(it)) !== null; i++) { const v = r.value; if (!guarded(it, () => f(v, i))) { close(it); return false; } }
			return true;
		},
		find(f) {
			needObject(this); needCallable(f, this);
			const it = direct(this);
			for (let r, i = 0; (r = step(it)) !== null; i++) { const v = r.value; if (guarded(it, () => f(v, i))) { close(it); return v; } }
			return undefined;
		},
		includes(wanted) {
			needObject(this);
			let skip = 0;
			if (arguments[1] !== undefined) {
				skip = arguments[1];
				if (typeof skip !== "number" || skip !== Infinity && skip !== -Infinity && !Number.isInteger(skip)) closing(this, new TypeError(`${String(skip)} is not an integer`));
				if (skip < 0) closing(this, new RangeError(`${String(skip)} must be positive`));
			}
			const it = direct(this);
			for (let r; (r = step(it)) !== null;) {
				const v = r.value;
				if (skip > 0) skip--;
				else if (v === wanted || v !== v && wanted !== wanted) { close(it); return true; }
			}
			return false;
		},
		join(separator) {
			needObject(this);
			const sep = separator === undefined ? "," : guarded({o: this}, () => `${separator}`);
			const it = direct(this);
			let s = "", first = true;
			for (let r; (r = step(it)) !== null; first = false) {
				const v = r.value;
				if (!first) s += sep;
				if (v !== undefined && v !== null) s += guarded(it, () => `${v}`);
			}
			return s;
		},
		[Symbol.dispose]() { const f = this.return; if (f !== undefined && f !== null) call(f, this); },
	};

	function Iterator() {
		if (new.target === Iterator || new.target === undefined) throw new TypeError("Abstract class Iterator not directly constructable");
	}
	const statics = {
		from(v) {
			const it = flattenable(v, true);
			return call(isPrototypeOf, IteratorPrototype, it.o) ? it.o : new Wrap(it);
		},
		concat() {
			const list = Array.prototype.map.call(arguments, (o) => {
				if (!isObject(o)) throw new TypeError(`${String(o)} is not an object`);
				const open = o[Symbol.iterator];
				if (typeof open !== "function") throw new TypeError(`${String(open)} is not a function`);
				return {o, open};
			});
			return new Helper((function* () {
				for (const {o, open} of list) {
					const inner = call(open, o);
					if (!isObject(inner)) throw new TypeError(`${String(inner)} is not an object`);
					const it = direct(inner);
					for (let r; (r = step(it)) !== null;) yield* give(it, r.value);
				}
			})(), () => {});
		},
		zip(iterables) { return zip(iterables, arguments[1], false); },
		zipKeyed(iterables) { return zip(iterables, arguments[1], true); },
	};
	for (const k of Object.keys(statics)) defineProperty(Iterator, k, {value: statics[k], writable: true, enumerable: false, configurable: true});

	// closeAll closes in reverse order; the first exception wins.
	const closeAll = (list, failed, error) => {
		for (let i = list.length - 1; i >= 0; i--) {
			if (list[i] === null || list[i].over) continue;
			try { close(list[i]); } catch (e) { if (!failed) { failed = true; error = e; } }
		}
		if (failed) throw error;
	};
	const zip = (iterables, options, keyed) => {
		if (!isObject(iterables)) throw new TypeError(`${String(iterables)} is not an object`);
		if (options !== undefined && !isObject(options)) throw new TypeError(`${String(options)} is not an object`);
		const mode = options?.mode ?? "shortest";
		if (options !== undefined && options.mode === null || !["shortest", "longest", "strict"].includes(mode)) throw new TypeError(`${String(mode)} is not a valid mode`);
		const padding = mode === "longest" ? options.padding : undefined;
		if (padding !== undefined && !isObject(padding)) throw new TypeError(`${String(padding)} is not an object`);
		const its = [], keys = [], pads = [];
		try {
			if (keyed) {
				for (const k of Reflect.ownKeys(iterables)) {
					if (!Reflect.getOwnPropertyDescriptor(iterables, k)?.enumerable) continue;
					const v = iterables[k];
					if (v === undefined) continue;
					keys.push(k);
					its.push(flattenable(v, false));
				}
				for (const k of keys) pads.push(padding === undefined ? undefined : padding[k]);
			} else {
				for (const v of iterables) its.push(flattenable(v, false));
				if (padding !== undefined) for (const v of padding) { if (pads.length === its.length) break; pads.push(v); }
			}
		} catch (e) { closeAll(its, true, e); }
		const row = (values) => {
			if (!keyed) return values;
			const o = create(null);
			for (let i = 0; i < keys.length; i++) o[keys[i]] = values[i];
			return o;
		};
		const body = function* () {
			if (its.length === 0) return;
			for (;;) {
				const values = [];
				for (let i = 0; i < its.length; i++) {
					const it = its[i];
					if (it.over) { values.push(pads[i]); continue; }
					let r, v;
					try { r = step(it); if (r !== null) v = r.value; } catch (e) { it.over = true; closeAll(its, true, e); }
					if (r !== null) {
						if (mode === "strict" && i > 0 && its[0].over) closeAll(its, true, new TypeError("Iterators passed to Iterator.zip with { mode: \"strict\" } have unequal lengths"));
						values.push(v);
						continue;
					}
					if (mode === "shortest") { closeAll(its); return; }
					if (mode === "strict" && i > 0 && !its[0].over) closeAll(its, true, new TypeError("Iterators passed to Iterator.zip with { mode: \"strict\" } have unequal lengths"));
					values.push(pads[i]);
				}
				if (its.every((it) => it.over)) return;
				let back = false;
				try { yield row(values); back = true; } finally { if (!back) closeAll(its); }
			}
		};
		return new Helper(body(), () => closeAll(its));
	};

	defineProperty(Iterator, "prototype", {value: IteratorPrototype, writable: false, enumerable: false, configurable: false});
	// The two "weird" accessors: writing them on an iterator makes an own property.
	const weird = (key, value, name) => {
		const d = Object.getOwnPropertyDescriptor({
			get [name]() { return value; },
			set [name](v) {
				if (!isObject(this)) throw new TypeError("Iterator.prototype setter called on non-object");
				if (this === IteratorPrototype) throw new TypeError("Cannot assign to this property");
				if (Object.hasOwn(this, key)) this[key] = v;
				else defineProperty(this, key, {value: v, writable: true, enumerable: true, configurable: true});
			},
		}, name);
		defineProperty(d.get, "name", {value: "get " + name, configurable: true});
		defineProperty(d.set, "name", {value: "set " + name, configurable: true});
		defineProperty(IteratorPrototype, key, {get: d.get, set: d.set, enumerable: false, configurable: true});
	};
	weird("constructor", Iterator, "constructor");
	weird(Symbol.toStringTag, "Iterator", "[Symbol.toStringTag]");

	return {"%Iterator%": helpers, globalThis: {Iterator}};
})
