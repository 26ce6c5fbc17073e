// What the probe files share: an area is a worker that answers with the result
// of each of its probes as text.

// An answer to whether a probe settles at all, not how fast.
const limit = 120_000;

/** Writes any value as text that is the same in every runtime. */
export function show(v, depth = 0) {
  if (typeof v === "string") return depth ? JSON.stringify(v) : v;
  if (typeof v === "bigint") return v + "n";
  if (typeof v === "function") return `function ${v.name}`;
  if (typeof v === "symbol") return v.toString();
  if (v === null || typeof v !== "object") return Object.is(v, -0) ? "-0" : String(v);
  if (depth > 4) return "…";
  if (Array.isArray(v)) return `[${v.map((x) => show(x, depth + 1)).join(", ")}]`;
  if (v instanceof Error) return error(v);
  if (ArrayBuffer.isView(v) && !(v instanceof DataView)) return `${v.constructor.name}(${Array.from(v).join()})`;
  if (v instanceof ArrayBuffer) return `ArrayBuffer(${new Uint8Array(v).join()})`;
  if (v instanceof Headers || v instanceof URLSearchParams || v instanceof FormData || v instanceof Map) {
    return `${v.constructor.name}${show([...v], depth + 1)}`;
  }
  if (v instanceof Date) return `Date(${+v})`;
  if (v instanceof Response) return `Response(${v.status})`;
  const proto = Object.getPrototypeOf(v);
  if (proto === Object.prototype || proto === null) {
    return `{${Object.keys(v).map((k) => `${k}: ${show(v[k], depth + 1)}`).join(", ")}}`;
  }
  return Object.prototype.toString.call(v);
}

/** Writes an exception: its class, and its name where that differs. */
export function error(e) {
  if (!(e instanceof Error)) return `thrown ${show(e, 1)}`;
  const cls = e.constructor?.name;
  return `${cls === e.name ? cls : `${cls}[${e.name}]`}: ${e.message}`;
}

/** Runs one probe. */
export async function run(f, ...args) {
  let timer;
  try {
    const never = new Promise((resolve) => { timer = setTimeout(() => resolve("(never settles)"), limit); });
    return show(await Promise.race([f(...args), never]));
  } catch (e) {
    return error(e);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes the worker of an area: {name: probe}. */
export function area(probes) {
  return {
    async fetch(request, env, ctx) {
      const out = {};
      for (const [name, f] of Object.entries(probes)) out[name] = await run(f, { request, env, ctx });
      return new Response(JSON.stringify(out));
    },
  };
}

/** Adds a probe for each item of a list: its name ends in the item. */
export function each(probes, name, list, f) {
  for (const item of list) probes[`${name} ${show(item, 1)}`] = () => f(item);
}

/** Describes the own properties of an object: name, kind, attributes. */
export function shape(o) {
  return Reflect.ownKeys(o)
    .filter((k) => typeof k === "string" || Object.values(wellKnown).includes(k))
    .map((k) => {
      const d = Object.getOwnPropertyDescriptor(o, k);
      const flags = (d.enumerable ? "e" : "") + (d.configurable ? "c" : "") + (d.writable ? "w" : "");
      const f = d.get ?? d.value;
      const what = d.get ? (d.set ? "getset" : "get") : typeof d.value === "function" ? "method" : typeof d.value === "object" ? "object" : show(d.value, 1);
      const fn = typeof f === "function" ? `:${f.name === (d.get ? "get " : "") + String(k) ? "" : f.name}/${f.length}` : "";
      return `${String(k)} ${what}${k === "constructor" ? "" : fn} ${flags}`;
    })
    .sort();
}

const wellKnown = { iterator: Symbol.iterator, asyncIterator: Symbol.asyncIterator, tag: Symbol.toStringTag, dispose: Symbol.dispose };
