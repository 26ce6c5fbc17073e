import { env } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";

const keys = async () => (await env.KV.list()).keys.map((k: { name: string }) => k.name);

describe.concurrent("side by side", () => {
  for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
    it(`keeps ${name}`, async () => {
      await env.KV.put(name, "mine");
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(await env.KV.get(name)).toBe("mine");
    });
  }
});

describe("one by one", () => {
  beforeEach(() => env.KV.put("before", "each"));
  for (const name of ["h", "i", "j"]) {
    it(`finds nothing but what its hook left, then keeps ${name}`, async () => {
      expect(await keys()).toEqual(["before"]);
      await env.KV.put(name, "mine");
    });
  }
});

it("finds nothing", async () => expect(await keys()).toEqual([]));
