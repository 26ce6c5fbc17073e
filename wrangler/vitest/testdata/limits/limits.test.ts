import { env, runInDurableObject, SELF } from "cloudflare:test";
import { afterEach, describe, expect, it } from "vitest";
import { grow } from "./index";

describe("fails alone", () => {
  it("strings without end", () => grow());
  it("arrays without end", () => { const row = [...Array(1000).keys()], kept = []; for (;;) kept.push(row.slice()); });
  it("buffers without end", () => { const kept = []; for (;;) kept.push(new Uint8Array(1 << 24)); });
  it("in the worker", async () => { await SELF.fetch("https://limits.example/grow"); });
  it("a constructor that throws", () => env.BROKEN.get(env.BROKEN.idFromName("a")).fetch("https://limits.example/"));
  it("a corrupted object", async () => {
    await runInDurableObject(env.ROOM.get(env.ROOM.idFromName("a")), (_, state) => {
      state.storage.sql.exec("CREATE TABLE t (x)");
      state.storage.sql.exec("DROP TABLE nowhere");
    });
  });
  it("a corrupted store", async () => {
    await env.KV.put("left", "over");
    expect(await env.KV.get("left")).toBe("gone");
  });
});

describe("goes on", () => {
  afterEach(() => new Promise(() => {}), 50);
  it("a hook that never ends", () => {});
});

describe("what follows finds", () => {
  it("sockets that stay open", async () => {
    const { webSocket } = await env.ROOM.get(env.ROOM.idFromName("a")).fetch("https://limits.example/", { headers: { upgrade: "websocket" } });
    webSocket!.accept();
    webSocket!.send("x");
  });
  it("no sockets", () => runInDurableObject(env.ROOM.get(env.ROOM.idFromName("a")), (_, state) => { expect(state.getWebSockets()).toHaveLength(0); }));
  it("nothing stored", async () => {
    expect((await env.KV.list()).keys).toEqual([]);
    await runInDurableObject(env.ROOM.get(env.ROOM.idFromName("a")), (_, state) => {
      expect(state.storage.sql.exec("SELECT name FROM sqlite_schema WHERE name = 't'").toArray()).toEqual([]);
    });
  });
});
