// valibot.
import * as v from "valibot";
import { area } from "../../../conformance/probe.js";

const User = v.object({ email: v.pipe(v.string(), v.trim(), v.email()), age: v.optional(v.pipe(v.number(), v.integer(), v.minValue(18))), tags: v.array(v.picklist(["a", "b"])), kind: v.fallback(v.string(), "none") });
const result = (s, x) => { const r = v.safeParse(s, x); return r.success ? r.output : r.issues.map((i) => [i.kind, i.type, i.message, v.getDotPath(i)]); };

export default area({
  "object": () => result(User, { email: " a@b.co ", tags: ["a"], kind: 3 }),
  "object wrong": () => result(User, { email: "x", age: 3.5, tags: ["c"] }),
  "flatten": () => JSON.stringify(v.flatten(v.safeParse(User, {}).issues)),
  "error": () => { try { v.parse(v.string(), 1); } catch (e) { return [e.name, e.message, v.isValiError(e)]; } },
  "formats": () => [v.email(), v.url(), v.uuid(), v.ipv4(), v.ipv6(), v.isoDate(), v.isoTimestamp(), v.emoji(), v.hexColor(), v.base64(), v.creditCard(), v.ulid(), v.mac(), v.octal(), v.imei(), v.decimal(), v.nanoid()].map((a) => ["a@b.co", "https://x.example", "123e4567-e89b-42d3-a456-426614174000", "10.0.0.1", "::1", "2024-02-30", "2024-01-01T00:00:00Z", "😀👨‍👩‍👧", "#abc", "aGk=", "4539148803436467", "0o17", "1.5"].map((s) => +v.is(v.pipe(v.string(), a), s)).join("")),
  "variant": () => result(v.variant("t", [v.object({ t: v.literal("a"), n: v.number() }), v.object({ t: v.literal("b") })]), { t: "a", n: "x" }),
  "union": () => result(v.union([v.string(), v.bigint()]), true),
  "intersect": () => result(v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })]), { a: "x", b: 1 }),
  "transform": () => result(v.pipe(v.string(), v.transform((s) => s.length), v.brand("L")), "abc"),
  "async": async () => (await v.safeParseAsync(v.pipeAsync(v.string(), v.checkAsync(async (s) => s === "a", "not a")), "b")).issues[0].message,
  "check": () => result(v.pipe(v.object({ a: v.string(), b: v.string() }), v.forward(v.partialCheck([["a"], ["b"]], (i) => i.a === i.b, "differ"), ["b"])), { a: "1", b: "2" }),
  "collections": () => [result(v.map(v.string(), v.number()), new Map([["a", "x"]])), result(v.set(v.number()), new Set([1])), result(v.record(v.string(), v.date()), { a: new Date(0) }), result(v.tupleWithRest([v.string()], v.number()), ["a", 1, "b"])],
  "strict": () => result(v.strictObject({ a: v.string() }), { a: "x", b: 1 }),
  "lazy": () => { const T = v.object({ c: v.array(v.lazy(() => T)) }); return result(T, { c: [{ c: [{}] }] }); },
  "blob": () => result(v.pipe(v.file(), v.mimeType(["image/png"]), v.maxSize(2)), new File(["abc"], "a.txt", { type: "text/plain" })),
  "words": () => result(v.pipe(v.string(), v.maxGraphemes(2), v.minWords("en", 3)), "👨‍👩‍👧 b c"),
});
