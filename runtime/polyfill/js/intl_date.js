// Intl.DateTimeFormat, American: another locale, and what is not here, throws.
(function ($, I) {
	"use strict";
	const {canonical, refuse, join} = I, {option, number, options} = I.reader("Intl.DateTimeFormat");
	const only = (o, name, values) => { if (o[name] !== undefined && !values.includes(o[name])) refuse(`The option ${name}: ${String(o[name])} of Intl`); };
	const american = (locales, what) => {
		const l = canonical(locales)[0] ?? "en-US";
		if (l !== "en-US" && l !== "en") refuse(`${what} for the locale ${l}`);
		return l;
	};
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
		formatRange(start, end) { refuse("Intl.DateTimeFormat.prototype.formatRange"); }
		formatRangeToParts(start, end) { refuse("Intl.DateTimeFormat.prototype.formatRangeToParts"); }
		resolvedOptions() { return {...this.#o}; }
	}
	return {
		DateTimeFormat: I.finish(DateTimeFormat, {callable: true, supports: (l) => l === "en-US" || l === "en"}),
		make: (locales, opts, required, defaults) => new DateTimeFormat(locales, opts, required, defaults),
	};
})
