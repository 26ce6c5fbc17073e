// Calls of Web, node: and Cloudflare APIs.

import { AsyncLocalStorage } from "node:async_hooks";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";

const text = "The quick brown fox jumps over the lazy dog. Žluťoučký kůň 😀 ".repeat(20);
const bytes = new TextEncoder().encode(text);
const ascii = "abcdefghijklmnopqrstuvwxyz0123456789".repeat(30);
const asciiBytes = new TextEncoder().encode(ascii);
const base64 = btoa(ascii);
const users = (n) => ({ users: Array.from({ length: n }, (_, i) => ({ id: i, name: `user ${i}`, email: `u${i}@example.com`, tags: ["a", "b"], nested: { on: true, score: i / 3 } })) });
const object = users(40);
const json = JSON.stringify(object);
let large, largeJSON; // made when first needed: the heap of the other cases stays small
const largeObject = () => (large ??= users(9000));
const url = "https://user@shop.example.com:8443/a/b/../c/products/42?color=red&size=xl&q=caf%C3%A9#reviews";
const words = /\p{Lu}\p{Ll}+|\p{N}+/gu;
const headers = Array.from({ length: 20 }, (_, i) => [`x-header-${i}`, `value ${i}`]);
const chunk = new Uint8Array(64 * 1024).fill(7);
const encoder = new TextEncoder(), decoder = new TextDecoder();
const target = new Uint8Array(4096);
const pattern = new URLPattern({ pathname: "/products/:id/:part?" });
const storage = new AsyncLocalStorage();
const emitter = new EventEmitter().on("x", (n) => (heard += n));
let heard = 0;
const hmac = crypto.subtle.importKey("raw", bytes.subarray(0, 32), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
const aes = crypto.subtle.importKey("raw", bytes.subarray(0, 32), "AES-GCM", false, ["encrypt"]);
const html = "<ul>" + '<li class="item"><a href="/x">text &amp; more</a></li>'.repeat(50) + "</ul>";

function source(chunks) {
  let n = 0;
  return new ReadableStream({ pull(c) { n++ < chunks ? c.enqueue(chunk) : c.close(); } });
}

export const api = {
  "TextEncoder.encode": () => encoder.encode(text).length,
  "TextEncoder.encode, ASCII": () => encoder.encode(ascii).length,
  "TextEncoder.encodeInto": () => encoder.encodeInto(text, target).written,
  "TextDecoder.decode": () => decoder.decode(bytes).length,
  "TextDecoder.decode, ASCII": () => decoder.decode(asciiBytes).length,
  btoa: () => btoa(ascii).length,
  atob: () => atob(base64).length,
  "new URL": () => new URL(url).pathname.length,
  "new URL, relative": () => new URL("../y?z=1", "https://example.com/a/b/c").href.length,
  "URL, set and print": () => { const u = new URL("https://example.com/"); u.pathname = "/a b"; u.searchParams.set("q", "ü"); return u.href.length; },
  URLSearchParams: () => new URLSearchParams("a=1&b=2&c=%20d&a=3").getAll("a").length,
  "URLSearchParams, built": () => { const p = new URLSearchParams(); for (let i = 0; i < 10; i++) p.append("key", "value " + i); return p.toString().length; },
  "URLPattern.exec": () => pattern.exec("https://example.com/products/42/reviews").pathname.groups.id.length,
  "JSON.parse, 5 KB": () => JSON.parse(json).users.length,
  "JSON.parse, 1 MB": () => JSON.parse((largeJSON ??= JSON.stringify(largeObject()))).users.length,
  "JSON.stringify, 5 KB": () => JSON.stringify(object).length,
  "JSON.stringify, 1 MB": () => JSON.stringify(largeObject()).length,
  structuredClone: () => structuredClone(object).users.length,
  Headers: () => { const h = new Headers(headers); h.set("x-header-3", "new"); return [...h].length + h.get("X-Header-7").length; },
  Request: () => new Request("https://a.example/", { method: "POST", headers, body: ascii }).headers.get("x-header-1").length,
  "Response.json": async () => (await Response.json(object).json()).users.length,
  "Response.text": async () => (await new Response(text).text()).length,
  FormData: async () => { const f = new FormData(); f.set("a", "1"); f.set("file", new File([ascii], "x.txt")); return (await new Response(f).formData()).get("file").size; },
  Blob: async () => (await new Blob([ascii, bytes]).slice(10, 1500).text()).length,
  "digest SHA-256, 64 KB": async () => (await crypto.subtle.digest("SHA-256", chunk)).byteLength,
  "digest SHA-256, 1 KB": async () => (await crypto.subtle.digest("SHA-256", asciiBytes)).byteLength,
  "sign HMAC": async () => (await crypto.subtle.sign("HMAC", await hmac, asciiBytes)).byteLength,
  "encrypt AES-GCM": async () => (await crypto.subtle.encrypt({ name: "AES-GCM", iv: bytes.subarray(0, 12) }, await aes, asciiBytes)).byteLength,
  "crypto.randomUUID": () => crypto.randomUUID().length,
  "crypto.getRandomValues": () => crypto.getRandomValues(new Uint8Array(16)).length,
  "regular expression with \\p{}": () => text.match(words).length,
  "new Event, dispatchEvent": () => { const t = new EventTarget(); let n = 0; t.addEventListener("x", () => n++); t.dispatchEvent(new Event("x")); return n; },
  AbortController: () => { const a = new AbortController(); let n = 0; a.signal.addEventListener("abort", () => n++); a.abort(); return n; },
  TransformStream: async () => {
    const { readable, writable } = new TransformStream({ transform(chunk, c) { c.enqueue(chunk); } });
    source(16).pipeTo(writable);
    let n = 0;
    for await (const chunk of readable) n += chunk.length;
    return n;
  },
  "CompressionStream, 64 KB": async () => (await new Response(source(1).pipeThrough(new CompressionStream("gzip"))).arrayBuffer()).byteLength && 1,
  HTMLRewriter: async () => (await new HTMLRewriter().on("a[href]", { element(e) { e.setAttribute("rel", "nofollow"); } }).transform(new Response(html)).text()).length,
  "100 awaits": async () => { let n = 0; for (let i = 0; i < 100; i++) n += await i; return n; },
  "async call": async () => (await (async (x) => x)(3)),
  "setTimeout 0": () => new Promise((done) => setTimeout(done, 0, 1)),
  queueMicrotask: () => new Promise((done) => queueMicrotask(() => done(1))),
  "AsyncLocalStorage.run": () => storage.run(7, async () => { await null; return storage.getStore(); }),
  "Error.stack": () => (new Error("x").stack.length > 0 ? 1 : 0),
  "Buffer.from, toString": () => Buffer.from(text).toString().length,
  "Buffer base64": () => Buffer.from(base64, "base64").toString("base64").length,
  "Buffer hex": () => Buffer.from(asciiBytes).toString("hex").length,
  "Buffer.concat": () => Buffer.concat([asciiBytes, bytes, asciiBytes]).length,
  "Buffer, read and write": () => { const b = Buffer.alloc(64); for (let i = 0; i < 60; i += 4) b.writeUInt32BE(i, i); return b.readUInt32BE(40); },
  "createHash SHA-256": () => createHash("sha256").update(ascii).digest("hex").length,
  "EventEmitter.emit": () => (emitter.emit("x", 1), heard > 0 ? 1 : 0),
};
