import { env, SELF } from "cloudflare:test";
import { trace } from "miniworker:test";
import { beforeEach, describe, expect, it } from "vitest";

const keys = async () => (await env.KV.list()).keys.map((k: { name: string }) => k.name);

// gate opens when that many have come to it.
function gate(size: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => { if (--size === 0) resolve(); return promise; };
}

describe("tests in a row", () => {
  const met = gate(3);
  for (const n of [1, 2, 3]) {
    it.concurrent(`meet, and share storage ${n}`, async () => {
      await env.KV.put(`key-${n}`, "v");
      await met();
      expect(await keys()).toEqual(["key-1", "key-2", "key-3"]);
    });
  }
  it("left nothing behind", async () => { expect(await keys()).toEqual([]); });
  it.concurrent("alone has storage of its own", async () => { expect(await keys()).toEqual([]); });
});

describe.concurrent("a group", () => {
  const met = gate(2);
  beforeEach(async () => { await env.KV.get("from a hook"); });
  for (const n of [1, 2]) {
    it(`each has its own trace ${n}`, async () => {
      await met();
      await SELF.fetch(`https://example.com/traced-${n}`);
      expect(trace.count({ binding: "KV" })).toBe(1);
      expect(trace.tree()).toContain(`traced-${n}`);
      trace.clear();
      expect(trace.events()).toEqual([]);
    });
  }
});

describe("suites in a row", () => {
  const met = gate(2);
  for (const n of [1, 2]) {
    describe.concurrent(`suite ${n}`, () => {
      it("meets the other", async () => { await env.KV.put(`suite-${n}`, "v"); await met(); });
      it.sequential("sees what both wrote", async () => { expect(await keys()).toEqual(["suite-1", "suite-2"]); });
    });
  }
});

describe("more than fit", () => {
  let now = 0, most = 0;
  const met = gate(5);
  for (let n = 0; n < 12; n++) {
    it.concurrent(`five at once ${n}`, async () => {
      most = Math.max(most, ++now);
      if (n < 5) await met();
      await scheduler.wait(0);
      now--;
    });
  }
  it("was five", () => { expect(most).toBe(5); });
});

describe("attempts", () => {
  let attempts = 0;
  const again = Promise.withResolvers<void>();
  it.concurrent("begin with what is there", { retry: 1 }, async () => {
    await env.KV.put(`attempt-${++attempts}`, "v");
    expect(attempts).toBe(2);
    expect(await keys()).toContain("attempt-1");
    again.resolve();
  });
  it.concurrent("of one leave the others alone", async () => {
    await env.KV.put("other", "v");
    await again.promise;
    expect(await keys()).toEqual(["attempt-1", "attempt-2", "other"]);
  });
});
