import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";

describe.concurrent("one of several", () => {
  it("waits", async () => { await scheduler.wait(20); expect(await env.KV.get("x")).toBe(null); });
  it("loops", { timeout: 200 }, () => { while (true); });
  it("compares", async () => { await scheduler.wait(1); console.log("said"); expect(1).toBe(2); });
  it("ends first", () => {});
});
it("after them", async () => { expect((await env.KV.list()).keys).toEqual([]); });
