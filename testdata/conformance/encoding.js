import { area } from "./probe.js";

const D = (...a) => new TextDecoder(...a);
// The labels of the Encoding standard, by encoding.
const labels = {
  "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
  ibm866: "866 cp866 csibm866 ibm866",
  "iso-8859-2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
  "iso-8859-3": "iso-8859-3 latin3 l3",
  "iso-8859-4": "latin4 iso-8859-4",
  "iso-8859-5": "cyrillic iso-8859-5",
  "iso-8859-6": "arabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i",
  "iso-8859-7": "greek greek8 iso-8859-7 sun_eu_greek",
  "iso-8859-8": "hebrew iso-8859-8 visual iso-8859-8-e",
  "iso-8859-8-i": "logical iso-8859-8-i csiso88598i",
  "iso-8859-10": "latin6 l6 iso-8859-10",
  "iso-8859-13": "iso-8859-13",
  "iso-8859-14": "iso-8859-14",
  "iso-8859-15": "iso-8859-15 l9",
  "iso-8859-16": "iso-8859-16",
  "koi8-r": "koi koi8 koi8-r koi8_r",
  "koi8-u": "koi8-ru koi8-u",
  macintosh: "csmacintosh mac macintosh x-mac-roman",
  "windows-874": "dos-874 iso-8859-11 tis-620 windows-874",
  "windows-1250": "cp1250 windows-1250 x-cp1250",
  "windows-1251": "cp1251 windows-1251",
  "windows-1252": "ansi_x3.4-1968 ascii cp1252 iso-8859-1 latin1 us-ascii windows-1252",
  "windows-1253": "cp1253 windows-1253",
  "windows-1254": "cp1254 iso-8859-9 latin5 windows-1254",
  "windows-1255": "cp1255 windows-1255",
  "windows-1256": "cp1256 windows-1256",
  "windows-1257": "cp1257 windows-1257",
  "windows-1258": "cp1258 windows-1258",
  "x-mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
  gbk: "chinese gb2312 gb_2312-80 gbk x-gbk",
  gb18030: "gb18030",
  big5: "big5 big5-hkscs x-x-big5",
  "euc-jp": "euc-jp x-euc-jp",
  "iso-2022-jp": "csiso2022jp iso-2022-jp",
  "shift_jis": "csshiftjis ms932 shift-jis shift_jis sjis windows-31j x-sjis",
  "euc-kr": "euc-kr korean ks_c_5601-1987 windows-949",
  "utf-16be": "unicodefffe utf-16be",
  "utf-16le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
  "x-user-defined": "x-user-defined",
  replacement: "replacement iso-2022-kr hz-gb-2312 iso-2022-cn",
};
const high = Uint8Array.from({ length: 128 }, (_, i) => 128 + i);
const probes = {
  "encode": () => new TextEncoder().encode("aé€😀"),
  "encode none": () => new TextEncoder().encode(),
  "encode undefined": () => new TextEncoder().encode(undefined),
  "encode null": () => new TextEncoder().encode(null),
  "encode surrogate": () => new TextEncoder().encode("\uD800"),
  "encodeInto": () => { const b = new Uint8Array(4); return [new TextEncoder().encodeInto("aé€", b), b]; },
  "encodeInto wrong": () => new TextEncoder().encodeInto("a", [1]),
  "encodeInto one": () => new TextEncoder().encodeInto("a"),
  "encodeInto Uint16": () => new TextEncoder().encodeInto("a", new Uint16Array(2)),
  "encoder encoding": () => new TextEncoder().encoding,
  "decoder": () => { const d = D(); return [d.encoding, d.fatal, d.ignoreBOM]; },
  "decoder label": () => D("LATIN1 ").encoding,
  "decoder bad label": () => D("nope"),
  "decoder options": () => { const d = D("utf-8", { fatal: true, ignoreBOM: true }); return [d.fatal, d.ignoreBOM]; },
  "decoder options wrong": () => D("utf-8", 5),
  "decode none": () => D().decode(),
  "decode string": () => D().decode("x"),
  "decode null": () => D().decode(null),
  "decode array": () => D().decode([1]),
  "decode invalid": () => D().decode(new Uint8Array([0xff, 65, 0xe2, 0x82])),
  "decode fatal": () => D("utf-8", { fatal: true }).decode(new Uint8Array([0xff])),
  "decode fatal utf16": () => D("utf-16le", { fatal: true }).decode(new Uint8Array([0xff])),
  "decode fatal others": () => D("shift_jis", { fatal: true }).decode(new Uint8Array([0x81])),
  "decode stream": () => { const d = D(); return [d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }), d.decode(new Uint8Array([0xac]))]; },
  "decode bom": () => [D().decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])), D("utf-8", { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])).length],
  "decode view": () => D().decode(new DataView(new Uint8Array([65, 66, 67]).buffer, 1)),
  "decode utf-16": () => D("utf-16le").decode(new Uint8Array([65, 0, 0x3d, 0xd8, 0, 0xde])),
  "decode utf-16 lone": () => D("utf-16le").decode(new Uint8Array([0, 0xd8])).charCodeAt(0),
  "decode 1252": () => D("ascii").decode(new Uint8Array([0x80, 0xe9])),
  "decode gbk": () => D("gbk").decode(new Uint8Array([0xc4, 0xe3])),
  "decode big5": () => D("big5").decode(new Uint8Array([0xa7, 0x41])),
  "decode x-user-defined": () => D("x-user-defined").decode(new Uint8Array([0x80])).charCodeAt(0),
  "illegal": () => TextDecoder.prototype.decode.call({}),
  "atob bad": () => atob("*"),
  "atob none": () => atob(),
  "atob spaces": () => atob(" Y W = = \n"),
  "atob length": () => atob("a"),
  "atob null": () => atob(null).length,
  "btoa": () => btoa("aé"),
  "btoa bad": () => btoa("€"),
  "btoa none": () => btoa(),
  "btoa undefined": () => btoa(undefined),
  "btoa number": () => btoa(5),
  "encoder stream": async () => { const s = new TextEncoderStream(); const w = s.writable.getWriter(); w.write("a"); w.write("\uD83D"); w.write("\uDE00"); w.close(); return new Response(s.readable).bytes(); },
  "encoder stream props": () => new TextEncoderStream().encoding,
  "decoder stream": async () => { const s = new TextDecoderStream(); const w = s.writable.getWriter(); w.write(new Uint8Array([0xe2])); w.write(new Uint8Array([0x82, 0xac])); w.close(); const out = []; for await (const c of s.readable) out.push(c); return out; },
  "decoder stream bad chunk": async () => { const s = new TextDecoderStream(); const w = s.writable.getWriter(); s.readable.getReader().read().catch(() => {}); await w.write("x"); },
  "decoder stream fatal": async () => { const s = new TextDecoderStream("utf-8", { fatal: true }); const w = s.writable.getWriter(); w.write(new Uint8Array([0xff])).catch(() => {}); return s.readable.getReader().read(); },
  "decoder stream bad label": () => new TextDecoderStream("nope"),
  "label spaces": () => [" utf-8", "utf-8\n", "\tUTF-8\f"].map((l) => new TextDecoder(l).encoding),
  "label with nul": () => new TextDecoder("utf-8\0"),
  "label empty": () => new TextDecoder(""),
  "label null": () => new TextDecoder(null),
  "label undefined": () => new TextDecoder(undefined).encoding,
  "label utf-7": () => new TextDecoder("utf-7"),
  "fatal in stream": () => { const d = new TextDecoder("utf-8", { fatal: true }); const a = d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }); return [a, d.decode(new Uint8Array([0xac]))]; },
  "fatal at the end": () => { const d = new TextDecoder("utf-8", { fatal: true }); d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }); return d.decode(); },
  "after a failure": () => { const d = new TextDecoder("utf-8", { fatal: true }); try { d.decode(new Uint8Array([0xff])); } catch {} return d.decode(new Uint8Array([65])); },
  "stream reset": () => { const d = new TextDecoder(); d.decode(new Uint8Array([0xe2]), { stream: true }); return [d.decode(), d.decode(new Uint8Array([65]))]; },
  "bom kept": () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])).length,
  "bom dropped once": () => { const d = new TextDecoder(); return [d.decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])), d.decode(new Uint8Array([0xef, 0xbb, 0xbf, 66]))]; },
  "bom in pieces": () => { const d = new TextDecoder(); return [d.decode(new Uint8Array([0xef]), { stream: true }), d.decode(new Uint8Array([0xbb, 0xbf, 65]), { stream: true }), d.decode(new Uint8Array([0xef, 0xbb, 0xbf]))].map((s) => s.length); },
  "bom utf-16le": () => [new TextDecoder("utf-16le").decode(new Uint8Array([0xff, 0xfe, 65, 0])), new TextDecoder("utf-16le", { ignoreBOM: true }).decode(new Uint8Array([0xff, 0xfe, 65, 0])).length],
  "bom utf-16be": () => new TextDecoder("utf-16be").decode(new Uint8Array([0xfe, 0xff, 0, 65])),
  "utf-16 odd": () => [new TextDecoder("utf-16le").decode(new Uint8Array([65, 0, 66])), new TextDecoder("utf-16be").decode(new Uint8Array([0, 65, 0]))],
  "utf-16 odd fatal": () => new TextDecoder("utf-16le", { fatal: true }).decode(new Uint8Array([65])),
  "utf-16 stream": () => { const d = new TextDecoder("utf-16le"); return [d.decode(new Uint8Array([65]), { stream: true }), d.decode(new Uint8Array([0]), { stream: true }), d.decode()]; },
  "utf-16 surrogates split": () => { const d = new TextDecoder("utf-16le"); return [d.decode(new Uint8Array([0x3d, 0xd8]), { stream: true }), d.decode(new Uint8Array([0, 0xde]))]; },
  "overlong": () => new TextDecoder().decode(new Uint8Array([0xc0, 0x80, 0xe0, 0x80, 0x80, 0xf5, 0xed, 0xa0, 0x80])),
  "truncated": () => new TextDecoder().decode(new Uint8Array([0xf0, 0x9f, 0x98, 65])),
  "resizable views": () => [new TextDecoder().decode(new Uint8Array([65, 66, 67]).subarray(1)), new TextDecoder().decode(new DataView(new Uint8Array([65, 66]).buffer, 1)), new TextDecoder().decode(new Uint16Array([0x4241]))],
  "shift_jis stream": () => { const d = new TextDecoder("shift_jis"); return [d.decode(new Uint8Array([0x82]), { stream: true }), d.decode(new Uint8Array([0xa0]))]; },
  "shift_jis bad": () => new TextDecoder("shift_jis").decode(new Uint8Array([0x82, 65, 0xff])),
  "euc-kr": () => new TextDecoder("euc-kr").decode(new Uint8Array([0xb0, 0xa1, 0xb3, 0xaa])),
  "euc-jp": () => new TextDecoder("euc-jp").decode(new Uint8Array([0xa4, 0xa2, 0x8f, 0xb0, 0xa1])),
  "iso-2022-jp": () => new TextDecoder("iso-2022-jp").decode(new Uint8Array([0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 65])),
  "gb18030 four": () => new TextDecoder("gb18030").decode(new Uint8Array([0x81, 0x30, 0x81, 0x30, 0xa2, 0xe3])),
  "big5 pairs": () => new TextDecoder("big5").decode(new Uint8Array([0x88, 0x62, 0xa4, 0x40])),
  "replacement": () => new TextDecoder("replacement"),
  "encodeInto small": () => { const b = new Uint8Array(3); return [new TextEncoder().encodeInto("€x", b), new TextEncoder().encodeInto("x€", new Uint8Array(3)), new TextEncoder().encodeInto("😀", new Uint8Array(3))]; },
  "encode surrogates": () => new TextEncoder().encode("\ud83d\ude00\ud83d"),
  "btoa bytes": () => btoa("\xff\xfe"),
  "atob odd": async () => { const out = []; for (const s of ["YQ", "YQ=", "YQ==", "Y Q", "YQ===", "=", "", "YWJ", "a-_b"]) { try { out.push(atob(s)); } catch (e) { out.push(e.name); } } return out; },
};
for (const l of "utf8 unicode-1-1-utf-8 utf-16 utf-16be iso-8859-2 windows-1251 koi8-r euc-jp euc-kr iso-2022-jp gb18030 macintosh hz-gb-2312 replacement".split(" ")) probes[`label ${l}`] = () => D(l).encoding;
for (const [name, list] of Object.entries(labels)) {
  probes[`labels of ${name}`] = () => list.split(" ").map((l) => { try { return new TextDecoder(l).encoding; } catch (e) { return `${l} ${e.name}`; } });
  if (name !== "replacement") probes[`high half of ${name}`] = () => new TextDecoder(name).decode(high);
  if (name !== "replacement") probes[`fatal high half of ${name}`] = () => { try { return new TextDecoder(name, { fatal: true }).decode(high).length; } catch (e) { return `${e.name}: ${e.message}`; } };
}
// All pairs with a lead byte from first to last, each in a line; made once.
const made = {};
function pairs(first, last, ...prefix) {
  return made[[first, prefix]] ??= (() => {
    const out = new Uint8Array((last - first + 1) * 224 * (prefix.length + 3));
    let i = 0;
    for (let a = first; a <= last; a++) for (let b = 0x20; b < 256; b++) { for (const c of prefix) out[i++] = c; out[i++] = a; out[i++] = b; out[i++] = 10; }
    return out;
  })();
}
// As a digest: there are tens of thousands.
const digest = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text))).toHex();
for (const set of ["(B", "(J", "(I", "$@", "$B", "$A"]) probes[`pairs of iso-2022-jp ${set}`] = () => { const d = D("iso-2022-jp"); return digest(d.decode(new TextEncoder().encode("\x1b" + set), { stream: true }) + d.decode(pairs(0x20, 0x7f))); };
probes["threes of euc-jp"] = () => digest(D("euc-jp").decode(pairs(0x80, 255, 0x8f)));
for (const name of ["gbk", "gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "iso-2022-jp"]) {
  probes[`pairs of ${name}`] = () => digest(D(name).decode(pairs(0x80, 255)));
  probes[`ends of ${name}`] = () => [[0x81], [0x81, 0x30], [0x81, 0x30, 0x81], [0xff, 65], [0xa1, 0xff], [0x8f, 0xa1], [0x8e], [0x80], [0x81, 0x30, 0x81, 65], [0x1b], [0x1b, 0x24], [0x1b, 0x28, 65], [0x1b, 0x24, 0x42, 0x24], [0x1b, 0x24, 0x42, 0x24, 0x1b], [0x1b, 0x28, 0x42, 0x1b, 0x28, 0x42, 65]].map((b) => D(name).decode(new Uint8Array(b)));
  probes[`pieces of ${name}`] = () => { const d = D(name), out = []; for (const c of [65, 0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0x81, 0x30, 0x81, 0x35, 0x8f, 0xb0, 0xa1, 0xa4, 0xa2, 0x81, 0x30, 65, 0x1b, 0x28]) out.push(d.decode(new Uint8Array([c]), { stream: true })); return [...out, d.decode(), d.decode(new Uint8Array([0x24, 0x22]))]; };
}
probes["fours of gb18030"] = () => { const bytes = []; for (const a of [0x81, 0x82, 0x83, 0x84, 0x85, 0x8f, 0x90, 0xe3, 0xe4, 0xfd, 0xfe]) for (let b = 0x30; b < 0x3a; b++) for (let c = 0x81; c < 0xff; c++) bytes.push(a, b, c, 0x30 + (a + b + c) % 10, 10); const s = D("gb18030").decode(new Uint8Array(bytes)); let sum = 0; for (const c of s) sum = (sum * 31 + c.codePointAt(0)) % 1e9; return [s.length, sum]; };
probes["fours of gb18030 that are special"] = () => [[0x81, 0x35, 0xf4, 0x37], [0x84, 0x31, 0xa4, 0x37], [0x84, 0x31, 0xa4, 0x39], [0x84, 0x31, 0xa5, 0x30], [0x90, 0x30, 0x81, 0x30], [0xe3, 0x32, 0x9a, 0x35], [0xe3, 0x32, 0x9a, 0x36], [0x8f, 0x39, 0xfe, 0x39], [0xa6, 0xd9], [0x84, 0x31, 0x82, 0x36]].map((b) => { try { return D("gb18030", { fatal: true }).decode(new Uint8Array(b)).codePointAt(0).toString(16); } catch (e) { return e.name; } });
export default area(probes);
