// compatibility_flags: nodejs_compat
// node:fs.
import fs from "node:fs";
import fsp from "node:fs/promises";
import { Buffer } from "node:buffer";
import process from "node:process";
import { area, show } from "./probe.js";

/** Adds the code that errors of Node carry. */
const coded = (f) => async (x) => {
  try {
    return show(await f(x));
  } catch (e) {
    return e?.code ? `${e.name} ${e.code} ${e.syscall ?? ""}: ${e.message}` : `${e?.name}: ${e?.message}`;
  }
};
const cb = (f, ...args) => new Promise((resolve, reject) => f(...args, (err, ...v) => (err ? reject(err) : resolve(v.length > 1 ? v : v[0]))));
let n = 0;
const fresh = (text) => { const p = `/tmp/f${n++}`; if (text !== undefined) fs.writeFileSync(p, text); return p; };
const dir = () => { const p = `/tmp/d${n++}`; fs.mkdirSync(p); return p; };

const probes = {
  "root": () => fs.readdirSync("/").sort(),
  "bundle": () => fs.readdirSync("/bundle").sort(),
  "bundle file": () => fs.readFileSync("/bundle/node_fs.js", "utf8").slice(0, 22),
  "bundle write": () => fs.writeFileSync("/bundle/x", "a"),
  "bundle stat": () => { const s = fs.statSync("/bundle/node_fs.js"); return [s.isFile(), s.size > 0, s.mode, s.uid, s.nlink]; },
  "bundle unlink": () => fs.unlinkSync("/bundle/node_fs.js"),
  "dev": () => fs.readdirSync("/dev").sort(),
  "dev null": () => { fs.writeFileSync("/dev/null", "x"); return fs.readFileSync("/dev/null").length; },
  "dev zero": () => { const fd = fs.openSync("/dev/zero", "r"); const b = Buffer.alloc(4, 1); const r = fs.readSync(fd, b); fs.closeSync(fd); return [r, b.toString("hex")]; },
  "dev random": () => { const fd = fs.openSync("/dev/random", "r"); const b = Buffer.alloc(4); return fs.readSync(fd, b); },
  "dev full": () => fs.writeFileSync("/dev/full", "x"),
  "root write": () => fs.writeFileSync("/x", "a"),
  "root mkdir": () => fs.mkdirSync("/newdir"),
  "write read": () => { const p = fresh("héllo"); return [fs.readFileSync(p, "utf8"), fs.readFileSync(p).length, fs.readFileSync(p, { encoding: "hex" })]; },
  "append": () => { const p = fresh("a"); fs.appendFileSync(p, "b"); return fs.readFileSync(p, "utf8"); },
  "write flags": () => { const p = fresh("abc"); fs.writeFileSync(p, "d", { flag: "a" }); return fs.readFileSync(p, "utf8"); },
  "write wx": () => { const p = fresh("abc"); fs.writeFileSync(p, "d", { flag: "wx" }); },
  "read missing": () => fs.readFileSync("/tmp/nope"),
  "read directory": () => fs.readFileSync("/tmp"),
  "read bad path": () => fs.readFileSync(5.5),
  "read bad encoding": () => fs.readFileSync(fresh("a"), "nope"),
  "url path": () => { const p = fresh("u"); return fs.readFileSync(new URL(`file://${p}`), "utf8"); },
  "buffer path": () => { const p = fresh("u"); return fs.readFileSync(Buffer.from(p), "utf8"); },
  "relative": () => { process.chdir("/tmp"); fs.writeFileSync("rel", "r"); const r = fs.readFileSync("/tmp/rel", "utf8"); process.chdir("/bundle"); return r; },
  "exists": () => [fs.existsSync("/tmp"), fs.existsSync("/tmp/nope"), fs.existsSync()],
  "access": () => [fs.accessSync("/tmp"), fs.constants.R_OK],
  "access missing": () => fs.accessSync("/tmp/nope"),
  "access write bundle": () => fs.accessSync("/bundle/node_fs.js", fs.constants.W_OK),
  "stat": () => { const s = fs.statSync(fresh("abc")); return [s.isFile(), s.isDirectory(), s.isSymbolicLink(), s.size, s.mode, s.nlink, s.uid, s.gid, s.blksize, s.blocks, s.dev, s.ino > 0, s.mtime instanceof Date, s.constructor.name, Object.keys(s).join()]; },
  "stat directory": () => { const s = fs.statSync("/tmp"); return [s.isDirectory(), s.size, s.mode]; },
  "stat missing": () => fs.statSync("/tmp/nope"),
  "stat throwIfNoEntry": () => fs.statSync("/tmp/nope", { throwIfNoEntry: false }),
  "stat bigint": () => { const s = fs.statSync(fresh("abc"), { bigint: true }); return [typeof s.size, typeof s.mtimeNs]; },
  "lstat": () => fs.lstatSync(fresh("a")).isFile(),
  "mkdir": () => { const d = dir(); fs.mkdirSync(`${d}/a`); return fs.readdirSync(d); },
  "mkdir exists": () => fs.mkdirSync("/tmp"),
  "mkdir deep": () => fs.mkdirSync(`${dir()}/a/b`),
  "mkdir recursive": () => { const d = dir(); return fs.mkdirSync(`${d}/a/b/c`, { recursive: true }).slice(-2); },
  "mkdir recursive exists": () => fs.mkdirSync(dir(), { recursive: true }),
  "mkdtemp": () => { const p = fs.mkdtempSync("/tmp/pre-"); return [p.startsWith("/tmp/pre-"), p.length, fs.statSync(p).isDirectory()]; },
  "readdir types": () => { const d = dir(); fs.writeFileSync(`${d}/f`, ""); fs.mkdirSync(`${d}/s`); return fs.readdirSync(d, { withFileTypes: true }).map((e) => [e.name, e.isFile(), e.isDirectory(), e.parentPath === d, e.constructor.name]); },
  "readdir recursive": () => { const d = dir(); fs.mkdirSync(`${d}/s`); fs.writeFileSync(`${d}/s/f`, ""); return fs.readdirSync(d, { recursive: true }); },
  "readdir file": () => fs.readdirSync(fresh("a")),
  "readdir missing": () => fs.readdirSync("/tmp/nope"),
  "rename": () => { const p = fresh("a"), q = fresh(); fs.renameSync(p, q); return [fs.existsSync(p), fs.readFileSync(q, "utf8")]; },
  "rename missing": () => fs.renameSync("/tmp/nope", "/tmp/nope2"),
  "rename over": () => { const p = fresh("a"), q = fresh("b"); fs.renameSync(p, q); return fs.readFileSync(q, "utf8"); },
  "copy": () => { const p = fresh("a"), q = fresh(); fs.copyFileSync(p, q); return fs.readFileSync(q, "utf8"); },
  "copy excl": () => { const p = fresh("a"), q = fresh("b"); fs.copyFileSync(p, q, fs.constants.COPYFILE_EXCL); },
  "cp": () => { const d = dir(); fs.writeFileSync(`${d}/a`, "1"); const e = `/tmp/e${n++}`; fs.cpSync(d, e, { recursive: true }); return fs.readdirSync(e); },
  "cp directory": () => fs.cpSync(dir(), `/tmp/e${n++}`),
  "unlink": () => { const p = fresh("a"); fs.unlinkSync(p); return fs.existsSync(p); },
  "unlink missing": () => fs.unlinkSync("/tmp/nope"),
  "unlink directory": () => fs.unlinkSync(dir()),
  "rmdir": () => { const d = dir(); fs.rmdirSync(d); return fs.existsSync(d); },
  "rmdir full": () => { const d = dir(); fs.writeFileSync(`${d}/a`, ""); fs.rmdirSync(d); },
  "rmdir file": () => fs.rmdirSync(fresh("a")),
  "rm": () => { const p = fresh("a"); fs.rmSync(p); return fs.existsSync(p); },
  "rm missing": () => fs.rmSync("/tmp/nope"),
  "rm force": () => fs.rmSync("/tmp/nope", { force: true }),
  "rm directory": () => fs.rmSync(dir()),
  "rm recursive": () => { const d = dir(); fs.writeFileSync(`${d}/a`, ""); fs.rmSync(d, { recursive: true }); return fs.existsSync(d); },
  "truncate": () => { const p = fresh("abcdef"); fs.truncateSync(p, 2); const a = fs.readFileSync(p, "utf8"); fs.truncateSync(p, 4); return [a, fs.readFileSync(p).toString("hex")]; },
  "symlink": () => { const p = fresh("a"), q = fresh(); fs.symlinkSync(p, q); return [fs.readFileSync(q, "utf8"), fs.readlinkSync(q) === p, fs.lstatSync(q).isSymbolicLink(), fs.statSync(q).isFile(), fs.realpathSync(q) === p]; },
  "link": () => { const p = fresh("a"), q = fresh(); fs.linkSync(p, q); fs.writeFileSync(p, "b"); return [fs.readFileSync(q, "utf8"), fs.statSync(p).nlink]; },
  "readlink file": () => fs.readlinkSync(fresh("a")),
  "realpath": () => fs.realpathSync("/tmp/../tmp"),
  "chmod": () => { const p = fresh("a"); fs.chmodSync(p, 0o600); return fs.statSync(p).mode; },
  "chown": () => fs.chownSync(fresh("a"), 1, 1),
  "utimes": () => { const p = fresh("a"); fs.utimesSync(p, 1, 2); return +fs.statSync(p).mtime; },
  "open read": () => { const fd = fs.openSync(fresh("abcdef")); const b = Buffer.alloc(3); const r = [fs.readSync(fd, b), b.toString(), fs.readSync(fd, b, 0, 3, 1), b.toString(), fs.readSync(fd, b), b.toString()]; fs.closeSync(fd); return r; },
  "open write": () => { const p = fresh("abcdef"); const fd = fs.openSync(p, "r+"); const r = [fs.writeSync(fd, "XY"), fs.writeSync(fd, Buffer.from("Z"), 0, 1, 5)]; fs.closeSync(fd); return [r, fs.readFileSync(p, "utf8")]; },
  "open missing": () => fs.openSync("/tmp/nope"),
  "open flags bad": () => fs.openSync("/tmp/nope", "zz"),
  "fd number": () => { const fd = fs.openSync(fresh("a")); fs.closeSync(fd); return typeof fd; },
  "fstat": () => { const fd = fs.openSync(fresh("abc")); return fs.fstatSync(fd).size; },
  "ftruncate": () => { const p = fresh("abc"); const fd = fs.openSync(p, "r+"); fs.ftruncateSync(fd, 1); return fs.readFileSync(p, "utf8"); },
  "bad fd": () => fs.readSync(999, Buffer.alloc(1)),
  "bad fd close": () => fs.closeSync(999),
  "bad fd type": () => fs.closeSync("a"),
  "write read only": () => { const fd = fs.openSync(fresh("a"), "r"); fs.writeSync(fd, "x"); },
  "read write only": () => { const fd = fs.openSync(fresh("a"), "w"); fs.readSync(fd, Buffer.alloc(1)); },
  "readv writev": () => { const p = fresh(); const fd = fs.openSync(p, "w+"); const w = fs.writevSync(fd, [Buffer.from("ab"), Buffer.from("cd")]); const b = [Buffer.alloc(1), Buffer.alloc(3)]; const r = fs.readvSync(fd, b, 0); return [w, r, b.map(String)]; },
  "opendir": () => { const d = dir(); fs.writeFileSync(`${d}/a`, ""); const h = fs.opendirSync(d); const r = [h.readSync().name, h.readSync(), h.path === d]; h.closeSync(); return r; },
  "callbacks": async () => { const p = fresh("a"); return [await cb(fs.readFile, p, "utf8"), (await cb(fs.stat, p)).size, await cb(fs.readdir, dir()), await cb(fs.access, p)]; },
  "callback missing": () => fs.readFile("/tmp/nope"),
  "callback error": () => cb(fs.readFile, "/tmp/nope"),
  "exists callback": () => new Promise((r) => fs.exists("/tmp", r)),
  "promises": async () => { const p = fresh("a"); await fsp.writeFile(p, "pp"); await fsp.appendFile(p, "q"); return [await fsp.readFile(p, "utf8"), (await fsp.stat(p)).size, fs.promises === fsp]; },
  "promises error": () => fsp.readFile("/tmp/nope"),
  "promises mkdir rm": async () => { await fsp.mkdir("/tmp/pm/a", { recursive: true }); const r = await fsp.readdir("/tmp/pm"); await fsp.rm("/tmp/pm", { recursive: true }); return [r, fs.existsSync("/tmp/pm")]; },
  "file handle": async () => { const h = await fsp.open(fresh("abcdef"), "r+"); const { bytesRead, buffer } = await h.read(Buffer.alloc(3), 0, 3, 0); const s = await h.stat(); await h.write("ZZ", 0); const t = await h.readFile("utf8"); await h.close(); return [bytesRead, buffer.toString(), s.size, t, h.constructor.name]; },
  "read stream": async () => { const out = []; for await (const c of fs.createReadStream(fresh("abcdef"), { start: 1, end: 3, encoding: "utf8" })) out.push(c); return out.join(""); },
  "read stream missing": () => new Promise((r) => fs.createReadStream("/tmp/nope").on("error", (e) => r(e.code))),
  "write stream": async () => { const p = fresh(); const s = fs.createWriteStream(p); s.write("a"); s.end("b"); await new Promise((r) => s.on("finish", r)); return [fs.readFileSync(p, "utf8"), s.bytesWritten]; },
  "watch": () => fs.watch("/tmp"),
  "watchFile": () => fs.watchFile("/tmp/a", () => {}),
  "statfs": () => Object.keys(fs.statfsSync("/tmp")),
  "openAsBlob": async () => (await fs.openAsBlob(fresh("blob"))).text(),
  "glob": () => fs.globSync("/tmp/*"),
  "deep missing write": () => fs.writeFileSync("/tmp/no/such/file", "a"),
  "file as directory": () => fs.readFileSync(`${fresh("a")}/x`),
  "lutimes": () => fs.lutimesSync(fresh("a"), 1, 2),
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
