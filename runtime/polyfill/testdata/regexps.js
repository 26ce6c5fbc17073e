// Cases for regular expressions, like those of cases.js.
(() => {
	// m gives what exec finds in each input, all of them with the g flag.
	const m = (source, flags, ...inputs) => inputs.map((s) => {
		const re = new RegExp(source, flags);
		if (re.global) return [...s.matchAll(re)].map((r) => [r.index, ...r]);
		const r = re.exec(s);
		return r && [r.index, ...r, r.groups ? {...r.groups} : 0, r.indices ? [...r.indices] : 0];
	});
	// count is how many code points match, and a checksum of which.
	const count = (source, flags) => {
		const re = new RegExp(source, flags);
		let n = 0, sum = 0;
		for (let c = 0; c < 0x20000; c += c < 0x600 ? 1 : 41) if (re.test(String.fromCodePoint(c))) { n++; sum = (sum * 31 + c) % 1000003; }
		return [n, sum];
	};
	// rx is a literal, written so that engines parse it that cannot compile it.
	const rx = (flags) => (text) => new RegExp(text.raw[0], flags);
	const bad = (source, flags) => { new RegExp(source, flags); return "fine"; };
	const text = "Größe ΑΒΓ αβγ Москва 東京 か カ 123 ٣٤ Ⅻ ½ _-.,!? 😀👍🏽👨‍👩‍👧🇩🇪 é e\u0301 \u00a0\t\n\ud800 x";
	return [
		...["L", "Lu", "Letter", "gc=Ll", "General_Category=Uppercase_Letter", "LC", "M", "Mn", "N", "Nd", "Nl", "No", "P", "Punctuation", "punct", "Pd", "Ps", "S", "Sc", "Sm", "So", "Z", "Zs", "C", "Cc", "Cs", "Cn", "Co",
			"Script=Latin", "sc=Latn", "sc=Greek", "sc=Cyrl", "sc=Han", "sc=Hira", "scx=Hira", "scx=Kana", "Script_Extensions=Grek", "sc=Common", "sc=Zyyy", "scx=Zinh", "sc=Arab", "sc=Deva", "scx=Deva", "sc=Unknown",
			"Any", "ASCII", "Assigned", "Alphabetic", "Alpha", "ASCII_Hex_Digit", "Case_Ignorable", "Cased", "Changes_When_Lowercased", "Changes_When_NFKC_Casefolded", "Dash", "Default_Ignorable_Code_Point", "Diacritic",
			"Emoji", "Emoji_Component", "Emoji_Modifier", "Emoji_Modifier_Base", "Emoji_Presentation", "Extended_Pictographic", "Extender", "Grapheme_Base", "Grapheme_Extend", "Hex_Digit", "ID_Start", "ID_Continue", "IDS", "Ideographic",
			"Lowercase", "Math", "Noncharacter_Code_Point", "Pattern_Syntax", "Pattern_White_Space", "Quotation_Mark", "Regional_Indicator", "Sentence_Terminal", "Soft_Dotted", "Terminal_Punctuation", "Unified_Ideograph",
			"Uppercase", "Variation_Selector", "White_Space", "space", "XID_Start", "XID_Continue"].flatMap((p) => [Object.assign(() => count(`^\\p{${p}}$`, "u"), {toString: () => `\\p{${p}}`}), Object.assign(() => count(`^[^\\P{${p}}a]$`, "v"), {toString: () => `v [^\\P{${p}}a]`})]),
		...["", "Foo", "gc=Foo", "sc=Foo", "latin", "Script", "sc=", "=Latin", "IsLatin", "Lu ", "L=Lu", "Block=Latin", "InLatin", "isalpha", "ALPHABETIC", "RGI_Emojis"].flatMap((p) => [Object.assign(() => bad(`\\p{${p}}`, "u"), {toString: () => `bad \\p{${p}}`})]),
		() => bad("\\p", "u"), () => bad("\\p{L", "u"), () => bad("\\pL", "u"), () => bad("[\\p]", "u"), () => bad("[\\p{L}-z]", "u"), () => bad("[a-\\p{L}]", "u"),
		() => m("\\p{L}", "", "p{L}", "a"), () => m("[\\p{L}]", "", "L", "p", "x"),
		() => m("\\p{L}+", "gu", text), () => m("\\p{Lu}\\p{Ll}+", "gu", text), () => m("[\\p{L}\\p{N}_]+", "gu", text), () => m("[^\\p{L}\\s]+", "gu", text), () => m("\\P{L}+", "gu", text),
		() => m("\\p{Emoji_Presentation}", "gu", text), () => m("\\p{Extended_Pictographic}(?:\\u{1F3FB}|\\u{1F3FD})?", "gu", text), () => m("(?<=\\p{Lu})\\p{Ll}", "gu", text), () => m("\\p{L}(?!\\p{L})", "gu", text),
		() => m("\\p{Sc}\\s?(?<n>\\d+)", "u", "cost € 12", "none"), () => m("^\\p{ID_Start}\\p{ID_Continue}*$", "u", "ab1", "1ab", "été", "a-b"),
		() => m("\\p{Lu}", "iu", "a", "A", "1", "ß", "ſ"), () => m("\\P{Lu}", "iu", "a", "A", "1"), () => m("[^\\p{Lu}]", "iu", "a", "A", "1"), () => m("[^\\P{Lu}]", "iu", "a", "A", "1"),
		() => m("\\p{Lu}", "iv", "a", "A", "1"), () => m("\\P{Lu}", "iv", "a", "A", "1"), () => m("[^\\p{Lu}]", "iv", "a", "A", "1"), () => m("[^\\P{Lu}]", "iv", "a", "A", "1"), () => m("[\\P{Lu}]", "iv", "a", "A", "1"),
		() => m("\\w", "iu", "ſ", "\u212a", "k"), () => m("\\W", "iu", "ſ", "\u212a", "k", "-"), () => m("[\\w]", "iu", "ſ", "\u212a"), () => m("[^\\w]", "iu", "ſ", "-"), () => m("[\\W]", "iu", "ſ", "S", "-"), () => m("\\w", "u", "ſ"), () => m("\\w", "i", "ſ", "\u212a"),
		() => m("k", "iu", "\u212a", "K"), () => m("[a-z]", "iu", "\u212a", "ſ"), () => m("ß", "iu", "ẞ"), () => m("[\\u{10400}]", "iu", "\u{10428}"), () => m("σ", "iu", "ς", "Σ"), () => m("İ", "iu", "i", "ı"),

		() => m("[\\p{L}--[a-z]]+", "gv", "abcDEF"), () => m("[\\p{L}&&\\p{ASCII}]+", "gv", "abcéDEF"), () => m("[[a-z]&&[aeiou]]+", "gv", "education"), () => m("[[a-z]--[aeiou]--[xyz]]+", "gv", "education xyz"),
		() => m("[\\d--[0-4]]", "gv", "0123456789"), () => m("[^\\d[a-f]]", "gv", "09afgz"), () => m("[\\q{abc|d|}x]", "gv", "abcdx"), () => m("^[\\q{abc|ab|a}]c?$", "v", "abc", "abcc", "ac", "a"),
		() => m("[\\q{a|b|cd}--\\q{b|cd}]", "gv", "abcd"), () => m("[\\q{a|b|cd}&&\\q{cd|b}]", "gv", "abcd"), () => m("[\\q{KM|grad}]", "iv", "5km", "GRAD"), () => m("^[\\q{}]$", "v", "", "a"), () => m("[a-z\\-]", "gv", "a-z"), () => m("[\\&\\-\\!]", "gv", "&-!"),
		() => m("[👨‍👩‍👧]", "gv", "👨‍👩‍👧"), () => m("^.$", "v", "😀", "a", "\n"), () => m("^.$", "sv", "\n"), () => m("^.$", "u", "😀"), () => m("^.$", "", "😀"), () => m("^..$", "", "😀"), () => m("[]", "v", "a"), () => m("[^]", "v", "a", "😀", "\udbff\udfff"), () => m("[^]", "u", "\udbff\udfff"), () => m("[\\p{L}--\\p{L}]", "v", "a"),
		() => m("[\\p{Lu}--[A-C]]", "iv", "a", "d", "D"), () => m("[[a-z]--[K]]", "iv", "k", "\u212a", "l"), () => m("[\\w--\\d]+", "gv", "a1b2_"), () => m("\\p{Emoji}\\u{FE0F}?\\u{20E3}", "v", "1\ufe0f\u20e3"),
		() => bad("[a--b&&c]", "v"), () => bad("[a-z--b]", "v"), () => bad("[a&&&b]", "v"), () => bad("[(]", "v"), () => bad("[a-]", "v"), () => bad("[|]", "v"), () => bad("[!!]", "v"), () => bad("[z-a]", "v"), () => bad("[^\\q{ab}]", "v"), () => bad("[a", "v"), () => bad("\\P{RGI_Emoji}", "v"), () => bad("a", "uv"), () => bad("a", "gg"), () => bad("a", "x"), () => bad("a", "dd"), () => bad("\\-", "v"), () => bad("\\q{a}", "v"), () => bad("[&&a]", "v"), () => bad("[--a]", "v"),

		() => m("a(?<n>b)?(c)", "d", "xxabc", "ac", "q"), () => m("(a)|(b)", "d", "b"), () => m("(?<y>😀)", "d", "x😀"), () => m("(?<y>😀)(.)", "du", "x😀😁"), () => m("(?:(a)|b)*", "d", "ab"), () => m("", "d", ""), () => m("x*", "dg", "axb"), () => m("(?<=(\\d+)(\\d+))$", "d", "1053"),
		() => { const re = rx("dg")`b(?<z>c)`, out = []; for (let r; (r = re.exec("bcabc"));) out.push(r.indices, {...r.indices.groups}, re.lastIndex); return out; },
		() => { const re = new RegExp("a", "dy"); re.lastIndex = 1; return [re.exec("ba")?.indices, re.lastIndex, re.exec("ba"), re.lastIndex]; },
		() => "abcabc".match(new RegExp("b(c)", "dg")), () => "abcabc".replace(new RegExp("b(?<x>c)", "dg"), "[$1$<x>]"), () => "a1b2".split(new RegExp("\\d", "d")), () => "xay".search(new RegExp("a", "d")), () => new RegExp("a", "d").test("ba"),
		() => [..."a1b22".matchAll(new RegExp("\\d+", "dg"))].map((r) => r.indices[0]),

		() => m("(?i:a)b", "", "Ab", "aB", "AB", "ab"), () => m("a(?i)b", "", "ab"), () => m("(?-i:a)b", "i", "aB", "AB"), () => m("(?i:[a-c])d", "", "Bd", "BD"), () => m("(?i:[^a-c])", "", "B", "D"), () => m("(?s:.)(.)", "", "\na", "\n\n"), () => m("(?-s:.)(.)", "s", "a\n", "\na"), () => m("(?m:^a$)", "", "b\na\nc"), () => m("^a(?m:$)", "", "a\nb", "b\na"), () => m("(?-m:^)a", "m", "b\na", "a"), () => m("(?i-s:A.)", "s", "ab", "a\n"), () => m("(?i:\\u0041\\x42)", "", "ab", "AB"), () => m("(?i:k)", "u", "\u212a"), () => m("(?i:k)", "", "\u212a"), () => m("(?i:\\p{Lu})", "u", "a"), () => m("(?i:a(?-i:b)c)", "", "AbC", "ABC"), () => m("(?i:ß)", "u", "ẞ"), () => m("(?i:a.b*)", "", "AxBB"), () => m("(?i:a{2,3})", "", "xAaA"), () => m("(?i:a|b)c", "g", "AcBcBC"),
		() => bad("(?ii:a)", ""), () => bad("(?i-i:a)", ""), () => bad("(?-:a)", ""), () => bad("(?x:a)", ""), () => bad("(?i", ""), () => bad("(?i-:a)", ""), () => bad("(?i)", ""),

		() => m("(?<y>\\d{4})-\\d\\d|\\d\\d-(?<y>\\d{4})", "", "2020-01", "01-2020"), () => m("(?:(?<a>x)|(?<a>y))\\k<a>", "", "xx", "yy", "xy"), () => bad("(?<a>x)(?<a>y)", ""), () => bad("(?<a>x)|(?<b>(?<a>y))", ""), () => m("(?<a>x)|(?<b>(?<c>y))", "", "y"), () => "2020-01 02-2021".replace(rx("g")`(?<y>\d{4})-(?<m>\d\d)|(?<m>\d\d)-(?<y>\d{4})`, "$<y>/$<m>"), () => bad("(?<a>(?<a>y))", ""),

		() => m("(?<=a)b", "g", "abb"), () => m("(?<!a)b", "g", "abbb"), () => m("(?<=\\$)\\d+(?:\\.\\d*)?", "", "$10.53"), () => m("(?<=(\\d+)(\\d+))$", "", "1053"), () => m("(?<=\\1(a))b", "", "aab"), () => m("(?<=([^f]{1,2}))x", "", "abx"), () => m("(?<year>\\d+)-\\k<year>", "", "12-12", "12-13"), () => m("(a)\\1", "i", "aA"), () => m("(?=(a+))a*b\\1", "", "baaabac"), () => m("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac"), () => m("(?:(a)|(b))*", "", "ab", "ba"), () => m("(a*)*", "", "b"), () => m("(?:a?)*?b", "", "aab"), () => m("(?!(a))b", "", "b"), () => m("\\b\\w+\\b", "g", "été foo_bar"), () => m("[^]", "", "\n"), () => m("[]", "", "a"), () => m("\\cJ", "", "\n"), () => m("\\0", "", "\0"), () => m("\\1(a)", "", "a"), () => m("\\8", "", "8"), () => m("a{,2}", "", "a{,2}"), () => m("\\u{61}", "", "u".repeat(61)), () => m("\\u{61}", "u", "a"), () => m("\\ud83d\\ude00", "u", "😀"), () => m("\\ud83d", "u", "😀", "\ud83d"), () => m("^[^x]$", "u", "😀"), () => m("^[^x]$", "", "😀"), () => m("[😀-😂]", "u", "😁"), () => m("\\s+", "", "a\u00a0\ufeff\u2003b"), () => m("\\S+", "", "\u00a0ab"), () => m("[\\s\\S]", "", "\n"), () => m("[\\S]", "", "\u00a0", "a"), () => m("$", "gm", "a\nb"), () => m("^", "gm", "a\r\nb\u2028c"), () => m("(?:)", "gu", "a😀b"), () => m("", "g", "a😀"), () => m(".", "", "\u2028", "\r", "\u0085"), () => m("x{2,3}?", "", "xxx"), () => m("(?<a>.)(?<b>.)", "", "xy"), () => m("(?<été>x)", "", "x"), () => m("(?<$_1>x)", "", "x"), () => m("a|ab", "", "abc"), () => m("((a)|(ab))((c)|(bc))", "", "abc"), () => m("(a?)??", "", "a"), () => m("[a-\\d]", "", "-", "5"), () => m("[\\b]", "", "\b"), () => m("\\d+", "", "٣٤"), () => m("[\\w-]+", "", "a-b"), () => m("(?:ab){2}", "", "ababab"), () => m("é", "i", "É"), () => m("я", "i", "Я"), () => m("k", "i", "\u212a"), () => m("[^k]", "i", "\u212a", "K"), () => m("ſ", "i", "s", "S"), () => m("[a-z]", "i", "ſ", "\u212a"), () => m("σ", "i", "ς"), () => m("ß", "i", "ẞ"), () => m("[\\u0100-\\u0110]", "i", "\u0101"), () => m("(?=a)*", "", "a"), () => m("]", "", "]"), () => m("}", "", "}"), () => bad("(?=a)*", "u"), () => bad("]", "u"), () => bad("{", "u"), () => bad("a{2", "u"), () => bad("\\-", "u"), () => bad("\\1", "u"), () => bad("\\c", "u"), () => bad("[z-a]", ""), () => bad("*", ""), () => bad("a**", ""), () => bad("(", ""), () => bad(")", ""), () => bad("[", ""), () => bad("\\", ""), () => bad("(?<a", ""), () => bad("(?<1a>x)", ""), () => bad("\\k<a>", "u"), () => bad("(?<a>x)\\k<b>", ""), () => bad("a{2,1}", ""), () => bad("\\u{110000}", "u"), () => bad("\\u{zz}", "u"), () => bad("\\xg", "u"),

		() => { const re = new RegExp("\\p{L}/[/]\n", "vg"); return [re.source, re.flags, String(re), re.unicodeSets, re.hasIndices, re.global, re.lastIndex, Object.keys(re)]; },
		() => { const re = new RegExp("\\p{L}", "ud"); return [re.source, re.flags, re.hasIndices, re.unicode, re.unicodeSets, re.sticky]; },
		() => { const re = new RegExp("(?i:a)", "m"); return [re.flags, re.ignoreCase, re.multiline, re.source]; }, () => { const re = new RegExp("(?-i:a)b", "i"); return [re.flags, re.ignoreCase]; },
		() => { const a = new RegExp("\\p{L}", "u"), b = new RegExp(a), c = new RegExp(a, "gv"), d = RegExp(a); return [b.source, b.flags, b === a, c.flags, c.source, d === a, "é1".match(c)]; },
		() => { const a = rx("u")`\p{Lu}`; return [a instanceof RegExp, a.constructor === RegExp, Object.getPrototypeOf(a) === RegExp.prototype, Object.prototype.toString.call(a)]; },
		() => { class R extends RegExp { test(s) { return "sub:" + super.test(s); } } const r = new R("^\\p{L}$", "u"); return [r.test("é"), r instanceof R, r instanceof RegExp, r.flags, new R("a", "g").test("a")]; },
		() => "Aé1 bÖ2".replace(rx("gu")`\p{L}+`, (s) => `<${s}>`), () => "Aé1 bÖ2".replace(rx("u")`(?<w>\p{L})`, "[$<w>$1$&]"), () => "a·b·c".split(rx("u")`\p{P}`), () => "a1é2".split(rx("v")`(\p{N})`), () => "1é".search(rx("u")`\p{L}`), () => "1é2ö".replaceAll(rx("gu")`\p{L}`, "x"), () => "éa".match(rx("gu")`\p{L}`), () => [..."éa".matchAll(rx("gv")`\p{L}`)].map((r) => r[0]), () => rx("u")`^\p{L}+$`.test("東京"),
		() => { const re = rx("gu")`\p{L}`; re.lastIndex = 1; return [re.exec("abc").index, re.lastIndex, re.test("abc"), re.lastIndex, re.test("abc"), re.lastIndex]; }, () => { const re = rx("yu")`\p{L}`; return [re.test("1a"), re.lastIndex, (re.lastIndex = 1, re.test("1a")), re.lastIndex]; },
		() => { const f = () => rx("gu")`\p{L}`; const a = f(), b = f(); a.test("a"); return [a === b, a.lastIndex, b.lastIndex]; },
		() => [RegExp("a|b").source, RegExp("").source, new RegExp("/").source, new RegExp(undefined).source, new RegExp(null).source, RegExp(/a/g).flags, new RegExp(/a/g, "i").flags, String(new RegExp("\n")), new RegExp("").toString()],
		() => [RegExp.length, RegExp.name, RegExp[Symbol.species] === RegExp, typeof RegExp.prototype.exec, RegExp.prototype.flags, RegExp.prototype.source, RegExp.prototype.global, RegExp.prototype.unicodeSets, String(RegExp.prototype)],
		() => { const f = {[Symbol.match]: true, source: "a", flags: "g", constructor: RegExp}; return [RegExp(f) === f, String(new RegExp(f))]; }, () => Object.getOwnPropertyDescriptor(RegExp.prototype, "flags").get.call({global: true, sticky: 1, hasIndices: true, unicodeSets: true}),
		() => Object.getOwnPropertyDescriptor(RegExp.prototype, "unicodeSets").get.call({}), () => Object.getOwnPropertyDescriptor(RegExp.prototype, "source").get.call({}), () => RegExp.prototype.toString.call({source: "a", flags: "b"}), () => RegExp.prototype.toString.call(5),
		() => { const re = /a/g; re.compile("b", "i"); return String(re); }, () => new RegExp(Symbol()), () => new RegExp({toString() { return "x"; }}).source, () => Reflect.construct(RegExp, ["a"], Object) instanceof RegExp, () => new RegExp("\ud83d").test("\ud83d"), () => new RegExp("\ud83d", "u").test("😀"), () => new RegExp("[\ud83d]", "v").test("\ud83d"),
		() => ["foo", "1a", "^$\\.*+?()[]{}|/", ",-=<>#&!%:;@~'`\"", "\t\n\v\f\r \u00a0\u2028\ufeff", "\ud800x", "😀", "_a", "é", ""].map(RegExp.escape), () => RegExp.escape(5),
		() => "x".replace(/(?<a>x)/u, "$<b>"), () => "aBc".replace(/b/i, "$`$'$$"), () => "abc".replace(/(b)(c)?/, "$2$1$3"), () => "a,b,,c".split(/,/), () => "abc".split(/(?:)/u), () => "A<B>bold</B>".split(/<(\/)?([^<>]+)>/),
		...["", "g", "u", "gu", "y", "gi", "s"].flatMap((f) => [["^a", "x\na", "x\r\na", "x\ra", "x\u2028a", "xa", "é\na"], ["a$", "a\nx", "a\r\nx", "a\rx", "a\u2029x", "ax", "a", "é a\r\n"], ["^$", "", "\r\n", "a\r\n\r\nb"],
			["^(?<k>\\w+): *(.*)$", "a: b\r\nc:d", "é: x\nk: ü"], ["[$^]$", "^\r\n", "$"], ["\\^\\$", "^$\n"], ["(?:^|,)b", "a,b\rb"], ["^[ \t]*$", "a\r\n  \r\nb", "é\n\t\n"], ["\\ba$", "ba a\r\n"]].map(([p, ...texts]) => Object.assign(() => m(p, f + "m", ...texts), {toString: () => `m ${p} ${f}`}))),
		() => [/a$/m, new RegExp("^a", "gm"), new RegExp("a", "m")].map((re) => [re.multiline, re.flags, re.source, String(re), Object.keys(re)]),
		() => ["a\r\nb\nc".replace(new RegExp("$", "gm"), ";"), "a\r\nb".split(new RegExp("^", "m")), "é1\r\né2".replace(new RegExp("^é(\\d)$", "gmu"), "<$1>"), "x\r\ny".search(new RegExp("^y", "m")), "a\rb".match(new RegExp("^.", "gm"))],
		() => { const re = new RegExp("^b", "gm"), s = "b\r\nb\rb"; const out = []; while (re.exec(s)) out.push(re.lastIndex); return out; },
		() => { const re = new RegExp("^b", "my"); re.lastIndex = 3; return [re.test("a\r\nb"), re.lastIndex, re.test("a\r\nb")]; },
	];
})()
