// Intl.DateTimeFormat: options as ECMA-402 reads them, errors as V8 words them.
// internal/intl does the writing.
(function ($, I) {
	"use strict";
	const {join, pieces} = I, {option, number, type, options, matcher} = I.reader("Intl.DateTimeFormat");
	const words = ["narrow", "short", "long"], digits = ["2-digit", "numeric"];
	const fields = {
		weekday: words, era: words, year: digits, month: ["2-digit", "numeric", ...words], day: digits, dayPeriod: words, hour: digits, minute: digits, second: digits,
		fractionalSecondDigits: undefined, timeZoneName: ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"],
	};
	const cycles = ["h11", "h12", "h23", "h24"], sizes = ["full", "long", "medium", "short"];
	const time = (v) => {
		if (typeof v === "bigint") throw new TypeError("Cannot convert a BigInt value to a number");
		const t = Number(v);
		if (!(Math.abs(t) <= 8.64e15)) throw new RangeError("Invalid time value");
		return Math.trunc(t) + 0;
	};
	const receiver = (v) => { throw new TypeError(`Method UnwrapDateTimeFormat called on incompatible receiver ${typeof v === "object" && v !== null ? `#<${v.constructor?.name ?? "Object"}>` : String(v)}`); };

	class DateTimeFormat {
		#r; #f; #format;
		constructor(locales, opts, required = "any", defaults = "date") {
			const requested = I.canonical(locales), o = options(opts), names = {}, f = {};
			matcher(o);
			const calendar = type(o, "calendar"), numbering = type(o, "numberingSystem");
			const hour12 = o.hour12 === undefined ? undefined : Boolean(o.hour12), hourCycle = option(o, "hourCycle", cycles);
			const own = /-u-(?:.*-)?hc-(h(?:11|12|23|24))\b/.exec(requested.find((l) => I.best(l) !== undefined))?.[1];
			// hour12 overrules the cycle of the tag, unless that is of the same kind.
			const cycle = hour12 === undefined ? hourCycle : own !== undefined && hour12 === own < "h2" ? own : hour12 ? "h12" : "h23";
			const found = I.negotiate(requested, {
				ca: {asked: calendar, known: (c) => $.intl("isCalendar", c)}, nu: {asked: numbering, known: I.isNumberingSystem},
				hc: {asked: cycle, known: (c) => cycles.includes(c)},
			});
			const {data, locale} = found;
			f.OwnCycle = own;
			f.Region = /-([A-Z]{2})\b/.exec(locale)?.[1];
			f.Calendar = found.ca ?? $.intl("calendar", locale);
			f.NumberingSystem = found.nu ?? $.intl("numberingSystem", data);
			f.HourCycle = hour12 === undefined ? hourCycle ?? f.OwnCycle : undefined;
			f.Hour12 = hour12;
			const zone = o.timeZone === undefined ? "UTC" : String(o.timeZone);
			f.TimeZone = $.intl("zone", zone);
			if (f.TimeZone === undefined) throw new RangeError(`Invalid time zone specified: ${zone}`);
			for (const name in fields) {
				const v = name === "fractionalSecondDigits" ? number(o, name, 1, 3) : option(o, name, fields[name]);
				if (v !== undefined) names[name] = v;
			}
			option(o, "formatMatcher", ["basic", "best fit"]);
			f.DateStyle = option(o, "dateStyle", sizes);
			f.TimeStyle = option(o, "timeStyle", sizes);
			if (f.DateStyle !== undefined || f.TimeStyle !== undefined) {
				for (const _ in names) throw new TypeError("Invalid option : option");
				if (required === "date" && f.TimeStyle !== undefined) throw new TypeError("Invalid option : timeStyle");
				if (required === "time" && f.DateStyle !== undefined) throw new TypeError("Invalid option : dateStyle");
			} else {
				const has = (...list) => list.some((k) => names[k] !== undefined);
				const wanted = required !== "time" && has("weekday", "year", "month", "day") || required !== "date" && has("dayPeriod", "hour", "minute", "second", "fractionalSecondDigits");
				if (!wanted && defaults !== "time") names.year = names.month = names.day = "numeric";
				if (!wanted && defaults !== "date") names.hour = names.minute = names.second = "numeric";
			}
			for (const name in names) f[name[0].toUpperCase() + name.slice(1)] = names[name];
			this.#f = $.intl("date", data, JSON.stringify(f));
			const r = {locale, calendar: f.Calendar, numberingSystem: f.NumberingSystem, timeZone: f.TimeZone}, has = {};
			const flat = this.#f.resolved();
			for (let i = 0; i < flat.length; i += 2) has[flat[i]] = flat[i + 1];
			if (has.hourCycle !== undefined) { r.hourCycle = has.hourCycle; r.hour12 = has.hourCycle < "h2"; }
			if (f.DateStyle === undefined && f.TimeStyle === undefined) for (const name in fields) if (has[name] !== undefined) r[name] = name === "fractionalSecondDigits" ? Number(has[name]) : has[name];
			if (f.DateStyle !== undefined) r.dateStyle = f.DateStyle;
			if (f.TimeStyle !== undefined) r.timeStyle = f.TimeStyle;
			this.#r = r;
		}
		resolvedOptions() { if (typeof this !== "object" || this === null || !(#r in this)) receiver(this); return {...this.#r}; }
		formatToParts(date) { return pieces(this.#f.parts(date === undefined ? Date.now() : time(date)), 2); }
		get format() {
			if (!(#f in this)) receiver(this);
			if (this.#format === undefined) {
				const f = this.#f;
				this.#format = (date) => f.text(date === undefined ? Date.now() : time(date));
				Object.defineProperty(this.#format, "name", {value: ""});
			}
			return this.#format;
		}
		#range(start, end) {
			if (start === undefined || end === undefined) throw new TypeError("Invalid time value");
			return pieces(this.#f.range(time(start), time(end)), 3, "source");
		}
		formatRange(start, end) { return join(this.#range(start, end)); }
		formatRangeToParts(start, end) { return this.#range(start, end); }
	}

	// make is for toLocaleString and its kin; the last format of each is kept, as
	// loops call them with the same locale.
	const kept = {};
	const make = (locales, opts, required, defaults) => {
		if (opts !== undefined || locales !== undefined && typeof locales !== "string") return new DateTimeFormat(locales, opts, required, defaults);
		const last = kept[required];
		if (last !== undefined && last.locales === locales) return last.format;
		const format = new DateTimeFormat(locales, opts, required, defaults);
		kept[required] = {locales, format};
		return format;
	};
	return {DateTimeFormat: I.finish(DateTimeFormat, {callable: true}), make};
})
