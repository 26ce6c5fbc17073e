// Intl. Numbers, plurals, lists, relative times and names are in the locales of
// internal/cldr. Dates and collation are American; another locale, and what is
// not here, throws: a worker must not see a wrong answer that looks right.
(function ($) {
	"use strict";
	const refuse = (what) => $.refuse(what, "format in the browser, or use a library that brings its own locale data");
	const tagged = (C, tag) => { Object.defineProperty(C.prototype, Symbol.toStringTag, {value: "Intl." + tag, configurable: true}); return C; };
	const canonical = (locales) => {
		if (locales === undefined) return [];
		if (locales === null) throw new TypeError("Cannot convert undefined or null to object");
		return (typeof locales === "string" ? [locales] : Array.from(locales)).map((l) => {
			if (typeof l !== "string" && (typeof l !== "object" || l === null)) throw new TypeError("Incorrect locale information provided");
			if (!/^[a-z]{2,8}([-_][a-z0-9]{1,8})*$/i.test(l)) throw new RangeError(`Incorrect locale information provided`);
			return String(l).split(/[-_]/).map((p, i) => i === 0 ? p.toLowerCase() : p.length === 2 ? p.toUpperCase() : p.length === 4 ? p[0].toUpperCase() + p.slice(1).toLowerCase() : p.toLowerCase()).join("-");
		});
	};
	const best = (l) => $.intl("available", l.replace(/-u-.*/, "")) ?? undefined;
	// resolve is for what has data of many locales, american for the rest.
	const resolve = (locales) => { for (const l of canonical(locales)) { const found = best(l); if (found !== undefined) return found; } return "en-US"; };
	const american = (locales, what) => {
		const l = canonical(locales)[0] ?? "en-US";
		if (l !== "en-US" && l !== "en") refuse(`${what} for the locale ${l}`);
		return l;
	};
	const data = (l) => $.intl("data", l);
	const options = (o) => { if (o === null) throw new TypeError("Cannot convert undefined or null to object"); return o === undefined ? {} : Object(o); };
	const option = (o, name, values, fallback) => {
		let v = o[name];
		if (v === undefined) return fallback;
		v = String(v);
		if (!values.includes(v)) throw new RangeError(`Value ${v} out of range for Intl options property ${name}`);
		return v;
	};
	const number = (o, name, min, max, fallback) => {
		const v = o[name];
		if (v === undefined) return fallback;
		const n = Number(v);
		if (!(n >= min && n <= max)) throw new RangeError(`${name} value is out of range.`);
		return Math.floor(n);
	};
	const only = (o, name, values) => { if (o[name] !== undefined && !values.includes(o[name])) refuse(`The option ${name}: ${String(o[name])} of Intl`); };
	const join = (parts) => parts.map((p) => p.value).join("");
	const english = (locales) => canonical(locales).filter((l) => l === "en-US" || l === "en");
	const supported = (locales) => canonical(locales).filter((l) => best(l) !== undefined);
	const pieces = (flat, n, third) => { const out = []; for (let i = 0; i < flat.length; i += n) { const p = {type: flat[i], value: flat[i + 1]}; if (n > 2 && flat[i + 2]) p[third] = flat[i + 2]; out.push(p); } return out; };

	// written is a number as internal/intl reads it.
	const written = (v) => {
		if (typeof v === "object" && v !== null || typeof v === "function") v = Number.isNaN(+v) ? NaN : v[Symbol.toPrimitive]?.("number") ?? +v;
		if (typeof v === "symbol") throw new TypeError("Cannot convert a Symbol value to a number");
		if (typeof v === "string") {
			const s = v.trim();
			return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(s) ? s.replace(/^\+/, "").toLowerCase().replace("e+", "e") : written(Number(s));
		}
		if (typeof v === "bigint") return String(v);
		v = Number(v);
		return Object.is(v, -0) ? "-0" : String(v).replace("e+", "e");
	};
	const sanctioned = (() => { let set; return (u) => (set ??= new Set($.intl("units"))).has(u); })();
	const isUnit = (u) => sanctioned(u) || /^.+-per-.+$/.test(u) && u.split("-per-").length === 2 && u.split("-per-").every(sanctioned);
	const increments = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];
	const modes = ["ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"];
	// digitOptions reads what says how many digits there are, in the specification's order.
	const digitOptions = (r, o, least, most, compact) => {
		r.minimumIntegerDigits = number(o, "minimumIntegerDigits", 1, 21, 1);
		const minF = o.minimumFractionDigits, maxF = o.maximumFractionDigits, minS = o.minimumSignificantDigits, maxS = o.maximumSignificantDigits;
		const inc = number(o, "roundingIncrement", 1, 5000, 1);
		if (!increments.includes(inc)) throw new RangeError("roundingIncrement value is out of range.");
		const mode = option(o, "roundingMode", modes, "halfExpand"), priority = option(o, "roundingPriority", ["auto", "morePrecision", "lessPrecision"], "auto");
		const zeros = option(o, "trailingZeroDisplay", ["auto", "stripIfInteger"], "auto");
		if (inc !== 1) most = least;
		const hasS = minS !== undefined || maxS !== undefined, hasF = minF !== undefined || maxF !== undefined, auto = priority === "auto";
		const needS = !auto || hasS, needF = !auto || !hasS && (hasF || !compact);
		if (needS) {
			r.minimumSignificantDigits = number({minimumSignificantDigits: minS}, "minimumSignificantDigits", 1, 21, 1);
			r.maximumSignificantDigits = number({maximumSignificantDigits: maxS}, "maximumSignificantDigits", r.minimumSignificantDigits, 21, 21);
		}
		if (needF) {
			let lo = number({minimumFractionDigits: minF}, "minimumFractionDigits", 0, 100), hi = number({maximumFractionDigits: maxF}, "maximumFractionDigits", 0, 100);
			if (lo === undefined) lo = hi === undefined ? least : Math.min(least, hi);
			else if (hi === undefined) hi = Math.max(most, lo);
			else if (lo > hi) throw new RangeError("maximumFractionDigits value is out of range.");
			r.minimumFractionDigits = lo;
			r.maximumFractionDigits = hi ?? Math.max(most, lo);
		}
		if (!needS && !needF) { r.minimumFractionDigits = r.maximumFractionDigits = 0; r.minimumSignificantDigits = 1; r.maximumSignificantDigits = 2; }
		if (inc !== 1) {
			if (r.maximumSignificantDigits !== undefined) throw new TypeError("roundingIncrement value is invalid.");
			if (r.maximumFractionDigits !== r.minimumFractionDigits) throw new RangeError("roundingIncrement value is out of range.");
		}
		return {roundingIncrement: inc, roundingMode: mode, roundingPriority: !needS && !needF ? "morePrecision" : priority, trailingZeroDisplay: zeros};
	};
	const numbering = (locales, o, locale) => {
		const asked = o.numberingSystem === undefined ? undefined : String(o.numberingSystem);
		if (asked !== undefined && !/^[a-z0-9]{3,8}(-[a-z0-9]{3,8})*$/i.test(asked)) throw new RangeError(`Invalid numberingSystem : ${asked}`);
		if (asked !== undefined && $.intl("isNumberingSystem", asked)) return asked;
		const tagged = /-u-(?:.*-)?nu-([a-z]+)/.exec(canonical(locales)[0] ?? "")?.[1];
		return tagged !== undefined && $.intl("isNumberingSystem", tagged) ? tagged : $.intl("numberingSystem", data(locale));
	};

	class NumberFormat {
		#o; #f; #format;
		constructor(locales, opts) {
			const locale = resolve(locales), o = options(opts), r = {locale};
			r.numberingSystem = numbering(locales, o, locale);
			r.style = option(o, "style", ["decimal", "percent", "currency", "unit"], "decimal");
			const currency = o.currency === undefined ? undefined : String(o.currency);
			if (currency === undefined) { if (r.style === "currency") throw new TypeError("Currency code is required with currency style."); }
			else if (!/^[a-z]{3}$/i.test(currency)) throw new RangeError(`Invalid currency code : ${currency}`);
			const display = option(o, "currencyDisplay", ["code", "symbol", "narrowSymbol", "name"], "symbol"), sign = option(o, "currencySign", ["standard", "accounting"], "standard");
			const unit = o.unit === undefined ? undefined : String(o.unit);
			if (unit === undefined) { if (r.style === "unit") throw new TypeError("Unit is required with unit style."); }
			else if (!isUnit(unit)) throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`);
			const unitDisplay = option(o, "unitDisplay", ["short", "narrow", "long"], "short");
			let cents = 0;
			if (r.style === "currency") {
				r.currency = currency.toUpperCase(); r.currencyDisplay = display; r.currencySign = sign;
				cents = Number($.intl("currencyDigits", r.currency));
			}
			if (r.style === "unit") { r.unit = unit; r.unitDisplay = unitDisplay; }
			const notation = option(o, "notation", ["standard", "scientific", "engineering", "compact"], "standard");
			if (notation !== "standard") cents = 0;
			const rounding = digitOptions(r, o, r.style === "currency" ? cents : 0, r.style === "currency" ? cents : r.style === "percent" ? 0 : 3, notation === "compact");
			const compact = option(o, "compactDisplay", ["short", "long"], "short");
			const g = o.useGrouping, fallback = notation === "compact" ? "min2" : "auto";
			if (g === undefined) r.useGrouping = fallback;
			else if (g === true) r.useGrouping = "always";
			else if (g === false || g === null || !g) r.useGrouping = false;
			else if (["true", "false"].includes(String(g))) r.useGrouping = fallback;
			else r.useGrouping = option({useGrouping: g}, "useGrouping", ["min2", "auto", "always"]);
			r.notation = notation;
			if (notation === "compact") r.compactDisplay = compact;
			r.signDisplay = option(o, "signDisplay", ["auto", "never", "always", "exceptZero", "negative"], "auto");
			Object.assign(r, rounding);
			this.#o = r;
		}
		get #native() { return this.#f ??= $.intl("number", data(this.#o.locale), JSON.stringify(this.#o)); }
		get format() {
			if (this.#format === undefined) {
				this.#format = (value) => this.#native.text(written(value));
				Object.defineProperty(this.#format, "name", {value: ""});
			}
			return this.#format;
		}
		formatToParts(value) { return pieces(this.#native.parts(written(value)), 2); }
		#range(start, end) {
			if (start === undefined || end === undefined) throw new TypeError("start or end is undefined");
			const a = written(start), b = written(end);
			if (a === "NaN" || b === "NaN") throw new RangeError(`Invalid argument`);
			return pieces(this.#native.range(a, b), 3, "source");
		}
		formatRange(start, end) { return join(this.#range(start, end)); }
		formatRangeToParts(start, end) { return this.#range(start, end); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
	const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
	const dateKeys = ["weekday", "year", "month", "day"], timeKeys = ["hour", "minute", "second", "fractionalSecondDigits", "dayPeriod"];
	const shortZones = {"America/New_York": "E", "America/Detroit": "E", "America/Toronto": "E", "America/Chicago": "C", "America/Denver": "M", "America/Phoenix": "M", "America/Los_Angeles": "P"};
	const dateStyles = {full: {weekday: "long", month: "long", day: "numeric", year: "numeric"}, long: {month: "long", day: "numeric", year: "numeric"}, medium: {month: "short", day: "numeric", year: "numeric"}, short: {month: "numeric", day: "numeric", year: "2-digit"}};
	const timeStyles = {full: {hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "long"}, long: {hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short"}, medium: {hour: "numeric", minute: "2-digit", second: "2-digit"}, short: {hour: "numeric", minute: "2-digit"}};

	class DateTimeFormat {
		#o; #f;
		constructor(locales, opts, required = "any", defaults = "date") {
			const locale = american(locales, "Intl.DateTimeFormat"), o = options(opts), f = {};
			only(o, "calendar", ["gregory"]); only(o, "numberingSystem", ["latn"]);
			for (const k of ["era", "dayPeriod"]) if (o[k] !== undefined) refuse(`The option ${k} of Intl.DateTimeFormat`);
			f.weekday = option(o, "weekday", ["narrow", "short", "long"]);
			f.year = option(o, "year", ["2-digit", "numeric"]);
			f.month = option(o, "month", ["2-digit", "numeric", "narrow", "short", "long"]);
			f.day = option(o, "day", ["2-digit", "numeric"]);
			f.hour = option(o, "hour", ["2-digit", "numeric"]);
			f.minute = option(o, "minute", ["2-digit", "numeric"]);
			f.second = option(o, "second", ["2-digit", "numeric"]);
			f.fractionalSecondDigits = number(o, "fractionalSecondDigits", 1, 3);
			f.timeZoneName = option(o, "timeZoneName", ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"]);
			const dateStyle = option(o, "dateStyle", Object.keys(dateStyles)), timeStyle = option(o, "timeStyle", Object.keys(timeStyles));
			if (dateStyle || timeStyle) {
				for (const k in f) if (f[k] !== undefined) throw new TypeError(`Can't set option ${k} when ${dateStyle ? "dateStyle" : "timeStyle"} is used`);
				if (required === "date" && timeStyle || required === "time" && dateStyle) throw new TypeError(`Invalid option : ${timeStyle && required === "date" ? "timeStyle" : "dateStyle"}`);
				Object.assign(f, dateStyles[dateStyle], timeStyles[timeStyle]);
				f.at = dateStyle === "full" || dateStyle === "long";
			} else {
				const has = (keys) => keys.some((k) => f[k] !== undefined);
				if (!((required !== "time" && has(dateKeys)) || (required !== "date" && has(timeKeys)))) {
					if (defaults !== "time") f.year = f.month = f.day = "numeric";
					if (defaults !== "date") { f.hour = "numeric"; f.minute = f.second = "2-digit"; }
				}
				f.at = f.month === "long";
			}
			if (f.month === "narrow" || f.weekday === "narrow") refuse("Narrow names in Intl.DateTimeFormat");
			if (f.timeZoneName && !["short", "shortOffset"].includes(f.timeZoneName)) f.longZone = true;
			const zone = o.timeZone === undefined ? "UTC" : String(o.timeZone);
			const timeZone = $.zone(zone, 0)[1];
			if (f.longZone && timeZone !== "UTC") refuse("Long time zone names in Intl.DateTimeFormat");
			const r = {locale, calendar: "gregory", numberingSystem: "latn", timeZone};
			if (f.hour) {
				const h12 = o.hour12, cycle = option(o, "hourCycle", ["h11", "h12", "h23", "h24"]);
				r.hourCycle = h12 !== undefined ? h12 ? "h12" : "h23" : cycle ?? "h12";
				r.hour12 = r.hourCycle === "h11" || r.hourCycle === "h12";
			}
			if (dateStyle || timeStyle) { if (dateStyle) r.dateStyle = dateStyle; if (timeStyle) r.timeStyle = timeStyle; }
			else for (const k of ["weekday", "year", "month", "day", "hour", "minute", "second", "fractionalSecondDigits", "timeZoneName"]) if (f[k] !== undefined) r[k] = k === "minute" && f.hour || k === "second" && f.minute ? "2-digit" : f[k];
			this.#o = r;
			this.#f = f;
		}
		get format() { const f = (d) => join(this.formatToParts(d)); Object.defineProperty(f, "name", {value: ""}); return f; }
		formatToParts(date) {
			const t = date === undefined ? Date.now() : Number(date);
			if (!(Math.abs(t) <= 8.64e15)) throw new RangeError("Invalid time value");
			const ms = Math.trunc(t), f = this.#f, o = this.#o, [offset, , name] = $.zone(o.timeZone, ms), d = new Date(ms + offset * 1000);
			const two = (n) => String(n).padStart(2, "0"), out = [], put = (type, value) => out.push({type, value: String(value)}), text = (value) => put("literal", value);
			const style = (v, n) => v === "2-digit" ? two(n % 100) : n;
			if (d.getUTCFullYear() < 1 && f.year) refuse("Years before 1 in Intl.DateTimeFormat");
			const numeric = f.month === "numeric" || f.month === "2-digit";
			if (f.weekday) {
				if (f.day && !f.month || f.year && !f.month) refuse("This combination of parts in Intl.DateTimeFormat");
				const w = days[d.getUTCDay()];
				put("weekday", f.weekday === "short" ? w.slice(0, 3) : w);
				if (f.month) text(", ");
			}
			if (f.month) {
				const m = d.getUTCMonth();
				put("month", numeric ? style(f.month, m + 1) : f.month === "short" ? months[m].slice(0, 3) : months[m]);
				if (f.day) { text(numeric ? "/" : " "); put("day", style(f.day, d.getUTCDate())); }
				if (f.year) { text(numeric ? "/" : f.day ? ", " : " "); put("year", style(f.year, d.getUTCFullYear())); }
			} else {
				if (f.day && f.year) refuse("This combination of parts in Intl.DateTimeFormat");
				if (f.day) put("day", style(f.day, d.getUTCDate()));
				if (f.year) put("year", style(f.year, d.getUTCFullYear()));
			}
			const time = f.hour || f.minute || f.second || f.fractionalSecondDigits;
			if (time && out.length) text(f.at && f.month ? " at " : !f.month && f.weekday && !f.year ? " " : ", ");
			if (f.hour) {
				const h = d.getUTCHours(), v = {h11: h % 12, h12: h % 12 || 12, h23: h, h24: h || 24}[o.hourCycle];
				put("hour", f.hour === "2-digit" || !o.hour12 ? two(v) : v);
				if (f.minute) text(":");
				else if (f.second) refuse("This combination of parts in Intl.DateTimeFormat");
			}
			if (f.minute) { put("minute", f.hour || f.second ? two(d.getUTCMinutes()) : d.getUTCMinutes()); if (f.second) text(":"); }
			if (f.second) put("second", f.minute ? two(d.getUTCSeconds()) : d.getUTCSeconds());
			if (f.fractionalSecondDigits) { if (f.second) text("."); put("fractionalSecond", String(d.getUTCMilliseconds()).padStart(3, "0").slice(0, f.fractionalSecondDigits)); }
			if (f.hour && o.hour12) { text(" "); put("dayPeriod", d.getUTCHours() < 12 ? "AM" : "PM"); }
			if (f.timeZoneName) {
				text(out.length && !time ? ", " : " ");
				const a = Math.abs(offset), gmt = a === 0 ? "GMT" : `GMT${offset < 0 ? "-" : "+"}${Math.floor(a / 3600)}${a % 3600 ? ":" + two(a % 3600 / 60) : ""}`;
				put("timeZoneName", f.longZone ? f.timeZoneName === "long" ? "Coordinated Universal Time" : "GMT" : f.timeZoneName === "short" ? o.timeZone === "UTC" ? "UTC" : shortZones[o.timeZone] ? name : gmt : gmt);
			}
			return out;
		}
		formatRange() { refuse("Intl.DateTimeFormat.prototype.formatRange"); }
		formatRangeToParts() { refuse("Intl.DateTimeFormat.prototype.formatRangeToParts"); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return english(l); }
	}

	class PluralRules {
		#o; #f;
		constructor(locales, opts) {
			const o = options(opts), r = {locale: resolve(locales), type: option(o, "type", ["cardinal", "ordinal"], "cardinal")};
			r.notation = option(o, "notation", ["standard", "scientific", "engineering", "compact"], "standard");
			const rounding = digitOptions(r, o, 0, 3, r.notation === "compact");
			r.pluralCategories = $.intl("categories", data(r.locale), r.type);
			this.#o = Object.assign(r, rounding);
			this.#f = $.intl("number", data(r.locale), JSON.stringify({...r, numberingSystem: "latn", style: "decimal", compactDisplay: "short", useGrouping: false, signDisplay: "auto"}));
		}
		select(v) { return this.#f.plural(this.#o.type, written(Number(v))); }
		selectRange(start, end) {
			if (start === undefined || end === undefined) throw new TypeError("start or end is undefined");
			const a = Number(start), b = Number(end);
			if (a !== a || b !== b) throw new RangeError("Invalid argument");
			return $.intl("pluralRange", data(this.#o.locale), this.select(a), this.select(b));
		}
		resolvedOptions() { return {...this.#o, pluralCategories: [...this.#o.pluralCategories]}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	const nativeCompare = $.localeCompare;
	const strip = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
	class Collator {
		#o;
		constructor(locales, opts) {
			const o = options(opts);
			this.#o = {locale: american(locales, "Intl.Collator"), usage: option(o, "usage", ["sort", "search"], "sort"), sensitivity: option(o, "sensitivity", ["base", "accent", "case", "variant"], "variant"), ignorePunctuation: false, collation: "default", numeric: !!o.numeric, caseFirst: "false"};
			if (o.ignorePunctuation) refuse("The option ignorePunctuation of Intl.Collator");
			only(o, "caseFirst", ["false"]); only(o, "collation", ["default"]);
		}
		get compare() {
			const o = this.#o;
			const base = (s) => strip(s).toLowerCase(), lower = (s) => s.toLowerCase(), same = (s) => s;
			// A difference of letters anywhere outweighs one of accents, and that one of case.
			const levels = {base: [base], accent: [base, lower], case: [base, strip], variant: o.numeric ? [base, lower, same] : [same]}[o.sensitivity];
			const plain = (a, b) => Math.sign(Reflect.apply(nativeCompare, a, [b]));
			const chunks = (a, b) => {
				const p = a.split(/(\d+)/), q = b.split(/(\d+)/);
				for (let i = 0; i < Math.min(p.length, q.length); i++) {
					const c = i % 2 ? (BigInt(p[i]) < BigInt(q[i]) ? -1 : BigInt(p[i]) > BigInt(q[i]) ? 1 : 0) : plain(p[i], q[i]);
					if (c) return c;
				}
				return Math.sign(p.length - q.length);
			};
			return (x, y) => {
				const a = String(x), b = String(y);
				for (const level of levels) {
					const c = (o.numeric ? chunks : plain)(level(a), level(b));
					if (c) return c;
				}
				return 0;
			};
		}
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return english(l); }
	}

	class ListFormat {
		#o;
		constructor(locales, opts) {
			const o = options(opts);
			this.#o = {locale: resolve(locales), type: option(o, "type", ["conjunction", "disjunction", "unit"], "conjunction"), style: option(o, "style", ["long", "short", "narrow"], "long")};
		}
		formatToParts(list) {
			const items = list === undefined ? [] : [...list], {locale, type, style} = this.#o;
			for (const v of items) if (typeof v !== "string") throw new TypeError("Iterable yielded " + String(v) + " which is not a string");
			return pieces($.intl("list", data(locale), type, style, ...items), 2);
		}
		format(list) { return join(this.formatToParts(list)); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
	class RelativeTimeFormat {
		#o; #f;
		constructor(locales, opts) {
			const o = options(opts), locale = resolve(locales);
			this.#o = {locale, style: option(o, "style", ["long", "short", "narrow"], "long"), numeric: option(o, "numeric", ["always", "auto"], "always"), numberingSystem: numbering(locales, o, locale)};
			this.#f = $.intl("number", data(locale), JSON.stringify(new NumberFormat(locale, {numberingSystem: this.#o.numberingSystem}).resolvedOptions()));
		}
		#parts(value, unit, method) {
			const v = Number(value), u = String(unit).replace(/s$/, ""), o = this.#o;
			if (!Number.isFinite(v)) throw new RangeError(`Invalid number value : ${v}`);
			if (!units.includes(u)) throw new RangeError(`Invalid unit argument for ${method}() '${unit}'`);
			return pieces(this.#f.relative(data(o.locale), u, o.style, o.numeric === "auto", written(v)), 3, "unit");
		}
		format(value, unit) { return join(this.#parts(value, unit, "format")); }
		formatToParts(value, unit) { return this.#parts(value, unit, "formatToParts"); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	class DisplayNames {
		#o;
		constructor(locales, opts) {
			if (opts === undefined) throw new TypeError("Incorrect options information provided"); 
			const o = options(opts), r = {locale: resolve(locales), style: option(o, "style", ["narrow", "short", "long"], "long")};
			r.type = option(o, "type", ["language", "region", "script", "currency", "calendar", "dateTimeField"]);
			if (r.type === undefined) throw new TypeError("Required option type must not be undefined");
			r.fallback = option(o, "fallback", ["code", "none"], "code");
			const dialect = option(o, "languageDisplay", ["dialect", "standard"], "dialect");
			if (r.type === "language") r.languageDisplay = dialect;
			this.#o = r;
		}
		of(value) {
			const o = this.#o, l = data(o.locale);
			let code = String(value);
			const valid = {
				language: /^[a-z]{2,8}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-[a-z0-9]{5,8})*$/i, region: /^([a-z]{2}|\d{3})$/i, script: /^[a-z]{4}$/i, currency: /^[a-z]{3}$/i, calendar: /^[a-z0-9]{3,8}(-[a-z0-9]{3,8})*$/i,
				dateTimeField: /^(era|year|quarter|month|weekOfYear|weekday|day|dayPeriod|hour|minute|second|timeZoneName)$/,
			}[o.type];
			if (!valid.test(code)) throw new RangeError(`Invalid argument to Intl.DisplayNames.prototype.of`);
			let name;
			if (o.type === "language") {
				code = canonical(code)[0];
				name = $.intl("languageName", l, o.style, code, o.languageDisplay === "standard");
			} else {
				if (o.type === "region" || o.type === "currency") code = code.toUpperCase();
				if (o.type === "script") code = code[0].toUpperCase() + code.slice(1).toLowerCase();
				if (o.type === "calendar") code = code.toLowerCase();
				const key = {weekOfYear: "week", dayPeriod: "dayperiod", timeZoneName: "zone", gregory: "gregorian", ethioaa: "ethiopic-amete-alem"}[code] ?? code;
				name = $.intl("name", l, o.type, o.style, key);
			}
			return name ?? (o.fallback === "code" ? code : undefined);
		}
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	const Intl = {};
	const put = (name, value) => Object.defineProperty(Intl, name, {value, writable: true, enumerable: false, configurable: true});
	// The two formats may be called without new.
	const callable = (C, length) => {
		const F = {[C.name]: function (locales, opts) { return Reflect.construct(C, [locales, opts], new.target ?? F); }}[C.name];
		Object.defineProperty(F, "prototype", {value: C.prototype, writable: false, enumerable: false, configurable: false});
		Object.defineProperty(F, "length", {value: length, configurable: true});
		Object.defineProperty(F, "supportedLocalesOf", Object.getOwnPropertyDescriptor(C, "supportedLocalesOf"));
		Object.defineProperty(C.prototype, "constructor", {value: F, writable: true, enumerable: false, configurable: true});
		return F;
	};
	for (const C of [NumberFormat, DateTimeFormat, Collator]) put(C.name, callable(tagged(C, C.name), 0));
	for (const [C, length] of [[PluralRules, 0], [ListFormat, 0], [RelativeTimeFormat, 0], [DisplayNames, 2]]) { put(C.name, tagged(C, C.name)); Object.defineProperty(C, "length", {value: length, configurable: true}); }
	put("getCanonicalLocales", function getCanonicalLocales(locales) { return canonical(locales); });
	for (const name of ["DurationFormat", "Locale", "Segmenter", "supportedValuesOf"])
		put(name, {[name]: function () { refuse(`Intl.${name}`); }}[name]);
	Object.defineProperty(Intl, Symbol.toStringTag, {value: "Intl", configurable: true});

	const dates = (required, defaults) => (self, locales, opts) => {
		const t = Date.prototype.getTime.call(self);
		return t !== t ? "Invalid Date" : new DateTimeFormat(locales, opts, required, defaults).format(t);
	};
	const both = dates("any", "all"), day = dates("date", "date"), clock = dates("time", "time");
	const upperLower = (f, name) => function () {
		const l = canonical(arguments[0])[0] ?? "en";
		if (/^(tr|az|lt|el)\b/.test(l)) refuse(`String.prototype.${name} for the locale ${l}`);
		return Reflect.apply(f, this, []);
	};
	return {
		globalThis: {Intl},
		"Number.prototype": {toLocaleString() { return new NumberFormat(arguments[0], arguments[1]).format(Number.prototype.valueOf.call(this)); }},
		"BigInt.prototype": {toLocaleString() { return new NumberFormat(arguments[0], arguments[1]).format(BigInt.prototype.valueOf.call(this)); }},
		"Date.prototype": {
			toLocaleString() { return both(this, arguments[0], arguments[1]); },
			toLocaleDateString() { return day(this, arguments[0], arguments[1]); },
			toLocaleTimeString() { return clock(this, arguments[0], arguments[1]); },
		},
		"String.prototype": {
			toLocaleUpperCase: upperLower(String.prototype.toUpperCase, "toLocaleUpperCase"),
			toLocaleLowerCase: upperLower(String.prototype.toLowerCase, "toLocaleLowerCase"),
			localeCompare(that) {
				if (this === undefined || this === null) throw new TypeError("String.prototype.localeCompare called on null or undefined");
				if (arguments.length < 2) return Math.sign(Reflect.apply($.localeCompare, this, [that]));
				return new Collator(arguments[1], arguments[2]).compare(this, that);
			},
		},
	};
})
