import {
  applyD1Migrations, createExecutionContext, createMessageBatch, createScheduledController, evictAllDurableObjects, evictDurableObject,
  getQueueResult, listDurableObjectIds, reset, runDurableObjectAlarm, runInDurableObject, SELF, waitOnExecutionContext,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import worker, { Counter } from "./index";

const bindings = env as any;
const stub = (name: string) => bindings.COUNTER.get(bindings.COUNTER.idFromName(name));
const text = async (response: Response | Promise<Response>) => (await response).text();

// What real storage would keep from test to test, this does not.
beforeEach(() => reset());

describe("the main worker", () => {
  it("answers as SELF and as exports.default", async () => {
    expect(await text(SELF.fetch("https://example.com/a"))).toBe("1");
    expect(await text((exports as any).default.fetch("https://example.com/a"))).toBe("2");
  });
  it("has its other exports", async () => {
    expect(await text(SELF.fetch("https://example.com/greet"))).toBe("Hello from plugin");
    expect(await (exports as any).Greeter.greet()).toBe("Hello from plugin");
  });
  it("takes a context of the test", async () => {
    const ctx = createExecutionContext();
    expect(await text(worker.fetch(new Request("https://example.com/greet"), env, ctx))).toBe("Hello from plugin");
    expect(await text(worker.fetch(new Request("https://example.com/later"), env, ctx))).toBe("soon");
    await waitOnExecutionContext(ctx);
    expect(await bindings.KV.get("later")).toBe("done");
  });
  it("rejects with what was given to waitUntil", async () => {
    const ctx = createExecutionContext();
    ctx.waitUntil(Promise.reject(new Error("one")));
    await expect(waitOnExecutionContext(ctx)).rejects.toThrow("one");
    ctx.waitUntil(Promise.reject(new Error("two")));
    ctx.waitUntil(Promise.reject(new Error("three")));
    await expect(waitOnExecutionContext(ctx)).rejects.toBeInstanceOf(AggregateError);
    await expect(waitOnExecutionContext({} as any)).rejects.toThrow("Failed to execute 'getWaitUntil'");
  });
  it("is scheduled", async () => {
    const ctx = createExecutionContext();
    const controller = createScheduledController({ scheduledTime: new Date(1000), cron: "30 * * * *" });
    await worker.scheduled(controller, env, ctx);
    await waitOnExecutionContext(ctx);
    expect(await bindings.KV.get("cron")).toBe("30 * * * * 1000");
    expect(Math.abs(createScheduledController().scheduledTime - Date.now())).toBeLessThan(60_000);
    expect(createScheduledController().cron).toBe("");
    expect(() => createScheduledController("x" as any)).toThrow(TypeError);
  });
});

describe("queues", () => {
  const message = (id: string, body: unknown) => ({ id, timestamp: new Date(1000), attempts: 1, body });
  it("tell what became of messages", async () => {
    const batch = createMessageBatch("jobs", [message("a", "fine"), message("b", "again")]);
    const ctx = createExecutionContext();
    await worker.queue(batch, env);
    const result = await getQueueResult(batch, ctx);
    expect(result.outcome).toBe("ok");
    expect(result.ackAll).toBe(false);
    expect(result.retryBatch.retry).toBe(false);
    expect(result.explicitAcks).toEqual(["a"]);
    expect(result.retryMessages).toEqual([{ msgId: "b" }]);
  });
  it("and of whole batches", async () => {
    const batch = createMessageBatch("jobs", [message("a", 1)]);
    batch.ackAll();
    expect((await getQueueResult(batch, createExecutionContext())).ackAll).toBe(true);
    const other = createMessageBatch("jobs", [message("a", 1)]);
    other.retryAll({ delaySeconds: 7 });
    expect((await getQueueResult(other, createExecutionContext())).retryBatch).toEqual({ retry: true });
  });
  it("refuse what is no batch", async () => {
    expect(() => (createMessageBatch as any)()).toThrow("Failed to execute 'createMessageBatch'");
    expect(() => createMessageBatch("jobs", "x" as any)).toThrow("parameter 2 is not of type 'Array'");
    await expect(getQueueResult({} as any, createExecutionContext())).rejects.toThrow("parameter 1 is not of type 'MessageBatch'");
  });
});

describe("objects", () => {
  it("can be entered", async () => {
    expect(await stub("a").add(2)).toBe(2);
    expect(await runInDurableObject(stub("a"), (instance: Counter, state) => {
      expect(instance).toBeInstanceOf(Counter);
      expect(state.id.equals(bindings.COUNTER.idFromName("a"))).toBe(true);
      return [instance.count, instance.add(3)].length;
    })).toBe(2);
    expect(await runInDurableObject(stub("a"), (_, state) => state.storage.get("count"))).toBe(5);
    const answer = await runInDurableObject(stub("a"), (instance: Counter) => instance.fetch(new Request("https://example.com/")));
    expect(await answer.text()).toBe("6");
    await expect(runInDurableObject(stub("a"), () => { throw new RangeError("from inside"); })).rejects.toThrow("from inside");
    await expect(runInDurableObject({} as any, () => {})).rejects.toThrow("parameter 1 is not of type 'DurableObjectStub'");
  });
  it("are listed", async () => {
    await stub("listed").add(1);
    const ids = await listDurableObjectIds(bindings.COUNTER);
    expect(ids.filter((id: any) => id.equals(bindings.COUNTER.idFromName("listed"))).length).toBe(1);
    await expect(listDurableObjectIds({} as any)).rejects.toThrow("parameter 1 is not of type 'DurableObjectNamespace'");
  });
  it("run their alarm now", async () => {
    await runInDurableObject(stub("a"), async (instance: Counter, state) => {
      await instance.add(3);
      await state.storage.setAlarm(Date.now() + 60_000);
    });
    expect(await runDurableObjectAlarm(stub("a"))).toBe(true);
    expect(await runDurableObjectAlarm(stub("a"))).toBe(false);
    expect(await stub("a").add(1)).toBe(1);
  });
  it("lose what is in memory when evicted", async () => {
    await stub("a").add(2);
    await runInDurableObject(stub("a"), (instance: Counter) => { instance.count = 999; });
    await evictDurableObject(stub("a"), { webSockets: "hibernate" });
    expect(await stub("a").add(1)).toBe(3);
    await runInDurableObject(stub("a"), (instance: Counter) => { instance.count = 999; });
    await evictAllDurableObjects();
    expect(await stub("a").add(1)).toBe(4);
    await expect(evictDurableObject({} as any)).rejects.toThrow(TypeError);
  });
  it("keep their sockets, or close them", async () => {
    const open = async () => {
      const socket = (await stub("a").fetch("https://example.com/", { headers: { upgrade: "websocket" } })).webSocket!;
      socket.accept();
      return socket;
    };
    const socket = await open();
    await evictDurableObject(stub("a"));
    const heard = new Promise<string>((resolve) => socket.addEventListener("message", (event: any) => resolve(event.data)));
    socket.send("awake");
    expect(await heard).toBe("0 awake");
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    await evictDurableObject(stub("a"), { webSockets: "close" });
    expect(await closed).toBeDefined();
  });
});

describe("storage", () => {
  const migrations = [
    { name: "0001_a.sql", queries: ["CREATE TABLE a (id INTEGER PRIMARY KEY)", "INSERT INTO a VALUES (1)"] },
    { name: "0002_b.sql", queries: ["INSERT INTO a VALUES (2)"] },
  ];
  it("is migrated once", async () => {
    await applyD1Migrations(bindings.DB, migrations.slice(0, 1));
    await applyD1Migrations(bindings.DB, migrations);
    await applyD1Migrations(bindings.DB, migrations);
    expect((await bindings.DB.prepare("SELECT id FROM a").all()).results).toEqual([{ id: 1 }, { id: 2 }]);
    expect((await bindings.DB.prepare("SELECT id, name FROM d1_migrations").all()).results).toEqual([{ id: 1, name: "0001_a.sql" }, { id: 2, name: "0002_b.sql" }]);
    await expect(applyD1Migrations({} as any, migrations)).rejects.toThrow("parameter 1 is not of type 'D1Database'");
    await expect(applyD1Migrations(bindings.DB, [{}] as any)).rejects.toThrow("parameter 2 is not of type 'D1Migration[]'");
  });
  it("is emptied by reset", async () => {
    await bindings.KV.put("k", "v");
    await stub("a").add(1);
    await reset();
    expect(await bindings.KV.get("k")).toBe(null);
    expect(await stub("a").add(1)).toBe(1);
  });
});

it("mocks what the worker fetches", async () => {
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("mocked"));
  expect(await text(fetch("https://api.example.com/"))).toBe("mocked");
  spy.mockRestore();
});
