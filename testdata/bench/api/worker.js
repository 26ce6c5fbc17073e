// Each case is what one API call costs: ?case=NAME&n=TIMES runs it n times and
// answers with a value that depends on all of them, so that nothing is left out.

const text = "The quick brown fox jumps over the lazy dog. Žluťoučký kůň 😀 ".repeat(20);
const bytes = new TextEncoder().encode(text);
const ascii = "abcdefghijklmnopqrstuvwxyz0123456789".repeat(30);
const base64 = btoa(ascii);
const object = { users: Array.from({ length: 40 }, (_, i) => ({ id: i, name: `user ${i}`, email: `u${i}@example.com`, tags: ["a", "b"], nested: { on: true, score: i / 3 } })) };
const json = JSON.stringify(object);
const url = "https://user@shop.example.com:8443/a/b/../c/products/42?color=red&size=xl&q=caf%C3%A9#reviews";
const words = /\p{Lu}\p{Ll}+|\p{N}+/gu;
const headers = Array.from({ length: 20 }, (_, i) => [`x-header-${i}`, `value ${i}`]);
const megabyte = new Uint8Array(64 * 1024).fill(7);

const cases = {
  encode: () => new TextEncoder().encode(text).length,
  decode: () => new TextDecoder().decode(bytes).length,
  btoa: () => btoa(ascii).length,
  atob: () => atob(base64).length,
  url: () => new URL(url).pathname.length,
  searchparams: () => new URLSearchParams("a=1&b=2&c=%20d&a=3").getAll("a").length,
  "json parse": () => JSON.parse(json).users.length,
  "json stringify": () => JSON.stringify(object).length,
  headers: () => { const h = new Headers(headers); h.set("x-header-3", "new"); return [...h].length + h.get("X-Header-7").length; },
  request: () => new Request("https://a.example/", { method: "POST", headers, body: ascii }).headers.get("x-header-1").length,
  "response json": async () => (await Response.json(object).json()).users.length,
  "digest sha-256": async () => (await crypto.subtle.digest("SHA-256", megabyte)).byteLength,
  uuid: () => crypto.randomUUID().length,
  "structured clone": () => structuredClone(object).users.length,
  "property regexp": () => text.match(words).length,
  "regexp replace": () => ascii.replace(/[a-f]+(\d)/g, "<$1>").length,
  event: () => { const t = new EventTarget(); let n = 0; t.addEventListener("x", () => n++); t.dispatchEvent(new Event("x")); return n; },
  "transform stream": async () => {
    const { readable, writable } = new TransformStream({ transform(chunk, c) { c.enqueue(chunk); } });
    const source = new ReadableStream({ n: 0, pull(c) { if (this.n++ < 16) c.enqueue(megabyte); else c.close(); } });
    source.pipeTo(writable);
    let n = 0;
    for await (const chunk of readable) n += chunk.length;
    return n;
  },
  "async await": async () => { let n = 0; for (let i = 0; i < 100; i++) n += await i; return n; },
  "error stack": () => new Error("x").stack.length,
};

export default {
  async fetch(request) {
    const q = new URL(request.url).searchParams;
    if (!q.has("case")) return Response.json(Object.keys(cases));
    const f = cases[q.get("case")];
    let sum = 0;
    for (let i = Number(q.get("n")); i > 0; i--) sum += await f();
    return new Response(String(sum));
  },
};
