// compatibility_flags: nodejs_compat
// node:punycode, and the domain functions of node:url.
import punycode, * as named from "node:punycode";
import url from "node:url";
import { each, nodeArea } from "./lib/node.js";

const words = ["", "a", "abc", "mañana", "bücher", "☃", "☃-⌘", "例え", "Bücher", "a-", "-", "--", "ÿ", "\u{1F600}", "a\u{1F600}b", "ليهمابتكلموشعربي؟", "他们为什么不说中文", "Pročprostěnemluvíčesky", "3年B組金八先生", "ﬀ", "İ", "ß", "\ud800", "a\udc00"];
const codes = ["", "a", "-", "a-", "maana-pta", "bcher-kva", "n3h", "--dqo34k", "r8jz45g", "nxa", "!", "ls8h=", "abc-", "0", "A-", "egbpdaj6bu4bxfgehfvwxn", "é", "99999999", "zzzzzzz", "a b", "maana-PTA"];
const domains = ["", "example.com", "mañana.com", "bücher.example", "☃-⌘.com", "a@mañana.com", "mañana。com", "a．b", "a｡b", "EXAMPLE.com", "MAÑANA.com", "xn--maana-pta.com", "xn--", "xn--a", "foo.xn--bcher-kva.bar", "user@xn--maana-pta.com", "XN--maana-pta.com", ".", "a..b", "faß.de", "\u{1F600}.la", "xn--e28h.la", "a.b.c."];
const odd = [undefined, null, 0, 1, true, {}, [], ["é"]];

const probes = {
  "names": () => [Object.keys(punycode).sort(), Object.keys(named).sort(), punycode.version],
  "lengths": () => [punycode.encode, punycode.decode, punycode.toASCII, punycode.toUnicode, punycode.ucs2.encode, punycode.ucs2.decode].map((f) => `${f.name} ${f.length}`),
  "encode odd": () => each(odd, (v) => punycode.encode(v)),
  "decode odd": () => each(odd, (v) => punycode.decode(v)),
  "toASCII odd": () => each(odd, (v) => punycode.toASCII(v)),
  "toUnicode odd": () => each(odd, (v) => punycode.toUnicode(v)),
  "ucs2 decode": () => words.map((w) => punycode.ucs2.decode(w)),
  "ucs2 encode": () => each([[], [97], [0x1f600], [97, 0x1f600, 98], [0xd800], [0x10ffff]], (v) => punycode.ucs2.encode(v)),
  "ucs2 encode bad": () => each([[0x110000], [-1], [1.5], ["x"], null, undefined, "ab"], (v) => punycode.ucs2.encode(v)),
  "ucs2 decode odd": () => each(odd, (v) => punycode.ucs2.decode(v)),
  "round trip": () => words.map((w) => punycode.decode(punycode.encode(w)) === w),
  "domainToASCII odd": () => each(odd, (v) => url.domainToASCII(v)),
  "domainToUnicode odd": () => each(odd, (v) => url.domainToUnicode(v)),
  "domain none": () => each(["domainToASCII", "domainToUnicode"], (k) => url[k]()),
};
for (const w of words) probes[`encode ${JSON.stringify(w)}`] = () => punycode.encode(w);
for (const c of codes) probes[`decode ${JSON.stringify(c)}`] = () => JSON.stringify(punycode.decode(c));
for (const d of domains) probes[`domain ${JSON.stringify(d)}`] = () => each([punycode.toASCII, punycode.toUnicode, url.domainToASCII, url.domainToUnicode], (f) => f(d));
export default nodeArea(probes);
