// Intl.NumberFormat, and how its kin read digits and numbers.
(function ($, I) {
	"use strict";
	const service = "Intl.NumberFormat", {option, matcher, type, options} = I.reader(service), {join, pieces} = I;

	// written is a number as internal/intl reads it.
	const written = (v) => {
		if (typeof v === "object" && v !== null || typeof v === "function") v = primitive(v);
		if (typeof v === "symbol") throw new TypeError("Cannot convert a Symbol value to a number");
		if (typeof v === "string") {
			const s = v.trim(), n = Number(s); // exactly, unless a number would be infinite or nothing
			return Number.isFinite(n) && n !== 0 && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(s) ? s.replace(/^\+/, "").toLowerCase().replace("e+", "e") : written(n);
		}
		if (typeof v === "bigint") return String(v);
		v = Number(v);
		return Object.is(v, -0) ? "-0" : String(v).replace("e+", "e");
	};
	// primitive is ToPrimitive with the hint number.
	const primitive = (o) => {
		const is = (v) => v === null || typeof v !== "object" && typeof v !== "function", exotic = o[Symbol.toPrimitive];
		for (const f of exotic != null ? [() => exotic.call(o, "number")] : [() => o.valueOf(), () => o.toString()]) {
			const v = f();
			if (is(v)) return v;
		}
		throw new TypeError("Cannot convert object to primitive value");
	};

	const increments = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];
	const modes = ["ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"];
	// digitOptions reads what says how many digits there are, in the specification's order.
	const digitOptions = (reader, r, o, least, most, compact) => {
		const {option, number} = reader;
		r.minimumIntegerDigits = number(o, "minimumIntegerDigits", 1, 21, 1);
		const minF = o.minimumFractionDigits, maxF = o.maximumFractionDigits, minS = o.minimumSignificantDigits, maxS = o.maximumSignificantDigits;
		const inc = number(o, "roundingIncrement", 1, 5000, 1);
		if (!increments.includes(inc)) throw new RangeError("roundingIncrement value is out of range.");
		const mode = option(o, "roundingMode", modes, "halfExpand"), priority = option(o, "roundingPriority", ["auto", "morePrecision", "lessPrecision"], "auto");
		const zeros = option(o, "trailingZeroDisplay", ["auto", "stripIfInteger"], "auto");
		if (inc !== 1) most = least;
		const hasS = minS !== undefined || maxS !== undefined, hasF = minF !== undefined || maxF !== undefined, auto = priority === "auto";
		const needS = !auto || hasS, needF = !auto || !hasS && (hasF || !compact);
		// Fraction digits stand first, whichever is looked at first.
		if (needF || !needS) Object.assign(r, {minimumFractionDigits: 0, maximumFractionDigits: 0});
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
		if (!needS && !needF) { r.minimumSignificantDigits = 1; r.maximumSignificantDigits = 2; }
		if (inc !== 1) {
			if (r.maximumSignificantDigits !== undefined) throw new TypeError("RoundingType is not fractionDigits");
			if (r.maximumFractionDigits !== r.minimumFractionDigits) throw new RangeError("maximumFractionDigits value is out of range.");
		}
		return {roundingIncrement: inc, roundingMode: mode, roundingPriority: !needS && !needF ? "morePrecision" : priority, trailingZeroDisplay: zeros};
	};

	const units = () => I.units ??= new Set($.intl("units"));
	const isUnit = (u) => units().has(u) || u.split("-per-").length === 2 && u.split("-per-").every((p) => units().has(p));
	const grouping = (g, fallback) => {
		if (g === undefined) return fallback;
		if (g === true) return "always";
		if (g === false || g === null || !g) return false;
		g = String(g);
		return g === "true" || g === "false" ? fallback : option({useGrouping: g}, "useGrouping", ["min2", "auto", "always"]);
	};

	class NumberFormat {
		#o; #data; #f; #format;
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = options(opts);
			matcher(o);
			const found = I.negotiate(requested, {nu: {asked: type(o, "numberingSystem"), known: I.isNumberingSystem}}, "NumberFormat");
			const r = this.#o = {locale: found.locale, numberingSystem: found.nu ?? $.intl("numberingSystem", found.data)};
			this.#data = found.data;
			r.style = option(o, "style", ["decimal", "percent", "currency", "unit"], "decimal");
			const currency = option(o, "currency");
			if (currency === undefined) { if (r.style === "currency") throw new TypeError("Currency code is required with currency style."); }
			else if (!/^[a-z]{3}$/i.test(currency)) throw new RangeError(`Invalid currency code : ${currency}`);
			const display = option(o, "currencyDisplay", ["code", "symbol", "narrowSymbol", "name"], "symbol"), sign = option(o, "currencySign", ["standard", "accounting"], "standard");
			const unit = option(o, "unit");
			if (unit === undefined) { if (r.style === "unit") throw new TypeError("Invalid unit argument for Intl.NumberFormat() ''"); }
			else if (!isUnit(unit)) throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`);
			const unitDisplay = option(o, "unitDisplay", ["short", "narrow", "long"], "short");
			let cents = 0;
			if (r.style === "currency") {
				r.currency = currency.toUpperCase(); r.currencyDisplay = display; r.currencySign = sign;
				cents = Number($.intl("currencyDigits", r.currency));
			}
			if (r.style === "unit") { r.unit = unit; r.unitDisplay = unitDisplay; }
			const notation = option(o, "notation", ["standard", "scientific", "engineering", "compact"], "standard");
			const money = r.style === "currency" && notation === "standard";
			const rounding = digitOptions(I.reader(service), r, o, money ? cents : 0, money ? cents : r.style === "percent" ? 0 : 3, notation === "compact");
			const compact = option(o, "compactDisplay", ["short", "long"], "short");
			r.useGrouping = grouping(o.useGrouping, notation === "compact" ? "min2" : "auto");
			r.notation = notation;
			if (notation === "compact") r.compactDisplay = compact;
			r.signDisplay = option(o, "signDisplay", ["auto", "never", "always", "exceptZero", "negative"], "auto");
			Object.assign(r, rounding);
		}
		get #native() { return this.#f ??= $.intl("number", this.#data, JSON.stringify(this.#o)); }
		get format() {
			if (this.#format === undefined) {
				this.#format = (value) => this.#native.text(written(value));
				Object.defineProperty(this.#format, "name", {value: ""});
			}
			return this.#format;
		}
		formatToParts(value) { return pieces(this.#native.parts(written(value)), 2); }
		#range(start, end) {
			if (start === undefined) throw new TypeError("Invalid start : undefined");
			if (end === undefined) throw new TypeError("Invalid end : undefined");
			const a = written(start), b = written(end);
			if (a === "NaN") throw new RangeError(`Invalid start : ${String(start)}`);
			if (b === "NaN") throw new RangeError(`Invalid end : ${String(end)}`);
			return pieces(this.#native.range(a, b), 3, "source");
		}
		formatRange(start, end) { return join(this.#range(start, end)); }
		formatRangeToParts(start, end) { return this.#range(start, end); }
		resolvedOptions() { return {...this.#o}; }
	}

	return {NumberFormat: I.finish(NumberFormat, {callable: true}), written, digitOptions};
})
