// better-auth with its plugins, in memory and on D1 (by kysely).
import { betterAuth } from "better-auth";
import { memoryAdapter } from "@better-auth/memory-adapter";
import { getMigrations } from "better-auth/db/migration";
import { bearer, twoFactor, username, jwt, organization, admin } from "better-auth/plugins";
import { Kysely } from "kysely";
import { D1Dialect } from "kysely-d1";
import { area } from "../../../conformance/probe.js";
const data = { user: [], session: [], account: [], verification: [], jwks: [], organization: [], member: [], invitation: [], twoFactor: [], rateLimit: [] };
let cached;
const make = () => cached ??= betterAuth({ secret: "0123456789abcdef0123456789abcdef", baseURL: "http://x.example", database: memoryAdapter(data), emailAndPassword: { enabled: true }, plugins: [bearer(), username(), jwt(), organization(), admin(), twoFactor()], logger: { disabled: true }, telemetry: { enabled: false } });
let d1;
const onD1 = (env) => d1 ??= betterAuth({ secret: "0123456789abcdef0123456789abcdef", baseURL: "http://x.example", database: { db: new Kysely({ dialect: new D1Dialect({ database: env.DB }) }), type: "sqlite" }, emailAndPassword: { enabled: true }, logger: { disabled: true }, telemetry: { enabled: false } });
const call = async (auth, path, body, headers = {}) => {
  const r = await auth.handler(new Request("http://x.example/api/auth" + path, { method: body ? "POST" : "GET", headers: { ...(body ? { "content-type": "application/json" } : {}), origin: "http://x.example", ...headers }, body: body && JSON.stringify(body) }));
  return r;
};
const scrub = (o) => JSON.stringify(o, (k, v) => /id$|token|At$/i.test(k) && v ? typeof v : v);
let cookie, token;
export default area({
  "sign up": async () => { const r = await call(make(), "/sign-up/email", { email: "a@x.example", password: "secret-pass", name: "Ann", username: "ann" }); const j = await r.json(); token = j.token; cookie = r.headers.getSetCookie().map((c) => c.split(";")[0]).join("; "); return [r.status, r.headers.getSetCookie().map((c) => c.replace(/=[^;]*/, "=")), scrub(j)]; },
  "session": async () => { const r = await call(make(), "/get-session", null, { cookie }); return [r.status, scrub(await r.json())]; },
  "bearer": async () => { const r = await call(make(), "/get-session", null, { authorization: "Bearer " + token }); return [r.status, scrub(await r.json())]; },
  "wrong": async () => { const r = await call(make(), "/sign-in/email", { email: "a@x.example", password: "wrong-pass" }); return [r.status, await r.text()]; },
  "bad": async () => { const r = await call(make(), "/sign-in/email", { email: 1 }); return [r.status, await r.text()]; },
  "username": async () => { const r = await call(make(), "/sign-in/username", { username: "ann", password: "secret-pass" }); return [r.status, scrub(await r.json())]; },
  "jwt": async () => { const r = await call(make(), "/token", null, { cookie }); const { token } = await r.json(); const [h, p] = token.split(".").map((s) => { try { return JSON.parse(atob(s.replace(/-/g, "+").replace(/_/g, "/"))); } catch { return 0; } }); return [r.status, h.alg, Object.keys(p).sort()]; },
  "jwks": async () => { const r = await call(make(), "/jwks"); const j = await r.json(); return [r.status, Object.keys(j.keys[0]).sort(), j.keys[0].crv]; },
  "organization": async () => { const r = await call(make(), "/organization/create", { name: "Org", slug: "org" }, { cookie }); return [r.status, scrub(await r.json())]; },
  "origin": async () => { const r = await call(make(), "/sign-out", {}, { cookie, origin: "http://evil.example" }); return [r.status, await r.text()]; },
  "sign out": async () => { const r = await call(make(), "/sign-out", {}, { cookie }); return [r.status, await r.text()]; },
  "not found": async () => { const r = await call(make(), "/nope"); return [r.status, await r.text()]; },
  "api": async () => { try { await make().api.signInEmail({ body: { email: "no@x.example", password: "x" } }); } catch (e) { return [e.name, e.status, e.message]; } },
  "d1 migrate": async ({ env }) => { const m = await getMigrations(onD1(env).options); const sql = await m.compileMigrations(); for (const s of sql.split(";").map((s) => s.trim()).filter(Boolean)) await env.DB.prepare(s).run(); return sql; },
  "d1 sign up": async ({ env }) => { const r = await call(onD1(env), "/sign-up/email", { email: "b@x.example", password: "secret-pass", name: "Bob" }); cookie = r.headers.getSetCookie().map((c) => c.split(";")[0]).join("; "); return [r.status, scrub(await r.json())]; },
  "d1 session": async ({ env }) => { const r = await call(onD1(env), "/get-session", null, { cookie }); return [r.status, scrub(await r.json())]; },
});
