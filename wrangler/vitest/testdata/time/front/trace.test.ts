import { SELF } from "cloudflare:test";
import { clock, trace } from "miniworker:test";
import { beforeEach, describe, expect, it } from "vitest";

const get = async (path) => (await SELF.fetch(`https://example.com${path}`)).text();

beforeEach(() => get("/put"));

it("has what the test caused, and not what its hooks did", async () => {
  await get("/get");
  expect(trace.through("store")).toBe(true);
  expect(trace.through("elsewhere")).toBe(false);
  expect(trace.count({ binding: "KV" })).toBe(1);
  expect(trace.count({ binding: "KV", operation: "put" })).toBe(0);
  expect(trace.events({ binding: "KV", operation: "get" })).toMatchObject([{ kind: "binding", worker: "store", name: "KV.get brief", target: "KV" }]);
  expect(trace.events("subrequest").map((e) => [e.worker, e.target])).toEqual([["front", "SELF"], ["front", "STORE"]].reverse());
  trace.clear();
  expect(trace.events()).toEqual([]);
});

it("follows alarms into objects and their storage", async () => {
  clock.freeze();
  await get("/remind");
  await clock.advance("2h");
  expect(trace.count({ kind: "event", name: "alarm" })).toBe(1);
  expect(trace.count({ kind: "storage", operation: "put" })).toBe(1);
  expect(trace.tree({ kind: "storage" })).toMatchInlineSnapshot(`
    "storage Room.put asked [store]
    storage Room.setAlarm [store]
    storage Room.sql.exec SELECT 1 AS one [store]
    "
  `);
});

it("is the same text each time", async () => {
  await get("/remind");
  await trace.settle();
  expect(trace.tree()).toMatchInlineSnapshot(`
    "subrequest GET https://example.com/remind [front] → SELF 200
      subrequest GET https://example.com/remind [front] → STORE 200
        subrequest ROOM.remind() [store]
          storage Room.put asked [store]
          storage Room.setAlarm [store]
    object started [store] → Room
    "
  `);
});

describe("filters", () => {
  it("are checked", () => {
    expect(() => trace.events({ bindings: "KV" })).toThrow('trace.events: there is no "bindings" to filter by: kind, worker, target, binding, operation, name.');
    expect(() => trace.count("bind")).toThrow('trace.count: there is no kind "bind"');
  });
});
