// Intl.Locale, and Intl.supportedValuesOf.
(function ($, I) {
	"use strict";
	const service = "locale", {option} = I.reader(service), wrong = () => { throw new RangeError("Incorrect locale information provided"); };
	const checked = (o, name, pattern) => { const v = option(o, name); if (v !== undefined && !pattern.test(v)) wrong(); return v; };
	const type = /^[a-z0-9]{3,8}(-[a-z0-9]{3,8})*$/i;
	const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];

	class Locale {
		#tag; #o;
		constructor(t, opts) {
			if (typeof t !== "string" && (typeof t !== "object" || t === null)) throw new TypeError("First argument to Intl.Locale constructor can't be empty or missing");
			if (t === "") throw new RangeError("First argument to Intl.Locale constructor can't be empty or missing");
			const o = opts === undefined ? {} : opts === null ? (() => { throw new TypeError("Intl.Locale called on null or undefined"); })() : Object(opts);
			const given = isLocale(t) ? t.#tag : $.intl("canonical", String(t)) ?? wrong();
			const set = [
				checked(o, "language", /^([a-z]{2,3}|[a-z]{5,8})$/i), checked(o, "script", /^[a-z]{4}$/i), checked(o, "region", /^([a-z]{2}|\d{3})$/i), checked(o, "variants", /^([a-z0-9]{5,8}|\d[a-z0-9]{3})(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*$/i),
			];
			const keys = {ca: checked(o, "calendar", type), co: checked(o, "collation", type)};
			let first = option(o, "firstDayOfWeek");
			if (first !== undefined) { if (/^[0-7]$/.test(first)) first = days[first]; if (!type.test(first)) wrong(); keys.fw = first; }
			keys.hc = option(o, "hourCycle", ["h11", "h12", "h23", "h24"]);
			keys.kf = option(o, "caseFirst", ["upper", "lower", "false"]);
			if (o.numeric !== undefined) keys.kn = String(!!o.numeric);
			keys.nu = checked(o, "numberingSystem", type);
			const flat = [];
			for (const k in keys) if (keys[k] !== undefined) flat.push(k, keys[k]);
			this.#tag = $.intl("localeWith", given, ...set.map((v) => v ?? ""), ...flat) ?? wrong();
		}
		static isLocale(x) { return typeof x === "object" && x !== null && #tag in x; }
		static tagOf(x) { return x.#tag; }
		get #parsed() {
			if (this.#o === undefined) {
				const [language, script, region, variants, ...flat] = $.intl("locale", this.#tag);
				this.#o = {language, script: script || undefined, region: region || undefined, variants: variants || undefined, keys: {}};
				for (let i = 0; i < flat.length; i += 2) this.#o.keys[flat[i]] = flat[i + 1];
			}
			return this.#o;
		}
		#facts(what) { return $.intl("facts", this.#tag, what); }
		toString() { return this.#tag; }
		maximize() { return new F($.intl("maximize", this.#tag)); }
		minimize() { return new F($.intl("minimize", this.#tag)); }
		get language() { return this.#parsed.language; }
		get script() { return this.#parsed.script; }
		get region() { return this.#parsed.region; }
		get variants() { return this.#parsed.variants; }
		get baseName() { const p = this.#parsed; return [p.language, p.script, p.region, p.variants].filter((s) => s !== undefined).join("-"); }
		get calendar() { return this.#parsed.keys.ca; }
		get caseFirst() { return this.#parsed.keys.kf; }
		get collation() { return this.#parsed.keys.co; }
		get firstDayOfWeek() { return this.#parsed.keys.fw; }
		get hourCycle() { return this.#parsed.keys.hc; }
		get numeric() { const v = this.#parsed.keys.kn; return v === "" || v === "true"; }
		get numberingSystem() { return this.#parsed.keys.nu; }
		getCalendars() { const own = this.calendar; return own !== undefined ? [own] : this.#facts("calendars"); }
		getCollations() { const own = this.collation; return own !== undefined ? [own] : this.#facts("collations"); }
		getHourCycles() { const own = this.hourCycle; return own !== undefined ? [own] : this.#facts("hourCycles"); }
		getNumberingSystems() { const own = this.numberingSystem; return own !== undefined ? [own] : [$.intl("numberingSystem", I.data(I.best(this.#tag) ?? "en"))]; }
		getTimeZones() { return this.region === undefined ? undefined : this.#facts("timeZones"); }
		getTextInfo() { return {direction: this.#facts("direction")[0]}; }
		getWeekInfo() { const [first, ...weekend] = this.#facts("week").map(Number); return {firstDay: first, weekend}; }
	}
	const {isLocale, tagOf} = Locale;
	const F = I.finish(Locale, {length: 1, supports: null});

	const supportedValuesOf = (key) => {
		const k = String(key), list = ["calendar", "collation", "currency", "numberingSystem", "timeZone", "unit"].includes(k) ? $.intl("supported", k) : null;
		if (list === null) throw new RangeError(`Invalid key : ${k}`);
		return list;
	};
	return {Locale: F, isLocale, tagOf, supportedValuesOf};
})
