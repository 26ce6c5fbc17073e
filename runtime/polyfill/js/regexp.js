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
			if (typeof string !== "string") throw new TypeError("input argument must be a string");
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
	};

	// What is kept of the last match is where it was looked for; it is found again
	// when somebody asks.
	const again = ({re, input, at, from, every}) => {
		const flags = (re.ignoreCase ? "i" : "") + (re.multiline ? "m" : "") + (re.dotAll ? "s" : "") + (re.unicode ? "u" : "") + (re.unicodeSets ? "v" : "");
		const copy = new RegExp(re.source, flags + (at !== undefined || re.sticky ? "dy" : "dg"));
		copy.lastIndex = at ?? from ?? 0;
		let m = copy.exec(input);
		for (let next = m; every && next !== null; next = copy.exec(input)) {
			m = next;
			if (next[0] === "") copy.lastIndex++;
		}
		return m;
	};
	const last = () => {
		host("quiet", true);
		try {
			for (let i = 0; ; i++) {
				const seen = host("last", i);
				if (seen === undefined) return undefined;
				const m = again(seen);
				if (m !== null) return m;
			}
		} finally {
			host("quiet", false);
		}
	};
	const group = (i) => last()?.[i] ?? "";
	const input = () => host("assigned") ?? last()?.input ?? "";
	const lastParen = () => { const m = last(); return m !== undefined && m.length > 1 ? m[m.length - 1] ?? "" : ""; };
	const left = () => { const m = last(); return m === undefined ? "" : m.input.slice(0, m.indices[0][0]); };
	const right = () => { const m = last(); return m === undefined ? "" : m.input.slice(m.indices[0][1]); };
	const legacy = {
		get input() { return input(); }, set input(v) { host("assign", `${v}`); },
		get $_() { return input(); }, set $_(v) { host("assign", `${v}`); },
		get lastMatch() { return group(0); }, set lastMatch(v) {},
		get "$&"() { return group(0); }, set "$&"(v) {},
		get lastParen() { return lastParen(); }, set lastParen(v) {},
		get "$+"() { return lastParen(); }, set "$+"(v) {},
		get leftContext() { return left(); }, set leftContext(v) {},
		get "$`"() { return left(); }, set "$`"(v) {},
		get rightContext() { return right(); }, set rightContext(v) {},
		get "$'"() { return right(); }, set "$'"(v) {},
		get $1() { return group(1); }, set $1(v) {},
		get $2() { return group(2); }, set $2(v) {},
		get $3() { return group(3); }, set $3(v) {},
		get $4() { return group(4); }, set $4(v) {},
		get $5() { return group(5); }, set $5(v) {},
		get $6() { return group(6); }, set $6(v) {},
		get $7() { return group(7); }, set $7(v) {},
		get $8() { return group(8); }, set $8(v) {},
		get $9() { return group(9); }, set $9(v) {},
	};
	for (const name in legacy) Object.defineProperty(RegExp, name, {...getters(legacy, name), enumerable: false});
	const seen = {match: proto[Symbol.match], replace: proto[Symbol.replace], split: proto[Symbol.split], search: proto[Symbol.search], matchAll: proto[Symbol.matchAll]};
	return {RegExp, methods, seen};
})
