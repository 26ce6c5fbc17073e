// compatibility_flags: nodejs_compat
// node:fs: each function with wrong arguments, and the errors of each way to call it.
import fs from "node:fs";
import fsp from "node:fs/promises";
import { Buffer } from "node:buffer";
import { nodeArea, callback } from "./lib/node.js";

const problem = (e) => [e?.name, e?.code, e?.syscall, e?.path, e?.dest, e?.errno, e?.message].map(String).join("|");
const tried = (f) => { try { const v = f(); return v === undefined ? "undefined" : typeof v === "object" && v ? v.constructor.name : typeof v; } catch (e) { return problem(e); } };
const awaited = async (f) => { try { const v = await f(); return v === undefined ? "undefined" : typeof v === "object" && v ? v.constructor.name : typeof v; } catch (e) { return problem(e); } };
let n = 0;
const file = (text = "abc") => { const p = `/tmp/c${n++}`; fs.writeFileSync(p, text); return p; };
const dir = () => { const p = `/tmp/g${n++}`; fs.mkdirSync(p); return p; };
const hide = (s) => String(s).replace(/\/tmp\/[cg]\d+/g, "/tmp/X");
const probes = {};

// Paths that are none.
const paths = { undefined: undefined, null: null, number: 5, object: {}, empty: "", nul: "/tmp/a\0b", symbol: Symbol("s"), array: ["/tmp"], true: true, http: new URL("http://e.com/x"), host: new URL("file://h/x"), slash: new URL("file:///a%2Fb"), string: "file:///tmp", view: new Uint8Array([47, 116, 109, 112]), missing: "/nope/nope", deep: "/tmp/nope/nope", dot: ".", root: "/" };
const one = ["readFile", "stat", "lstat", "access", "readdir", "mkdir", "rmdir", "rm", "unlink", "readlink", "realpath", "opendir", "open", "statfs", "truncate", "mkdtemp"];
for (const name of one) {
  for (const [k, p] of Object.entries(paths)) {
    if ((name === "mkdtemp" || name === "open" || name === "readFile") && typeof p === "number") continue;
    if (["rm", "rmdir", "unlink"].includes(name) && ["root", "dot", "empty"].includes(k)) continue; // an internal error of workerd
    probes[`${name} ${k}`] = async () => {
      const sync = tried(() => fs[`${name}Sync`](p));
      const promised = await awaited(() => fsp[name](p));
      const called = await awaited(() => callback(fs[name], p));
      return [sync, promised === sync ? "same" : promised, called === sync ? "same" : called].map((s) => name === "mkdtemp" ? s.replace(/[\w-]{6}'/, "XXXXXX'") : s);
    };
  }
}
for (const name of ["rename", "copyFile", "link", "symlink", "cp"]) {
  for (const [k, p] of Object.entries(paths)) {
    probes[`${name} from ${k}`] = async () => [tried(() => fs[`${name}Sync`](p, `/tmp/to${n++}`)), await awaited(() => fsp[name](p, `/tmp/to${n++}`))].map((s) => s.replace(/to\d+/g, "toN"));
    if (k !== "root" && k !== "dot") probes[`${name} to ${k}`] = async () => [tried(() => fs[`${name}Sync`](file(), p)), await awaited(() => fsp[name](file(), p))].map(hide);
  }
}
// What is done to the wrong kind of thing.
for (const name of ["readFile", "readdir", "mkdir", "rmdir", "rm", "unlink", "readlink", "opendir", "truncate", "appendFile", "writeFile"]) {
  const more = name.endsWith("eFile") || name === "appendFile" ? ["x"] : [];
  probes[`${name} on a file`] = () => hide(tried(() => fs[`${name}Sync`](file(), ...more)));
  probes[`${name} on a directory`] = () => hide(tried(() => fs[`${name}Sync`](dir(), ...more)));
  probes[`${name} on a device`] = () => name === "rm" || name === "unlink" ? "" : hide(tried(() => fs[`${name}Sync`]("/dev/null", ...more)));
  probes[`${name} below a file`] = () => hide(tried(() => fs[`${name}Sync`](`${file()}/x`, ...more)));
  probes[`${name} with a slash`] = () => hide(tried(() => fs[`${name}Sync`](`${file()}/`, ...more)));
  probes[`${name} on a dangling link`] = () => { const p = `/tmp/c${n++}`; fs.symlinkSync("/tmp/none", p); return hide(tried(() => fs[`${name}Sync`](p, ...more))); };
  probes[`${name} on a loop`] = () => { const p = `/tmp/c${n++}`, q = `/tmp/c${n++}`; fs.symlinkSync(p, q); fs.symlinkSync(q, p); return hide(tried(() => fs[`${name}Sync`](p, ...more))); };
  probes[`${name} in bundle`] = () => hide(tried(() => fs[`${name}Sync`]("/bundle/none", ...more)));
}
// No callback, or a wrong one.
for (const name of [...one, "rename", "copyFile", "writeFile", "appendFile", "close", "read", "write", "fstat", "ftruncate", "fsync", "fdatasync", "futimes", "utimes", "lutimes", "chmod", "chown", "lchown", "lchmod", "fchmod", "fchown", "exists", "readv", "writev", "symlink", "link", "cp", "watchFile", "unwatchFile", "glob"]) {
  if (name !== "cp") probes[`${name} no callback`] = () => tried(() => fs[name]("/tmp/none", "/tmp/none2"));
  probes[`${name} callback object`] = () => tried(() => fs[name]("/tmp/none", ["copyFile", "symlink"].includes(name) ? "/tmp/none2" : {}, {}));
}
// Options.
const options = { null: null, number: 5, true: true, string: "utf8", unknown: "nope", empty: {}, array: [], encoding: { encoding: "hex" }, badEncoding: { encoding: "nope" }, numberEncoding: { encoding: 5 }, flag: { flag: "r" }, badFlag: { flag: "zz" }, numberFlag: { flag: 0 }, signal: { signal: AbortSignal.abort() }, badSignal: { signal: 5 }, function: () => {} };
for (const [k, o] of Object.entries(options)) {
  probes[`readFileSync options ${k}`] = () => { const v = tried(() => fs.readFileSync(file(), o)); return hide(v); };
  probes[`readFile promise options ${k}`] = async () => hide(await awaited(() => fsp.readFile(file(), o)));
  probes[`writeFileSync options ${k}`] = () => hide(tried(() => fs.writeFileSync(file(), "ab", o)));
  probes[`writeFile promise options ${k}`] = async () => hide(await awaited(() => fsp.writeFile(file(), "ab", o)));
  probes[`appendFileSync options ${k}`] = () => hide(tried(() => fs.appendFileSync(file(), "ab", o)));
  probes[`readdirSync options ${k}`] = () => hide(tried(() => fs.readdirSync(dir(), o)));
  probes[`mkdirSync options ${k}`] = () => hide(tried(() => fs.mkdirSync(`${dir()}/x`, o)));
  probes[`rmSync options ${k}`] = () => hide(tried(() => fs.rmSync(file(), o)));
  probes[`rmdirSync options ${k}`] = () => hide(tried(() => fs.rmdirSync(dir(), o)));
  probes[`statSync options ${k}`] = () => hide(tried(() => fs.statSync(file(), o)));
  probes[`realpathSync options ${k}`] = () => hide(tried(() => fs.realpathSync(file(), o)));
  probes[`readlinkSync options ${k}`] = () => { const p = `/tmp/c${n++}`; fs.symlinkSync("/tmp", p); return hide(tried(() => fs.readlinkSync(p, o))); };
  probes[`mkdtempSync options ${k}`] = () => hide(tried(() => fs.mkdtempSync("/tmp/t", o)));
  probes[`opendirSync options ${k}`] = () => hide(tried(() => fs.opendirSync(dir(), o)));
  probes[`createReadStream options ${k}`] = () => hide(tried(() => { const s = fs.createReadStream(file(), o); s.on("error", () => {}); return s; }));
  probes[`createWriteStream options ${k}`] = () => hide(tried(() => { const s = fs.createWriteStream(file(), o); s.on("error", () => {}); return s; }));
  probes[`cpSync options ${k}`] = () => hide(tried(() => fs.cpSync(file(), `/tmp/c${n++}`, o)));
}
// Data.
for (const [k, d] of Object.entries({ undefined: undefined, null: null, number: 5, object: {}, toString: { toString: () => "own" }, array: [1], bytes: new Uint8Array([1, 2]), words: new Uint16Array([1, 2]), view: new DataView(new ArrayBuffer(3)), buffer: new ArrayBuffer(3), symbol: Symbol("a"), date: new Date(0), stringObject: new String("a") })) {
  probes[`writeFileSync data ${k}`] = () => { const p = file(); return [hide(tried(() => fs.writeFileSync(p, d))), fs.readFileSync(p, "hex")]; };
  probes[`appendFileSync data ${k}`] = () => { const p = file(""); return [hide(tried(() => fs.appendFileSync(p, d))), fs.readFileSync(p, "hex")]; };
  probes[`writeFile promise data ${k}`] = async () => hide(await awaited(() => fsp.writeFile(file(), d)));
  probes[`writeSync data ${k}`] = () => { const fd = fs.openSync(file(), "w"); try { return tried(() => fs.writeSync(fd, d)); } finally { fs.closeSync(fd); } };
}
// Descriptors.
for (const [k, fd] of Object.entries({ undefined: undefined, null: null, negative: -1, float: 1.5, large: 2 ** 31, string: "3", object: {}, unknown: 987, nan: NaN, bigint: 3n, stdin: 0, stdout: 1, stderr: 2 })) {
  for (const [name, more] of Object.entries({ readSync: [Buffer.alloc(1)], writeSync: ["x"], closeSync: [], fstatSync: [], ftruncateSync: [], fsyncSync: [], fdatasyncSync: [], futimesSync: [1, 2], fchmodSync: [0o600], fchownSync: [1, 1], readvSync: [[Buffer.alloc(1)]], writevSync: [[Buffer.from("x")]] })) {
    if (k.startsWith("std") && name === "closeSync") continue;
    probes[`${name} fd ${k}`] = () => tried(() => fs[name](fd, ...more));
  }
}
export default nodeArea(probes);
