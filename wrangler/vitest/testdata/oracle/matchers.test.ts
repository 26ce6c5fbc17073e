// Every case passes or fails; what it says is compared with real Vitest's.
import { describe, expect, test, vi } from "vitest";

class Point {
  constructor(public x: number, public y: number) {}
}
class Point3 extends Point {
  constructor(x: number, y: number, public z: number) { super(x, y); }
}
class Boom extends Error {
  name = "Boom";
  constructor(message: string, public code = 7) { super(message); }
}
const circular: any = { name: "a", list: [1] };
circular.self = circular;
const long = "The quick brown fox jumps over the lazy dog. ".repeat(6);
const lines = "one\ntwo\nthree\nfour\nfive";
const sym = Symbol("s");
const thrower = (v: unknown) => () => { throw v; };

const values: [string, () => unknown][] = [
  ["undefined", () => undefined], ["null", () => null], ["true", () => true], ["0", () => 0], ["-0", () => -0], ["NaN", () => NaN],
  ["bigint", () => 12n], ["string", () => "text"], ["empty string", () => ""], ["long string", () => long], ["lines", () => lines],
  ["symbol", () => sym], ["array", () => [1, "b", null]], ["sparse", () => [1, , 3]], ["nested", () => [[1, [2, [3]]]]], ["object", () => ({ a: 1, b: { c: [2] } })],
  ["undefined property", () => ({ a: undefined })], ["symbol key", () => ({ [sym]: 1 })], ["null prototype", () => Object.assign(Object.create(null), { a: 1 })],
  ["point", () => new Point(1, 2)], ["point3", () => new Point3(1, 2, 3)], ["map", () => new Map<any, any>([["a", 1], ["b", { c: 2 }]])], ["set", () => new Set([1, "two", [3]])],
  ["date", () => new Date(0)], ["regexp", () => /a+b/gi], ["error", () => new Error("bad")], ["boom", () => new Boom("loud")],
  ["uint8array", () => new Uint8Array([1, 2, 3])], ["arraybuffer", () => new Uint8Array([1, 2, 3]).buffer], ["function", () => function named() {}],
  ["arrow", () => () => 1], ["class", () => Point], ["circular", () => circular],
  ["float", () => 0.1 + 0.2], ["infinity", () => Infinity], ["negative", () => -12.5], ["boxed", () => Object("boxed")], ["float64", () => new Float64Array([1.5])],
];

describe("each value against each other", () => {
  for (const [a, make] of values) {
    for (const [b, other] of values) {
      // All pairs would be 1,500 with little in it; each with itself, its successors and a few of all kinds will do.
      const near = Math.abs(values.findIndex((v) => v[0] === a) - values.findIndex((v) => v[0] === b)) <= 2;
      if (!near && !["object", "string", "array", "undefined"].includes(b)) continue;
      test(`${a} toBe ${b}`, () => { expect(make()).toBe(other()); });
      test(`${a} toEqual ${b}`, () => { expect(make()).toEqual(other()); });
      test(`${a} toStrictEqual ${b}`, () => { expect(make()).toStrictEqual(other()); });
      test(`${a} not.toEqual ${b}`, () => { expect(make()).not.toEqual(other()); });
    }
  }
});

describe("unary", () => {
  const unary = ["toBeTruthy", "toBeFalsy", "toBeNull", "toBeUndefined", "toBeDefined", "toBeNaN", "toBeNullable"] as const;
  for (const [name, make] of values) {
    for (const matcher of unary) {
      test(`${name} ${matcher}`, () => { (expect(make()) as any)[matcher](); });
      test(`${name} not.${matcher}`, () => { (expect(make()).not as any)[matcher](); });
    }
    test(`${name} toBeTypeOf object`, () => { expect(make()).toBeTypeOf("object"); });
    test(`${name} toBeInstanceOf Point`, () => { expect(make()).toBeInstanceOf(Point); });
    test(`${name} toHaveLength 3`, () => { expect(make()).toHaveLength(3); });
    test(`${name} toContain a`, () => { expect(make()).toContain("a"); });
    test(`${name} toHaveProperty a`, () => { expect(make()).toHaveProperty("a"); });
    test(`${name} toMatchObject`, () => { expect(make()).toMatchObject({ a: 1 }); });
    test(`${name} toBeGreaterThan`, () => { expect(make()).toBeGreaterThan(1); });
    test(`${name} toMatch`, () => { expect(make()).toMatch("text"); });
  }
});

const cases: [string, () => unknown][] = [
  ["close", () => expect(0.1 + 0.2).toBeCloseTo(0.3)], ["not close", () => expect(1.25).toBeCloseTo(1.3, 2)], ["close to infinity", () => expect(Infinity).toBeCloseTo(1)],
  ["gt", () => expect(1).toBeGreaterThan(2)], ["gte", () => expect(1).toBeGreaterThanOrEqual(2)], ["lt", () => expect(3n).toBeLessThan(2n)], ["lte", () => expect(3).toBeLessThanOrEqual(2)],
  ["not gt", () => expect(3).not.toBeGreaterThan(2)], ["gt string", () => expect("a" as any).toBeGreaterThan(2)],
  ["contain string", () => expect("abc").toContain("z")], ["contain item", () => expect([1, 2]).toContain(3)], ["contain object", () => expect([{ a: 1 }]).toContain({ a: 1 })],
  ["containEqual", () => expect([{ a: 1 }]).toContainEqual({ a: 1 })], ["not containEqual", () => expect([{ a: 1 }]).toContainEqual({ a: 2 })], ["contain set", () => expect(new Set([1])).toContain(2)],
  ["not contain", () => expect("abc").not.toContain("b")],
  ["length", () => expect("abc").toHaveLength(2)], ["length of none", () => expect({} as any).toHaveLength(2)], ["not length", () => expect([1]).not.toHaveLength(1)],
  ["property path", () => expect({ a: { b: [1, 2] } }).toHaveProperty("a.b[1]", 3)], ["property array path", () => expect({ a: { b: [1, 2] } }).toHaveProperty(["a", "b", 1], 2)],
  ["property missing", () => expect({ a: 1 }).toHaveProperty("b.c")], ["not property", () => expect({ a: 1 }).not.toHaveProperty("a")], ["not property value", () => expect({ a: 1 }).not.toHaveProperty("a", 1)],
  ["match", () => expect("abc").toMatch(/z/)], ["match string", () => expect("abc").toMatch("z")], ["not match", () => expect("abc").not.toMatch(/b/)],
  ["matchObject", () => expect({ a: { b: 1, c: 2 }, d: 3 }).toMatchObject({ a: { b: 2 } })], ["matchObject arrays", () => expect([{ a: 1, b: 2 }, { a: 3 }]).toMatchObject([{ a: 1 }, { a: 4 }])],
  ["not matchObject", () => expect({ a: 1, b: 2 }).not.toMatchObject({ a: 1 })],
  ["throw", () => expect(() => {}).toThrow()], ["not throw", () => expect(thrower(new Error("x"))).not.toThrow()], ["throw string", () => expect(thrower(new Error("some text"))).toThrow("text")],
  ["throw other string", () => expect(thrower(new Error("some text"))).toThrow("other")], ["throw regexp", () => expect(thrower(new Error("some text"))).toThrow(/^text/)],
  ["throw class", () => expect(thrower(new TypeError("t"))).toThrow(RangeError)], ["throw same class", () => expect(thrower(new Boom("t"))).toThrow(Boom)], ["throw instance", () => expect(thrower(new Error("a"))).toThrow(new Error("b"))],
  ["throw asymmetric", () => expect(thrower(new Boom("a"))).toThrow(expect.objectContaining({ code: 8 }))], ["throw value", () => expect(thrower("text")).toThrow("text")], ["throw null", () => expect(thrower(null)).toThrow()],
  ["throw of a value", () => expect(3 as any).toThrow()], ["throwError", () => expect(thrower(new Error("a"))).toThrowError("b")],
  ["instance", () => expect(new Point(1, 2)).toBeInstanceOf(Point3)], ["not instance", () => expect(new Point3(1, 2, 3)).not.toBeInstanceOf(Point)], ["instance of no class", () => expect(1).toBeInstanceOf({} as any)],
  ["typeof", () => expect("a").toBeTypeOf("number")], ["satisfy", () => expect(3).toSatisfy((n: number) => n > 4)], ["satisfy message", () => expect(3).toSatisfy((n: number) => n > 4, "too small")],
  ["oneOf", () => expect(3).toBeOneOf([1, 2])], ["not oneOf", () => expect(1).not.toBeOneOf([1, 2])], ["oneOf set", () => expect(3).toBeOneOf(new Set([1]) as any)],
  ["message", () => expect(1, "my message").toBe(2)], ["message equal", () => expect({ a: 1 }, "objects").toEqual({ a: 2 })],
  ["unreachable", () => expect.unreachable()], ["unreachable message", () => expect.unreachable("never")],
  ["any", () => expect({ a: 1 }).toEqual({ a: expect.any(String) })], ["any ok", () => expect({ a: 1, b: "", c: [], d: () => 1, e: 1n }).toEqual({ a: expect.any(Number), b: expect.any(String), c: expect.any(Array), d: expect.any(Function), e: expect.any(BigInt) })],
  ["anything", () => expect({ a: null }).toEqual({ a: expect.anything() })], ["arrayContaining", () => expect([1, 2]).toEqual(expect.arrayContaining([2, 3]))],
  ["not arrayContaining", () => expect([1, 2]).toEqual(expect.not.arrayContaining([2]))], ["objectContaining", () => expect({ a: 1, b: { c: 2 } }).toEqual(expect.objectContaining({ b: { c: 3 } }))],
  ["not objectContaining", () => expect({ a: 1 }).toEqual(expect.not.objectContaining({ a: 1 }))], ["stringContaining", () => expect("abc").toEqual(expect.stringContaining("z"))],
  ["not stringContaining", () => expect("abc").toEqual(expect.not.stringContaining("b"))], ["stringMatching", () => expect({ a: "abc" }).toEqual({ a: expect.stringMatching(/^b/) })], ["closeTo", () => expect({ a: 1.23 }).toEqual({ a: expect.closeTo(1.3, 1) })],
  ["closeTo ok", () => expect({ a: 0.1 + 0.2 }).toEqual({ a: expect.closeTo(0.3, 5) })], ["nested asymmetric", () => expect([{ id: 1, tags: ["a"] }]).toEqual([{ id: expect.any(Number), tags: expect.arrayContaining(["b"]) }])],
  ["toEqual of asymmetric", () => expect(3).toEqual(expect.toSatisfy((n: number) => n > 4))], ["toBeOneOf asymmetric", () => expect({ a: 3 }).toEqual({ a: expect.toBeOneOf([1, 2]) })],
  ["lines", () => expect(lines).toBe(lines.replace("three", "3"))], ["long strings", () => expect(long).toBe(long + "!")], ["big objects", () => expect(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${i}`, i]))).toEqual(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${i}`, i === 20 ? -1 : i])))],
  ["deep", () => expect({ a: { b: { c: { d: { e: 1 } } } } }).toEqual({ a: { b: { c: { d: { e: 2 } } } } })], ["maps", () => expect(new Map([["a", 1]])).toEqual(new Map([["a", 2]]))], ["sets", () => expect(new Set([1, 2])).toEqual(new Set([1, 3]))],
  ["error messages", () => expect(new Error("a")).toEqual(new Error("b"))], ["errors with causes", () => expect(new Error("a", { cause: 1 })).toEqual(new Error("a", { cause: 2 }))], ["dates", () => expect(new Date(1000)).toEqual(new Date(2000))],
  ["array lengths", () => expect([1, 2, 3]).toEqual([1, 2])], ["types", () => expect("1").toEqual(1)], ["strict class", () => expect(new Point(1, 2)).toStrictEqual({ x: 1, y: 2 })], ["strict undefined", () => expect({ a: undefined, b: 2 }).toStrictEqual({ b: 2 })],
  ["chai equal", () => (expect(1).to as any).equal(2)], ["chai deep", () => (expect({ a: 1 }).to as any).deep.equal({ a: 2 })], ["chai a", () => (expect("x").to.be as any).a("number")], ["chai include", () => (expect([1]).to as any).include(2)],
  ["chai ok", () => (expect(0).to.be as any).ok], ["chai have", () => (expect({ a: 1 }).to.have as any).property("b")], ["chai length", () => (expect([1]).to.have as any).lengthOf(2)], ["chai throw", () => (expect(() => {}).to as any).throw()],
  ["chai within", () => (expect(5).to.be as any).within(1, 3)], ["chai keys", () => (expect({ a: 1 }).to.have.all as any).keys("a", "b")], ["chai match", () => (expect("a").to as any).match(/b/)],
];

describe("cases", () => {
  for (const [name, run] of cases) test(name, () => { run(); });
});

describe("promises", () => {
  test("resolves", async () => { await expect(Promise.resolve(1)).resolves.toBe(2); });
  test("resolves of a rejection", async () => { await expect(Promise.reject(new Error("no"))).resolves.toBe(2); });
  test("rejects", async () => { await expect(Promise.reject(new Error("no"))).rejects.toThrow("yes"); });
  test("rejects of a resolution", async () => { await expect(Promise.resolve(1)).rejects.toThrow(); });
  test("rejects with a value", async () => { await expect(Promise.reject({ code: 1 })).rejects.toEqual({ code: 2 }); });
  test("rejects a function", async () => { await expect(async () => { throw new Boom("a"); }).rejects.toThrow(Boom); });
  test("resolves of a value", async () => { await expect(1 as any).resolves.toBe(1); });
});

describe("mocks", () => {
  const called = (...args: unknown[]) => { const f = vi.fn((n?: unknown) => n); for (const a of args) f(a); return f; };
  test("called", () => { expect(called()).toHaveBeenCalled(); });
  test("not called", () => { expect(called(1, 2)).not.toHaveBeenCalled(); });
  test("times", () => { expect(called(1, 2)).toHaveBeenCalledTimes(3); });
  test("once", () => { expect(called(1, 2)).toHaveBeenCalledOnce(); });
  test("with", () => { expect(called(1, { a: 1 })).toHaveBeenCalledWith({ a: 2 }); });
  test("with ok", () => { expect(called(1, { a: 1 })).toHaveBeenCalledWith(expect.objectContaining({ a: 1 })); });
  test("last", () => { expect(called(1, 2)).toHaveBeenLastCalledWith(1); });
  test("nth", () => { expect(called(1, 2)).toHaveBeenNthCalledWith(1, 2); });
  test("nth beyond", () => { expect(called(1)).toHaveBeenNthCalledWith(5, 2); });
  test("exactly once with", () => { expect(called(1, 1)).toHaveBeenCalledExactlyOnceWith(1); });
  test("returned", () => { expect(called()).toHaveReturned(); });
  test("returned with", () => { expect(called(1, 2)).toHaveReturnedWith(3); });
  test("returned times", () => { expect(called(1, 2)).toHaveReturnedTimes(1); });
  test("last returned", () => { expect(called(1, 2)).toHaveLastReturnedWith(1); });
  test("nth returned", () => { expect(called(1, 2)).toHaveNthReturnedWith(2, 1); });
  test("resolved", async () => { const f = vi.fn(async () => 1); await f(); expect(f).toHaveResolvedWith(2); });
  test("before", () => { const a = vi.fn(), b = vi.fn(); b(); a(); expect(a).toHaveBeenCalledBefore(b); });
  test("after", () => { const a = vi.fn(), b = vi.fn(); b(); a(); expect(b).toHaveBeenCalledAfter(a); });
  test("named", () => { const f = vi.fn().mockName("my spy"); expect(f).toHaveBeenCalled(); });
  test("no mock", () => { expect(() => 1).toHaveBeenCalled(); });
  test("spied", () => { const o = { f: (n: number) => n }; vi.spyOn(o, "f"); o.f(1); expect(o.f).toHaveBeenCalledWith(2); });
});
