// How tests are collected, ordered, skipped, retried and timed out, compared with real Vitest.
import { afterAll, afterEach, aroundEach, assert, beforeAll, beforeEach, describe, expect, it, onTestFailed, onTestFinished, suite, test, vi } from "vitest";

const order: string[] = [];

describe("hooks", () => {
  beforeAll(() => { order.push("beforeAll"); return () => { order.push("beforeAll cleanup"); }; });
  afterAll(() => { order.push("afterAll"); });
  beforeEach(() => { order.push("beforeEach"); return () => { order.push("beforeEach cleanup"); }; });
  afterEach(() => { order.push("afterEach"); });
  it("first", () => { order.push("first"); onTestFinished(() => { order.push("finished"); }); });
  describe("inner", () => {
    beforeEach(() => { order.push("inner beforeEach"); });
    it("second", () => { order.push("second"); });
  });
});

it("hooks ran in order", () => {
  expect(order).toEqual(["beforeAll", "beforeEach", "first", "afterEach", "beforeEach cleanup", "finished", "beforeEach", "inner beforeEach", "second", "afterEach", "beforeEach cleanup", "afterAll", "beforeAll cleanup"]);
});

describe("around", () => {
  const seen: string[] = [];
  aroundEach(async (run) => { seen.push("in"); await run(); seen.push("out"); });
  it("a", () => { seen.push("a"); });
  it("b", () => { expect(seen).toEqual(["in", "a", "out", "in"]); });
});

describe("each", () => {
  it.each([[1, 2, 3], [2, 2, 5]])("%i + %i = %i", (a, b, sum) => { expect(a + b).toBe(sum); });
  it.each([{ n: 1, s: "one" }, { n: 2, s: "two" }])("$n is $s", ({ n, s }) => { expect(`${n}${s}`).toBe("1one"); });
  it.each`a|b|ok${1}|${1}|${true}${1}|${2}|${true}`("table $a $b", ({ a, b, ok }) => { expect(a === b).toBe(ok); });
  it.for([["x", 1], ["y", 2]] as const)("for %s %i", ([s, n], { expect }) => { expect(s).toBe(n === 1 ? "x" : "z"); });
  describe.each(["p", "q"])("suite %s", (name) => { it("works", () => { expect(name).toBe("p"); }); });
});

describe("modes", () => {
  it.skip("skipped", () => { throw new Error("never"); });
  it.todo("todo");
  it.skipIf(true)("skipIf", () => { throw new Error("never"); });
  it.skipIf(false)("not skipIf", () => {});
  it.runIf(false)("runIf", () => { throw new Error("never"); });
  it.fails("fails", () => { throw new Error("as expected"); });
  it.fails("does not fail", () => {});
  it("skips itself", ({ skip }) => { skip("a reason"); throw new Error("never"); });
  it.concurrent("concurrent", async ({ expect }) => { expect(1).toBe(1); });
  it.sequential("sequential", () => {});
  describe.skip("skipped suite", () => { it("inside", () => { throw new Error("never"); }); });
  describe.todo("todo suite");
});

describe("retries", () => {
  let n = 0, m = 0, r = 0;
  it("passes in the end", { retry: 2 }, () => { expect(++n).toBe(3); });
  it("never passes", { retry: 1 }, () => { expect(++m).toBe(0); });
  it("repeats", { repeats: 2 }, () => { r++; });
  it("repeated", () => { expect(r).toBe(3); });
});

describe("failures", () => {
  it("throws a string", () => { throw "text"; });
  it("throws an object", () => { throw { code: 1 }; });
  it("throws undefined", () => { throw undefined; });
  it("throws null", () => { throw null; });
  it("throws an error with a cause", () => { throw new Error("outer", { cause: new TypeError("inner") }); });
  it("throws an aggregate", () => { throw new AggregateError([new Error("one"), new Error("two")], "both"); });
  it("rejects", async () => { await Promise.reject(new RangeError("later")); });
  it("times out", () => new Promise(() => {}), 30);
  it("times out by options", { timeout: 30 }, () => new Promise(() => {}));
  it("calls back when it failed", () => { onTestFailed(({ task }) => { order.push(task.name); }); throw new Error("x"); });
  it("was called back", () => { expect(order.at(-1)).toBe("calls back when it failed"); });
  it("assert", () => { assert(1 === (2 as number), "not one"); });
  it("assert equal", () => { assert.equal(1, 2); });
});

describe("hooks that fail", () => {
  describe("beforeEach", () => {
    beforeEach(() => { throw new Error("before"); });
    it("fails with it", () => {});
  });
  describe("afterEach", () => {
    afterEach(() => { throw new Error("after"); });
    it("fails after it", () => {});
  });
});

describe("soft, poll and counts", () => {
  it("soft", () => { expect.soft(1).toBe(2); expect.soft(2).toBe(2); expect.soft(3).toBe(4); });
  it("poll", async () => { let n = 0; await expect.poll(() => ++n, { interval: 1 }).toBe(4); });
  it("poll in vain", async () => { await expect.poll(() => 1, { interval: 5, timeout: 30 }).toBe(4); });
  it("assertions", () => { expect.assertions(2); expect(1).toBe(1); });
  it("hasAssertions", () => { expect.hasAssertions(); });
  it("enough", () => { expect.assertions(1); expect(1).toBe(1); });
});

const extended = test.extend<{ list: number[]; sum: number }>({
  list: async ({}, use) => { const list = [1, 2]; await use(list); order.push(`list ended with ${list.length}`); },
  sum: async ({ list }, use) => { await use(list.reduce((a, b) => a + b, 0)); },
});

describe("fixtures", () => {
  extended("are made", ({ list, sum }) => { expect(sum).toBe(3); list.push(3); });
  extended("and ended", ({ list }) => { expect(list).toHaveLength(2); expect(order.at(-1)).toBe("list ended with 3"); });
});

expect.extend({
  toBeEven(received: number) {
    return { pass: received % 2 === 0, message: () => `${received} is ${this.isNot ? "" : "not "}even`, actual: received, expected: "even" };
  },
});

describe("extend", () => {
  it("passes", () => { (expect(2) as any).toBeEven(); });
  it("fails", () => { (expect(3) as any).toBeEven(); });
  it("negates", () => { (expect(2) as any).not.toBeEven(); });
  it("is asymmetric", () => { expect({ n: 3 }).toEqual({ n: (expect as any).toBeEven() }); });
});

suite("vi", () => {
  it("fn", () => {
    const f = vi.fn((a: number) => a + 1).mockReturnValueOnce(10).mockImplementationOnce(() => 20);
    expect([f(1), f(1), f(1)]).toEqual([10, 20, 2]);
    expect(f.mock.calls).toEqual([[1], [1], [1]]);
    expect(f.mock.results.map((r) => r.value)).toEqual([10, 20, 2]);
    f.mockClear();
    expect(f).not.toHaveBeenCalled();
    f.mockReset();
    expect(f(4)).toBe(5);
    expect(vi.isMockFunction(f)).toBe(true);
  });
  it("promises", async () => {
    const f = vi.fn().mockResolvedValueOnce(1).mockRejectedValueOnce(new Error("no"));
    expect(await f()).toBe(1);
    await expect(f()).rejects.toThrow("no");
  });
  it("classes", () => {
    const C = vi.fn(class { value = 1; });
    expect(new C().value).toBe(1);
    expect(C).toHaveBeenCalledTimes(1);
  });
  it("spyOn", () => {
    const o = { get: () => 1, _v: 2, get v() { return this._v; } };
    const spy = vi.spyOn(o, "get").mockReturnValue(5);
    const getter = vi.spyOn(o, "v", "get").mockReturnValue(7);
    expect([o.get(), o.v]).toEqual([5, 7]);
    vi.restoreAllMocks();
    expect([o.get(), o.v]).toEqual([1, 2]);
    expect(spy).not.toBe(getter);
  });
  it("fake timers", async () => {
    vi.useFakeTimers();
    vi.setSystemTime(new Date("2030-01-01T00:00:00Z"));
    const seen: number[] = [];
    setTimeout(() => seen.push(Date.now()), 1000);
    const every = setInterval(() => seen.push(1), 400);
    expect(vi.getTimerCount()).toBe(2);
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([1, 1, 1893456001000]);
    clearInterval(every);
    const later = new Promise((resolve) => setTimeout(resolve, 60_000, "done"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await later).toBe("done");
    setTimeout(() => seen.push(9), 5);
    vi.runAllTimers();
    expect(seen.at(-1)).toBe(9);
    vi.useRealTimers();
    expect(Date.now()).toBeLessThan(1893456000000);
  });
  it("only the date", () => {
    vi.setSystemTime(0);
    expect(new Date().toISOString()).toBe("1970-01-01T00:00:00.000Z");
    vi.useRealTimers();
  });
  it("waitFor and waitUntil", async () => {
    let n = 0;
    expect(await vi.waitFor(() => { if (++n < 3) throw new Error("not yet"); return n; }, { interval: 1 })).toBe(3);
    expect(await vi.waitUntil(() => ++n > 5 && n, { interval: 1 })).toBe(6);
    await expect(vi.waitFor(() => { throw new Error("never"); }, { interval: 2, timeout: 20 })).rejects.toThrow("never");
  });
  it("stubs", () => {
    vi.stubGlobal("someGlobal", 5);
    expect((globalThis as any).someGlobal).toBe(5);
    vi.unstubAllGlobals();
    expect("someGlobal" in globalThis).toBe(false);
    vi.stubEnv("SOME_ENV", "on");
    expect(process.env.SOME_ENV).toBe("on");
    vi.unstubAllEnvs();
    expect(process.env.SOME_ENV).toBeUndefined();
  });
  it("mocked objects", () => {
    const o = vi.mockObject({ f: () => 1, deep: { g: () => 2 }, v: 3, list: [1] });
    expect([o.f(), o.deep.g(), o.v, o.list]).toEqual([undefined, undefined, 3, []]);
    o.f.mockReturnValue(9);
    expect(o.f()).toBe(9);
  });
});

describe("snapshots", () => {
  it("matches inline", () => {
    expect({ a: 1, b: [new Date(0), /x/, new Map([["k", null]])] }).toMatchInlineSnapshot(`
      {
        "a": 1,
        "b": [
          1970-01-01T00:00:00.000Z,
          /x/,
          Map {
            "k" => null,
          },
        ],
      }
    `);
    expect("text").toMatchInlineSnapshot(`"text"`);
    expect(() => { throw new Error("bad"); }).toThrowErrorMatchingInlineSnapshot(`[Error: bad]`);
  });
  it("differs inline", () => { expect({ a: 1 }).toMatchInlineSnapshot(`
    {
      "a": 2,
    }
  `); });
});
