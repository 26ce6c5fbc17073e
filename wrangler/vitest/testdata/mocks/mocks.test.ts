import { SELF } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { currency, price, Shop } from "./price";
import log from "./log";
import * as tax from "./tax";

const mocks = vi.hoisted(() => ({ price: vi.fn(() => 42) }));

vi.mock("./price", async (importOriginal) => ({
  ...(await importOriginal<typeof import("./price")>()),
  price: mocks.price,
}));
vi.mock(import("./log"), () => ({ default: vi.fn() }));
vi.mock("./tax");
vi.mock("no-such-package", () => ({ answer: 42 }));

beforeEach(() => { vi.clearAllMocks(); });

test("the worker gets the mocks", async () => {
  const body = await (await SELF.fetch("https://example.com")).json();
  expect(body).toEqual({ price: 42 }); // the automock gives undefined
  expect(mocks.price).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith("asked");
});

test("so does the test", async () => {
  expect(price()).toBe(42);
  expect(currency).toBe("EUR");
  expect(new Shop().open()).toBe(true);
  expect(vi.isMockFunction(tax.rate)).toBe(true);
  vi.mocked(tax.rate).mockReturnValue(0.5);
  expect(tax.rate()).toBe(0.5);
  // @ts-expect-error there is none
  expect((await import("no-such-package")).answer).toBe(42);
});

test("the module itself can be had", async () => {
  const actual = await vi.importActual<typeof import("./price")>("./price");
  expect(actual.price()).toBe(10);
  expect(vi.isMockFunction((await vi.importMock<typeof import("./price")>("./price")).price)).toBe(true);
});

describe("places in the sources are right", () => {
  test("fails", () => {
    expect(price()).toBe(1); // line 45
  });
});

test("what cannot be says so", () => {
  expect(() => vi.resetModules()).toThrow("evaluated once");
});
