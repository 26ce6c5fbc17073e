// A site of Astro as its Cloudflare adapter builds it (site/): pages, layouts, streams, endpoints, middleware, cookies, sessions in KV, actions.
import { area } from "../../../conformance/probe.js";

const origin = "https://site.example";
// Chosen at random by the session, and by whoever serves assets.
const varies = ["date", "etag", "set-cookie", "cf-cache-status", "content-length"];
const ask = async ({ env }, path, init = {}) => {
  const r = await env.SITE.fetch(origin + path, { redirect: "manual", ...init, headers: { origin, ...init.headers } });
  return [r.status, [...r.headers].filter(([k]) => !varies.includes(k)), await r.text()];
};
const json = (value) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
const form = (fields) => ({ method: "POST", body: Object.entries(fields).reduce((f, [k, v]) => (f.append(k, v), f), new FormData()) });

export default area({
  "a page": (p) => ask(p, "/"),
  "a session": async (p) => {
    const first = await p.env.SITE.fetch(origin + "/");
    await first.text();
    const cookie = first.headers.getSetCookie()[0].split(";")[0];
    return [first.headers.getSetCookie()[0].replace(/=[^;]*/, "=id"), (await ask(p, "/", { headers: { cookie } }))[2].match(/<title>(.*)<\/title>/)[1]];
  },
  "parameters, slow parts in order": (p) => ask(p, "/notes/5"),
  "cookies": async ({ env }) => (await env.SITE.fetch(origin + "/notes/é%20x")).headers.getSetCookie(),
  "redirect": (p) => ask(p, "/notes/gone"),
  "a status of its own": (p) => ask(p, "/notes/missing").then(([status, headers]) => [status, headers]),
  "an endpoint": (p) => ask(p, "/api/notes?q=é"),
  "a form": async (p) => [await ask(p, "/api/notes", form({ id: "n", text: "abc" })), (await ask(p, "/api/notes"))[2]],
  "a form from elsewhere": (p) => ask(p, "/api/notes", { ...form({ id: "n" }), headers: { origin: "https://evil.example" } }),
  "an endpoint lacks the method": (p) => ask(p, "/api/notes", { method: "DELETE" }),
  "an action": (p) => ask(p, "/_actions/add", json({ a: 1, b: 2 })),
  "an action's input is wrong": (p) => ask(p, "/_actions/add", json({ a: 1, b: "x" })),
  "an action that is not there": (p) => ask(p, "/_actions/none", json({})),
  "a prerendered page": (p) => ask(p, "/static/"),
  "a file": (p) => ask(p, "/robots.txt"),
  "an error": (p) => ask(p, "/broken").then(([status]) => status),
  "nowhere": (p) => ask(p, "/nowhere").then(([status, headers]) => [status, headers]),
});
