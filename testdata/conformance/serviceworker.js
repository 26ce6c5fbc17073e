// A script that registers a listener instead of exporting handlers; it can
// import nothing, so it writes its own answers.
const text = (v) => (typeof v === "object" && v !== null ? JSON.stringify(v) : String(v));
const start = {};
const atStart = (name, f) => { try { start[name] = text(f()); } catch (e) { start[name] = `${e.name}: ${e.message}`; } };
atStart("start: self", () => self === globalThis);
atStart("start: add none", () => addEventListener("fetch"));
atStart("start: add wrong", () => addEventListener("fetch", 5));
atStart("start: strict", () => (function () { return this === undefined; })());
atStart("start: eval", () => (0, eval)("1+1"));
atStart("start: var is global", () => { return "text" in globalThis; });
var declared = 1;
atStart("start: var", () => globalThis.declared);

const probes = {
  "event class": (e) => [Object.prototype.toString.call(e), e.constructor.name, e instanceof FetchEvent, e instanceof ExtendableEvent, e instanceof Event],
  "event fields": (e) => [e.type, e.target === globalThis, e.isTrusted, e.cancelable, e.bubbles],
  "event own": (e) => Object.keys(e),
  "request": (e) => [e.request.method, e.request === e.request],
  "respondWith again": (e) => e.respondWith(new Response("x")),
  "waitUntil": (e) => e.waitUntil(Promise.resolve()),
  "waitUntil none": (e) => e.waitUntil(),
  "passThroughOnException": (e) => e.passThroughOnException(),
  "new FetchEvent": () => new FetchEvent("fetch"),
  "new ScheduledEvent": () => new ScheduledEvent("x"),
  "late listener": () => addEventListener("fetch", () => {}),
  "tag": () => Object.prototype.toString.call(globalThis),
  "binding": () => typeof BINDING,
  "eval": () => (0, eval)("1"),
  "prototype": () => Reflect.ownKeys(FetchEvent.prototype).map(String).sort(),
  "extendable": () => Reflect.ownKeys(ExtendableEvent.prototype).map(String).sort(),
};

addEventListener("fetch", (event) => {
  event.respondWith((async () => {
    const out = { ...start };
    for (const [name, f] of Object.entries(probes)) {
      try { out[name] = text(await f(event)); } catch (e) { out[name] = `${e.name}: ${e.message}`; }
    }
    return new Response(JSON.stringify(out));
  })());
});
