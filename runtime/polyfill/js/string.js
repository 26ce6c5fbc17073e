// Well-formedness, and the methods of Annex B that old libraries still call.
(function ($) {
	"use strict";
	const self = (v, name) => { if (v === undefined || v === null) throw new TypeError(`String.prototype.${name} called on null or undefined`); return String(v); };
	// lone finds the next lone surrogate from i on, or −1.
	const lone = (s, i) => {
		for (; i < s.length; i++) {
			const c = s.charCodeAt(i);
			if (c < 0xD800 || c > 0xDFFF) continue;
			if (c > 0xDBFF || i + 1 === s.length) return i;
			const d = s.charCodeAt(i + 1);
			if (d < 0xDC00 || d > 0xDFFF) return i;
			i++;
		}
		return -1;
	};
	const tag = (v, method, name, attribute, value) => {
		const s = self(v, method), at = attribute ? ` ${attribute}="${String(value).replaceAll('"', "&quot;")}"` : "";
		return `<${name}${at}>${s}</${name}>`;
	};
	const object = (v) => { if (v === undefined || v === null) throw new TypeError("Object.prototype method called on null or undefined"); return Object(v); };
	const callable = (f, name) => { if (typeof f !== "function") throw new TypeError(`Object.prototype.${name}: Expecting function`); };
	const look = (o, key, kind) => {
		for (o = object(o), key = typeof key === "symbol" ? key : `${key}`; o !== null; o = Object.getPrototypeOf(o)) {
			const d = Object.getOwnPropertyDescriptor(o, key);
			if (d) return d[kind];
		}
	};
	return {
		"String.prototype": {
			isWellFormed() { return lone(self(this, "isWellFormed"), 0) < 0; },
			toWellFormed() {
				const s = self(this, "toWellFormed");
				let out = "", from = 0;
				for (let i; (i = lone(s, from)) >= 0; from = i + 1) out += s.slice(from, i) + "\uFFFD";
				return out + s.slice(from);
			},
			anchor(name) { return tag(this, "anchor", "a", "name", name); },
			big() { return tag(this, "big", "big"); },
			blink() { return tag(this, "blink", "blink"); },
			bold() { return tag(this, "bold", "b"); },
			fixed() { return tag(this, "fixed", "tt"); },
			fontcolor(color) { return tag(this, "fontcolor", "font", "color", color); },
			fontsize(size) { return tag(this, "fontsize", "font", "size", size); },
			italics() { return tag(this, "italics", "i"); },
			link(url) { return tag(this, "link", "a", "href", url); },
			small() { return tag(this, "small", "small"); },
			strike() { return tag(this, "strike", "strike"); },
			sub() { return tag(this, "sub", "sub"); },
			sup() { return tag(this, "sup", "sup"); },
		},
		"Object.prototype": {
			__defineGetter__(key, get) { const o = object(this); callable(get, "__defineGetter__"); Object.defineProperty(o, key, {get, enumerable: true, configurable: true}); },
			__defineSetter__(key, set) { const o = object(this); callable(set, "__defineSetter__"); Object.defineProperty(o, key, {set, enumerable: true, configurable: true}); },
			__lookupGetter__(key) { return look(this, key, "get"); },
			__lookupSetter__(key) { return look(this, key, "set"); },
		},
		"Date.prototype": {
			getYear() { return Date.prototype.getFullYear.call(this) - 1900; },
			setYear(year) {
				const t = Date.prototype.getTime.call(this), y = Number(year);
				if (y !== y) return this.setTime(NaN);
				const i = Math.trunc(y), full = i >= 0 && i <= 99 ? 1900 + i : i;
				if (t !== t) this.setTime(0);
				return Date.prototype.setFullYear.call(this, full);
			},
		},
	};
})
