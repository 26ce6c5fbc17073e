// What errors say of assignments that cannot be, and of constructors that are none.
import { area, each } from "./probe.js";

const probes = {};
class A { get x() { return 1; } }
class B extends A {}
const frozen = Object.freeze({ a: 1, n: Object.freeze({ b: 2 }) });
const request = new Request("http://e.com/");

Object.assign(probes, {
  "getter of the platform": () => { request.method = "x"; },
  "object of the platform": () => { request.headers = 1; },
  "text of its own": () => { new URL("http://e.com/").origin = "x"; },
  "frozen": () => { frozen.a = 2; },
  "frozen within": () => { frozen.n.b = 1; },
  "frozen array": () => { Object.freeze([1])[0] = 2; },
  "frozen array sorted": () => { Object.freeze([2, 1]).sort(); },
  "getter": () => { ({ get y() { return 1; } }).y = 2; },
  "getter of a class": () => { new A().x = 1; },
  "getter inherited": () => { new B().x = 1; },
  "inherited": () => { Object.create(frozen).a = 2; },
  "key": () => { const k = "a"; frozen[k] = 2; },
  "assign": () => { Object.assign(frozen, { a: 3 }); },
  "no prototype": () => { Object.freeze(Object.assign(Object.create(null), { a: 1 })).a = 2; },
  "length of a string": () => { "abc".length = 1; },
  "memory": () => { new WebAssembly.Memory({ initial: 1 }).buffer = 1; },
  "subclass of the platform": () => { class R extends Request {} new R("http://e.com/").url = 1; },
  "increment": () => { frozen.a++; },
  "compound": () => { frozen.a += 2; },
  "destructured": () => { ({ z: frozen.a } = { z: 1 }); },
  "Math": () => { Math.PI = 3; },
  "error": () => { const e = new TypeError("m"); Object.defineProperty(e, "q", { value: 1 }); e.q = 2; },
  "error of the user": () => { throw new TypeError(""); },
});
const o = { a: 1, b: { c: {} }, f: () => ({}) };
let nothing;
Object.assign(probes, {
  "new object": () => new o(),
  "new number": () => new o.a(),
  "new path": () => new o.b.c(),
  "new undefined": () => new nothing(),
  "new arrow": () => new o.f(),
  "new function of the language": () => new Math.max(),
  "new with arguments": () => new o.b.c(1, 2, 3),
  "new within": () => [new o.b.c()],
});
each(probes, "caches", ["default"], (k) => { caches[k] = 1; });

export default area(probes);
