import { env, SELF, fetchMock, listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import worker, { Counter } from "./src";

test("SELF reaches the main worker", async () => {
  expect(await (await SELF.fetch("https://example.com/")).text()).toBe("hello");
});

test("its errors are thrown at the caller", async () => {
  await expect(SELF.fetch("https://example.com/throw")).rejects.toThrow("no such thing");
});

test("tests and worker share modules", async () => {
  const spy = vi.spyOn(worker, "fetch").mockImplementation(async () => new Response("spied"));
  expect(await (await SELF.fetch("https://example.com/")).text()).toBe("spied");
  spy.mockRestore();
  expect(env.GREETING).toBe("hello");
});

describe("objects", () => {
  it("can be looked into", async () => {
    await SELF.fetch("https://example.com/count");
    const stub = env.COUNTER.get(env.COUNTER.idFromName("main"));
    const n = await runInDurableObject(stub, async (instance, state) => {
      expect(instance).toBeInstanceOf(Counter);
      await state.storage.setAlarm(Date.now() + 1e6);
      return state.storage.get("n");
    });
    expect(n).toBeGreaterThan(0);
    expect((await listDurableObjectIds(env.COUNTER)).map(String)).toContain(String(stub.id));
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await runDurableObjectAlarm(stub)).toBe(false);
    await expect(runInDurableObject(stub, () => { throw new TypeError("mine"); })).rejects.toThrow(TypeError);
  });
});

describe("fetchMock", () => {
  beforeEach(() => { fetchMock.activate(); fetchMock.disableNetConnect(); });
  afterEach(() => { fetchMock.deactivate(); });

  it("answers for the network", async () => {
    fetchMock.get("https://api.example.net").intercept({ path: "/data?a=1&b=2", headers: { "x-key": "1" } }).reply(203, { ok: 1 });
    expect(fetchMock.pendingInterceptors()).toHaveLength(1);
    const response = await SELF.fetch("https://example.com/proxy");
    expect(response.status).toBe(203);
    expect(await response.json()).toEqual({ ok: 1 });
    fetchMock.assertNoPendingInterceptors();
    await expect(fetch("https://other.example.net/")).rejects.toThrow("Mock dispatch not matched");
  });
});

test.fails("expected to fail", () => { expect(1).toBe(2); });
