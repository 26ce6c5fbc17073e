// openai and @anthropic-ai/sdk: what they send, and what they make of answers, streams and errors.
import OpenAI from "openai";
import Anthropic from "@anthropic-ai/sdk";
import { area } from "../../../conformance/probe.js";

// The other end: says what it got, unless the path has an answer of its own.
const answers = {
  "/v1/chat/completions": (body) => body.stream
    ? sse([{ choices: [{ delta: { content: "Hel" } }] }, { choices: [{ delta: { content: "lo é😀" } }] }, "[DONE]"])
    : json({ id: "c1", object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: JSON.stringify(body) } }], usage: { total_tokens: 3 } }),
  "/v1/embeddings": () => json({ object: "list", data: [{ index: 0, embedding: "AACAPwAAAEA=" }] }),
  "/v1/models": () => json({ object: "list", data: [{ id: "m1" }, { id: "m2" }] }),
  "/v1/messages": (body) => body.stream
    ? sse([["message_start", { message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 1, output_tokens: 0 } } }], ["content_block_start", { index: 0, content_block: { type: "text", text: "" } }], ["content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hi " } }], ["content_block_delta", { index: 0, delta: { type: "text_delta", text: "there" } }], ["content_block_stop", { index: 0 }], ["message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }], ["message_stop", {}]])
    : json({ id: "m1", type: "message", role: "assistant", content: [{ type: "text", text: JSON.stringify(body) }], usage: { input_tokens: 1, output_tokens: 2 } }),
};
const json = (v, init) => new Response(JSON.stringify(v), { ...init, headers: { "content-type": "application/json", "x-request-id": "r1", ...init?.headers } });
const sse = (list) => new Response(new ReadableStream({
  async start(c) {
    const text = list.map((e) => (Array.isArray(e) ? `event: ${e[0]}\ndata: ${JSON.stringify({ type: e[0], ...e[1] })}\n\n` : `data: ${typeof e === "string" ? e : JSON.stringify(e)}\n\n`)).join("");
    const bytes = new TextEncoder().encode(text);
    for (let i = 0; i < bytes.length; i += 7) c.enqueue(bytes.slice(i, i + 7)); // through characters and lines
    c.close();
  },
}), { headers: { "content-type": "text/event-stream" } });

function mock(fail = []) {
  const seen = [];
  const fetch = async (url, init) => {
    const req = new Request(url, init), path = new URL(req.url).pathname;
    const text = await req.text(), type = req.headers.get("content-type") ?? "";
    seen.push([req.method, req.url, req.headers.get("authorization") ?? req.headers.get("x-api-key"), type.split(";")[0], req.headers.get("anthropic-version")]);
    const failure = fail.shift();
    if (failure) return failure();
    return answers[path]?.(type.includes("json") ? JSON.parse(text) : text) ?? json({ path, text: text.replaceAll(/boundary="?([^";]+)/.exec(type)?.[1] ?? "\0", "b"), type: type.split(";")[0] });
  };
  return { seen, fetch };
}
const openai = (m, o) => new OpenAI({ apiKey: "sk-test", fetch: m.fetch, maxRetries: 1, ...o });
const anthropic = (m, o) => new Anthropic({ apiKey: "ak-test", fetch: m.fetch, maxRetries: 1, ...o });
const status = (code, headers) => () => json({ error: { message: `no ${code}`, type: "t", code: "c" } }, { status: code, headers });
const failure = async (p) => { try { return await p; } catch (e) { return [e.constructor.name, e.name, e.status, e.message, e.code, e.type, e.cause?.message]; } };
const chat = { model: "gpt-x", messages: [{ role: "user", content: "hi" }] };
const message = { model: "c", max_tokens: 5, messages: [{ role: "user", content: "hi" }] };

export default area({
  "openai chat": async () => { const m = mock(); const r = await openai(m).chat.completions.create(chat); return [r.choices[0].message.content, r.usage.total_tokens, r._request_id, m.seen]; },
  "openai stream": async () => { const m = mock(), out = []; for await (const c of await openai(m).chat.completions.create({ ...chat, stream: true })) out.push(c.choices[0].delta.content); return out; },
  "openai stream tee": async () => { const s = await openai(mock()).chat.completions.create({ ...chat, stream: true }); const [a, b] = s.tee(); const n = []; for await (const c of a) n.push(c.choices[0].delta.content); for await (const c of b) n.push(c.choices[0].delta.content); return n; },
  "openai stream to readable": async () => { const s = await openai(mock()).chat.completions.create({ ...chat, stream: true }); return new Response(s.toReadableStream()).text(); },
  "openai stream helper": async () => { const out = []; const s = openai(mock()).chat.completions.stream(chat).on("content", (d) => out.push(d)); return [await s.finalContent().catch((e) => e.message), out]; },
  "openai embeddings": async () => (await openai(mock()).embeddings.create({ model: "e", input: "x" })).data[0].embedding,
  "openai pages": async () => { const ids = []; for await (const x of openai(mock()).models.list()) ids.push(x.id); return ids; },
  "openai upload": async () => { const m = mock(); const r = await openai(m).files.create({ purpose: "batch", file: await OpenAI.toFile(new TextEncoder().encode("data"), "a.txt", { type: "text/plain" }) }); return [r.type, r.text, m.seen[0][1]]; },
  "openai upload file": async () => (await openai(mock()).files.create({ purpose: "batch", file: new File(["é"], "b.txt") })).text,
  "openai errors": async () => Promise.all([400, 401, 403, 404, 409, 422, 429, 500].map((c) => failure(openai(mock([status(c)]), { maxRetries: 0 }).chat.completions.create(chat)))),
  "openai retry": async () => { const m = mock([status(500, { "retry-after-ms": "1" })]); await openai(m).chat.completions.create(chat); return m.seen.length; },
  "openai connection": async () => { const m = mock([() => { throw new TypeError("fetch failed"); }]); return failure(openai(m, { maxRetries: 0 }).chat.completions.create(chat)); },
  "openai timeout": async () => failure(openai({ fetch: (u, i) => new Promise((_, no) => i.signal.addEventListener("abort", () => no(i.signal.reason))) }, { maxRetries: 0, timeout: 20 }).chat.completions.create(chat)),
  "openai abort": async () => { const c = new AbortController(); const p = openai({ fetch: (u, i) => new Promise((_, no) => i.signal.addEventListener("abort", () => no(i.signal.reason))) }).chat.completions.create(chat, { signal: c.signal }); c.abort(); return failure(p); },
  "openai raw": async () => { const r = await openai(mock()).chat.completions.create(chat).asResponse(); return [r.status, r.headers.get("x-request-id"), r instanceof Response]; },
  "openai options": async () => { const m = mock(); await openai(m, { baseURL: "https://gw.example/v1", defaultHeaders: { "x-a": "1" }, defaultQuery: { q: "é" }, organization: "org" }).get("/anything", { query: { a: [1, 2] } }); return m.seen; },
  "openai no key": () => { try { return new OpenAI({ apiKey: undefined, fetch }); } catch (e) { return [e.constructor.name, e.message.split(";")[0]]; } },
  "openai webhook": async () => { const secret = "whsec_" + btoa("secret key"), t = "1700000000", body = '{"type":"x"}'; const k = await crypto.subtle.importKey("raw", new TextEncoder().encode("secret key"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]); const sig = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign("HMAC", k, new TextEncoder().encode(`id.${t}.${body}`))))); const headers = { "webhook-id": "id", "webhook-timestamp": t, "webhook-signature": `v1,${sig}` }; return [await failure(openai(mock()).webhooks.verifySignature(body, headers, secret, 1e10)), (await failure(openai(mock()).webhooks.verifySignature(body + " ", headers, secret, 1e10)))?.[3]]; },

  "anthropic message": async () => { const m = mock(); const r = await anthropic(m).messages.create(message); return [r.content[0].text, r._request_id, m.seen]; },
  "anthropic stream": async () => { const out = []; for await (const e of await anthropic(mock()).messages.create({ ...message, stream: true })) out.push(e.type); return out; },
  "anthropic stream helper": async () => { const out = []; const s = anthropic(mock()).messages.stream(message).on("text", (d) => out.push(d)); const f = await s.finalMessage(); return [out, f.content, f.stop_reason, f.usage.output_tokens]; },
  "anthropic errors": async () => Promise.all([400, 401, 404, 429, 529].map((c) => failure(anthropic(mock([status(c)]), { maxRetries: 0 }).messages.create(message)))),
  "anthropic count": async () => { const m = mock(); await anthropic(m).messages.countTokens({ model: "c", messages: message.messages }); return m.seen; },
  "anthropic signal": async () => { const s = anthropic(mock()).messages.stream(message); s.abort(); return failure(s.finalMessage()); },
});
