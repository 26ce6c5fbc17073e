// Intl for English as spoken in the United States. Any other locale, and what
// is not here, throws: a worker must not see a wrong answer that looks right.
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
	const resolve = (locales, what) => {
		const l = canonical(locales)[0] ?? "en-US";
		if (l !== "en-US" && l !== "en") refuse(`${what} for the locale ${l}`);
		return l;
	};
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
	const supported = (locales) => canonical(locales).filter((l) => l === "en-US" || l === "en");

	// round gives the decimal digits of |x|, ties away from zero, from the
	// shortest digits that mean x: [integer, fraction].
	const decimal = (x) => {
		if (typeof x === "bigint") return {digits: String(x < 0n ? -x : x), point: String(x < 0n ? -x : x).length};
		const [m, e] = Math.abs(x).toExponential().split("e");
		return {digits: m.replace(".", ""), point: Number(e) + 1};
	};
	const round = ({digits, point}, keep) => { // keep digits before index keep
		if (keep >= digits.length) return {digits, point};
		if (keep < 0) return {digits: "0", point: 1};
		const up = digits[keep] >= "5";
		let d = digits.slice(0, keep);
		if (up) {
			const n = String(BigInt(d || "0") + 1n).padStart(d.length, "0");
			if (n.length > d.length) point += n.length - d.length;
			d = n;
		}
		return d === "" ? {digits: "0", point: 1} : {digits: d, point};
	};
	const places = ({digits, point}, minimum) => {
		const int = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
		let frac = point <= 0 ? "0".repeat(-point) + digits : digits.slice(point);
		frac = frac.replace(/0+$/, "").padEnd(minimum, "0");
		return [int.replace(/^0+(?=\d)/, ""), frac];
	};
	const symbols = {USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹", CNY: "CN¥", KRW: "₩", BRL: "R$", CAD: "CA$", AUD: "A$", MXN: "MX$", NZD: "NZ$", ILS: "₪", VND: "₫", TWD: "NT$", HKD: "HK$", PHP: "₱", XAF: "FCFA", XOF: "F\u202fCFA", XPF: "CFPF"};
	const noCents = ["JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "XPF", "PYG", "UGX", "RWF", "VUV", "KMF", "GNF", "DJF", "BIF"];
	const threeCents = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

	class NumberFormat {
		#o;
		constructor(locales, opts) {
			const locale = resolve(locales, "Intl.NumberFormat"), o = options(opts);
			const style = option(o, "style", ["decimal", "percent", "currency", "unit"], "decimal");
			if (style === "unit") refuse("Intl.NumberFormat with style: unit");
			only(o, "notation", ["standard"]); only(o, "roundingMode", ["halfExpand"]); only(o, "currencySign", ["standard"]); only(o, "roundingIncrement", [1]); only(o, "trailingZeroDisplay", ["auto"]); only(o, "roundingPriority", ["auto"]); only(o, "numberingSystem", ["latn"]);
			let currency;
			if (style === "currency") {
				if (o.currency === undefined) throw new TypeError("Currency code is required with currency style.");
				currency = String(o.currency).toUpperCase();
				if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`Invalid currency code : ${o.currency}`);
				only(o, "currencyDisplay", ["symbol", "narrowSymbol", "code"]);
				if (o.currencyDisplay === "narrowSymbol" && currency !== "USD") refuse("currencyDisplay: narrowSymbol of Intl");
			}
			const cents = style !== "currency" ? 0 : noCents.includes(currency) ? 0 : threeCents.includes(currency) ? 3 : 2;
			const r = {locale, numberingSystem: "latn", style};
			if (currency) { r.currency = currency; r.currencyDisplay = o.currencyDisplay ?? "symbol"; r.currencySign = "standard"; }
			r.minimumIntegerDigits = number(o, "minimumIntegerDigits", 1, 21, 1);
			const minF = number(o, "minimumFractionDigits", 0, 100), maxF = number(o, "maximumFractionDigits", 0, 100);
			if (o.minimumSignificantDigits !== undefined || o.maximumSignificantDigits !== undefined) {
				r.minimumSignificantDigits = number(o, "minimumSignificantDigits", 1, 21, 1);
				r.maximumSignificantDigits = number(o, "maximumSignificantDigits", r.minimumSignificantDigits, 21, 21);
			} else {
				const base = style === "currency" ? cents : 0, top = style === "currency" ? cents : style === "percent" ? 0 : 3;
				r.minimumFractionDigits = minF ?? Math.min(base, maxF ?? base);
				r.maximumFractionDigits = maxF ?? Math.max(top, r.minimumFractionDigits);
				if (r.minimumFractionDigits > r.maximumFractionDigits) throw new RangeError("maximumFractionDigits value is out of range.");
			}
			const grouping = o.useGrouping;
			only({useGrouping: typeof grouping === "boolean" ? undefined : grouping}, "useGrouping", ["auto", "always", "true", "false"]);
			r.useGrouping = grouping === false ? false : grouping === true || grouping === "always" ? "always" : "auto";
			r.notation = "standard";
			r.signDisplay = option(o, "signDisplay", ["auto", "never", "always", "exceptZero", "negative"], "auto");
			r.roundingIncrement = 1; r.roundingMode = "halfExpand"; r.roundingPriority = "auto"; r.trailingZeroDisplay = "auto";
			this.#o = r;
		}
		get format() { const f = (v) => join(this.formatToParts(v)); Object.defineProperty(f, "name", {value: ""}); return f; }
		formatToParts(value) {
			const o = this.#o, out = [];
			let x = typeof value === "bigint" ? value : typeof value === "string" && /^\s*-?\d{16,}\s*$/.test(value) ? BigInt(value) : Number(value);
			let negative = x < 0 || Object.is(x, -0), zero = false, body;
			if (x !== x) { body = [{type: "nan", value: "NaN"}]; negative = false; }
			else if (x === Infinity || x === -Infinity) body = [{type: "infinity", value: "∞"}];
			else {
				const d = decimal(x);
				if (o.style === "percent" && !/^0*$/.test(d.digits)) d.point += 2;
				let n;
				if (o.maximumSignificantDigits !== undefined) {
					const q = round(d, o.maximumSignificantDigits);
					n = places(q, 0);
					const used = q.digits === "0" ? 1 : Math.max(q.digits.replace(/0+$/, "").length, Math.min(q.point, o.minimumSignificantDigits));
					if (used < o.minimumSignificantDigits) n[1] = n[1].padEnd(Math.max(0, o.minimumSignificantDigits - (q.digits === "0" ? 1 : q.point)), "0");
				} else n = places(round(d, d.point + o.maximumFractionDigits), o.minimumFractionDigits);
				zero = /^0*$/.test(n[0] + n[1]);
				const int = n[0].padStart(o.minimumIntegerDigits, "0");
				body = [];
				if (o.useGrouping && int.length > 3) {
					const first = int.length % 3 || 3;
					body.push({type: "integer", value: int.slice(0, first)});
					for (let i = first; i < int.length; i += 3) body.push({type: "group", value: ","}, {type: "integer", value: int.slice(i, i + 3)});
				} else body.push({type: "integer", value: int});
				if (n[1]) body.push({type: "decimal", value: "."}, {type: "fraction", value: n[1]});
			}
			const sign = {auto: negative ? "-" : "", never: "", always: negative ? "-" : "+", exceptZero: zero || x !== x ? "" : negative ? "-" : "+", negative: negative && !zero ? "-" : ""}[o.signDisplay];
			if (sign) out.push({type: sign === "-" ? "minusSign" : "plusSign", value: sign});
			if (o.style === "currency") {
				const s = o.currencyDisplay === "code" ? o.currency : symbols[o.currency] ?? o.currency;
				out.push({type: "currency", value: s});
				if (/[A-Z]$/.test(s) && body[0].type === "integer") out.push({type: "literal", value: "\u00a0"});
			}
			out.push(...body);
			if (o.style === "percent") out.push({type: "percentSign", value: "%"});
			return out;
		}
		formatRange() { refuse("Intl.NumberFormat.prototype.formatRange"); }
		formatRangeToParts() { refuse("Intl.NumberFormat.prototype.formatRangeToParts"); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
	const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
	const dateKeys = ["weekday", "year", "month", "day"], timeKeys = ["hour", "minute", "second", "fractionalSecondDigits", "dayPeriod"];
	const american = {"America/New_York": "E", "America/Detroit": "E", "America/Toronto": "E", "America/Chicago": "C", "America/Denver": "M", "America/Phoenix": "M", "America/Los_Angeles": "P"};
	const dateStyles = {full: {weekday: "long", month: "long", day: "numeric", year: "numeric"}, long: {month: "long", day: "numeric", year: "numeric"}, medium: {month: "short", day: "numeric", year: "numeric"}, short: {month: "numeric", day: "numeric", year: "2-digit"}};
	const timeStyles = {full: {hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "long"}, long: {hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short"}, medium: {hour: "numeric", minute: "2-digit", second: "2-digit"}, short: {hour: "numeric", minute: "2-digit"}};

	class DateTimeFormat {
		#o; #f;
		constructor(locales, opts, required = "any", defaults = "date") {
			const locale = resolve(locales, "Intl.DateTimeFormat"), o = options(opts), f = {};
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
				put("timeZoneName", f.longZone ? f.timeZoneName === "long" ? "Coordinated Universal Time" : "GMT" : f.timeZoneName === "short" ? o.timeZone === "UTC" ? "UTC" : american[o.timeZone] ? name : gmt : gmt);
			}
			return out;
		}
		formatRange() { refuse("Intl.DateTimeFormat.prototype.formatRange"); }
		formatRangeToParts() { refuse("Intl.DateTimeFormat.prototype.formatRangeToParts"); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	class PluralRules {
		#o; #n;
		constructor(locales, opts) {
			const o = options(opts);
			this.#o = {locale: resolve(locales, "Intl.PluralRules"), type: option(o, "type", ["cardinal", "ordinal"], "cardinal")};
			this.#n = new NumberFormat("en", {minimumFractionDigits: o.minimumFractionDigits, maximumFractionDigits: o.maximumFractionDigits, minimumIntegerDigits: o.minimumIntegerDigits});
		}
		select(v) {
			const x = Number(v), s = this.#n.format(Math.abs(x));
			if (this.#o.type === "cardinal") return s === "1" ? "one" : "other";
			const n = Math.abs(x);
			if (n % 10 === 1 && n % 100 !== 11) return "one";
			if (n % 10 === 2 && n % 100 !== 12) return "two";
			return n % 10 === 3 && n % 100 !== 13 ? "few" : "other";
		}
		selectRange() { refuse("Intl.PluralRules.prototype.selectRange"); }
		resolvedOptions() {
			const {minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits} = this.#n.resolvedOptions();
			return {...this.#o, notation: "standard", minimumIntegerDigits, minimumFractionDigits, maximumFractionDigits, pluralCategories: this.#o.type === "cardinal" ? ["one", "other"] : ["few", "one", "two", "other"], roundingIncrement: 1, roundingMode: "halfExpand", roundingPriority: "auto", trailingZeroDisplay: "auto"};
		}
		static supportedLocalesOf(l) { return supported(l); }
	}

	const nativeCompare = $.localeCompare;
	const strip = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
	class Collator {
		#o;
		constructor(locales, opts) {
			const o = options(opts);
			this.#o = {locale: resolve(locales, "Intl.Collator"), usage: option(o, "usage", ["sort", "search"], "sort"), sensitivity: option(o, "sensitivity", ["base", "accent", "case", "variant"], "variant"), ignorePunctuation: false, collation: "default", numeric: !!o.numeric, caseFirst: "false"};
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
		static supportedLocalesOf(l) { return supported(l); }
	}

	class ListFormat {
		#o;
		constructor(locales, opts) {
			const o = options(opts);
			this.#o = {locale: resolve(locales, "Intl.ListFormat"), type: option(o, "type", ["conjunction", "disjunction", "unit"], "conjunction"), style: option(o, "style", ["long", "short", "narrow"], "long")};
			if (this.#o.type === "unit") refuse("The type unit of Intl.ListFormat");
		}
		formatToParts(list) {
			const items = [...list], {type, style} = this.#o, out = [];
			for (const v of items) if (typeof v !== "string") throw new TypeError("Iterable yielded a non-String value");
			const word = type === "disjunction" ? "or " : style === "long" ? "and " : style === "short" ? "& " : "";
			items.forEach((value, i) => {
				if (i) out.push({type: "literal", value: i < items.length - 1 ? ", " : items.length === 2 && word ? ` ${word}` : `, ${word}`});
				out.push({type: "element", value});
			});
			return out;
		}
		format(list) { return join(this.formatToParts(list)); }
		resolvedOptions() { return {...this.#o}; }
		static supportedLocalesOf(l) { return supported(l); }
	}

	const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
	const auto = {day: {"-1": "yesterday", 0: "today", 1: "tomorrow"}, second: {0: "now"}};
	class RelativeTimeFormat {
		#o; #n;
		constructor(locales, opts) {
			const o = options(opts);
			this.#o = {locale: resolve(locales, "Intl.RelativeTimeFormat"), style: option(o, "style", ["long", "short", "narrow"], "long"), numeric: option(o, "numeric", ["always", "auto"], "always"), numberingSystem: "latn"};
			if (this.#o.style !== "long") refuse("Short styles of Intl.RelativeTimeFormat");
			this.#n = new NumberFormat("en");
		}
		format(value, unit) {
			const v = Number(value), u = String(unit).replace(/s$/, "");
			if (!units.includes(u)) throw new RangeError(`Invalid unit argument for format() '${unit}'`);
			if (!Number.isFinite(v)) throw new RangeError("Invalid time value");
			if (this.#o.numeric === "auto") {
				const word = auto[u]?.[v] ?? (auto[u] || Math.abs(v) > 1 || !Number.isInteger(v) || v && ["hour", "minute"].includes(u) ? undefined : `${v < 0 ? "last" : v ? "next" : "this"} ${u}`);
				if (word !== undefined && !(u === "second" && v)) return word;
			}
			const n = this.#n.format(Math.abs(v)), what = n === "1" ? u : u + "s";
			return v < 0 || Object.is(v, -0) ? `${n} ${what} ago` : `in ${n} ${what}`;
		}
		formatToParts() { refuse("Intl.RelativeTimeFormat.prototype.formatToParts"); }
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
	for (const C of [PluralRules, ListFormat, RelativeTimeFormat]) { put(C.name, tagged(C, C.name)); Object.defineProperty(C, "length", {value: 0, configurable: true}); }
	put("getCanonicalLocales", function getCanonicalLocales(locales) { return canonical(locales); });
	for (const name of ["DisplayNames", "DurationFormat", "Locale", "Segmenter", "supportedValuesOf"])
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
