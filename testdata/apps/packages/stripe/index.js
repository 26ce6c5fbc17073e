// stripe: what it sends by fetch, its errors, pages and webhooks.
import Stripe from "stripe";
import { area } from "../../../conformance/probe.js";

const json = (v, status = 200, headers) => new Response(JSON.stringify(v), { status, headers: { "content-type": "application/json", "request-id": "req_1", ...headers } });
function client(answer, options) {
  const seen = [];
  const fetch = async (url, init) => {
    const req = new Request(url, init);
    seen.push([req.method, req.url, req.headers.get("authorization"), req.headers.get("stripe-version") !== null, req.headers.get("content-type"), await req.text()]);
    return answer(req, seen.length);
  };
  return [new Stripe("sk_test_1", { httpClient: Stripe.createFetchHttpClient(fetch), maxNetworkRetries: 0, telemetry: false, ...options }), seen];
}
const failure = async (p) => { try { return await p; } catch (e) { return [e.constructor.name, e.type, e.message, e.statusCode, e.code, e.requestId]; } };
const secret = "whsec_test", payload = JSON.stringify({ id: "evt_1", object: "event", type: "charge.succeeded" });
const header = (o) => Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp: 1700000000, cryptoProvider: Stripe.createSubtleCryptoProvider(), ...o });

export default area({
  "create": async () => { const [s, seen] = client(() => json({ id: "cus_1", object: "customer" })); const c = await s.customers.create({ name: "é & b", metadata: { a: "1", "b c": "2" }, address: { line1: "x" }, expand: ["a", "b"] }, { idempotencyKey: "k" }); return [c.id, c.lastResponse.requestId, c.lastResponse.statusCode, seen]; },
  "retrieve": async () => { const [s, seen] = client(() => json({ id: "x" })); await s.customers.retrieve("cus 1/é", { expand: ["default_source"] }); return seen; },
  "delete": async () => { const [s, seen] = client(() => json({ id: "x", deleted: true })); return [(await s.customers.del("x")).deleted, seen[0][0]]; },
  "pages": async () => { const [s, seen] = client((r, n) => json({ object: "list", url: "/v1/customers", has_more: n < 3, data: [{ id: `c${n}a` }, { id: `c${n}b` }] })); const ids = []; for await (const c of s.customers.list({ limit: 2 })) ids.push(c.id); return [ids, seen.map((x) => x[1])]; },
  "pages array": async () => { const [s] = client(() => json({ object: "list", url: "/v1/customers", has_more: false, data: [{ id: "a" }] })); return (await s.customers.list().autoPagingToArray({ limit: 5 })).length; },
  "errors": async () => Promise.all([["card_error", 402], ["invalid_request_error", 400], ["api_error", 500], ["idempotency_error", 400], ["x", 401], ["x", 403], ["x", 429]].map(async ([type, code]) => { const [s] = client(() => json({ error: { type, message: `m ${code}`, code: "c" } }, code)); return failure(s.customers.retrieve("x")); })),
  "connection": async () => { const [s] = client(() => { throw new TypeError("down"); }); return failure(s.customers.retrieve("x")); },
  "timeout": async () => { const s = new Stripe("sk", { httpClient: Stripe.createFetchHttpClient((u, i) => new Promise((_, no) => i.signal?.addEventListener("abort", () => no(i.signal.reason)))), timeout: 20, maxNetworkRetries: 0, telemetry: false }); return failure(s.customers.retrieve("x")); },
  "not json": async () => { const [s] = client(() => new Response("<html>")); return failure(s.customers.retrieve("x")); },
  "raw request": async () => { const [s, seen] = client(() => json({ ok: true })); const r = await s.rawRequest("POST", "/v1/things", { a: { b: [1, 2] } }); return [r.ok, seen]; },
  "amounts": async () => { const [s, seen] = client(() => json({ id: "pi" })); await s.paymentIntents.create({ amount: 1099, currency: "usd", automatic_payment_methods: { enabled: true }, payment_method_types: ["card", "ideal"] }); return seen[0][5]; },
  "account": async () => { let h; const s = new Stripe("sk", { httpClient: Stripe.createFetchHttpClient(async (u, i) => { h = new Request(u, i).headers; return json({}); }), stripeAccount: "acct_1", telemetry: false }); await s.balance.retrieve({}, { apiKey: "sk_other" }); return [h.get("stripe-account"), h.get("authorization")]; },
  "webhook header": () => header(),
  "webhook": async () => (await Stripe.webhooks.constructEventAsync(payload, await header(), secret, 1e10, Stripe.createSubtleCryptoProvider())).type,
  "webhook wrong": async () => failure(Stripe.webhooks.constructEventAsync(payload + " ", await header(), secret, 1e10, Stripe.createSubtleCryptoProvider())).then((e) => [e[0], e[2].split(".")[0]]),
  "webhook old": async () => failure(Stripe.webhooks.constructEventAsync(payload, await header(), secret, 5, Stripe.createSubtleCryptoProvider())).then((e) => [e[0], e[2].split(".")[0]]),
  "webhook sync": async () => failure((async () => Stripe.webhooks.constructEvent(payload, await header(), secret))()).then((e) => [e[0], e[2]?.split("\n")[0]]),
  "options bad": () => { try { return new Stripe("sk", { nope: 1 }); } catch (e) { return [e.constructor.name, e.message]; } },
});
