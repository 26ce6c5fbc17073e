// groupBy and getOrInsert.
(function ($) {
	"use strict";
	const call = (f, self, ...args) => Reflect.apply(f, self, args);
	const {get: mapGet, has: mapHas, set: mapSet} = Map.prototype;
	const {get: weakGet, has: weakHas, set: weakSet} = WeakMap.prototype;
	const needCallable = (f) => { if (typeof f !== "function") throw new TypeError(`${String(f)} is not a function`); };
	const group = (items, f, key, put) => {
		if (items === undefined || items === null) throw new TypeError(`${items} is not iterable`);
		needCallable(f);
		let i = 0;
		for (const v of items) put(key(f(v, i++)), v);
	};
	const propertyKey = (k) => typeof k === "symbol" ? k : Reflect.ownKeys({[k]: 0})[0];
	const same = (k) => k === 0 ? 0 : k; // −0 becomes +0, as in Map
	const getOrInsert = (get, has, set) => function (key, value) {
		if (call(has, this, key)) return call(get, this, key);
		call(set, this, key, value);
		return value;
	};
	const getOrInsertComputed = (get, has, set, weak) => function (key, f) {
		call(has, this, key);
		needCallable(f);
		if (weak && (key === null || typeof key !== "object" && typeof key !== "function" && typeof key !== "symbol")) throw new TypeError("Invalid value used as weak map key");
		if (call(has, this, key)) return call(get, this, key);
		if (!weak) key = same(key);
		const value = f(key);
		call(set, this, key, value);
		return value;
	};
	return {
		Object: {groupBy(items, callback) {
			const out = Object.create(null);
			group(items, callback, propertyKey, (k, v) => { (out[k] ??= []).push(v); });
			return out;
		}},
		Map: {groupBy(items, callback) {
			const out = new Map();
			group(items, callback, same, (k, v) => { const list = call(mapGet, out, k); if (list) list.push(v); else call(mapSet, out, k, [v]); });
			return out;
		}},
		"Map.prototype": {getOrInsert: getOrInsert(mapGet, mapHas, mapSet), getOrInsertComputed: getOrInsertComputed(mapGet, mapHas, mapSet, false)},
		"WeakMap.prototype": {getOrInsert: getOrInsert(weakGet, weakHas, weakSet), getOrInsertComputed: getOrInsertComputed(weakGet, weakHas, weakSet, true)},
	};
})
