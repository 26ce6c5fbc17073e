// Intl.PluralRules.
(function ($, I) {
	"use strict";
	const service = "Intl.PluralRules", {option, matcher, options} = I.reader(service), {written, digitOptions} = I.part("intl_number");

	class PluralRules {
		#o; #data; #f; #rounding;
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = options(opts);
			matcher(o);
			const {locale, data} = I.negotiate(requested, {}, "PluralRules"), r = this.#o = {locale, type: option(o, "type", ["cardinal", "ordinal"], "cardinal")};
			this.#data = data;
			r.notation = option(o, "notation", ["standard", "scientific", "engineering", "compact"], "standard");
			const compact = option(o, "compactDisplay", ["short", "long"], "short");
			if (r.notation === "compact") r.compactDisplay = compact;
			this.#rounding = digitOptions(I.reader(service), r, o, 0, 3, r.notation === "compact");
			this.#f = $.intl("number", data, JSON.stringify({...r, ...this.#rounding, numberingSystem: "latn", style: "decimal", compactDisplay: compact, useGrouping: false, signDisplay: "auto"}));
		}
		select(v) { return this.#f.plural(this.#o.type, written(Number(v))); }
		selectRange(start, end) {
			if (start === undefined) throw new TypeError("Invalid startRange : undefined");
			if (end === undefined) throw new TypeError("Invalid endRange : undefined");
			const a = Number(start), b = Number(end);
			if (a !== a) throw new RangeError("Invalid startRange : NaN");
			if (b !== b) throw new RangeError("Invalid endRange : NaN");
			return $.intl("pluralRange", this.#data, this.select(a), this.select(b));
		}
		resolvedOptions() {
			const r = {...this.#o};
			if (r.minimumSignificantDigits !== undefined) { delete r.minimumFractionDigits; delete r.maximumFractionDigits; }
			return Object.assign(r, {pluralCategories: $.intl("categories", this.#data, r.type)}, this.#rounding);
		}
	}
	return {PluralRules: I.finish(PluralRules)};
})
