import { env, SELF, reset } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const url = (path: string) => `https://example.com${path}`;
const count = async () => (await SELF.fetch(url("/count"))).json();

async function contents() {
  const tables = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'things'").all();
  return {
    kv: (await env.KV.list()).keys.map((k: { name: string }) => k.name), r2: (await env.BUCKET.list()).objects.map((o: { key: string }) => o.key),
    things: tables.results.length ? (await env.DB.prepare("SELECT count(*) AS n FROM things").first()).n : null,
  };
}

async function spoil(name: string) {
  await env.KV.put(name, "v");
  await env.BUCKET.put(name, "v");
  await env.DB.exec("CREATE TABLE IF NOT EXISTS things (name TEXT)");
  await env.DB.prepare("INSERT INTO things VALUES (?)").bind(name).run();
}

const empty = { kv: [], r2: [], things: null };

for (const n of [1, 2, 3]) {
  it(`begins empty ${n}`, async () => {
    expect(await contents()).toEqual(empty);
    expect(await count()).toEqual({ stored: 1, inMemory: 1 });
    await spoil(`begins-${n}`);
    expect((await contents()).things).toBe(1);
  });
  it.concurrent(`begins empty, concurrent ${n}`, async () => {
    expect(await contents()).toEqual(empty);
    await spoil(`concurrent-${n}`);
    expect((await contents()).kv).toEqual([`concurrent-${n}`]);
  });
}

describe("layers", () => {
  beforeAll(async () => { await spoil("all"); });
  beforeEach(async () => { await env.KV.put("each", "v"); });
  afterEach(async () => { await env.KV.put("after", "v"); });

  for (const n of [1, 2]) {
    it(`has what the hooks left ${n}`, async () => {
      expect(await contents()).toEqual({ kv: ["all", "each"], r2: ["all"], things: 1 });
      await spoil("mine");
    });
  }
  describe("inner", () => {
    beforeAll(async () => { await spoil("inner"); });
    for (const n of [1, 2]) {
      it(`adds to it ${n}`, async () => {
        expect((await contents()).kv).toEqual(["all", "each", "inner"]);
        await env.KV.delete("all");
      });
    }
  });
  it("is left alone by the inner suite", async () => { expect((await contents()).kv).toEqual(["all", "each"]); });
  it("can be emptied", async () => {
    await reset();
    expect(await contents()).toEqual(empty);
  });
});

describe("what is left open", () => {
  it("a request", async () => { void SELF.fetch(url("/never")); await scheduler.wait(5); });
  it("a body", async () => { await SELF.fetch(url("/stream")); });
  it("a socket", async () => {
    const response = await SELF.fetch(url("/socket"), { headers: { Upgrade: "websocket" } });
    response.webSocket!.accept();
  });
  it("a write", async () => { void env.KV.put("unawaited", "v"); });
  it("waitUntil", async () => { await SELF.fetch(url("/later")); });
  it("changes nothing", async () => {
    expect(await contents()).toEqual(empty);
    expect(await count()).toEqual({ stored: 1, inMemory: 1 });
  });
});

describe("attempts", () => {
  let attempt = 0;
  it("begin anew", { retry: 2 }, async () => {
    expect(await contents()).toEqual(empty);
    await spoil("attempt");
    expect(++attempt).toBe(3);
  });
});
