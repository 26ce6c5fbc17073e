import { afterAll, beforeAll, describe, expect, it } from "vitest";

let ended: string[] = [];

describe("alone", () => {
  it("loops", () => { for (;;); }, 200);
  it("hangs", () => new Promise(() => {}), 100);
  it("overflows", () => { const f = (): unknown => f(); f(); });
  it("compares", () => { expect({ a: 1 }).toEqual({ a: 2 }); });
  it("passes", () => { ended.push("passes"); });
});

describe("a hook that fails", () => {
  beforeAll(() => { throw new Error("not today"); });
  it("never runs", () => {});
});

it.todo("later");
it.skip("skipped", () => {});
