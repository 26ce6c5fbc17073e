// Intl.Segmenter.
(function ($, I) {
	"use strict";
	const {option, matcher} = I.reader("Intl.Segmenter");
	const at = (input, ends, i, words) => {
		const start = i === 0 ? 0 : ends[i - 1], segment = {segment: input.slice(start, ends[i]), index: start, input};
		if (words !== undefined) segment.isWordLike = words[i] === 1;
		return segment;
	};

	class Segments {
		#input; #cut; #found;
		constructor(input, cut) { this.#input = input; this.#cut = cut; }
		get #all() { return this.#found ??= this.#cut(this.#input); }
		containing(index) {
			const input = this.#input, n = Math.trunc(Number(index)) || 0;
			if (n < 0 || n >= input.length) return undefined;
			const [ends, words] = this.#all;
			let low = 0, high = ends.length - 1;
			while (low < high) {
				const middle = (low + high) >> 1;
				if (ends[middle] > n) high = middle; else low = middle + 1;
			}
			return at(input, ends, low, words);
		}
		[Symbol.iterator]() { return iterate(this.#input, ...this.#all); }
	}
	delete Segments.prototype.constructor;

	const iterators = new WeakMap();
	const prototype = Object.create($.iteratorPrototype, {
		next: {value: {next() {
			const state = iterators.get(this);
			if (state === undefined) throw new TypeError("Method %SegmentIterator.prototype%.next called on incompatible receiver " + String(this));
			if (state.i >= state.ends.length) return {value: undefined, done: true};
			return {value: at(state.input, state.ends, state.i++, state.words), done: false};
		}}.next, writable: true, configurable: true},
		[Symbol.toStringTag]: {value: "Segmenter String Iterator", configurable: true},
	});
	const iterate = (input, ends, words) => { const it = Object.create(prototype); iterators.set(it, {input, ends, words, i: 0}); return it; };

	class Segmenter {
		#o; #data;
		constructor(locales, opts) {
			const requested = I.canonical(locales), o = I.strict(opts);
			matcher(o);
			const {locale, data} = I.negotiate(requested, {}, "Segmenter");
			this.#data = data;
			this.#o = {locale, granularity: option(o, "granularity", ["grapheme", "word", "sentence"], "grapheme")};
		}
		segment(input) {
			const granularity = this.#o.granularity, data = this.#data;
			return new Segments(String(input), (s) => $.intl("segments", granularity, data, s));
		}
		resolvedOptions() { return {...this.#o}; }
	}
	return {Segmenter: I.finish(Segmenter)};
})
