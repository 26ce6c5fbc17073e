// Intl.Collator and String.prototype.localeCompare.
(function ($, I) {
	"use strict";
	const {option, matcher, type, options} = I.reader("Intl.Collator");
	const flags = ["upper", "lower", "false"];

	class Collator {
		#o; #data; #f; #compare;
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = options(opts);
			const usage = option(o, "usage", ["sort", "search"], "sort");
			matcher(o);
			const collation = type(o, "collation"), numeric = o.numeric === undefined ? undefined : String(!!o.numeric), caseFirst = option(o, "caseFirst", flags);
			const found = I.negotiate(requested, {
				co: {asked: collation, known: (v, data) => usage === "sort" && v !== "standard" && v !== "search" && $.intl("collations", data).includes(v)},
				kn: {asked: numeric, known: (v) => v === "true" || v === "false"},
				kf: {asked: caseFirst, known: (v) => flags.includes(v)},
			}, "Collator");
			this.#data = found.data;
			const sensitivity = option(o, "sensitivity", ["base", "accent", "case", "variant"], "variant");
			const language = found.data.split("-")[0], locale = found.co === undefined || found.locale.includes("-co-") ? found.locale : $.intl("localeWith", found.locale, "", "", "", "", "co", found.co);
			const ignorePunctuation = o.ignorePunctuation === undefined ? language === "th" : !!o.ignorePunctuation;
			this.#o = {locale, usage, sensitivity, ignorePunctuation, collation: found.co ?? "default", numeric: found.kn === "true", caseFirst: found.kf ?? (language === "da" ? "upper" : "false")};
		}
		get compare() {
			if (this.#compare === undefined) {
				const f = this.#f = $.intl("collator", this.#data, JSON.stringify(this.#o));
				this.#compare = (x, y) => f(String(x), String(y));
				Object.defineProperty(this.#compare, "name", {value: ""});
			}
			return this.#compare;
		}
		resolvedOptions() { return {...this.#o}; }
	}
	const collator = I.cached((locales, opts) => new Collator(locales, opts));
	const compare = (a, b, locales, opts) => collator(locales, opts).compare(a, b);
	return {Collator: I.finish(Collator, {callable: true}), compare};
})
