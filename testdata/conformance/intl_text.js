// Intl: order, segments, tags and customs of locales, shapes of classes.
import { area } from "./probe.js";

const probes = {};
const add = (name, f) => { probes[name] = f; };
const caught = (f) => { try { return f(); } catch (e) { return `${e.name}: ${e.message}`; } };
const sorted = (words, ...args) => [...words].sort(new Intl.Collator(...args).compare).join(" ");

// Collator
const words = "a A á Á ä Ä à â å æ ae b B c C ç č ch cz d D ð đ dz e E é è ê ë f g G ğ h H i I í ı İ j k l L ł ll lj m n N ñ nj o O ó ö ô ø œ oe p q r ř s S ś š ß ss t T þ u U ú ü v V w W x y Y ý z Z ž ź ż 1 10 2 9 - _ . ! a-b ab a.b A-b zz".split(" ");
const locales = "en de de-AT fr fr-CA es es-MX it pt nl sv da nb fi is pl cs sk hu ro hr sl lt lv et tr az vi ca sq cy mt eo bs sr-Latn".split(" ");
for (const l of locales) add(`sort ${l}`, () => sorted(words, l));
for (const [l, list] of Object.entries({
  ru: "а б в г ё е ж я Я й и", uk: "а г ґ и і ї й я е є", bg: "а я ъ ь щ", sr: "а ђ ж ћ ч љ л њ", el: "α ά β ω ώ ς σ Σ", he: "א ב ת ש", ar: "ا أ ب ت ي ى ة ه", fa: "ا ب پ ک گ ی و ه", hi: "क ख अ आ ज्ञ ह क्ष", th: "ก เก แก ข ไข", ja: "あ ア い か が カ ー 一 日 本", ko: "가 나 다 각 한 漢", zh: "中 文 字 一 二 三 阿 北 京 张 李", "zh-TW": "中 文 字 一 二 三 阿 北 京", "zh-u-co-stroke": "中 文 字 一 二 三 阿 北 京", hy: "ա բ գ", ka: "ა ბ გ",
})) add(`sort ${l}`, () => sorted(list.split(" ").reverse(), l));
for (const l of ["de-u-co-phonebk", "es-u-co-trad", "en-u-kn", "en-u-kf-upper", "en-u-kf-lower", "sv-u-co-trad", "fi-u-co-trad", "de-u-kn-kf-upper"]) add(`sort ${l}`, () => [sorted(words, l), JSON.stringify(new Intl.Collator(l).resolvedOptions())]);
for (const o of [{ numeric: true }, { caseFirst: "upper" }, { caseFirst: "lower" }, { caseFirst: "upper", numeric: true }, { ignorePunctuation: true }, { sensitivity: "base" }, { sensitivity: "accent" }, { sensitivity: "case" }, { sensitivity: "variant" }, { usage: "search" }, { usage: "search", sensitivity: "base" }, { collation: "phonebk" }]) {
  add(`sort with ${JSON.stringify(o)}`, () => [sorted(words, "en", o), sorted(words, "de", o)]);
  add(`collator ${JSON.stringify(o)}`, () => JSON.stringify(new Intl.Collator("de", o).resolvedOptions()));
}
for (const sensitivity of ["base", "accent", "case", "variant"]) add(`compare by ${sensitivity}`, () => [["a", "A"], ["a", "á"], ["a", "Á"], ["ä", "Ä"], ["a", "b"], ["résumé", "Resume"], ["ss", "ß"], ["æ", "ae"], ["ﬁ", "fi"], ["ａ", "a"], ["か", "カ"], ["か", "が"], ["co-op", "coop"], ["a", ""], ["²", "2"]].map(([a, b]) => ["en", "de", "sv"].map((l) => a.localeCompare(b, l, { sensitivity })).join()).join(" "));
for (const list of ["x1 x2 x10 x01 x001 x1.5 x1.10 x", "v1.2.3 v1.10.0 v1.9 v2", "0 00 000 1 01 ٣ 3 ३", "file9 file10 File8 FILE11", "-1 -2 1 2", "1a 1b 1 2a 10a 99999999999999999999 100000000000000000000"]) add(`numeric ${list}`, () => sorted(list.split(" "), "en", { numeric: true }));
add("punctuation", () => sorted("a b.c b-c bc b'c b c,d #e $f (g) [h] {i} ~j ^k `l €m £n ¥o @p &q *r /s \\t |u +v <w =x >y %z ?a !b".split(" "), "en"));
add("spaces", () => sorted(["a b", "ab", "a  b", "a\tb", "a\nb", "a\u00a0b", " ab", "a", ""], "en"));
add("punctuation ignored", () => sorted("a-b ab a.b ac a_c a,c b-a ba".split(" "), "en", { ignorePunctuation: true }));
add("collators", () => ["en", "th", "de-u-co-phonebk-kn-kf-upper", "de-u-kn-false", "de-u-co-search", "de-u-co-standard", "zh-u-co-stroke", "xx", "en-u-ks-level1"].map((l) => JSON.stringify(new Intl.Collator(l).resolvedOptions())));
add("localeCompare", () => ["a".localeCompare("b"), "b".localeCompare("a"), "a".localeCompare("a"), "a".localeCompare("á", "de", { sensitivity: "base" }), "ä".localeCompare("z", "de"), "ä".localeCompare("z", "sv"), "a".localeCompare(undefined), "undefined".localeCompare(), "a".localeCompare("A"), "Z".localeCompare("a"), "2".localeCompare("10", undefined, { numeric: true }), "é".localeCompare("e\u0301"), "".localeCompare("a"), "_".localeCompare("a"), "A".localeCompare("a", "en", { caseFirst: "upper" })]);
add("collator errors", () => [{ usage: "x" }, { sensitivity: "x" }, { caseFirst: "x" }, { collation: "x" }, { localeMatcher: "x" }, null].map((o) => caught(() => String(new Intl.Collator("en", o)))));
add("compare function", () => { const c = new Intl.Collator(), f = c.compare; return [f === c.compare, f.name, f.length, f(1, 2), f(null, "null"), f()]; });

// Segmenter
const cut = (granularity, l, s) => [...new Intl.Segmenter(l, { granularity }).segment(s)].map((x) => JSON.stringify(x.segment) + (x.isWordLike === undefined ? "" : x.isWordLike ? "+" : "-") + x.index).join(" ");
const texts = {
  plain: "Hello, world! How are you?", contractions: "can't won't rock'n'roll o’clock 'quoted' “curly” it's", numbers: "3.14 1,000.50 10% $5.99 1st 2nd 12:30 2024-03-05 0x1F 1e10", emails: "mail me@example.com or see https://example.com/a?b=c#d now", underscores: "_ a_b __ snake_case_name a__b _x x_ ___", colons: "a:b c: d :e f::g 1:2", dots: "e.g. i.e. U.S.A. a.b.c ... … a..b", hyphens: "well-known co-op a--b non‑breaking", spaces: "a  b\u00a0c\td\u3000e", lines: "a\r\nb\n\nc\rd\u2028e", emoji: "👍🏽 👨‍👩‍👧‍👦🇩🇪🇫🇷🇺 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🙂🙃", marks: "e\u0301 n\u0303o a\u0301\u0302 \u0301x ñ", hangul: "각 한국어 안녕하세요 ㄱㅏ", indic: "क्षि नमस्ते हिन्दी ক্ষ தமிழ் മലയാളം", arabic: "مرحبا بالعالم، كيف حالك؟ السَّلَامُ", hebrew: "שלום עולם צה\"ל ג'ירפה", greek: "Γειά σου; Τι κάνεις; Καλά.", cyrillic: "Привет, мир! Как дела?", surrogates: "a\ud800b\udc00 \ud83d x", symbols: "a+b=c © ® ™ ½ ① ª º § €5 x²", sentences: "Hello Mr. Smith. How are you? I'm fine... ok.  Next! 3.14 is pi. e.g. this\nNew line. “Quoted.” He left. (In brackets.) End", abbreviations: "Dr. Who arrived at 5 p.m. yesterday. He said: no! Yes?! a.b. C.D. etc. and so on.", cjkSentences: "これは文です。次の文。質問？はい！", empty: "", single: "x", zwj: "a\u200db a\u200cb \u200b\u2060", controls: "a\u0000b\u0007c\u00adc", mixed: "iPhone15 COVID-19 C++ C# .NET node.js @user #tag", apostrophes: "l'homme d'un dell'arte aujourd'hui 'tis", flags: "🇩🇪🇩🇪🇩 a🇺🇸b", skin: "👩🏾‍🚀👨🏻‍❤️‍💋‍👨🏿", tamil: "நி கொ ஸ்ரீ", precomposed: "\u1112\u1161\u11ab \uD55C",
};
for (const [name, s] of Object.entries(texts)) {
  add(`graphemes ${name}`, () => cut("grapheme", "en", s));
  if (name !== "cjkSentences") add(`words ${name}`, () => cut("word", "en", s));
  add(`sentences ${name}`, () => cut("sentence", "en", s));
}
for (const l of ["de", "fr", "sv", "fi", "el", "ru", "ar", "hi", "es", "ko"]) add(`segments ${l}`, () => [cut("word", l, "a:b l'été c'est; Ça va? x.y 1.000,5"), cut("sentence", l, "Α; Β. z.B. dies. Sr. Pérez ¿Qué? Non; oui."), new Intl.Segmenter(l).resolvedOptions().locale]);
add("containing", () => { const s = new Intl.Segmenter("en", { granularity: "word" }).segment("Hello 👍🏽 x"); return [0, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, 2.9, "3", NaN, undefined, Infinity, -0.5].map((i) => { const x = s.containing(i); return x && `${x.segment}@${x.index}${x.isWordLike}`; }); });
add("segment objects", () => { const s = new Intl.Segmenter("en", { granularity: "word" }).segment("ab c"), [x] = s; return [Object.keys(x), x.input, Object.getPrototypeOf(x) === Object.prototype, Object.keys([...new Intl.Segmenter().segment("ab")][0]), [...s].length, [...s].length, s[Symbol.iterator]() === s[Symbol.iterator]()]; });
add("segment iterators", () => { const it = new Intl.Segmenter().segment("ab")[Symbol.iterator](); return [String(it), it[Symbol.iterator]() === it, it.next(), it.next(), it.next(), it.next(), typeof it.map, it instanceof Iterator]; });
add("segments shapes", () => { const s = new Intl.Segmenter().segment("a"), p = Object.getPrototypeOf(s), q = Object.getPrototypeOf(s[Symbol.iterator]()); return [p, q].map((o) => Reflect.ownKeys(o).map((k) => { const d = Object.getOwnPropertyDescriptor(o, k); return `${String(k)} ${typeof d.value} ${d.value?.name} ${d.value?.length} ${d.writable}${d.enumerable}${d.configurable}`; })); });
add("segment inputs", () => [undefined, null, 12, {}, ["a", "b"]].map((v) => [...new Intl.Segmenter().segment(v)].map((x) => x.segment).join("|")));
add("segmenter options", () => [{}, { granularity: "word" }, { granularity: "x" }, null, 1, { localeMatcher: "x" }].map((o) => caught(() => JSON.stringify(new Intl.Segmenter("en-GB", o).resolvedOptions()))));

// Tags
const tags = "en en-us EN-US iw iw-IL in ji jw mo sh no nb nn tl fil cmn cmn-TW zh-cmn zh-yue zh-min-nan sgn-DE sgn-BR i-klingon art-lojban en-gb-oed x-foo root und und-Latn und-US en-latn-840 de-DD ru-SU hy-SU sr-ME sr-YU sr-CS uk-SU uz-SU en-UK fr-FX my-BU no-bok no-NO-NY de-1996 de-1996-1901 de-1996-1996 sl-rozaj-biske-1994 ja-Latn-hepburn-heploc hy-arevela hy-arevmda ca-valencia en-a-bbb-x-1 en-a en-u en-u-ca en-u-ca-gregory en-u-ca-islamicc en-u-ca-ethiopic-amete-alem en-u-kn en-u-kn-true en-u-kn-yes en-u-kn-false en-u-nu-latn-ca-buddhist en-u-attr2-attr1-ca-gregory en-u-ks-primary en-u-ks-level1 en-u-tz-usnavajo en-u-tz-usnyc en-u-rg-uszzzz en-u-sd-frg en-u-ms-imperial en-u-co-phonebk-co-trad en-t-iw en-t-und-x0-foo en-t-m0-true-d0-fwidth en-t-hi-latn-m0-iso15919 zh-TW-u-co-zhuyin-attr en_US en--US en- -en e english engl englis 123 en-US-US en-Latn-Latn en-abcd1 en-1abc en-12 en-123 en-1234 de-Qaai pa-Qaai ab-Qaak und-Qaai aa-saaho en-aaland zh-guoyu zh-hakka prs prs-AF sr-Cyrl-u-ca-japanese tr-u-kf-false az-u-kb-kc de-x-a-b-c de-x en-b-ccc-a-ddd en-u-x".split(" ");
for (const t of tags) add(`tag ${t}`, () => [caught(() => Intl.getCanonicalLocales(t)), caught(() => { const l = new Intl.Locale(t); return [String(l), l.baseName, l.language, l.script, l.region, l.variants, String(l.maximize()), String(l.minimize())].join(" "); })]);
add("canonical lists", () => [[], undefined, null, 1, true, {}, ["de", "DE", "en"], [1], [null], ["x"], { length: 2, 0: "de", 1: "fr" }, [new Intl.Locale("iw")], new Intl.Locale("iw"), new Set(["de"]), ["de", , "fr"], "de,fr"].map((l) => caught(() => Intl.getCanonicalLocales(l))));

// Customs
for (const l of "en en-GB en-US en-CA en-AU de de-AT de-CH fr fr-CA es es-MX pt-BR pt it nl sv da fi pl cs ru uk tr el he ar ar-EG ar-SA ar-AE fa ps ur hi bn ta th vi id ja ko zh zh-TW zh-HK am ti my km si ne sw und xx und-FR en-AF en-u-rg-dezzzz de-u-fw-sun en-u-hc-h23 en-u-ca-buddhist en-u-nu-arab de-u-co-phonebk az-Arab uz-Arab pa-Arab ks sd yi dv ckb en-Arab und-Hebr".split(" ")) {
  add(`customs ${l}`, () => { const x = new Intl.Locale(l); return JSON.stringify([x.getCalendars(), x.getCollations(), x.getHourCycles(), x.getNumberingSystems(), x.getTimeZones(), x.getTextInfo(), x.getWeekInfo()]); });
  add(`likely ${l}`, () => { const x = new Intl.Locale(l); return [String(x.maximize()), String(x.minimize()), String(x.maximize().minimize())]; });
}
for (const o of [{}, { language: "fr" }, { script: "cyrl" }, { region: "at" }, { variants: "1996" }, { calendar: "buddhist" }, { collation: "phonebk" }, { hourCycle: "h12" }, { caseFirst: "upper" }, { caseFirst: "false" }, { numeric: true }, { numeric: false }, { numeric: "" }, { numberingSystem: "arab" }, { firstDayOfWeek: "mon" }, { firstDayOfWeek: 0 }, { firstDayOfWeek: "7" }, { firstDayOfWeek: "MON" }, { firstDayOfWeek: "xxx" }, { language: "x" }, { script: "x" }, { region: "xxx" }, { calendar: "x" }, { hourCycle: "x" }, { caseFirst: "x" }, { variants: "x" }, { variants: "" }, { variants: "1996-1901" }, { variants: "1996-1996" }, { calendar: "islamicc" }, { calendar: "GREGORY" }, { language: "iw" }, { language: "en", region: "gb", calendar: "roc", numeric: true }])
  add(`locale with ${JSON.stringify(o)}`, () => caught(() => ["de-Latn-DE", "de-u-kn-ca-gregory-co-trad", "de-x-y"].map((l) => { const x = new Intl.Locale(l, o); return [String(x), x.calendar, x.collation, x.hourCycle, x.caseFirst, x.numeric, x.numberingSystem, x.firstDayOfWeek].join(); })));
add("locale arguments", () => [[], [1], [null], [""], ["en", null], ["en", 1], [{ toString: () => "en" }], [new Intl.Locale("de-u-kn"), { numeric: false }], [Symbol()]].map((a) => caught(() => String(new Intl.Locale(...a)))));
for (const k of ["calendar", "collation", "currency", "numberingSystem", "timeZone", "unit", "x", undefined]) add(`supportedValuesOf ${k}`, () => caught(() => Intl.supportedValuesOf(k).join(" ")));
for (const l of ["de-u-nu-arab", "de-u-nu-xxx", "ar-u-nu-latn-ca-gregory", "hi-u-nu-deva", "de-u-kn-nu-arab", "xx-u-nu-arab", "de-XX-u-nu-thai", "zh-Hant-HK", "zh-HK", "zh-CN", "zh-Hans-CN", "no", "nn", "sr-Latn-ME", "sh", "iw", "tl", "en-150", "es-ES", "pt-BR", "mo", "az-Latn-AZ", "hi-Latn", "pa-PK", "uz-AF", "en-Shaw", "de-Latn-DE", "und", "und-DE", "ku", "cy", "eo"])
  add(`negotiate ${l}`, () => ["NumberFormat", "Collator", "PluralRules", "RelativeTimeFormat", "ListFormat", "Segmenter"].map((c) => new Intl[c](l).resolvedOptions().locale + " " + Intl[c].supportedLocalesOf(l)));

// Case
for (const l of ["tr", "az", "lt", "el", "en", "de", "tr-TR", "el-polyton", "lt-LT", "nl", "hy"]) add(`case ${l}`, () => ["iIıİ istanbul DIŞ i\u0307 I\u0307 İ\u0307", "ÌÍĨI\u0300J\u0300Į\u0300 i\u0307\u0300 j\u0307 įi\u0307", "άέήίόύώ ΐΰ ϊϋ Άι μαΐου τρόλεϊ άυλος ή ἄ ᾳ ή. Ή ρωμέικα ἀΰπνους ᾠδή ὕδωρ", "ΑΣ ΑΣΑ Σ ΟΔΥΣΣΕΎΣ", "ß ŉ ǰ ﬁ ẞ ǆ ij ĳ և"].map((s) => [s.toLocaleUpperCase(l), s.toLocaleLowerCase(l)]));
add("case arguments", () => [["x"], [["en", "tr"]], [["tr", "en"]], [undefined], [null], [1], [[]]].map((a) => caught(() => "Ii".toLocaleLowerCase(...a) + "Ii".toLocaleUpperCase(...a))));

// Numbers of arrays, and everything's shape
add("array toLocaleString", () => [[1, 1234.5, null, undefined, "x", 10n], [], [[1234, 2], [3]], [new Date(NaN)], [{ toLocaleString: (...a) => JSON.stringify(a) }]].map((a) => a.toLocaleString("de", { minimumFractionDigits: 1 })));
add("typed toLocaleString", () => [new Uint8Array([1, 200]), new Float64Array([1234.5, NaN]), new BigInt64Array([10n ** 15n]), new Int16Array(0)].map((a) => [a.toLocaleString("de"), a.toLocaleString("en", { style: "percent" }), a.toLocaleString()]));
add("array likes", () => [{ length: 2, 0: 1234, 1: 5 }, "ab"].map((o) => Array.prototype.toLocaleString.call(o, "de")));
add("circular", () => { const a = [1]; a.push(a, 2); return a.toLocaleString(); });
add("bigint toLocaleString", () => [(10n ** 30n).toLocaleString("de"), (-5n).toLocaleString("en", { style: "currency", currency: "EUR" }), (123456n).toLocaleString("hi", { notation: "compact" }), (123n).toLocaleString("ar-EG"), (12n).toLocaleString("en", { style: "percent" })]);
add("Intl keys", () => Reflect.ownKeys(Intl).map(String).filter((k) => k !== "v8BreakIterator"));
for (const name of ["Collator", "NumberFormat", "PluralRules", "RelativeTimeFormat", "ListFormat", "DisplayNames", "Segmenter", "Locale"]) {
  add(`shape ${name}`, () => { const C = Intl[name]; return [C, C.prototype].map((o) => Reflect.ownKeys(o).map((k) => { const d = Object.getOwnPropertyDescriptor(o, k); return [String(k), d.get ? `${d.get.name}/${d.get.length}` : typeof d.value === "function" ? `${d.value.name}/${d.value.length}` : typeof d.value, d.writable, d.enumerable, d.configurable].join(" "); }).sort()); });
  add(`new ${name}`, () => [caught(() => String(Intl[name]("en", { type: "region" }))), caught(() => { class X extends Intl[name] {} const x = new X("en", { type: "region" }); return [x instanceof X, x instanceof Intl[name], String(x)]; }), Object.getPrototypeOf(Intl[name]) === Function.prototype, "" + Object.prototype.toString.call(Intl[name].prototype)]);
  if (name !== "Locale") add(`supportedLocalesOf ${name}`, () => [caught(() => Intl[name].supportedLocalesOf(["de-u-nu-arab", "xx", "de-XX", "DE"])), caught(() => Intl[name].supportedLocalesOf()), caught(() => Intl[name].supportedLocalesOf("de", { localeMatcher: "x" })), caught(() => Intl[name].supportedLocalesOf("x")), caught(() => Intl[name].supportedLocalesOf("de", null))]);
}
add("order of options", () => ["NumberFormat", "Collator", "PluralRules", "RelativeTimeFormat", "ListFormat", "Segmenter"].map((c) => { const seen = []; new Intl[c]("en", new Proxy({}, { get(_, k) { seen.push(k); } })); return `${c}: ${seen.join()}`; }));

export default area(probes);
