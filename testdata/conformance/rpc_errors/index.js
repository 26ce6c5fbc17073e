// What a caller gets of what code threw, at a date at which errors travel as text.
import { area } from "../probe.js";
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

class Mine extends Error { name = "Mine"; }
class Sub extends TypeError {}
const things = {
  error: () => new Error("e"),
  empty: () => new Error(),
  colon: () => new Error("Foo: bar"),
  properties: () => Object.assign(new Error("e"), { code: "E", n: 1 }),
  cause: () => new Error("e", { cause: new Error("inner") }),
  class: () => new Mine("m"),
  subclass: () => new Sub("s"),
  named: () => Object.assign(new Error("n"), { name: "TypeError" }),
  range: () => new RangeError("r"),
  eval: () => new EvalError("v"),
  exception: () => new DOMException("d", "AbortError"),
  object: () => ({ message: "m", a: 1 }),
  array: () => [1, 2],
  number: () => 5,
  null: () => null,
  undefined: () => undefined,
  text: () => "text",
};
const raise = (k) => { throw things[k](); };
export class Callee extends WorkerEntrypoint {
  sync(k) { raise(k); }
  async async(k) { raise(k); }
}
export class Obj extends DurableObject {
  sync(k) { raise(k); }
  async async(k) { raise(k); }
}
const caught = async (stub, method, k) => {
  try {
    await stub[method](k);
  } catch (e) {
    return [String(e), e.name, e.constructor.name, e instanceof Error, Object.keys(e).filter((k) => k !== "stack" && k !== "code").sort().join(), String(e.cause)];
  }
};
const probes = {};
for (const k of Object.keys(things)) {
  for (const method of ["sync", "async"]) {
    probes[`entrypoint ${method} ${k}`] = ({ env }) => caught(env.CALLEE, method, k);
    probes[`object ${method} ${k}`] = ({ env }) => caught(env.OBJ.getByName("o"), method, k);
  }
}

export default area(probes);
