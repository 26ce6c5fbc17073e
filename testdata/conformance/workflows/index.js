// Workflows: what a step may be, what becomes of an instance, what the binding
// takes. Every probe waits for a status that lasts; none depends on how long
// anything takes.
import { RpcTarget, WorkflowEntrypoint } from "cloudflare:workers";
import { NonRetryableError } from "cloudflare:workflows";
import { area, error, show } from "../probe.js";

/** What instances run, by number. */
const bodies = [];
let number = 0;

export class Flow extends WorkflowEntrypoint {
  async run(event, step) { return bodies[event.payload.body](step, event, this); }
}
export class Bare extends WorkflowEntrypoint {}
export class Plain extends WorkflowEntrypoint {
  run(event) { return event.payload; }
}

const final = ["complete", "errored", "terminated"];
const until = async (instance, ...statuses) => {
  for (;;) {
    const s = await instance.status();
    if (statuses.includes(s.status)) return s;
    await scheduler.wait(5);
  }
};
const settled = (instance) => until(instance, ...final);
const outcome = (s) => (s.status === "complete" ? s.output : [s.status, s.error]);

/** Makes an instance that runs f. */
const start = (env, f, options = {}, binding = "FLOW") => {
  const body = bodies.push(f) - 1;
  return env[binding].create({ ...options, params: { ...options.params, body } });
};
/** A probe: what an instance that runs f comes to. */
const flow = (f, binding) => async ({ env }) => outcome(await settled(await start(env, f, {}, binding)));
const tried = async (f) => {
  try { return show(await f()); } catch (e) { return error(e) + (e?.remote ? " (remote)" : ""); }
};
/** A probe: what a step gives, or how it fails, as seen by run(). */
const step = (f) => flow((s) => tried(() => f(s)));
const once = { retries: { limit: 0, delay: 1 } };
const fail = (e) => () => { throw e; };
const unique = () => `i${number++}`;
const config = (c) => step((s) => s.do("a", c, async (ctx) => ctx.config));
const bytes = (list) => new ReadableStream({ start(c) { for (const b of list) c.enqueue(b); c.close(); } });
const read = async (s) => new TextDecoder().decode(await new Response(s).arrayBuffer());
const waiting = async (env, options = {}, rest = async () => "on") => {
  let begun;
  const ready = new Promise((resolve) => { begun = resolve; });
  const i = await start(env, async (s, ...more) => {
    await s.do("before", async () => { begun(); return "done before"; });
    const e = await s.waitForEvent("wait", { type: "go", ...options });
    return [e.payload, await rest(s, ...more)];
  });
  await ready;
  while ((await i.status()).__LOCAL_DEV_STEP_OUTPUTS.length === 0) await scheduler.wait(5);
  return i;
};
const called = (f) => async ({ env }) => tried(() => f(env));

class Custom extends Error {
  name = "CustomError";
}

const probes = area({
  // What comes out of steps.
  "do": step((s) => s.do("a", async () => 1)),
  "do sync": step((s) => s.do("a", () => 1)),
  "do undefined": step((s) => s.do("a", async () => {})),
  "do null": step((s) => s.do("a", async () => null)),
  "do false": step((s) => s.do("a", async () => false)),
  "do zero": step((s) => s.do("a", async () => 0)),
  "do text": step((s) => s.do("a", async () => "")),
  "do bigint": step((s) => s.do("a", async () => 5n)),
  "do Date": step((s) => s.do("a", async () => new Date(5))),
  "do Map": step((s) => s.do("a", async () => new Map([[1, { a: [1] }]]))),
  "do Set": step(async (s) => [...await s.do("a", async () => new Set([1, 2]))]),
  "do bytes": step((s) => s.do("a", async () => new Uint8Array([1, 2, 3]).subarray(1))),
  "do compact bytes": step(async (s) => (await s.do("a", async () => new Uint8Array(8).subarray(1, 3))).buffer.byteLength),
  "do buffer": step((s) => s.do("a", async () => new Uint8Array([1, 2]).buffer)),
  "do RegExp": step(async (s) => String(await s.do("a", async () => /a/g))),
  "do Error": step((s) => s.do("a", async () => new RangeError("e"))),
  "do NaN": step((s) => s.do("a", async () => [NaN, -0, Infinity])),
  "do target": flow((s) => tried(() => s.do("a", once, async () => new (class T extends RpcTarget {})()))),
  "do undefined member": step(async (s) => "x" in (await s.do("a", async () => ({ x: undefined })))),
  "do class instance": flow((s) => tried(() => s.do("a", once, async () => new (class A { x = 1; })()))),
  "do function": flow((s) => s.do("a", async () => () => 1)),
  "do object of functions": flow((s) => s.do("a", async () => ({ f() { return 1; } }))),
  "do symbol": flow((s) => s.do("a", once, async () => Symbol("s"))),
  "do circular": flow((s) => tried(() => s.do("a", once, async () => { const a = {}; a.a = a; return a; })).then((t) => t.replace(/\n[^]*/, " (remote)"))),
  "do copies": step(async (s) => { const o = { n: 1 }; const p = await s.do("a", async () => o); return [p === o, p.n]; }),
  "do Response": flow((s) => tried(() => s.do("a", once, async () => new Response("x")))),
  "do Headers": flow((s) => tried(() => s.do("a", once, async () => new Headers({ a: "b" })))),
  "do large": step(async (s) => (await s.do("a", once, async () => "x".repeat(1_000_000))).length),
  "do too large": flow((s) => tried(async () => (await s.do("a", once, async () => new Uint8Array(33_554_432))).length).then((t) => t.replace(/\d+ bytes/, "so many bytes"))),
  // Streams.
  "stream": step(async (s) => read(await s.do("a", async () => bytes([new TextEncoder().encode("abc"), new TextEncoder().encode("def")])))),
  "stream class": step(async (s) => Object.prototype.toString.call(await s.do("a", async () => bytes([])))),
  "stream of buffers": step(async (s) => read(await s.do("a", async () => bytes([new Uint8Array([97]).buffer, new Uint16Array([98])])))),
  "stream empty": step(async (s) => read(await s.do("a", async () => bytes([])))),
  "stream long": step(async (s) => (await new Response(await s.do("a", async () => bytes([new Uint8Array(300_000), new Uint8Array(300_000)]))).arrayBuffer()).byteLength),
  "stream locked": flow((s) => s.do("a", once, async () => { const x = bytes([]); x.getReader(); return x; })),
  "stream of body": step(async (s) => read(await s.do("a", async () => new Response("body").body))),
  "stream output": async ({ env }) => (await settled(await start(env, async (s) => { await s.do("a", async () => bytes([new TextEncoder().encode("shown")])); }))).__LOCAL_DEV_STEP_OUTPUTS,
  "stream binary output": async ({ env }) => (await settled(await start(env, async (s) => { await s.do("a", async () => bytes([new Uint8Array([255, 254])])); }))).__LOCAL_DEV_STEP_OUTPUTS,
  // Names and arguments.
  "name twice": flow(async (s) => [await s.do("a", async (c) => c.step), await s.do("a", async (c) => c.step), await s.do("b", async (c) => c.step)]),
  "name long": step((s) => s.do("x".repeat(256), async () => 1)),
  "name too long": step((s) => s.do("x".repeat(257), async () => 1)),
  "name empty": step((s) => s.do("", async (c) => c.step)),
  "name control": step((s) => s.do("a\nb", async () => 1)),
  "name unicode": step((s) => s.do("日本 ü", async (c) => c.step.name)),
  "name number": step((s) => s.do(5, async (c) => c.step.name)),
  "name undefined": step((s) => s.do(undefined, async () => 1)),
  "no callback": step((s) => s.do("a")),
  "no callback with config": step((s) => s.do("a", {})),
  "callback text": step((s) => s.do("a", {}, "x")),
  "nothing": step((s) => s.do()),
  "config first": step((s) => s.do("a", null, async () => 1)),
  // The context and the configuration.
  "context": step((s) => s.do("a", async (...args) => args)),
  "config default": config({}),
  "config timeout": config({ timeout: "3 minutes" }),
  "config timeout number": config({ timeout: 5000 }),
  "config timeout 0": config({ timeout: 0 }),
  "config timeout text 0": config({ timeout: "0" }),
  "config timeout bad": config({ timeout: "soon" }),
  "config timeout negative": config({ timeout: -1 }),
  "config retries": config({ retries: { limit: 2, delay: "1 second", backoff: "linear" } }),
  "config retries without backoff": config({ retries: { limit: 2, delay: 5 } }),
  "config retries without limit": config({ retries: { delay: 5 } }),
  "config retries without delay": config({ retries: { limit: 5 } }),
  "config limit negative": config({ retries: { limit: -1, delay: 5 } }),
  "config limit fraction": config({ retries: { limit: 1.5, delay: 5 } }),
  "config limit text": config({ retries: { limit: "1", delay: 5 } }),
  "config limit infinite": config({ retries: { limit: Infinity, delay: 5 } }),
  "config limit NaN": config({ retries: { limit: NaN, delay: 5 } }),
  "config delay negative": config({ retries: { limit: 1, delay: -5 } }),
  "config delay bad": config({ retries: { limit: 1, delay: "soon" } }),
  "config delay words": config({ retries: { limit: 1, delay: "2 hours" } }),
  "config delay odd unit": config({ retries: { limit: 1, delay: "2 potatoes" } }),
  "config delay empty": config({ retries: { limit: 1, delay: "" } }),
  "config delay function": config({ retries: { limit: 1, delay: () => 5 } }),
  "config backoff bad": config({ retries: { limit: 1, delay: 5, backoff: "quick" } }),
  "config retries unknown": config({ retries: { limit: 1, delay: 5, x: 1 } }),
  "config unknown": config({ x: 1 }),
  "config text": config("x"),
  "config sensitive": config({ sensitive: "output" }),
  "config sensitive bad": config({ sensitive: true }),
  "sensitive output": async ({ env }) => (await settled(await start(env, (s) => s.do("a", { sensitive: "output" }, async () => "secret")))).__LOCAL_DEV_STEP_OUTPUTS,
  // Failure and retries.
  "retries": flow(async (s) => { const seen = []; const r = await tried(() => s.do("a", { retries: { limit: 2, delay: 1 } }, async (c) => { seen.push(c.attempt); throw new TypeError("no " + c.attempt); })); return [seen, r]; }),
  "retries until it works": flow((s) => s.do("a", { retries: { limit: 5, delay: 1, backoff: "constant" } }, async (c) => { if (c.attempt < 3) throw new Error("no"); return c.attempt; })),
  "no retry": flow(async (s) => { let n = 0; await tried(() => s.do("a", once, async () => { n++; throw new Error("x"); })); return n; }),
  "limit fraction retries": flow(async (s) => { let n = 0; await tried(() => s.do("a", { retries: { limit: 1.5, delay: 1 } }, async () => { n++; throw new Error("x"); })); return n; }),
  "delay function": flow(async (s) => { const seen = []; const r = await tried(() => s.do("a", { retries: { limit: 2, delay: (x) => { seen.push(show(Object.keys(x)) + x.ctx.attempt + error(x.error)); return 1; } } }, fail(new Error("x")))); return [seen, r]; }),
  "delay function async": flow(async (s) => { let n = 0; await tried(() => s.do("a", { retries: { limit: 2, delay: async () => 1 } }, () => { n++; throw new Error("x"); })); return n; }),
  "delay function throws": step((s) => s.do("a", { retries: { limit: 2, delay: () => { throw new Error("no delay"); } } }, fail(new Error("x")))),
  "delay function gives text": step((s) => s.do("a", { retries: { limit: 2, delay: () => "soon" } }, fail(new Error("x")))),
  "delay function gives negative": step((s) => s.do("a", { retries: { limit: 2, delay: () => -1 } }, fail(new Error("x")))),
  "throws": step((s) => s.do("a", once, fail(new Error("x")))),
  "throws TypeError": step((s) => s.do("a", once, fail(new TypeError("x")))),
  "throws custom": step((s) => s.do("a", once, fail(new Custom("x")))),
  "throws DOMException": step((s) => s.do("a", once, fail(new DOMException("x", "AbortError")))),
  "throws text": step((s) => s.do("a", once, fail("text"))),
  "throws undefined": step((s) => s.do("a", once, fail(undefined))),
  "throws number": step((s) => s.do("a", once, fail(5))),
  "throws object": flow((s) => s.do("a", once, fail({ a: 1 })).catch((e) => [Object.prototype.toString.call(e), typeof e.a])),
  "throws properties": flow((s) => s.do("a", once, fail(Object.assign(new Error("x"), { code: 5 }))).catch((e) => [Object.keys(e).sort(), e.code])),
  "throws cause": flow((s) => s.do("a", once, fail(new Error("x", { cause: "c" }))).catch((e) => [e.message, e.cause])),
  "throws stack": flow((s) => s.do("a", once, fail(new Error("x"))).catch((e) => e.stack.split("\n")[0])),
  "throws NonRetryableError": flow(async (s) => { let n = 0; return [await tried(() => s.do("a", async () => { n++; throw new NonRetryableError("final"); })), n]; }),
  "throws NonRetryableError with name": flow(async (s) => { let n = 0; return [await tried(() => s.do("a", { retries: { limit: 1, delay: 1 } }, async () => { n++; throw new NonRetryableError("final", "Mine"); })), n]; }),
  "throws by name": flow(async (s) => { let n = 0; const e = new Error("final"); e.name = "NonRetryableError"; return [await tried(() => s.do("a", async () => { n++; throw e; })), n]; }),
  "timeout": step((s) => s.do("a", { ...once, timeout: 5 }, () => new Promise((resolve) => setTimeout(resolve, 60_000)))),
  "timeout words": step((s) => s.do("a", { ...once, timeout: "0.005 seconds" }, () => new Promise((resolve) => setTimeout(resolve, 60_000)))),
  "timeout retried": flow((s) => s.do("a", { retries: { limit: 3, delay: 1 }, timeout: 1_000 }, (c) => (c.attempt < 2 ? new Promise((resolve) => setTimeout(resolve, 60_000)) : c.attempt))),
  "caught and gone on": flow(async (s) => { try { await s.do("a", once, fail(new Error("x"))); } catch {} return s.do("b", async () => "on"); }),
  // The instance.
  "returns nothing": flow(async () => {}),
  "returns Date": flow(async () => new Date(5)),
  "returns Map": flow(async () => new Map([[1, 2]])),
  "returns bytes": flow(async () => ({ a: new Uint8Array(3), b: new ArrayBuffer(2), c: 5n })),
  "returns function": flow(async () => () => 1),
  "returns step": flow(async (s) => s),
  "fails": flow(async () => { throw new RangeError("no"); }),
  "fails custom": flow(async () => { throw new Custom("no"); }),
  "fails text": flow(async () => { throw "text"; }),
  "fails undefined": flow(async () => { throw undefined; }),
  "fails number": flow(async () => { throw 5; }),
  "fails object": flow(async () => { throw { a: 1 }; }),
  "fails NonRetryableError": flow(async () => { throw new NonRetryableError("final"); }),
  "fails by a step": flow((s) => s.do("a", once, fail(new RangeError("no")))),
  "fails by a timeout": flow((s) => s.do("a", { ...once, timeout: 5 }, () => new Promise((resolve) => setTimeout(resolve, 60_000)))),
  "fails by a bad step": flow((s) => s.do("a")),
  "fails by a NonRetryableError in a step": flow((s) => s.do("a", fail(new NonRetryableError("final")))),
  "fails by a NonRetryableError with name": flow((s) => s.do("a", once, fail(new NonRetryableError("final", "Mine")))),
  "status": async ({ env }) => { const s = await settled(await start(env, (s) => s.do("a", async () => 1))); return [Object.keys(s), s]; },
  "status of failed": async ({ env }) => { const s = await settled(await start(env, async (s) => { await s.do("a", async () => 1); throw new Error("x"); })); return [Object.keys(s), s]; },
  "step outputs": async ({ env }) => (await settled(await start(env, async (s) => { await s.do("a", async () => new Date(0)); await s.do("b", async () => new Map()); await s.do("c", async () => {}); await s.do("d", async () => new Uint8Array(2)); await s.do("e", async () => 1n); }))).__LOCAL_DEV_STEP_OUTPUTS,
  "event": flow(async (s, event) => [Object.keys(event), event.timestamp instanceof Date, typeof event.instanceId, event.workflowName, Object.isFrozen(event)]),
  "event id": async ({ env }) => { const i = await start(env, async (s, event) => event.instanceId); return (await settled(i)).output === i.id; },
  "params": async ({ env }) => outcome(await settled(await start(env, async (s, e) => show({ ...e.payload, body: 0 }), { params: { d: new Date(5), m: new Map([[1, 2]]), u: undefined } }))),
  "params large": async ({ env }) => outcome(await settled(await start(env, async (s, e) => e.payload.text.length, { params: { text: "x".repeat(1_000_000) } }))),
  "params none": async ({ env }) => outcome(await settled(await env.PLAIN.create())),
  "params null": async ({ env }) => outcome(await settled(await env.PLAIN.create({ params: null }))),
  "params text": async ({ env }) => outcome(await settled(await env.PLAIN.create({ params: "text" }))),
  "params array": async ({ env }) => outcome(await settled(await env.PLAIN.create({ params: [1, [2]] }))),
  "this": flow(async (s, e, self) => [self instanceof WorkflowEntrypoint, self.constructor.name, Object.keys(self.env).sort(), typeof self.ctx.waitUntil]),
  "step": flow(async (s) => [Object.prototype.toString.call(s), s.constructor.name, typeof s.do, typeof s.nothing]),
  "step unknown method": step((s) => s.nothing("a")),
  "step in another function": flow(async (s) => { const { do: go } = s; return go("a", async () => 1); }),
  "run missing": async ({ env }) => outcome(await settled(await env.BARE.create())),
  "steps at once": flow((s) => Promise.all([s.do("a", async () => 1), s.do("b", async () => 2), s.do("a", async (c) => c.step.count)])),
  "steps at once, one fails": flow(async (s) => (await Promise.allSettled([s.do("a", once, fail(new Error("x"))), s.do("b", async () => 2)])).map((r) => r.status)),
  "step in a step": flow((s) => s.do("a", async () => s.do("b", async (c) => c.step))),
  "step in a step fails": step((s) => s.do("a", once, async () => s.do("b", once, fail(new Error("inner"))))),
  "race": flow((s) => Promise.race([s.do("a", async () => 1), s.sleep("b", "1 hour")])),
  "steps in a loop": flow(async (s) => { let n = 0; for (let i = 0; i < 20; i++) n += await s.do("a", async (c) => c.step.count); return n; }),
  "too many steps": flow(async (s) => { const out = []; for (let i = 0; i < 4; i++) out.push(await tried(() => s.do("a", async () => i))); return out; }, "SHORT"),
  "sleeps do not count": flow(async (s) => { for (let i = 0; i < 5; i++) await s.sleep("s", 1); return "fine"; }, "SHORT"),
  // Sleeping.
  "sleep": step((s) => s.sleep("a", 1)),
  "sleep words": step((s) => s.sleep("a", "0.001 seconds")),
  "sleep zero": step((s) => s.sleep("a", 0)),
  "sleep negative": step((s) => s.sleep("a", -5)),
  "sleep number in text": step((s) => s.sleep("a", "1")),
  "sleep nonsense": step((s) => s.sleep("a", "nonsense")),
  "sleep nothing": step((s) => s.sleep("a")),
  "sleepUntil": step((s) => s.sleepUntil("a", new Date(Date.now() + 1_000))),
  "sleepUntil number": step((s) => s.sleepUntil("a", Date.now() + 1_000)),
  "sleepUntil past": step((s) => s.sleepUntil("a", new Date(5))),
  "sleepUntil nonsense": step((s) => s.sleepUntil("a", "tomorrow")),
  // Events.
  "event sent": async ({ env }) => { const i = await waiting(env); await i.sendEvent({ type: "go", payload: { a: 1 } }); return outcome(await settled(i)); },
  "event sent before": async ({ env }) => { const i = await start(env, async (s) => { await s.sleep("a", 30); return (await s.waitForEvent("w", { type: "go" })).payload; }); await i.sendEvent({ type: "go", payload: "early" }); return outcome(await settled(i)); },
  "event of another type": async ({ env }) => { const i = await waiting(env); await i.sendEvent({ type: "other", payload: 1 }); await i.sendEvent({ type: "go", payload: 2 }); return outcome(await settled(i)); },
  "event shape": async ({ env }) => { const i = await start(env, async (s) => { const e = await s.waitForEvent("w", { type: "go" }); return [Object.keys(e), e.type, e.timestamp instanceof Date, show(e.payload)]; }); await i.sendEvent({ type: "go", payload: new Map([[1, 2]]) }); return outcome(await settled(i)); },
  "event without payload": async ({ env }) => { const i = await waiting(env); await i.sendEvent({ type: "go" }); return outcome(await settled(i)); },
  "events in order": async ({ env }) => { const i = await start(env, async (s) => { await s.waitForEvent("begin", { type: "begin" }); const out = []; for (let n = 0; n < 3; n++) out.push((await s.waitForEvent("w", { type: "go" })).payload); return out; }); for (const payload of [1, 2, 3]) await i.sendEvent({ type: "go", payload }); await i.sendEvent({ type: "begin" }); return outcome(await settled(i)); },
  "event output": async ({ env }) => { const i = await waiting(env); await i.sendEvent({ type: "go", payload: 5 }); return (await settled(i)).__LOCAL_DEV_STEP_OUTPUTS; },
  "event to a finished instance": async ({ env }) => { const i = await start(env, async () => 1); await settled(i); return tried(() => i.sendEvent({ type: "go" })); },
  "event timeout": step((s) => s.waitForEvent("w", { type: "never", timeout: 5 })),
  "event timeout words": step((s) => s.waitForEvent("w", { type: "never", timeout: "0.005 seconds" })),
  "event timeout uncaught": flow((s) => s.waitForEvent("w", { type: "never", timeout: 5 })),
  "event wait without options": step((s) => s.waitForEvent("w")),
  // Taking steps back.
  "rollback": async ({ env }) => { const seen = []; const i = await start(env, async (s) => { for (const n of ["a", "b", "c"]) await s.do(n, async () => n + "!", { rollback: async (x) => { seen.push(show([x.stepName, x.output, x.ctx.attempt, error(x.error)])); } }); throw new RangeError("late"); }); return [outcome(await settled(i)), seen]; },
  "rollback argument": async ({ env }) => { let seen; const i = await start(env, async (s) => { await s.do("a", async () => 1, { rollback: (x) => { seen = [Object.keys(x), x.ctx]; } }); throw new Error("late"); }); await settled(i); return seen; },
  "rollback of the failed step": async ({ env }) => { const seen = []; const i = await start(env, (s) => s.do("a", once, fail(new Error("x")), { rollback: (x) => { seen.push(show([x.stepName, x.output])); } })); return [outcome(await settled(i)), seen]; },
  "rollback fails": async ({ env }) => { const seen = []; const i = await start(env, async (s) => { await s.do("a", async () => 1, { rollback: () => { seen.push("a"); } }); await s.do("b", async () => 1, { rollback: () => { seen.push("b"); throw new Error("no"); }, rollbackConfig: once }); throw new Error("late"); }); return [outcome(await settled(i)), seen]; },
  "rollback not needed": async ({ env }) => { const seen = []; const i = await start(env, (s) => s.do("a", async () => 1, { rollback: () => { seen.push("a"); } })); return [outcome(await settled(i)), seen]; },
  "rollback no function": step((s) => s.do("a", async () => 1, { rollback: 1 })),
  "rollback missing": step((s) => s.do("a", async () => 1, {})),
  "rollback options null": step((s) => s.do("a", async () => 1, null)),
  "rollback options text": step((s) => s.do("a", async () => 1, "x")),
  "rollback bad config": step((s) => s.do("a", async () => 1, { rollback() {}, rollbackConfig: { x: 1 } })),
  // The life of an instance.
  "pause": async ({ env }) => { const i = await waiting(env); const r = await tried(() => i.pause()); const paused = (await until(i, "paused")).status; await i.resume(); await i.sendEvent({ type: "go", payload: 1 }); return [r, paused, outcome(await settled(i))]; },
  "pause twice": async ({ env }) => { const i = await waiting(env); await i.pause(); await until(i, "paused"); const r = [await tried(() => i.pause()), (await i.status()).status]; await i.terminate(); return r; },
  "pause of a finished instance": async ({ env }) => { const i = await start(env, async () => 1); await settled(i); return [await tried(() => i.pause()), (await i.status()).status]; },
  "resume of one that runs": async ({ env }) => { const i = await waiting(env); const r = [await tried(() => i.resume()), (await i.status()).status]; await i.terminate(); return r; },
  "resume of a finished instance": async ({ env }) => { const i = await start(env, async () => 1); await settled(i); return [await tried(() => i.resume()), (await i.status()).status]; },
  "steps are not run again": async ({ env }) => { let n = 0; let begun; const ready = new Promise((r) => { begun = r; }); const i = await start(env, async (s) => { const a = await s.do("a", async () => ++n); await s.do("b", async () => begun()); await s.waitForEvent("w", { type: "go" }); return [a, n]; }); await ready; await i.pause(); await until(i, "paused"); await i.resume(); await i.sendEvent({ type: "go" }); return outcome(await settled(i)); },
  "terminate": async ({ env }) => { const i = await waiting(env); const r = await tried(() => i.terminate()); return [r, await i.status()]; },
  "terminate twice": async ({ env }) => { const i = await waiting(env); await i.terminate(); return tried(() => i.terminate()); },
  "terminate a finished instance": async ({ env }) => { const i = await start(env, async () => 1); await settled(i); return tried(() => i.terminate()); },
  "terminate a paused instance": async ({ env }) => { const i = await waiting(env); await i.pause(); await until(i, "paused"); await i.terminate(); return (await i.status()).status; },
  "restart": async ({ env }) => { let n = 0; const i = await start(env, (s) => s.do("a", async () => ++n)); await settled(i); const r = await tried(() => i.restart()); return [r, outcome(await settled(i))]; },
  "restart a failed instance": async ({ env }) => { let n = 0; const i = await start(env, async () => { if (n++ === 0) throw new Error("first"); return n; }); const first = outcome(await settled(i)); await i.restart(); return [first, outcome(await settled(i))]; },
  "restart a terminated instance": async ({ env }) => { const i = await waiting(env); await i.terminate(); await i.restart(); await i.sendEvent({ type: "go", payload: 1 }); return outcome(await settled(i)); },
  "restart from a step": async ({ env }) => { const n = { a: 0, b: 0, c: 0 }; const i = await start(env, async (s) => { for (const k of ["a", "b", "c"]) await s.do(k, async () => ++n[k]); return { ...n }; }); await settled(i); await i.restart({ from: { name: "b" } }); return outcome(await settled(i)); },
  "restart from a counted step": async ({ env }) => { let n = 0; const i = await start(env, async (s) => { const out = []; for (let k = 0; k < 3; k++) out.push(await s.do("a", async () => ++n)); return out; }); await settled(i); await i.restart({ from: { name: "a", count: 3 } }); return outcome(await settled(i)); },
  "restart from an unknown step": async ({ env }) => { const i = await start(env, (s) => s.do("a", async () => 1)); await settled(i); return [await tried(() => i.restart({ from: { name: "b" } })), (await i.status()).status]; },
  "delete": async ({ env }) => { const id = unique(); const i = await env.PLAIN.create({ id }); await settled(i); return [await tried(() => i.delete()), await tried(() => env.PLAIN.get(id))]; },
  "delete and make again": async ({ env }) => { const id = unique(); await settled(await env.PLAIN.create({ id, params: 1 })); await (await env.PLAIN.get(id)).delete(); return outcome(await settled(await env.PLAIN.create({ id, params: 2 }))); },
  // The binding.
  "class": ({ env }) => [env.FLOW.constructor.name, Object.prototype.toString.call(env.FLOW), typeof env.FLOW.create],
  "instance": async ({ env }) => { const i = await env.PLAIN.create({ id: unique() }); return [i.constructor.name, typeof i.status, i.id]; },
  "create twice": called(async (env) => { const id = unique(); await env.PLAIN.create({ id }); return env.PLAIN.create({ id }).then(() => "made"); }),
  "create gives an id": called(async (env) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test((await env.PLAIN.create()).id)),
  "id with a space": called((env) => env.PLAIN.create({ id: "a b" })),
  "id empty": called((env) => env.PLAIN.create({ id: "" })),
  "id of 100": called(async (env) => (await env.PLAIN.create({ id: "x".repeat(100) })).id.length),
  "id of 101": called((env) => env.PLAIN.create({ id: "x".repeat(101) })),
  "id with a dash first": called((env) => env.PLAIN.create({ id: "-a" })),
  "id with an underscore": called(async (env) => (await env.PLAIN.create({ id: "_a-B" })).id),
  "id number": called((env) => env.PLAIN.create({ id: 5 })),
  "id null": called((env) => env.PLAIN.create({ id: null })),
  "get": called(async (env) => { const id = unique(); await settled(await env.PLAIN.create({ id, params: 1 })); const i = await env.PLAIN.get(id); return [i.id, outcome(await i.status())]; }),
  "get unknown": called((env) => env.PLAIN.get("unknown")),
  "retention": called(async (env) => outcome(await settled(await env.PLAIN.create({ params: 1, retention: { successRetention: "1 day", errorRetention: 5 } })))),
  "batch": called(async (env) => { const [a, b] = [unique(), unique()]; const list = await env.PLAIN.createBatch([{ id: a, params: 1 }, { id: b, params: 2 }]); return [list.map((i) => i.id === a || i.id === b), await Promise.all(list.map(async (i) => outcome(await settled(i))))]; }),
  "batch with one twice": called(async (env) => { const id = unique(); return (await env.PLAIN.createBatch([{ id }, { id }])).length; }),
  "batch with a known one": called(async (env) => { const id = unique(); await env.PLAIN.create({ id }); return (await env.PLAIN.createBatch([{ id }, { id: unique() }])).length; }),
  "batch of none": called((env) => env.PLAIN.createBatch([])),
  "batch of 101": called((env) => env.PLAIN.createBatch(Array.from({ length: 101 }, () => ({})))),
  "batch of 100": called(async (env) => (await env.PLAIN.createBatch(Array.from({ length: 100 }, () => ({})))).length),
  "batch with a bad id": called((env) => env.PLAIN.createBatch([{ id: "a b" }])),
  "batch of nothing": called((env) => env.PLAIN.createBatch()),
  "batch of text": called((env) => env.PLAIN.createBatch("x")),
  "batch object": called(async (env) => { const id = unique(); const known = unique(); await env.PLAIN.create({ id: known }); const r = await env.PLAIN.createBatch({ instances: [{ id }, { id }, { id: known }] }); return [Object.keys(r), r.created.length, r.errors.map((e) => ({ ...e, id: e.id === id }))]; }),
  "batch object of none": called((env) => env.PLAIN.createBatch({ instances: [] })),
  "batch object with a bad id": called((env) => env.PLAIN.createBatch({ instances: [{ id: "a b" }] })),
  "batch object with a reserved id": called((env) => env.PLAIN.createBatch({ instances: [{ id: "terminate" }] })),
  "batch object empty": called((env) => env.PLAIN.createBatch({})),
  "batch count": called(async (env) => { const r = await env.PLAIN.createBatch({ count: 3, params: 7 }); return [r.created.length, r.errors, await Promise.all(r.created.map(async (i) => outcome(await settled(i))))]; }),
  "batch count 0": called((env) => env.PLAIN.createBatch({ count: 0 })),
  "batch count 101": called((env) => env.PLAIN.createBatch({ count: 101 })),
  "batch count 1.5": called((env) => env.PLAIN.createBatch({ count: 1.5 })),
  "delete batch": called(async (env) => { const id = unique(); await settled(await env.PLAIN.create({ id })); const r = await env.PLAIN.deleteBatch([id, id, "unknown"]); return [r.deleted.length, r.errors]; }),
  "delete batch of none": called((env) => env.PLAIN.deleteBatch([])),
  "delete batch of text": called((env) => env.PLAIN.deleteBatch("x")),
  "delete batch with a bad id": called((env) => env.PLAIN.deleteBatch(["a\n"])),
  "delete batch of 101": called((env) => env.PLAIN.deleteBatch(Array.from({ length: 101 }, () => "a"))),
  // The modules.
  "NonRetryableError": () => [new NonRetryableError("m").name, new NonRetryableError("m", "n").name, new NonRetryableError("m") instanceof Error, Object.keys(new NonRetryableError("m")), NonRetryableError.length],
  "WorkflowEntrypoint": () => [WorkflowEntrypoint.name, WorkflowEntrypoint.length, typeof WorkflowEntrypoint.prototype.run],
  "WorkflowEntrypoint by itself": () => new WorkflowEntrypoint(),
});

export default probes;
