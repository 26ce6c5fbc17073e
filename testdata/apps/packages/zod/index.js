// zod 3 and 4.
import { z as z3 } from "zod3";
import * as z from "zod";
import * as mini from "zod/mini";
import { area } from "../../../conformance/probe.js";

const issues = (r) => r.success ? r.data : r.error.issues;
const both = (f) => () => [f(z3), f(z)].map((x) => JSON.stringify(x, (k, v) => typeof v === "bigint" ? v + "n" : v)).join("\n");
const user = (z) => z.object({
  id: z.string().uuid(), name: z.string().min(2).max(5), email: z.string().email(), age: z.number().int().positive().optional(),
  tags: z.array(z.enum(["a", "b"])).nonempty(), at: z.coerce.date(), nested: z.object({ deep: z.literal(true) }).partial(), role: z.string().default("user"),
});
const good = { id: "123e4567-e89b-42d3-a456-426614174000", name: "Bob", email: "b@x.example", tags: ["a"], at: "2020-01-02T03:04:05Z", nested: {} };

export default area({
  "object": both((z) => issues(user(z).safeParse(good))),
  "object wrong": both((z) => issues(user(z).safeParse({ id: "x", name: "B", email: "b", age: -1.5, tags: [], at: "no", nested: { deep: 1 } }))),
  "message": both((z) => { try { z.string().parse(1); } catch (e) { return [e.name, e.message, e instanceof Error, e instanceof z.ZodError]; } }),
  "flatten": both((z) => user(z).safeParse({}).error.flatten()),
  "format": both((z) => user(z).safeParse({}).error.format()),
  "formats": both((z) => ["http://a.example", "a", "::1", "10.0.0.1", "2020-01-01T00:00:00Z", "ckopqwooh000001la8mbi2im9", "😀", "aGk="].map((s) => [z.string().url(), z.string().ip?.() ?? z.ipv4(), z.string().datetime(), z.string().cuid(), z.string().emoji(), z.string().base64()].map((t) => +t.safeParse(s).success).join(""))),
  "union": both((z) => issues(z.union([z.string(), z.number()]).safeParse(true))),
  "discriminated": both((z) => [{ t: "a", x: 1 }, { t: "b", y: "2" }, { t: "c" }].map((v) => issues(z.discriminatedUnion("t", [z.object({ t: z.literal("a"), x: z.number() }), z.object({ t: z.literal("b"), y: z.string() })]).safeParse(v)))),
  "transform": both((z) => z.string().transform((s) => s.length).pipe(z.number().min(2)).safeParse("a").success),
  "preprocess": both((z) => z.preprocess((v) => Number(v), z.number()).parse("12")),
  "refine": both((z) => issues(z.object({ a: z.string(), b: z.string() }).refine((v) => v.a === v.b, { message: "differ", path: ["b"] }).safeParse({ a: "1", b: "2" }))),
  "super refine": both((z) => issues(z.string().superRefine((v, c) => c.addIssue({ code: "custom", message: "never " + v })).safeParse("x"))),
  "lazy": both((z) => { const t = z.lazy(() => z.object({ v: z.number(), c: z.array(t) })); return t.parse({ v: 1, c: [{ v: 2, c: [] }] }); }),
  "record map set": both((z) => [z.record(z.string(), z.number()).parse({ a: 1 }), [...z.map(z.string(), z.number()).parse(new Map([["a", 1]]))], [...z.set(z.number()).parse(new Set([1]))]]),
  "tuple": both((z) => issues(z.tuple([z.string(), z.number()]).rest(z.boolean()).safeParse(["a", 1, "x"]))),
  "bigint": both((z) => [z.bigint().parse(10n), z.coerce.bigint().parse("12345678901234567890"), z.nan().safeParse(NaN).success]),
  "strict": both((z) => issues(z.object({ a: z.string() }).strict().safeParse({ a: "x", b: 1 }))),
  "extend pick omit": both((z) => Object.keys(z.object({ a: z.string(), b: z.string() }).extend({ c: z.number() }).omit({ a: true }).pick({ c: true }).shape)),
  "brand readonly catch": both((z) => [z.string().brand("x").parse("a"), Object.isFrozen(z.array(z.number()).readonly().parse([1])), z.number().catch(7).parse("x")]),
  "native enum": both((z) => z.nativeEnum({ A: "a", B: "b" }).safeParse("c").success),
  "instanceof": both((z) => z.instanceof(Date).safeParse(new Date(0)).success),
  "async": async () => JSON.stringify([await z3.string().refine(async (s) => s === "a").safeParseAsync("b"), await z.string().refine(async (s) => s === "a").safeParseAsync("b")].map(issues)),
  "json schema": () => JSON.stringify(z.toJSONSchema(user(z), { unrepresentable: "any", io: "input" })),
  "pretty": () => z.prettifyError(user(z).safeParse({}).error),
  "tree": () => JSON.stringify(z.treeifyError(user(z).safeParse({ nested: { deep: 2 } }).error)),
  "codec": () => JSON.stringify(z.codec(z.string(), z.number(), { decode: Number, encode: String }).decode("5")),
  "string formats 4": () => JSON.stringify([z.email(), z.uuidv7?.() ?? z.uuid(), z.iso.date(), z.iso.duration(), z.cidrv4(), z.jwt(), z.nanoid(), z.e164(), z.hostname?.() ?? z.string(), z.hex?.() ?? z.string()].map((t) => ["a@b.co", "2020-02-30", "P1D", "10.0.0.0/8", "+15555550123", "x.y", "ff"].map((s) => +t.safeParse(s).success).join(""))),
  "template literal": () => JSON.stringify([z.templateLiteral(["v", z.number(), ".", z.enum(["a", "b"])]).safeParse("v12.a"), z.templateLiteral(["v", z.number()]).safeParse("vx")].map(issues)),
  "stringbool": () => JSON.stringify(["yes", "off", "maybe"].map((v) => issues(z.stringbool().safeParse(v)))),
  "file": () => JSON.stringify(issues(z.file().max(2).safeParse(new File(["abc"], "a")))),
  "registry": () => { const r = z.registry(); const s = z.string(); r.add(s, { t: 1 }); return r.get(s); },
  "mini": () => JSON.stringify(issues(mini.safeParse(mini.object({ a: mini.string().check(mini.minLength(3), mini.trim()), b: mini.optional(mini.number()) }), { a: "ab" }))),
  "locales": () => { z.config(z.locales.de()); const m = z.string().safeParse(1).error.issues[0].message; z.config(z.locales.en()); return m; },
  "function": () => z.function({ input: [z.string()], output: z.number() }).implement((s) => s.length)("abc"),
  "error map": () => JSON.stringify(issues(z.string({ error: (i) => `got ${typeof i.input}` }).safeParse(3))),
});
