// compatibility_flags: nodejs_compat
// node:buffer.
import { Buffer } from "node:buffer";
import util from "node:util";
import { area, show } from "./probe.js";

/** Adds the code that errors of Node carry. */
const coded = (f) => async (x) => {
  try {
    return show(await f(x));
  } catch (e) {
    return e?.code ? `${e.name} ${e.code}: ${e.message}` : `${e?.name}: ${e?.message}`;
  }
};
const probes = {
  "b1": () => Buffer.from(),
  "b2": () => Buffer.from(5),
  "b3": () => Buffer.from("a", "nope"),
  "b4": () => Buffer.alloc(-1),
  "b5": () => Buffer.alloc("a"),
  "b6": () => Buffer.from([1]).readUInt32LE(0),
  "b7": () => Buffer.from([1,2,3,4]).readInt16BE(9),
  "b8": () => Buffer.alloc(4).writeUInt8(300, 0),
  "b9": () => Buffer.alloc(4).writeInt32BE(1, "a"),
  "b10": () => Buffer.concat(5),
  "b11": () => Buffer.concat([5]),
  "b12": () => Buffer.compare(1, 2),
  "b13": () => Buffer.byteLength(5),
  "b14": () => Buffer.alloc(2).toString("zzz"),
  "b15": () => Buffer.alloc(3).swap16(),
  "b16": () => Buffer.alloc(3).readUIntBE(0, 9),
  "b17": () => Buffer.alloc(8).writeBigInt64LE(2n**64n),
  "b18": () => Buffer.alloc(4).fill("a", 0, 9),
  "b19": () => util.inspect(Buffer.from("hi")),
  "b20": () => Buffer.from([1,2]).equals(1),
  "b21": () => Buffer.alloc(3).write("abc", 9),
  "b22": () => Buffer.alloc(3).indexOf({}),
  "b23": () => Buffer.isEncoding("UTF-8"),
  "b24": () => [Buffer.poolSize, Buffer.of(1,2).length, Buffer.from("zz","hex").length, Buffer.from("abc","hex").length, Buffer.from("YQ==","base64").toString(), Buffer.from("_-8","base64").toString("hex"), Buffer.from("€","latin1").toString("hex"), Buffer.from("€","ascii").toString("hex"), Buffer.from([0xff,0xe2,0x82]).toString(), Buffer.from([0xe9]).toString("ascii"), Buffer.from("ab","utf16le").toString("hex")],
  "b25": () => Buffer.alloc(3).readUInt8(1.5),
  "b26": () => Buffer.alloc(2).writeUIntBE(2**20, 0, 2),
  "b27": () => Buffer.alloc(5).fill(""),
  "b28": () => Buffer.alloc(5, "abc"),
  "b29": () => Buffer.alloc(5).fill("zz", "hex"),
  "b30": () => Buffer.allocUnsafe(2**33),
  "b31": () => Buffer.from({length: 2, 0: 5}),
  "b32": () => Buffer.from({type:"Buffer", data:[1,2]}),
  "b33": () => Buffer.from(new String("abc")).toString(),
  "b34": () => Buffer.from(null),
  "b35": () => new Buffer("ab").length,
  "b36": () => Buffer.from("abc").toString("utf8", 1, 2),
  "b37": () => Buffer.from("\ud800x").toString("hex"),
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
