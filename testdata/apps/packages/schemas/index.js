// ajv (which compiles code, and may not), yup, devalue.
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as yup from "yup";
import * as devalue from "devalue";
import { area } from "../../../conformance/probe.js";
const u = yup.object({ name: yup.string().required().min(2), age: yup.number().integer().positive().max(120), mail: yup.string().email(), when: yup.date().default(() => new Date(0)), tags: yup.array(yup.string()).ensure() });
export default area({
  "ajv": () => new Ajv().compile({ type: "object" })({}),
  "ajv errors": () => { const a = new Ajv({ allErrors: true }); addFormats(a); const v = a.compile({ type: "object", properties: { a: { type: "string", format: "email" }, n: { type: "number", minimum: 3 } }, required: ["b"] }); v({ a: "x", n: 1 }); return a.errorsText(v.errors); },
  "ajv schema": () => new Ajv2020().validateSchema({ type: "nope" }),
  "yup": () => u.validate({ name: "Ann", age: "3", mail: "a@b.c", tags: null }),
  "yup errors": async () => { try { await u.validate({ name: "", age: -1.5, mail: "x" }, { abortEarly: false }); } catch (e) { return [e.name, e.errors, e.inner.map((i) => i.path)]; } },
  "yup describe": () => JSON.stringify(u.describe()),
  "devalue": () => { const o = { a: new Map([[1, new Set([2n])]]), d: new Date(0), r: /x/g, u: undefined, n: -0, b: new Uint8Array([1, 2]), url: new URL("http://a/"), buf: new ArrayBuffer(2) }; o.self = o; const s = devalue.stringify(o); const p = devalue.parse(s); return [s, p.self === p, p.a.get(1).has(2n), devalue.uneval({ a: new Map([[1, 2]]), s: new Set([undefined]) })]; },
  "devalue error": () => { try { devalue.stringify({ f() {} }); } catch (e) { return [e.name, e.message, e.path]; } },
});
