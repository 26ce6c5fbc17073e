// compatibility_flags: nodejs_compat
// node:assert and node:events.
import events, { EventEmitter } from "node:events";
import assert from "node:assert";
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
  "e1": () => new EventEmitter().emit("error"),
  "e2": () => new EventEmitter().emit("error", 5),
  "e3": () => new EventEmitter().emit("error", new Error("x")),
  "e4": () => new EventEmitter().on("a", 5),
  "e5": () => new EventEmitter().setMaxListeners(-1),
  "e6": () => EventEmitter.defaultMaxListeners = "a",
  "e7": () => Object.keys(new EventEmitter()),
  "e8": () => new EventEmitter().emit("error", {a:1}),
  "e9": () => EventEmitter.call(undefined),
  "e10": () => events.getEventListeners({}, "a"),
  "e11": () => EventEmitter(),
  "e13": () => events.listenerCount(new EventEmitter(), "a"),
  "a1": () => assert(0),
  "a2": () => assert.equal(1, 2),
  "a3": () => assert.strictEqual("a", "b"),
  "a4": () => assert.deepEqual({a:1}, {a:2}),
  "a5": () => assert.throws(() => {}),
  "a6": () => assert.notStrictEqual(1, 1),
  "a7": () => assert.ok(null, "m"),
  "a8": () => assert.match("a", /b/),
  "a9": () => assert.fail(),
  "a10": () => assert.ifError(new Error("q")),
  "a11": () => assert.deepStrictEqual([1,2,3],[1,2,4]),
  "a12": () => assert.rejects(5).catch(x=>x.message),
  "a13": () => assert.throws(() => {throw new Error("a")}, /b/),
  "a14": () => assert.notDeepEqual({}, {}),
  "a15": () => assert.doesNotThrow(() => { throw new Error("z"); }),
  "a16": () => Object.keys(new assert.AssertionError({actual:1,expected:2,operator:"strictEqual"})),
  "a17": () => assert.notEqual(1,1),
  "a18": () => assert.partialDeepStrictEqual({a:1},{b:1}),
  "a19": () => assert.doesNotMatch("a",/a/),
  "a20": () => assert.ok(),
  "a21": () => assert.ok(false),
  "a22": () => assert.equal(),
  "a23": () => assert.throws(),
  "a24": () => assert.throws(()=>{throw new TypeError("q")}, RangeError),
  "a25": () => assert.throws(()=>{throw new TypeError("q")}, {message:"z"}),
  "a28": () => assert.strict.equal(1,"1"),
  "a29": () => assert.fail("x"),
  "a30": () => assert.notDeepStrictEqual([1],[1]),
};
for (const name of Object.keys(probes)) probes[name] = coded(probes[name]);
export default area(probes);
