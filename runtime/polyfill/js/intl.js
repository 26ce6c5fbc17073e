// Intl. This file has what its classes share, and the toLocale* methods; a class
// is in a file of its own, which is compiled when the class is first read. What
// is not here throws: a worker must not see a wrong answer that looks right.
(function ($) {
	"use strict";
	const define = Object.defineProperty;
	const refuse = (what) => $.refuse(what, "format in the browser, or use a library that brings its own locale data");
	const join = (parts) => { let s = ""; for (const p of parts) s += p.value; return s; };
	const pieces = (flat, n, third) => { const out = []; for (let i = 0; i < flat.length; i += n) { const p = {type: flat[i], value: flat[i + 1]}; if (n > 2 && flat[i + 2]) p[third] = flat[i + 2]; out.push(p); } return out; };

	// tag is a language tag in canonical form.
	const tag = (l) => { const c = $.intl("canonical", l); if (c === null) throw new RangeError(`Invalid language tag: ${l}`); return c; };
	const canonical = (locales) => {
		if (locales === undefined) return [];
		if (typeof locales === "string") return [tag(locales)];
		if (locales === null) throw new TypeError("Cannot convert undefined or null to object");
		const o = Object(locales), out = [];
		if (isLocale(o)) return [loaded.intl_locale.tagOf(o)];
		for (let i = 0, n = Math.min(Math.max(Math.trunc(o.length) || 0, 0), Number.MAX_SAFE_INTEGER); i < n; i++) {
			if (!(i in o)) continue;
			const l = o[i];
			if (typeof l !== "string" && (typeof l !== "object" || l === null)) throw new TypeError("Language ID should be string or object.");
			const c = isLocale(l) ? loaded.intl_locale.tagOf(l) : tag(String(l));
			if (!out.includes(c)) out.push(c);
		}
		return out;
	};
	const isLocale = (o) => loaded.intl_locale?.isLocale(o) ?? false;
	const cut = (l) => { const i = l.search(/-[utx]-/); return i < 0 ? l : l.slice(0, i); };
	// A class has locales of its own, by its letter; see cldr.Serves.
	const letters = {NumberFormat: "n", DurationFormat: "n", Collator: "c", PluralRules: "p", ListFormat: "l", Segmenter: "s"};
	const best = (l, name) => $.intl("available", cut(l), letters[name] ?? "r") ?? undefined;
	const data = (l) => $.intl("data", cut(l));

	// negotiate finds the locale to use in a class, and what its extension keys say:
	// keys has for each that matters what an option asks for and which values are known.
	const negotiate = (locales, keys = {}, name = "") => {
		const r = {locale: "en-US", data: "en"}, said = {};
		for (const l of locales) {
			const found = best(l, name);
			if (found === undefined) continue;
			r.locale = found;
			r.data = data(found);
			if (l.includes("-u-")) { const flat = $.intl("keywords", l); for (let i = 0; i < flat.length; i += 2) said[flat[i]] = flat[i + 1] || "true"; }
			break;
		}
		let extension = "";
		for (const k of Object.keys(keys).sort()) {
			const {asked, known} = keys[k];
			if (said[k] !== undefined && known(said[k], r.data)) { r[k] = said[k]; if (asked === undefined || asked === r[k] || !known(asked, r.data)) { extension += `-${k}` + (r[k] === "true" ? "" : "-" + r[k]); continue; } }
			if (asked !== undefined && known(asked, r.data)) r[k] = asked;
		}
		if (extension) r.locale += "-u" + extension;
		return r;
	};

	// strict refuses options that are no object, loose takes any but null.
	const strict = (o) => { if (o === undefined) return {}; if (o === null || typeof o !== "object" && typeof o !== "function") throw new TypeError("invalid_argument"); return o; };
	const loose = (o, service) => { if (o === null) throw new TypeError(`${service} called on null or undefined`); return o === undefined ? {} : Object(o); };
	const number = (o, name, min, max, fallback) => {
		const v = o[name];
		if (v === undefined) return fallback;
		const n = Number(v);
		if (!(n >= min && n <= max)) throw new RangeError(`${name} value is out of range.`);
		return Math.floor(n);
	};
	// type is an option whose value is the type of a Unicode extension.
	const type = (o, name) => {
		let v = o[name];
		if (v === undefined) return undefined;
		v = String(v);
		if (!/^[a-z0-9]{3,8}(-[a-z0-9]{3,8})*$/i.test(v)) throw new RangeError(`Invalid ${name} : ${v}`);
		return v;
	};
	// reader reads options; service is what its errors name.
	const reader = (service) => {
		const option = (o, name, values, fallback) => {
			let v = o[name];
			if (v === undefined) return fallback;
			v = String(v);
			if (values && !values.includes(v)) throw new RangeError(`Value ${v} out of range for ${service} options property ${name}`);
			return v;
		};
		return {option, number, type, options: (o) => loose(o, service), matcher: (o) => { option(o, "localeMatcher", ["lookup", "best fit"]); }};
	};
	const isNumberingSystem = (v) => $.intl("isNumberingSystem", v);

	// finish gives a class the shape that V8's has.
	const finish = (C, {length = 0, callable = false, supports = (l) => best(l, C.name) !== undefined} = {}) => {
		const name = C.name, key = {value: "Intl." + name, configurable: true};
		define(C.prototype, Symbol.toStringTag, key);
		// Some may be called without new, for the others the engine has no words.
		const F = {[name]: function (a, b) {
			if (new.target === undefined && !callable) throw new TypeError(`Constructor Intl.${name} requires 'new'`);
			return Reflect.construct(C, [a, b], new.target ?? F);
		}}[name];
		define(F, "prototype", {value: C.prototype, writable: false, enumerable: false, configurable: false});
		define(F, "length", {value: length, configurable: true});
		define(C.prototype, "constructor", {value: F, writable: true, enumerable: false, configurable: true});
		if (supports) {
			const {option} = reader(`Intl.${name}.supportedLocalesOf`);
			define(F, "supportedLocalesOf", {value: {supportedLocalesOf(locales) {
				const list = canonical(locales), o = arguments[1];
				if (o !== undefined) option(loose(o, `Intl.${name}.supportedLocalesOf`), "localeMatcher", ["lookup", "best fit"]);
				return list.filter(supports);
			}}.supportedLocalesOf, writable: true, enumerable: false, configurable: true});
		}
		return F;
	};

	// cached keeps what a function makes of a locale alone: code that formats in a
	// loop does not make a format each time.
	const cached = (make) => {
		const kept = new Map();
		return (locales, opts) => {
			if (opts !== undefined || locales !== undefined && typeof locales !== "string") return make(locales, opts);
			let f = kept.get(locales);
			if (f === undefined) {
				if (kept.size >= 16) kept.clear();
				kept.set(locales, f = make(locales, opts));
			}
			return f;
		};
	};

	const I = {refuse, cached, join, pieces, tag, canonical, negotiate, best, data, strict, reader, finish, isNumberingSystem, part: (name) => part(name)};
	const loaded = {};
	const part = (name) => loaded[name] ??= $.part(name, I);

	const Intl = {
		getCanonicalLocales(locales) { return canonical(locales); },
		supportedValuesOf(key) { return part("intl_locale").supportedValuesOf(key); },
	};
	for (const name of Object.keys(Intl)) define(Intl, name, {enumerable: false});
	for (const [name, file] of Object.entries({
		DateTimeFormat: "intl_date", NumberFormat: "intl_number", Collator: "intl_collator", PluralRules: "intl_plural", RelativeTimeFormat: "intl_words",
		ListFormat: "intl_words", Locale: "intl_locale", DisplayNames: "intl_words", Segmenter: "intl_segmenter", DurationFormat: "intl_duration",
	})) {
		const put = (value) => define(Intl, name, {value, writable: true, enumerable: false, configurable: true});
		define(Intl, name, {get() { const C = part(file)[name]; put(C); return C; }, set: put, enumerable: false, configurable: true});
	}
	define(Intl, Symbol.toStringTag, {value: "Intl", configurable: true});

	const dates = (required, defaults) => (self, locales, opts) => {
		const t = Date.prototype.getTime.call(self);
		return t !== t ? "Invalid Date" : part("intl_date").make(locales, opts, required, defaults).format(t);
	};
	const both = dates("any", "all"), day = dates("date", "date"), clock = dates("time", "time");
	const numberFormat = cached((locales, opts) => new (part("intl_number").NumberFormat)(locales, opts)), numbers = (locales, opts, v) => numberFormat(locales, opts).format(v);
	// list writes the elements of an array, each in its own way.
	const list = (o, n, locales, opts) => {
		let out = "";
		for (let i = 0; i < n; i++) {
			const v = o[i];
			if (i > 0) out += ",";
			if (v !== undefined && v !== null) out += String(v.toLocaleString(locales, opts));
		}
		return out;
	};
	const busy = []; // arrays being written: one that holds itself is empty there
	const special = ["tr", "az", "lt", "el"];
	const cased = (f, name) => function () {
		if (this === undefined || this === null) throw new TypeError(`String.prototype.${name} called on null or undefined`);
		const s = String(this), l = canonical(arguments[0])[0], language = l?.split("-")[0];
		return !special.includes(language) ? Reflect.apply(f, s, []) : $.intl(name, language, s);
	};
	const typedLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), "length").get;
	return {
		globalThis: {Intl},
		"Number.prototype": {toLocaleString() { return numbers(arguments[0], arguments[1], Number.prototype.valueOf.call(this)); }},
		"BigInt.prototype": {toLocaleString() { return numbers(arguments[0], arguments[1], BigInt.prototype.valueOf.call(this)); }},
		"Array.prototype": {toLocaleString() {
			const o = Object(this);
			if (busy.includes(o)) return "";
			busy.push(o);
			try { return list(o, Math.min(Math.max(Math.trunc(o.length) || 0, 0), Number.MAX_SAFE_INTEGER), arguments[0], arguments[1]); } finally { busy.pop(); }
		}},
		"%TypedArray%.prototype": {toLocaleString() { return list(this, Reflect.apply(typedLength, this, []), arguments[0], arguments[1]); }},
		"Date.prototype": {
			toLocaleString() { return both(this, arguments[0], arguments[1]); },
			toLocaleDateString() { return day(this, arguments[0], arguments[1]); },
			toLocaleTimeString() { return clock(this, arguments[0], arguments[1]); },
		},
		"String.prototype": {
			toLocaleUpperCase: cased(String.prototype.toUpperCase, "toLocaleUpperCase"),
			toLocaleLowerCase: cased(String.prototype.toLowerCase, "toLocaleLowerCase"),
			localeCompare(that) {
				if (this === undefined || this === null) throw new TypeError("String.prototype.localeCompare called on null or undefined");
				return part("intl_collator").compare(String(this), String(that), arguments[1], arguments[2]);
			},
		},
	};
})
