import { SELF } from "cloudflare:test";
import { expect, test, vi } from "vitest";

test("doMock before the first import", async () => {
  vi.doMock("./tax", () => ({ rate: () => 7 }));
  const { rate } = await import("./tax");
  expect(rate()).toBe(7);
  vi.doMock("./log", () => ({ default: () => {} }));
  expect(await (await SELF.fetch("https://example.com")).json()).toEqual({ price: 10, tax: 7 });
  expect(() => vi.doMock("./tax", () => ({}))).toThrow("imported before it was mocked");
});
