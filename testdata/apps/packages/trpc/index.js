// @trpc/server over fetch: queries, mutations, errors, batches, subscriptions, streaming.
import { TRPCError, initTRPC, tracked } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { observable } from "@trpc/server/observable";
import superjson from "superjson";
import * as z from "zod";
import { area } from "../../../conformance/probe.js";

const router = (t) => t.router({
  hello: t.procedure.input(z.object({ name: z.string().min(2) })).output(z.string()).query(({ input }) => `hello ${input.name}`),
  add: t.procedure.input(z.array(z.number())).mutation(({ input }) => input.reduce((a, b) => a + b, 0)),
  fail: t.procedure.query(() => { throw new TRPCError({ code: "FORBIDDEN", message: "no", cause: new Error("why") }); }),
  bug: t.procedure.query(() => { throw new TypeError("bug"); }),
  date: t.procedure.query(() => new Date(0)),
  lots: t.procedure.query(async function* () { yield 1; yield 2; return 3; }),
  later: t.procedure.query(() => ({ now: 1, later: Promise.resolve(2) })),
  ticks: t.procedure.subscription(async function* () { for (let i = 0; i < 3; i++) yield tracked(String(i), { i }); }),
  old: t.procedure.subscription(() => observable((emit) => { emit.next("a"); emit.complete(); })),
  form: t.procedure.input(z.instanceof(FormData)).mutation(({ input }) => [...input.keys()]),
  who: t.procedure.use(({ next, path, type }) => next({ ctx: { who: `${type}:${path}` } })).query(({ ctx }) => ctx),
  nested: t.router({ deep: t.procedure.query(() => "deep") }),
});
const plain = router(initTRPC.context().create({ isDev: false }));
const rich = router(initTRPC.context().create({ transformer: superjson, isDev: false }));
const ask = async (path, init, r = plain) => {
  const resp = await fetchRequestHandler({ endpoint: "/t", req: new Request("https://x.example/t/" + path, init), router: r, createContext: () => ({}), onError: () => {} });
  return [resp.status, [...resp.headers].join("; "), await resp.text()].join(" | ");
};
const input = (v) => "?input=" + encodeURIComponent(JSON.stringify(v));
const post = (v) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(v) });

export default area({
  "query": () => ask("hello" + input({ name: "Bob" })),
  "bad input": () => ask("hello" + input({ name: "B" })),
  "mutation": () => ask("add", post([1, 2, 3])),
  "wrong method": () => ask("add" + input([1])),
  "error": () => ask("fail"),
  "bug": () => ask("bug"),
  "missing": () => ask("nothing"),
  "batch": () => ask("hello,nested.deep,fail?batch=1&input=" + encodeURIComponent(JSON.stringify({ 0: { name: "Al" } }))),
  "batch stream": () => ask("hello,nested.deep?batch=1&input=" + encodeURIComponent(JSON.stringify({ 0: { name: "Al" } })), { headers: { "trpc-accept": "application/jsonl" } }),
  "iterable": () => ask("lots?batch=1", { headers: { "trpc-accept": "application/jsonl" } }),
  "deferred": () => ask("later?batch=1", { headers: { "trpc-accept": "application/jsonl" } }),
  "subscription": () => ask("ticks", { headers: { accept: "text/event-stream" } }),
  "observable": () => ask("old", { headers: { accept: "text/event-stream" } }),
  "transformer": () => ask("date", undefined, rich),
  "form data": () => { const f = new FormData(); f.append("a", "1"); return ask("form", { method: "POST", body: f }); },
  "context": () => ask("who"),
  "caller": async () => { const t = initTRPC.context().create(); const c = t.createCallerFactory(plain)({}); return [await c.hello({ name: "me" }), await c.fail().catch((e) => [e.name, e.code, e.message])]; },
});
