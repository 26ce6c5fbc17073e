import { SELF } from "cloudflare:test";
import { clock, trace } from "miniworker:test";
import { beforeAll, describe, expect, it } from "vitest";

const get = async (path) => (await SELF.fetch(`https://example.com${path}`)).text();

describe("held at noon", () => {
  beforeAll(async () => {
    clock.freeze();
    await clock.set("2026-03-01T12:00:00Z");
  });

  it("is the time of every worker", async () => {
    expect(new Date().toISOString()).toBe("2026-03-01T12:00:00.000Z");
    expect(await get("/")).toBe("2026-03-01T12:00:00.000Z");
    expect([clock.now(), clock.frozen]).toEqual([Date.now(), true]);
    await clock.advance("3d");
    expect(await get("/")).toBe("2026-03-04T12:00:00.000Z");
  });

  it("begins each test as the hooks left it", async () => {
    expect(await get("/")).toBe("2026-03-01T12:00:00.000Z");
  });

  it("runs what falls due, in order", async () => {
    await get("/remind");
    await get("/send");
    await clock.advance("2h");
    expect(await get("/log")).toBe(
      ["job 1@03-01T12:00", "job 2@03-01T12:10", "job 3@03-01T12:20", "cron 30 12 * * * for 12:30@03-01T12:30",
        "cron 0 * * * * for 13:00@03-01T13:00", "alarm 1@03-01T13:30", "cron 0 * * * * for 14:00@03-01T14:00", ""].join("\n"),
    );
  });

  it("lets KV and cache expire", async () => {
    await get("/put");
    expect([await get("/get"), await get("/cache"), await get("/cache")]).toEqual(["x", "miss", "hit"]);
    await clock.advance("61s");
    expect([await get("/get"), await get("/cache")]).toEqual(["x", "miss"]);
    await clock.advance("1h");
    expect(await get("/get")).toBe("");
  });

  it("ends a request that waits for a day", async () => {
    const answer = get("/wait");
    await trace.settle();
    await clock.advance("1d");
    expect(await answer).toBe("waited");
  });

  it("does not end tests that take long in its time", async () => {
    await clock.advance("2d");
    await clock.set(0);
    expect(Date.now()).toBe(0);
  }, 20_000);

  it("times out by the machine's time", { fails: true, timeout: 100 }, () => new Promise(() => setTimeout(() => {}, 1000)));

  it("refuses what is no time", async () => {
    await expect(clock.advance("soon")).rejects.toThrow('clock.advance: "soon" is not a duration: write 90s, 1h30m, 3d, 2w, or a number of milliseconds');
    await expect(clock.advance("-1s")).rejects.toThrow("time goes forwards");
    await expect(clock.set("noon")).rejects.toThrow('clock.set: "noon" is not a date');
  });
});

it("runs by itself otherwise", async () => {
  expect(clock.frozen).toBe(false);
  await clock.advance(5000);
  const ahead = clock.now();
  clock.real();
  expect(ahead).toBeGreaterThan(clock.now() + 1000);
});
