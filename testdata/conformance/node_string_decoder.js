// compatibility_flags: nodejs_compat
// node:string_decoder.
import mod, { StringDecoder } from "node:string_decoder";
import { Buffer } from "node:buffer";
import { each, nodeArea } from "./lib/node.js";

const encodings = ["utf8", "utf-8", "UTF8", "utf16le", "UTF-16LE", "ucs2", "ucs-2", "latin1", "binary", "ascii", "hex", "base64", "base64url"];
/** Decodes a piece at a time, with what the decoder holds after each. */
const pieces = (encoding, ...parts) => {
  const d = new StringDecoder(encoding);
  const out = parts.map((p) => [d.write(Buffer.from(p)), d.lastNeed, d.lastTotal]);
  return JSON.stringify([...out, d.end()]);
};
/** All ways to cut bytes in two. */
const cuts = (encoding, bytes) => bytes.map((_, i) => { const d = new StringDecoder(encoding); return JSON.stringify(d.write(Buffer.from(bytes.slice(0, i))) + "|" + d.write(Buffer.from(bytes.slice(i))) + "|" + d.end()); });
const one = (encoding, bytes) => { const d = new StringDecoder(encoding); return JSON.stringify(bytes.map((b) => d.write(Buffer.from([b]))).concat(d.end())); };

const probes = {
  "names": () => [Object.keys(mod), StringDecoder.name, StringDecoder.length, Object.getOwnPropertyNames(StringDecoder.prototype).sort()],
  "fields": () => { const d = new StringDecoder(); return [Object.keys(d), d.encoding, d.lastNeed, d.lastTotal, d.lastChar.length]; },
  "called": () => StringDecoder("utf8"),
  "encoding": () => each([undefined, null, "", ...encodings, "utf32", 1, {}, [], true, Symbol.iterator], (e) => new StringDecoder(e).encoding),
  "write odd": () => each([undefined, null, 1, {}, [], true, new ArrayBuffer(2)], (v) => new StringDecoder().write(v)),
  "write views": () => each([new Uint8Array([97, 98]), new Uint16Array([0x6261]), new DataView(new ArrayBuffer(1)), "text", ""], (v) => JSON.stringify(new StringDecoder().write(v))),
  "end odd": () => each([undefined, null, 1, {}, "text", new Uint8Array([97])], (v) => new StringDecoder().end(v)),
  "end twice": () => { const d = new StringDecoder(); d.write(Buffer.from([0xe2])); return JSON.stringify([d.end(), d.end()]); },
  "end then write": () => { const d = new StringDecoder(); d.write(Buffer.from([0xe2])); d.end(); return JSON.stringify([d.write(Buffer.from([0x82, 0xac])), d.end()]); },
  "text": () => { const d = new StringDecoder(); return JSON.stringify([d.text(Buffer.from("héllo"), 0), d.text(Buffer.from("héllo"), 2), d.lastNeed]); },
  "text odd": () => each([undefined, 1, "x"], (v) => new StringDecoder().text(v, 0)),
  "fillLast": () => typeof StringDecoder.prototype.fillLast,
  "lastChar": () => { const d = new StringDecoder(); d.write(Buffer.from([0xe2, 0x82])); return [[...d.lastChar], d.lastNeed, d.lastTotal]; },
  "lastChar after": () => { const d = new StringDecoder(); d.write(Buffer.from([0xe2, 0x82])); d.write(Buffer.from([0xac])); return [[...d.lastChar], d.lastNeed, d.lastTotal]; },
  "bom": () => JSON.stringify([new StringDecoder().write(Buffer.from([0xef, 0xbb, 0xbf, 97])), new StringDecoder("utf16le").write(Buffer.from([0xff, 0xfe, 97, 0]))]),
  "string between": () => { const d = new StringDecoder(); return JSON.stringify([d.write(Buffer.from([0xe2])), d.write("x"), d.write(Buffer.from([0x82, 0xac])), d.end()]); },
  "copy": () => { const d = new StringDecoder(); const b = Buffer.from([0xe2]); d.write(b); b[0] = 97; return JSON.stringify(d.write(Buffer.from([0x82, 0xac]))); },
  "subclass": () => { class D extends StringDecoder {} return new D("hex").write(Buffer.from([1])); },
  "prototype call": () => StringDecoder.prototype.write.call({}, Buffer.from("a")),
};
const texts = { "euro": [0xe2, 0x82, 0xac], "emoji": [0xf0, 0x9f, 0x98, 0x80], "mixed": [97, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 98], "broken 3": [0xe2, 0x82, 97], "broken 4": [0xf0, 0x9f, 97, 98], "lone": [0x80, 0xbf, 0xfe, 0xff], "overlong": [0xc0, 0x80, 0xe0, 0x80, 0x80], "surrogate": [0xed, 0xa0, 0x80], "high": [0xf4, 0x90, 0x80, 0x80], "two starts": [0xe2, 0xe2, 0x82, 0xac], "f5": [0xf5, 0x80, 0x80, 0x80], "truncated": [0xf0, 0x9f], "c1": [0xc1, 0x81] };
for (const [name, bytes] of Object.entries(texts)) {
  probes[`utf8 cuts ${name}`] = () => cuts("utf8", bytes);
  probes[`utf8 bytes ${name}`] = () => one("utf8", bytes);
  probes[`utf8 state ${name}`] = () => pieces("utf8", ...bytes.map((b) => [b]));
}
const wide = { "a": [97, 0, 98, 0], "pair": [0x3d, 0xd8, 0x00, 0xde], "lone high": [0x3d, 0xd8, 97, 0], "lone low": [0x00, 0xde, 97, 0], "odd": [97, 0, 98], "half pair": [97, 0, 0x3d, 0xd8] };
for (const [name, bytes] of Object.entries(wide)) {
  probes[`utf16 cuts ${name}`] = () => cuts("utf16le", bytes);
  probes[`utf16 state ${name}`] = () => pieces("utf16le", ...bytes.map((b) => [b]));
}
for (const e of ["base64", "base64url", "hex", "latin1", "ascii"]) {
  probes[`${e} cuts`] = () => cuts(e, [0xfb, 0xff, 0xbe, 1, 2]);
  probes[`${e} state`] = () => pieces(e, [0xfb], [0xff, 0xbe], [1], [2, 3]);
}
export default nodeArea(probes);
