// compatibility_flags: nodejs_compat
// node:console: the global's, and Console over streams.
import con, * as named from "node:console";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { each, nodeArea } from "./lib/node.js";

const sink = () => { const out = []; const w = new Writable({ decodeStrings: false, write(c, e, f) { out.push(String(c)); f(); } }); return [w, out]; };
/** What a Console writes, to both streams. */
const written = (f, options = {}) => {
  const [a, out] = sink(), [b, err] = sink();
  const c = new Console({ stdout: a, stderr: b, ...options });
  f(c);
  return [out, err];
};
const odd = [undefined, null, 0, 1, "", "x", true, {}, [], () => {}];

export default nodeArea({
  "names": () => Object.keys(con).sort(),
  "named": () => Object.keys(named).sort(),
  "the global": () => [con === globalThis.console, con.log === globalThis.console.log, con.Console === Console, globalThis.console.Console === undefined],
  "global keys": () => Object.keys(globalThis.console),
  "kinds": () => Object.entries(con).map(([k, v]) => `${k} ${typeof v} ${v?.length}`).sort(),
  "tag": () => [Object.prototype.toString.call(con), Object.prototype.toString.call(console)],
  "context": () => con.context(),
  "createTask": () => con.createTask("x"),
  "streams": () => [typeof con._stdout, typeof con._stderr, con._stdout === process.stdout],
  "hidden": () => [con._ignoreErrors, typeof con._times, con._times instanceof Map, con._stdoutErrorHandler?.()],
  "profile": () => each(["profile", "profileEnd", "timeStamp"], (k) => [typeof con[k], con[k]?.("x")]),
  "Console": () => [Console.name, Console.length, Object.getOwnPropertyNames(Console.prototype).sort()],
  "Console odd": () => each(odd, (v) => typeof new Console(v)),
  "Console called": () => { const [w] = sink(); return typeof Console(w); },
  "Console streams": () => each([{}, { stdout: 1 }, { stdout: { write() {} } }, { stdout: { write() {} }, stderr: 1 }, { stderr: { write() {} } }], (o) => typeof new Console(o)),
  "Console options": () => { const [stdout] = sink(); return each([{ ignoreErrors: 1 }, { colorMode: "x" }, { colorMode: true, inspectOptions: { colors: true } }, { inspectOptions: 1 }, { groupIndentation: -1 }, { groupIndentation: "x" }, { groupIndentation: 1001 }, { groupIndentation: 0 }], (o) => typeof new Console({ stdout, ...o })); },
  "Console keys": () => { const [w] = sink(); return Object.keys(new Console(w)).sort(); },
  "Console instance": () => { const [w] = sink(); const c = new Console(w); return [c instanceof Console, con instanceof Console, console instanceof Console, Object.prototype.toString.call(c)]; },
  "Console subclass": () => { class C extends Console { hello() { return "hi"; } } const [w, out] = sink(); const c = new C(w); c.log("x"); return [c.hello(), c instanceof C, out]; },
  "log": () => written((c) => { c.log("a", 1, { x: [1] }); c.info("i"); c.debug("d"); c.warn("w"); c.error("e"); }),
  "log nothing": () => written((c) => { c.log(); c.log(undefined); c.log(null); c.log(""); }),
  "format": () => written((c) => { c.log("%s %d %i %f %j %o %O %c %% %x", "s", 1.5, 2.7, 3.5, { a: 1 }, [1], { b: 2 }, "css", "rest"); }),
  "lines": () => written((c) => { c.group("g"); c.log("a\nb"); c.groupEnd(); c.log("c\nd"); }),
  "one stream": () => { const [w, out] = sink(); const c = new Console(w); c.log("a"); c.error("b"); return out; },
  "two arguments": () => { const [w, out] = sink(), [v, err] = sink(); const c = new Console(w, v); c.log("a"); c.error("b"); return [out, err]; },
  "group": () => written((c) => { c.group("a", "b"); c.log("in"); c.groupCollapsed(); c.log("deep"); c.warn("warn"); c.groupEnd(); c.groupEnd(); c.groupEnd(); c.log("out"); }),
  "groupIndentation": () => written((c) => { c.group(); c.log("x"); }, { groupIndentation: 4 }),
  "count": () => written((c) => { c.count(); c.count("x"); c.count(); c.count(5); c.count(null); c.count(undefined); c.countReset(); c.count(); c.countReset("no"); }),
  "count odd": () => written((c) => c.count(Symbol("s"))),
  "assert": () => written((c) => { c.assert(true, "no"); c.assert(false); c.assert(false, "m %s", 1); c.assert(0, { a: 1 }); c.assert(); c.assert(false, undefined); }),
  "dir": () => written((c) => { c.dir({ a: { b: { c: { d: 1 } } } }); c.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 }); c.dir("s"); c.dir(); c.dir({ a: 1 }, null); }),
  "dirxml": () => written((c) => { c.dirxml({ a: 1 }, [2]); c.dirxml(); }),
  "trace": () => written((c) => c.trace("t %s", 1)).map((l) => l.map((s) => s.split("\n")[0])),
  "table": () => written((c) => { c.table([{ a: 1, b: "x" }, { a: 2 }]); }),
  "table arrays": () => written((c) => { c.table([[1, 2], [3, 4]]); c.table([1, "a"]); }),
  "table columns": () => written((c) => { c.table([{ a: 1, b: 2 }], ["b"]); c.table([{ a: 1 }], ["z"]); }),
  "table map": () => written((c) => { c.table(new Map([["a", 1], ["b", { c: 2 }]])); c.table(new Set([1])); }),
  "table objects": () => written((c) => { c.table({ x: { a: 1 }, y: { b: 2 } }); c.table({ x: 1 }); }),
  "table odd": () => written((c) => { c.table(1); c.table(null); c.table("x"); c.table(); c.table([]); c.table([{ a: { b: { c: 1 } } }]); }),
  "table bad columns": () => written((c) => { c.table([{ a: 1 }], "a"); }),
  "table wide": () => written((c) => { c.table([{ "é": "漢字" }]); }),
  "table iterators": () => written((c) => { c.table(new Map([[1, 2]]).entries()); c.table([1].values()); c.table(new Set([5]).values()); }),
  "table typed": () => written((c) => { c.table(new Uint8Array([1, 2])); }),
  "inspectOptions": () => written((c) => { c.log({ a: { b: 1 } }); c.log([1, 2, 3]); }, { inspectOptions: { depth: 0, maxArrayLength: 1 } }),
  "colors": () => written((c) => { c.log({ a: 1, s: "x" }, true); }, { colorMode: true }),
  "no colors": () => written((c) => { c.log({ a: 1 }); }, { colorMode: false }),
  "timeEnd unknown": () => written((c) => { c.timeEnd("no"); c.timeLog("no"); }),
  "time": () => written((c) => { c.time("t"); c.time("t"); c.timeLog("t", 1, { a: 1 }); c.timeEnd("t"); c.timeEnd("t"); }).map((l) => l.map((s) => s.replace(/[\d.]+ ?m?s\b/, "N"))),
  "clear": () => written((c) => { c.group(); c.clear(); c.log("x"); }),
  "error": () => written((c) => c.log(new Error("boom"))).map((l) => l.map((s) => s.split("\n")[0])),
  "bound": () => written((c) => { const { log, warn } = c; log("a"); warn("b"); }),
  "write throws": () => { const c = new Console({ stdout: { write() { throw new Error("no"); }, on() {}, once() {}, removeListener() {}, listenerCount: () => 0 } }); return c.log("x"); },
  "write throws not ignored": () => { const c = new Console({ stdout: { write() { throw new Error("no"); }, on() {}, once() {}, removeListener() {}, listenerCount: () => 0 }, ignoreErrors: false }); return c.log("x"); },
  "write arguments": () => { const seen = []; const c = new Console({ stdout: { write(...a) { seen.push(a.map((x) => typeof x)); } , on() {}, once() {}, removeListener() {}, listenerCount: () => 0 } }); c.log("x"); return seen; },
  "global methods": () => each(["group", "groupEnd", "clear", "countReset", "timeStamp"], (k) => console[k]("x")),
  "global odd": () => each(odd, (v) => console.groupEnd(v)),
  "global lengths": () => Object.entries(console).map(([k, v]) => `${k} ${v?.name} ${v?.length}`).sort(),
  "stdout": () => [process.stdout.write("to stdout\n"), process.stderr.write("to stderr\n")],
});
