// RegExp over the engine's: patterns it does not get right have a matcher of their own.
(function (Native, host, getters) {
	"use strict";
	const {construct, apply} = Reflect;
	const proto = Native.prototype;
	const nativeSource = getters(proto, "source").get, nativeFlags = getters(proto, "flags").get, nativeToString = proto.toString, nativeCompile = proto.compile;
	const isObject = (v) => v !== null && (typeof v === "object" || typeof v === "function");
	const isRegExp = (v) => {
		if (!isObject(v)) return false;
		const m = v[Symbol.match];
		return m !== undefined ? !!m : host("isNative", v);
	};

	function RegExp(pattern, flags) {
		const looks = isRegExp(pattern);
		// The usual construction need not ask.
		let target = this !== undefined && this.constructor === RegExp ? RegExp : new.target;
		if (target === undefined) {
			target = RegExp;
			if (looks && flags === undefined && pattern.constructor === RegExp) return pattern;
		}
		let source = pattern;
		if (isObject(pattern)) {
			if (host("isNative", pattern)) {
				const info = host("info", pattern);
				source = info === undefined ? apply(nativeSource, pattern, []) : info.source;
				if (flags === undefined) flags = info === undefined ? apply(nativeFlags, pattern, []) : info.flags;
			} else if (looks) {
				source = pattern.source;
				if (flags === undefined) flags = pattern.flags;
			}
		}
		source = source === undefined ? "" : `${source}`;
		flags = flags === undefined ? "" : `${flags}`;
		const model = host("translate", source, flags);
		if (model !== undefined) {
			const re = construct(Native, [model]);
			host("finish", re, model);
			if (target !== RegExp) Object.setPrototypeOf(re, target.prototype);
			return re;
		}
		return construct(Native, [source, flags], target);
	}
	const methods = {
		escape(string) {
			if (typeof string !== "string") throw new TypeError("RegExp.escape: argument is not a string");
			return host("escape", string);
		},
		toString() {
			if (!isObject(this)) return apply(nativeToString, this, []);
			return `/${this.source}/${this.flags}`;
		},
		compile(pattern, flags) {
			if (host("info", this) === undefined && !(isObject(pattern) ? host("info", pattern) !== undefined : host("exotic", `${pattern}`, flags === undefined ? "" : `${flags}`))) return apply(nativeCompile, this, [pattern, flags]);
			host("refuse", "RegExp.prototype.compile with these features", "construct a new RegExp");
		},
		source() {
			const info = host("info", this);
			return info === undefined ? apply(nativeSource, this, []) : info.shown;
		},
		flags() {
			const info = host("info", this);
			if (info !== undefined) return info.flags;
			if (!isObject(this)) return apply(nativeFlags, this, []);
			let out = "";
			if (this.hasIndices) out += "d";
			if (this.global) out += "g";
			if (this.ignoreCase) out += "i";
			if (this.multiline) out += "m";
			if (this.dotAll) out += "s";
			if (this.unicode) out += "u";
			if (this.unicodeSets) out += "v";
			if (this.sticky) out += "y";
			return out;
		},
		hasIndices() { return host("flag", this, "d", "hasIndices"); },
		unicodeSets() { return host("flag", this, "v", "unicodeSets"); },
		legacy() { host("refuse", "The match kept on RegExp itself ($1, lastMatch, input, …)", "use the array that exec and match return"); },
	};
	return {RegExp, methods};
})
