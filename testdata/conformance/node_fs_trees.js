// compatibility_flags: nodejs_compat
// node:fs: what moves, copies and links lead to, descriptors, positions.
import fs from "node:fs";
import { Buffer } from "node:buffer";
import { nodeArea } from "./lib/node.js";
const t = (f) => { try { return f(); } catch (e) { return [e.name, e.code, e.syscall, e.path, e.errno, e.message].map(String).join("|"); } };
const probes = {};
let n = 0;
const tree = () => { const b = `/tmp/t${n++}`; fs.mkdirSync(b); fs.writeFileSync(`${b}/f`, "f"); fs.writeFileSync(`${b}/g`, "gg"); fs.mkdirSync(`${b}/d`); fs.writeFileSync(`${b}/d/x`, "x"); fs.mkdirSync(`${b}/e`); fs.mkdirSync(`${b}/e2`); fs.symlinkSync(`${b}/f`, `${b}/lf`); fs.symlinkSync(`${b}/d`, `${b}/ld`); fs.symlinkSync(`${b}/none`, `${b}/ln`); return b; };
const kinds = ["f", "d", "e", "lf", "ld", "ln", "none", "f/in", "d/in", "none/in"];
const show = (b) => fs.readdirSync(b, { withFileTypes: true }).map((e) => e.name + (e.isFile() ? "" : e.isDirectory() ? "/" + fs.readdirSync(`${b}/${e.name}`).join("+") : "@" + fs.readlinkSync(`${b}/${e.name}`).replace(b, ""))).join(" ");
const hide = (s) => String(s).replace(/\/tmp\/t\d+/g, "B");
for (const op of ["renameSync", "copyFileSync", "linkSync", "cpSync", "symlinkSync"]) for (const a of kinds) for (const b of ["g", "d", "e2", ...kinds.slice(3)]) {
  probes[`${op} ${a} ${b}`] = () => { const base = tree(); const r = t(() => op === "cpSync" ? fs.cpSync(`${base}/${a}`, `${base}/${b}`, { recursive: true }) : fs[op](`${base}/${a}`, `${base}/${b}`)); return hide(`${r} :: ${show(base)}`); };
}
for (const o of [{}, { force: false }, { errorOnExist: true }, { force: false, errorOnExist: true }, { dereference: true }, { recursive: true, dereference: true }, { recursive: true, force: false, errorOnExist: true }, { mode: 1, recursive: true }, { preserveTimestamps: true, recursive: true }, { filter: () => true }, { filter: 5 }, { mode: 4 }, { mode: "x" }, { recursive: 1 }, { verbatimSymlinks: true, recursive: true }, { verbatimSymlinks: true, dereference: true }]) for (const [a, b] of [["f", "g"], ["d", "e"], ["d", "d/in"], ["d", "new"], ["f", "lf"], ["lf", "g"], ["ld", "new"], ["f", "f"], ["d", "d"]]) {
  probes[`cp ${JSON.stringify(o)} ${typeof o.filter} ${a} ${b}`] = () => { const base = tree(); const r = t(() => fs.cpSync(`${base}/${a}`, `${base}/${b}`, o)); return hide(`${r} :: ${show(base)}`); };
}
for (const fl of ["r", "r+", "rs", "rs+", "w", "w+", "wx", "wx+", "a", "a+", "ax", "ax+", "as", "sa+", 0, 1, 2, 64, 65, 66, 512, 513, 577, 1024, 1025, 193, 2 ** 31, -1, 1.5, null, undefined, "", "R"]) {
  probes[`open ${String(fl)} existing`] = () => { const p = `/tmp/o${n++}`; fs.writeFileSync(p, "abc"); return hide([t(() => { const fd = fs.openSync(p, fl); return [t(() => fs.readSync(fd, Buffer.alloc(2))), t(() => fs.writeSync(fd, "Z")), t(() => fs.readFileSync(fd, "utf8")), t(() => fs.fstatSync(fd).size)]; }), fs.readFileSync(p, "utf8")]); };
  probes[`open ${String(fl)} missing`] = () => { const p = `/tmp/o${n++}`; return String([t(() => { const fd = fs.openSync(p, fl); return [t(() => fs.writeSync(fd, "Z")), t(() => fs.writeFileSync(fd, "YY")), t(() => fs.appendFileSync(fd, "X"))]; }), t(() => fs.readFileSync(p, "utf8"))]).replace(/\/tmp\/o\d+/g, "P"); };
  probes[`open ${String(fl)} directory`] = () => { const p = `/tmp/o${n++}`; fs.mkdirSync(p); return hide(String(t(() => { const fd = fs.openSync(p, fl); return [fs.fstatSync(fd).isDirectory(), t(() => fs.readSync(fd, Buffer.alloc(1))), t(() => fs.writeSync(fd, "x")), t(() => fs.readFileSync(fd)), t(() => fs.writeFileSync(fd, "x")), t(() => fs.ftruncateSync(fd))]; }))); };
  probes[`open ${String(fl)} link`] = () => { const p = `/tmp/o${n++}`; fs.symlinkSync("/tmp/none", p); return String(t(() => { const fd = fs.openSync(p, fl); return [t(() => fs.writeSync(fd, "x")), t(() => fs.readFileSync("/tmp/none", "utf8"))]; })).replace(/\/tmp\/o\d+/g, "P"); };
  probes[`open ${String(fl)} nowhere`] = () => String(t(() => typeof fs.openSync("/tmp/none/x", fl)));
  probes[`open ${String(fl)} root`] = () => String(t(() => typeof fs.openSync("/newfile", fl)));
}
probes.limit = () => { fs.writeFileSync("/tmp/s", "abc"); return t(() => fs.truncateSync("/tmp/s", 128 * 2 ** 20 + 1)); };
probes.times = () => { const b = Date.now(); fs.writeFileSync("/tmp/tm", ""); const s = fs.statSync("/tmp/tm"); return [s.mtimeMs, s.birthtimeMs, +s.mtime === b, fs.mkdirSync("/tmp/tmd"), fs.statSync("/tmp/tmd").mtimeMs, (fs.symlinkSync("/tmp/tm", "/tmp/tml"), fs.lstatSync("/tmp/tml").mtimeMs), fs.lstatSync("/tmp/tml").mode, fs.lstatSync("/tmp/tml").size, fs.statSync("/bundle").mode, fs.statSync("/dev").mode, fs.statSync("/").mode, fs.statSync("/tmp").mode, fs.statSync("/tmp").size, fs.statSync("/tmp/tmd").mode]; };
probes.sparse = () => { const fd = fs.openSync("/tmp/sp", "w+"); return [fs.writeSync(fd, "a", 5), fs.readFileSync("/tmp/sp", "hex"), fs.writeSync(fd, "b"), fs.readFileSync("/tmp/sp", "hex"), fs.writevSync(fd, [Buffer.from("12"), Buffer.from("34")], 1), fs.readFileSync("/tmp/sp", "hex")]; };
probes.order = () => [fs.readdirSync("/"), fs.readdirSync("/dev")];
probes.sub = () => { const u = new Uint8Array(new ArrayBuffer(8), 2, 4); fs.writeFileSync("/tmp/ss", "abcdefgh"); const fd = fs.openSync("/tmp/ss", "r+"); return [t(() => fs.readSync(fd, u)), t(() => fs.readSync(fd, u, 0, 2, 0)), t(() => fs.readSync(fd, u, 1)), t(() => fs.readSync(fd, u, { offset: 1, length: 2 })), Buffer.from(u.buffer).toString("hex"), t(() => fs.writeSync(fd, u)), t(() => fs.writeSync(fd, u, 0, 2, 0)), t(() => fs.writeSync(fd, u, 1)), fs.readFileSync("/tmp/ss", "hex")]; };
for (const [k, args] of Object.entries({ none: [], off: [0], neg: [-1], over: [9], len: [0, 9], len0: [0, 0], pos: [0, 2, 1], posneg: [0, 2, -1], posbig: [0, 2, 1n], posfloat: [0, 2, 1.5], posstr: [0, 2, "1"], null: [null], undef: [undefined], obj: [{}], objpos: [{ position: 2 }], objbad: [{ offset: "x" }], str: ["0"], lenstr: [0, "2"], lennull: [0, null], posundef: [0, 2, undefined] })) {
  probes[`readSync ${k}`] = () => { fs.writeFileSync("/tmp/rr", "abcdefgh"); const fd = fs.openSync("/tmp/rr"); const b = Buffer.alloc(4); try { return [t(() => fs.readSync(fd, b, ...args)), b.toString("hex")]; } finally { fs.closeSync(fd); } };
  probes[`writeSync ${k}`] = () => { fs.writeFileSync("/tmp/rr", "abcdefgh"); const fd = fs.openSync("/tmp/rr", "r+"); try { return [t(() => fs.writeSync(fd, Buffer.from("1234"), ...args)), fs.readFileSync("/tmp/rr", "utf8")]; } finally { fs.closeSync(fd); } };
  probes[`writeSync text ${k}`] = () => { fs.writeFileSync("/tmp/rr", "abcdefgh"); const fd = fs.openSync("/tmp/rr", "r+"); try { return [t(() => fs.writeSync(fd, "1234", ...args)), fs.readFileSync("/tmp/rr", "utf8")]; } finally { fs.closeSync(fd); } };
  if (k !== "null" && k !== "posbig") probes[`read callback ${k}`] = () => { fs.writeFileSync("/tmp/rr", "abcdefgh"); const fd = fs.openSync("/tmp/rr"); const b = Buffer.alloc(4); return new Promise((r) => { try { fs.read(fd, b, ...args, (e, n, x) => r([String(e), n, x === b, b.toString("hex")])); } catch (e) { r(t(() => { throw e; })); } }); };
  probes[`write callback ${k}`] = () => { fs.writeFileSync("/tmp/rr", "abcdefgh"); const fd = fs.openSync("/tmp/rr", "r+"); return new Promise((r) => { try { fs.write(fd, Buffer.from("1234"), ...args, (e, n, x) => r([String(e), n, String(x), fs.readFileSync("/tmp/rr", "utf8")])); } catch (e) { r(t(() => { throw e; })); } }); };
  probes[`readv ${k}`] = () => { fs.writeFileSync("/tmp/rr", "abcdefgh"); const fd = fs.openSync("/tmp/rr"); return t(() => fs.readvSync(fd, [Buffer.alloc(2), Buffer.alloc(3)], ...args.slice(2))); };
}
export default nodeArea(probes);
