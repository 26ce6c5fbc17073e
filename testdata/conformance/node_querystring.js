// compatibility_flags: nodejs_compat
// node:querystring, node:string_decoder and node:punycode.
import qs from "node:querystring";
import punycode from "node:punycode";
import { StringDecoder } from "node:string_decoder";
import { Buffer } from "node:buffer";
import { nodeArea, each } from "./lib/node.js";

const queries = ["", "a", "a=", "=a", "=", "&", "&&", "a&b", "a=1&a=2&a=3", "a=b=c", "a=1&&b=2", "&a=1", "a=1&", "a+b=c+d", "%61=%62", "a=%zz", "a=%", "a=%E4%BD%A0", "a=%ff", "a%3Db=c%26d", "__proto__=1", "hasOwnProperty=x", "a[]=1&a[]=2", "a=\u0000", "é=ü", "a;b", "a=1;b=2", "toString=1&valueOf=2", "a=%F0%9F%98%80", "%=%"];
const decode = (enc, ...parts) => { const d = new StringDecoder(enc); return [...parts.map((p) => d.write(Buffer.from(p))), d.end()]; };
const bytes = [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0x80, 0xe2, 0x28, 0xf0, 0x9f, 0x62];
const probes = {
  "parse": () => each(queries, (q) => JSON.stringify(qs.parse(q))),
  "parse separators": () => each([["a:1;b:2", ";", ":"], ["a=>1|b=>2", "|", "=>"], ["a--1&&b--2", "&&", "--"], ["a=1", "", ""], ["a=1&b", null, null], ["aXbXc", "X"]], (a) => JSON.stringify(qs.parse(...a))),
  "parse maxKeys": () => each([1, 2, 0, -1, "1"], (maxKeys) => JSON.stringify(qs.parse("a=1&b=2&c=3", null, null, { maxKeys }))),
  "parse decoder": () => JSON.stringify(qs.parse("a%20=b%20&c=d", null, null, { decodeURIComponent: (s) => `<${s}>` })),
  "parse decoder throws": () => JSON.stringify(qs.parse("a%20=%20b", null, null, { decodeURIComponent() { throw new Error("x"); } })),
  "parse others": () => each([undefined, null, 5, {}, []], (x) => JSON.stringify(qs.parse(x))),
  "parse prototype": () => [Object.getPrototypeOf(qs.parse("a=1")), Object.keys(qs.parse("b=1&a=2&1=3"))],
  "parse 1000 keys": () => Object.keys(qs.parse(Array.from({ length: 1100 }, (_, i) => `k${i}=1`).join("&"))).length,
  "stringify": () => each([{}, { a: 1 }, { a: "" }, { a: null, b: undefined }, { a: [1, "x", null, undefined] }, { a: [] }, { a: true, b: false }, { a: NaN, b: Infinity, c: -0 }, { a: 10n }, { a: {} }, { a: () => {} }, { "a b": "c&d" }, { é: "ü😀" }, { a: 1e21, b: 1.5 }, { a: "\n~!*()'" }, { a: new Date(0) }], (o) => qs.stringify(o)),
  "stringify separators": () => each([[{ a: 1, b: [2, 3] }, ";", ":"], [{ a: 1, b: 2 }, "", ""], [{ a: 1, b: 2 }, null, null]], (a) => qs.stringify(...a)),
  "stringify encoder": () => qs.stringify({ "a b": "c", d: 5 }, null, null, { encodeURIComponent: (s) => `<${s}>` }),
  "stringify others": () => each([undefined, null, 5, "a", [1, 2], "", true], (x) => qs.stringify(x)),
  "stringify surrogates": () => each(["\ud800", "a\udc00", "\ud83d\ude00"], (x) => qs.stringify({ a: x })),
  "escape": () => each(["a b", "é", "~!*()'-._", "%", "", 5, undefined, null, {}, [1, 2], { toString: () => "t&" }, "\ud800"], (x) => qs.escape(x)),
  "unescape": () => each(["a%20b", "%zz", "%", "%e4", "+", "%c3%a9", "", 5, "%u0041", "a%2"], (x) => qs.unescape(x)),
  "unescapeBuffer": () => each(["a%20b", "%zz", "a+b", "%ff", ""], (x) => qs.unescapeBuffer(x).toString("hex")),
  "unescapeBuffer plus": () => qs.unescapeBuffer("a+b", true).toString(),
  "replaced escape": () => { const old = qs.escape; qs.escape = (s) => `[${s}]`; const r = qs.stringify({ a: "b c" }); qs.escape = old; return r; },
  "replaced unescape": () => { const old = qs.unescape; qs.unescape = (s) => `[${s}]`; const r = JSON.stringify(qs.parse("a%20=b")); qs.unescape = old; return r; },
  "aliases": () => [qs.decode === qs.parse, qs.encode === qs.stringify],

  "utf8 byte by byte": () => decode("utf8", ...bytes.map((b) => [b])),
  "utf8 pairs": () => decode("utf-8", ...Array.from({ length: 9 }, (_, i) => bytes.slice(i * 2, i * 2 + 2))),
  "utf8 whole": () => decode("utf8", bytes),
  "utf8 ends": () => [[0xe2], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc3], [0xc3, 0x28], [0xff], [0xed, 0xa0, 0x80]].map((b) => decode("utf8", b)),
  "utf16": () => [decode("utf16le", [0x61], [0, 0x3d], [0xd8, 0, 0xde], [0x62, 0]), decode("ucs2", [0x3d, 0xd8], [0x4d, 0xdc]), decode("ucs-2", [0x3d, 0xd8]), decode("utf16le", [0x61, 0, 0x62])],
  "base64": () => [decode("base64", [1], [2], [3], [4]), decode("base64", [1, 2, 3, 4]), decode("base64url", [255], [254, 253], [252])],
  "single bytes": () => [decode("hex", [1, 2], [255]), decode("latin1", [0xe9], [0x80]), decode("ascii", [0xe9, 0x61]), decode("binary", [0xff])],
  "encodings": () => each([undefined, null, "", "UTF8", "Utf-8", "UCS2", "BINARY", "nope", 5, {}, "buffer"], (e) => new StringDecoder(e).encoding),
  "write types": () => each(["text", new Uint8Array([0x61]), new DataView(new ArrayBuffer(1)), new Uint16Array([0x6161]), 5, undefined, null, {}, [1], new ArrayBuffer(2)], (x) => new StringDecoder("utf8").write(x)),
  "end types": () => each([undefined, "x", Buffer.from("é"), 5], (x) => new StringDecoder("utf8").end(x)),
  "end and again": () => { const d = new StringDecoder("utf8"); return [d.write(Buffer.from([0xe2])), d.end(), d.write(Buffer.from([0x61])), d.end()]; },
  "state": () => { const d = new StringDecoder("utf8"); d.write(Buffer.from([0xf0, 0x9f])); return [d.lastNeed, d.lastTotal, d.lastChar?.constructor?.name, d.lastChar && Array.from(d.lastChar), d.encoding, Object.keys(d)]; },
  "text": () => typeof new StringDecoder("utf8").text === "function" ? new StringDecoder("utf8").text(Buffer.from("abc"), 1) : "none",
  "called": () => { try { return StringDecoder("utf8")?.encoding; } catch (e) { return e.name; } },
  "class": () => [StringDecoder.name, StringDecoder.length, Object.getOwnPropertyNames(StringDecoder.prototype).sort()],

  "punycode encode": () => each(["", "a", "é", "mañana", "☃-⌘", "😀", "-", "a-b", "--", "ü"], (x) => punycode.encode(x)),
  "punycode decode": () => each(["", "a-", "9ca", "maana-pta", "--dqo34k", "e28h", "-", "zzz!", "\u0080", "99999999"], (x) => punycode.decode(x)),
  "punycode toASCII": () => each(["mañana.com", "xn--a", "a@é.com", "é。com", "EXAMPLE", "中．com", ""], (x) => punycode.toASCII(x)),
  "punycode toUnicode": () => each(["xn--maana-pta.com", "a@xn--9ca.com", "xn--", "XN--9CA.com"], (x) => punycode.toUnicode(x)),
  "punycode ucs2": () => [punycode.ucs2.decode("a😀\ud800b"), punycode.ucs2.encode([0x61, 0x1f600])],
  "punycode members": () => [Object.keys(punycode), punycode.version],
};
export default nodeArea(probes);
