// Intl.ListFormat, RelativeTimeFormat and DisplayNames: words around and for things.
(function ($, I) {
	"use strict";
	const {join, pieces, strict} = I;

	const lists = I.reader("Intl.ListFormat");
	class ListFormat {
		#o; #data;
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = strict(opts);
			lists.matcher(o);
			const {locale, data} = I.negotiate(requested, {}, "ListFormat");
			this.#data = data;
			this.#o = {locale, type: lists.option(o, "type", ["conjunction", "disjunction", "unit"], "conjunction"), style: lists.option(o, "style", ["long", "short", "narrow"], "long")};
		}
		formatToParts(list) {
			const items = [], {type, style} = this.#o;
			if (list !== undefined) for (const v of list) {
				if (typeof v !== "string") throw new TypeError("Iterable yielded " + String(v) + " which is not a string");
				items.push(v);
			}
			const out = pieces($.intl("list", this.#data, type, style, ...items), 2);
			let i = 0;
			for (const p of out) if (p.type === "element") p.value = items[i++]; // which may have lone surrogates
			return out;
		}
		format(list) { return join(this.formatToParts(list)); }
		resolvedOptions() { return {...this.#o}; }
	}

	const times = I.reader("Intl.RelativeTimeFormat");
	const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
	class RelativeTimeFormat {
		#o; #data; #f;
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = times.options(opts);
			times.matcher(o);
			const found = I.negotiate(requested, {nu: {asked: times.type(o, "numberingSystem"), known: I.isNumberingSystem}});
			const numberingSystem = found.nu ?? $.intl("numberingSystem", found.data);
			this.#data = found.data;
			this.#o = {locale: found.locale, style: times.option(o, "style", ["long", "short", "narrow"], "long"), numeric: times.option(o, "numeric", ["always", "auto"], "always"), numberingSystem};
			this.#f = $.intl("number", found.data, JSON.stringify(new (I.part("intl_number").NumberFormat)(found.data, {numberingSystem}).resolvedOptions()));
		}
		#parts(value, unit, method) {
			const v = Number(value), u = String(unit).replace(/s$/, ""), o = this.#o;
			if (!Number.isFinite(v)) throw new RangeError(`Value need to be finite number for Intl.RelativeTimeFormat.prototype.${method}()`);
			if (!units.includes(u)) throw new RangeError(`Invalid unit argument for Intl.RelativeTimeFormat.prototype.${method}() '${unit}'`);
			return pieces(this.#f.relative(this.#data, u, o.style, o.numeric === "auto", I.part("intl_number").written(v)), 3, "unit");
		}
		format(value, unit) { return join(this.#parts(value, unit, "format")); }
		formatToParts(value, unit) { return this.#parts(value, unit, "formatToParts"); }
		resolvedOptions() { return {...this.#o}; }
	}

	const namesOf = I.reader("Intl.DisplayNames");
	const valid = {
		language: /^([a-z]{2,3}|[a-z]{5,8})(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*$/i, region: /^([a-z]{2}|\d{3})$/i, script: /^[a-z]{4}$/i, currency: /^[a-z]{3}$/i, calendar: /^[a-z0-9]{3,8}([-_][a-z0-9]{3,8})*$/i,
		dateTimeField: /^(era|year|quarter|month|weekOfYear|weekday|day|dayPeriod|hour|minute|second|timeZoneName)$/,
	};
	const keys = {weekOfYear: "week", dayPeriod: "dayperiod", timeZoneName: "zone", gregory: "gregorian", ethioaa: "ethiopic-amete-alem"};
	class DisplayNames {
		#o; #data;
		constructor(locales, opts) {
			const requested = I.canonical(locales);
			if (opts === undefined) throw new TypeError("invalid_argument");
			const o = strict(opts), {option} = namesOf;
			namesOf.matcher(o);
			const {locale, data} = I.negotiate(requested), r = this.#o = {locale, style: option(o, "style", ["narrow", "short", "long"], "long")};
			this.#data = data;
			r.type = option(o, "type", ["language", "region", "script", "currency", "calendar", "dateTimeField"]);
			if (r.type === undefined) throw new TypeError("invalid_argument");
			r.fallback = option(o, "fallback", ["code", "none"], "code");
			const dialect = option(o, "languageDisplay", ["dialect", "standard"], "dialect");
			if (r.type === "language") r.languageDisplay = dialect;
		}
		of(value) {
			const o = this.#o, l = this.#data;
			let code = String(value), name;
			if (!valid[o.type].test(code)) throw new RangeError("invalid_argument");
			if (o.type === "language") {
				code = I.tag(code);
				name = $.intl("languageName", l, o.style, code, o.languageDisplay === "standard");
			} else {
				if (o.type === "region" || o.type === "currency") code = code.toUpperCase();
				if (o.type === "script") code = code[0].toUpperCase() + code.slice(1).toLowerCase();
				if (o.type === "calendar") code = code.toLowerCase();
				name = $.intl("name", l, o.type, o.style, keys[code] ?? code);
			}
			return name ?? (o.fallback === "code" ? code : undefined);
		}
		resolvedOptions() { return {...this.#o}; }
	}
	return {ListFormat: I.finish(ListFormat), RelativeTimeFormat: I.finish(RelativeTimeFormat), DisplayNames: I.finish(DisplayNames, {length: 2})};
})
