// Queues: what producers may send, and what consumers decide.
import { area } from "../probe.js";

/** What the consumers got, and what the one of "q" is to do next. */
let seen = [];
let handler;
let changed = () => {};

/** Sends one message and says whether it was taken. */
const send = (body, options) => ({ env }) => env.SEND.send(body, options).then((r) => Object.keys(r));
const sendBatch = (...args) => ({ env }) => env.SEND.sendBatch(...args).then((r) => Object.keys(r.metadata));
const text = (m) => JSON.stringify(m.body) + "#" + m.attempts;

/** Sends bodies to "q" and gives the deliveries, n of them at least. */
const deliver = (bodies, n, f) => async ({ env }) => {
  seen = [];
  handler = f;
  await env.Q.sendBatch(bodies.map((body) => ({ body })));
  while (seen.length < n) await Promise.race([new Promise((resolve) => { changed = resolve; }), scheduler.wait(50)]);
  await scheduler.wait(20);
  return seen.join(" | ");
};
const once = (f) => (b, env, ctx) => { if (b.messages[0].attempts === 1) return f(b, env, ctx); };
const received = (body, options) => async ({ env }) => {
  let got;
  seen = [];
  handler = (b) => { const v = b.messages[0].body; got = [Object.prototype.toString.call(v), v]; };
  await env.Q.send(body, options);
  while (!got) await scheduler.wait(5);
  return got;
};

const probes = area({
  "class": ({ env }) => [env.SEND.constructor.name, Object.prototype.toString.call(env.SEND), Object.getOwnPropertyNames(Object.getPrototypeOf(env.SEND)).sort()],
  "metrics": async ({ env }) => Object.keys(await env.SEND.metrics()),
  "send": send({ a: 1 }),
  "send nothing": ({ env }) => env.SEND.send(),
  "send undefined": send(undefined),
  "send null": send(null),
  "send Map": send(new Map()),
  "send bigint": ({ env }) => env.SEND.send(1n).catch((e) => e.constructor.name),
  "send options null": send(1, null),
  "send options number": send(1, 5),
  "text of number": send(5, { contentType: "text" }),
  "text": send("x", { contentType: "text" }),
  "bytes of text": send("x", { contentType: "bytes" }),
  "bytes of buffer": send(new ArrayBuffer(1), { contentType: "bytes" }),
  "bytes": send(new Uint8Array(1), { contentType: "bytes" }),
  "v8 of function": ({ env }) => env.SEND.send(() => 1, { contentType: "v8" }).catch((e) => e.name),
  "unknown type": send(1, { contentType: "x" }),
  "type null": send(1, { contentType: null }),
  "delay": send(1, { delaySeconds: 1.5 }),
  "delay text": send(1, { delaySeconds: "x" }),
  "delay negative": send(1, { delaySeconds: -1 }),
  "delay too long": send(1, { delaySeconds: 86_401 }),
  "too large": send("x".repeat(128_000)),
  "just small enough": send("x".repeat(127_998)),
  "batch": sendBatch([{ body: 1 }, { body: "t", contentType: "text" }]),
  "batch of none": sendBatch([]),
  "batch of nothing": sendBatch(),
  "batch of text": sendBatch("ab"),
  "batch without body": sendBatch([{}]),
  "batch of numbers": sendBatch([5]),
  "batch of a generator": sendBatch((function* () { yield { body: 1 }; })()),
  "batch of 101": sendBatch(Array(101).fill({ body: 1 })),
  "batch of 100": sendBatch(Array(100).fill({ body: 1 })),
  "batch too large": sendBatch(Array(3).fill({ body: "x".repeat(100_000) })),
  "batch with a bad delay": sendBatch([{ body: 1 }, { body: 1, delaySeconds: -1 }]),

  "received object": received({ a: [1] }),
  "received text": received("é", { contentType: "text" }),
  "received bytes": received(new Uint8Array([1, 2, 3]).subarray(1), { contentType: "bytes" }),
  "received v8": received(new Map([[1, new Date(5)]]), { contentType: "v8" }),
  "received null": received(null),
  "batch object": async ({ env }) => {
    let got;
    handler = (b, env, ctx) => { const m = b.messages[0]; got = [b.constructor.name, Object.keys(b), b.queue, Object.keys(b.metadata.metrics), m.constructor.name, Object.keys(m), m.id.length, m.timestamp instanceof Date, typeof ctx.waitUntil, Array.isArray(b.messages)]; };
    await env.Q.send(1);
    while (!got) await scheduler.wait(5);
    return got;
  },
  "read-only": async ({ env }) => {
    let got;
    handler = (b) => { try { b.queue = "x"; got = b.queue; } catch (e) { got = e.constructor.name; } };
    await env.Q.send(1);
    while (!got) await scheduler.wait(5);
    return got;
  },
  "acknowledged": deliver([1, 2], 1, () => {}),
  "thrown": deliver([1, 2], 3, () => { throw new Error("boom"); }),
  "ack, then thrown": deliver([1, 2], 3, (b) => { b.messages[0].ack(); throw new Error("boom"); }),
  "retry one": deliver([1, 2], 2, once((b) => b.messages[0].retry())),
  "retryAll": deliver([1, 2], 2, once((b) => b.retryAll())),
  "ack, then retryAll": deliver([1, 2], 2, once((b) => { b.messages[0].ack(); b.retryAll(); })),
  "retryAll, then ack": deliver([1, 2], 2, once((b) => { b.retryAll(); b.messages[0].ack(); })),
  "ack, then retry": deliver([1], 1, once((b) => { b.messages[0].ack(); b.messages[0].retry(); })),
  "retry, then ack": deliver([1], 2, once((b) => { b.messages[0].retry(); b.messages[0].ack(); })),
  "ackAll, then retry": deliver([1, 2], 1, once((b) => { b.ackAll(); b.messages[0].retry(); })),
  "retry, then ackAll": deliver([1, 2], 2, once((b) => { b.messages[0].retry(); b.ackAll(); })),
  "ackAll, then retryAll": deliver([1, 2], 1, once((b) => { b.ackAll(); b.retryAll(); })),
  "ackAll, then thrown": deliver([1, 2], 2, once((b) => { b.ackAll(); throw new Error("x"); })),
  "waitUntil rejected": deliver([1], 3, (b, env, ctx) => ctx.waitUntil(Promise.reject(new Error("later")))),
  "retry in waitUntil": deliver([1], 2, once((b, env, ctx) => ctx.waitUntil((async () => { await scheduler.wait(5); b.messages[0].retry(); })()))),
  "retry options": deliver([1], 2, once((b) => { try { b.messages[0].retry("x"); } catch (e) { seen.push(e.message); } })),
  "dead letter": deliver(["d"], 3, () => { throw new Error("die"); }),
});

export default {
  fetch: probes.fetch,
  async queue(batch, env, ctx) {
    if (batch.queue === "sent") return;
    seen.push(batch.queue + ":" + batch.messages.map(text).join());
    changed();
    if (batch.queue === "q") return handler?.(batch, env, ctx);
  },
};
