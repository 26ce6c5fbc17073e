// msgpackr, protobufjs, pako, fflate, js-yaml, fast-xml-parser, and BSON of mongodb.
import { pack, unpack, Packr } from "msgpackr";
import protobuf from "protobufjs";
import * as pako from "pako";
import * as fflate from "fflate";
import * as yaml from "js-yaml";
import { XMLParser, XMLBuilder, XMLValidator } from "fast-xml-parser";
import { BSON, ObjectId } from "mongodb";
import { area } from "../../../conformance/probe.js";
const o = { a: 1, s: "é😀", f: 1.5, n: null, arr: [1, -200, 70000, 2 ** 40], b: new Uint8Array([1, 2]), d: new Date(1e12), big: 2n ** 60n };
const proto = `syntax = "proto3"; package a; enum E { X = 0; Y = 1; } message M { int32 n = 1; string s = 2; repeated double d = 3; map<string, int64> m = 4; oneof o { bytes b = 5; E e = 6; } message Sub { bool t = 1; } Sub sub = 7; uint64 u = 8; }`;
const text = "hello hello hello ".repeat(50);
export default area({
  "msgpackr": () => [pack(o).length, unpack(pack(o))],
  "msgpackr records": () => { const p = new Packr({ structuredClone: true }); const x = { m: new Map([[1, new Set(["a"])]]), e: new TypeError("t") }; x.self = x; const y = p.unpack(p.pack(x)); return [y.self === y, y.m.get(1).has("a"), y.e.message]; },
  "protobuf": () => { const M = protobuf.parse(proto).root.lookupType("a.M"); const m = M.create({ n: -5, s: "é", d: [1.5, -0], m: { x: 7 }, e: 1, sub: { t: true }, u: 5 }); const b = M.encode(m).finish(); return [[...b], JSON.stringify(M.toObject(M.decode(b), { enums: String, longs: String })), M.verify({ n: "x" })]; },
  "protobuf json": () => JSON.stringify(protobuf.parse(proto).root.toJSON()),
  "pako": () => [pako.inflate(pako.deflate(text), { to: "string" }) === text, pako.gzip(text, { level: 9 }).length, pako.ungzip(pako.gzip("x"), { to: "string" }), pako.inflateRaw(pako.deflateRaw("abc"), { to: "string" })],
  "pako error": () => pako.inflate(new Uint8Array([1, 2, 3])),
  "pako vs stream": async () => new Response(new Blob([pako.gzip(text)]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then((t) => t === text),
  "fflate": () => { const z = fflate.zipSync({ "a.txt": fflate.strToU8("A"), d: { "b.txt": [fflate.strToU8(text), { level: 9, mtime: "2020-01-01" }] } }, { mtime: new Date("2020-01-01T00:00:00") }); const u = fflate.unzipSync(z); return [z.length, Object.keys(u), fflate.strFromU8(u["a.txt"])]; },
  "fflate stream": async () => { const out = []; const g = new fflate.Gzip({ level: 6 }, (c) => out.push(c)); g.push(fflate.strToU8(text), true); return out.length; },
  "js-yaml": () => [yaml.load("a: &x [1, 2.5, true, null]\nb: *x\nc: |\n  t1\n  t2\nd: 2020-01-01\n"), yaml.dump({ a: [1, { b: "x: y" }], s: "multi\nline" })],
  "js-yaml error": () => { try { yaml.load("a: [1"); } catch (e) { return [e.name, e.message]; } },
  "xml": () => [new XMLParser({ ignoreAttributes: false }).parse('<a x="1"><b>t&amp;</b><b/><![CDATA[c]]></a>'), new XMLBuilder({ format: true, ignoreAttributes: false }).build({ a: { "@_x": 1, b: ["p", "q"] } }), XMLValidator.validate("<a><b></a>")],
  "bson": () => { const b = BSON.serialize({ a: 1, d: new Date(0), id: new ObjectId("5f5f5f5f5f5f5f5f5f5f5f5f"), l: BSON.Long.fromString("9007199254740993"), dec: BSON.Decimal128.fromString("1.50"), bin: new Uint8Array([1]) }); return [b.length, JSON.stringify(BSON.EJSON.serialize(BSON.deserialize(b))), BSON.calculateObjectSize({ a: 1 })]; },
});
