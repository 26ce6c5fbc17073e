// Intl.DurationFormat, of numbers and lists.
(function ($, I) {
	"use strict";
	const {join} = I, {option, number, type, matcher} = I.reader("Intl.DurationFormat");
	const units = ["years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"];
	const clock = ["hours", "minutes", "seconds"], fractions = units.slice(7);
	const refused = () => { throw new RangeError("Invalid object : #<Object>"); };
	const wrong = (E, text) => { throw new E("Temporal error: " + text); };
	// duration reads a duration as the ten numbers it is made of.
	const duration = (v) => {
		const d = {};
		if (typeof v === "string") {
			const m = /^([+-])?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(T(?:(\d+)(?:[.,](\d{1,9}))?H)?(?:(\d+)(?:[.,](\d{1,9}))?M)?(?:(\d+)(?:[.,](\d{1,9}))?S)?)?$/i.exec(v);
			const given = m && [2, 3, 4, 5, 7, 9, 11].filter((i) => m[i] !== undefined);
			const part = m && [8, 10, 12].find((i) => m[i] !== undefined);
			if (!m || !given.length || m[6]?.length === 1 || part !== undefined && given.at(-1) !== part - 1) wrong(RangeError, /T$/i.test(v) ? "Invalid time duration designator." : /T.*[.,]\d+[HMS]./i.test(v) ? "Unexpected character found after parsing was completed." : "Parsing ended abruptly.");
			units.forEach((u, i) => { d[u] = Number(m[[2, 3, 4, 5, 7, 9, 11][i]] ?? 0); });
			if (part !== undefined) {
				let ns = BigInt(m[part].padEnd(9, "0")) * (part === 8 ? 3600n : part === 10 ? 60n : 1n);
				for (const [u, size] of [["minutes", 60000000000n], ["seconds", 1000000000n], ["milliseconds", 1000000n], ["microseconds", 1000n], ["nanoseconds", 1n]]) { const n = ns / size; if (n) d[u] = Number(n); ns %= size; }
			}
			if (m[1] === "-") for (const u of units) d[u] = 0 - d[u];
		} else {
			if (v === null || typeof v !== "object" && typeof v !== "function") wrong(TypeError, "Duration argument must be Duration or string.");
			let any = false;
			for (const u of [...units].sort()) {
				const x = v[u];
				if (x === undefined) { d[u] = 0; continue; }
				if (typeof x === "bigint") throw new TypeError("Cannot convert a BigInt value to a number");
				any = true;
				d[u] = Number(x) + 0;
				if (!Number.isInteger(d[u])) wrong(RangeError, "Expected finite integer.");
			}
			if (!any) wrong(TypeError, "Did not provide any valid Duration fields.");
		}
		const sign = Math.sign(units.map((u) => d[u]).find((n) => n) ?? 0);
		const whole = ["days", "hours", "minutes", "seconds"].reduce((n, u, i) => n + BigInt(d[u]) * [86400000000000n, 3600000000000n, 60000000000n, 1000000000n][i], 0n) + nanoseconds(d);
		const limit = 9007199254740992000000000n;
		if (units.some((u) => d[u] * sign < 0) || ["years", "months", "weeks"].some((u) => Math.abs(d[u]) >= 2 ** 32) || whole >= limit || whole <= -limit) wrong(RangeError, "Duration was not valid.");
		return {...d, sign};
	};
	const nanoseconds = (d) => BigInt(d.milliseconds) * 1000000n + BigInt(d.microseconds) * 1000n + BigInt(d.nanoseconds);
	// decimal is a number of units with what smaller units add, exactly.
	const decimal = (d, unit) => {
		const size = {seconds: 9, milliseconds: 6, microseconds: 3}[unit];
		if (size === undefined) return String(d[unit]);
		const below = {...d, milliseconds: unit === "seconds" ? d.milliseconds : 0, microseconds: unit === "microseconds" ? 0 : d.microseconds};
		const n = BigInt(d[unit]) * 10n ** BigInt(size) + nanoseconds(below), a = n < 0n ? -n : n;
		const s = String(a).padStart(size + 1, "0");
		const part = s.slice(-size).replace(/0+$/, "");
		return `${n < 0n ? "-" : ""}${s.slice(0, -size)}${part && "." + part}`;
	};
	const isZero = (s) => /^-?0*\.?0*$/.test(s);

	class DurationFormat {
		#r; #data; #units = {};
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = I.strict(opts);
			matcher(o);
			const found = I.negotiate(requested, {nu: {asked: type(o, "numberingSystem"), known: I.isNumberingSystem}}), {locale} = found;
			const numberingSystem = found.nu ?? $.intl("numberingSystem", found.data);
			this.#data = found.data;
			const own = (name, values, fallback) => option(o, name, values, fallback);
			const style = own("style", ["long", "short", "narrow", "digital"], "short");
			const r = {locale, numberingSystem, style};
			let before = "";
			for (const unit of units) {
				const inClock = clock.includes(unit), fraction = fractions.includes(unit), numeric = ["numeric", "2-digit", "fractional"].includes(before);
				let s = own(unit, ["long", "short", "narrow", ...inClock ? ["numeric", "2-digit"] : fraction ? ["numeric"] : []]), shown = "always";
				if (s === undefined) {
					if (style === "digital") { s = inClock || fraction ? "numeric" : "short"; if (!inClock) shown = "auto"; }
					else if (numeric) { s = "numeric"; if (unit !== "minutes" && unit !== "seconds") shown = "auto"; }
					else { s = style; shown = "auto"; }
				}
				if (s === "numeric" && fraction) { s = "fractional"; shown = "auto"; }
				const display = own(unit + "Display", ["auto", "always"], shown);
				if (s === "fractional" && display === "always" || before === "fractional" && s !== "fractional") refused();
				if (before === "numeric" || before === "2-digit") {
					if (!["fractional", "numeric", "2-digit"].includes(s)) refused();
					if (unit === "minutes" || unit === "seconds") s = "2-digit";
				}
				this.#units[unit] = {style: s, display};
				r[unit] = s === "fractional" ? "numeric" : s;
				r[unit + "Display"] = display;
				before = s;
			}
			const places = number(o, "fractionalDigits", 0, 9);
			if (places !== undefined) r.fractionalDigits = places;
			this.#r = r;
		}
		#number(value, unit, more) {
			const o = {numberingSystem: this.#r.numberingSystem, ...more};
			return new (I.part("intl_number").NumberFormat)(this.#r.locale, o).formatToParts(value).map((p) => ({...p, unit: unit.slice(0, -1)}));
		}
		// #numeric writes 1:02:03.
		#numeric(d, first, signed) {
			const shown = (unit) => this.#units[unit].display === "always";
			const seconds = decimal(d, "seconds"), from = clock.indexOf(first), show = {};
			show.hours = from === 0 && (d.hours !== 0 || shown("hours"));
			show.seconds = !isZero(seconds) || shown("seconds");
			show.minutes = from < 2 && (show.hours && show.seconds || d.minutes !== 0 || shown("minutes"));
			const out = [];
			for (const unit of clock) {
				if (!show[unit]) continue;
				let value = unit === "seconds" ? seconds : String(d[unit]);
				const o = {useGrouping: false};
				if (this.#units[unit].style === "2-digit") o.minimumIntegerDigits = 2;
				if (!signed) o.signDisplay = "never";
				else if (isZero(value) && d.sign < 0) value = "-0";
				signed = false;
				if (unit === "seconds") Object.assign(o, this.#places());
				if (out.length) out.push(this.#separator());
				out.push(...this.#number(value, unit, o));
			}
			return out;
		}
		#separator() { return {type: "literal", value: $.intl("timeSeparator", this.#data, this.#r.numberingSystem)}; }
		#places() { const n = this.#r.fractionalDigits; return {maximumFractionDigits: n ?? 9, minimumFractionDigits: n ?? 0, roundingMode: "trunc"}; }
		formatToParts(value) {
			const d = duration(value), groups = [];
			let signed = true;
			for (let i = 0; i < units.length; i++) {
				const unit = units[i], {style, display} = this.#units[unit];
				if (style === "numeric" || style === "2-digit") {
					const parts = this.#numeric(d, unit, signed);
					// V8 joins seconds alone to what is before them as if that were minutes.
					if (parts.length && unit === "seconds" && groups.length) groups.at(-1).push(this.#separator(), ...parts);
					else if (parts.length) groups.push(parts);
					break;
				}
				const last = this.#units[units[i + 1]]?.style === "fractional";
				let n = last ? decimal(d, unit) : String(d[unit]);
				if (!isZero(n) || display === "always") {
					const o = {style: "unit", unit: unit.slice(0, -1), unitDisplay: style, ...last ? this.#places() : {}};
					if (!signed) o.signDisplay = "never";
					else if (isZero(n) && d.sign < 0) n = "-0";
					signed = false;
					groups.push(this.#number(n, unit, o));
				}
				if (last) break;
			}
			const style = this.#r.style === "digital" ? "short" : this.#r.style;
			const out = [];
			let i = 0;
			for (const p of new (I.part("intl_words").ListFormat)(this.#r.locale, {type: "unit", style}).formatToParts(groups.map(join))) {
				if (p.type === "element") out.push(...groups[i++]);
				else out.push(p);
			}
			return out;
		}
		format(value) { return join(this.formatToParts(value)); }
		resolvedOptions() { return {...this.#r}; }
	}

	return {DurationFormat: I.finish(DurationFormat)};
})
