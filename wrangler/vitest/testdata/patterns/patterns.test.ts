import events from "node:events";
import { createExecutionContext, env as testEnv, evictAllDurableObjects, evictDurableObject, runInDurableObject, SELF, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import worker, { type Sockets } from "./index";

const url = (path: string) => `https://example.com${path}`;
const text = async (response: Promise<Response>) => (await response).text();

afterEach(() => { vi.restoreAllMocks(); });

describe("cloudflare:workers in tests", () => {
  it("has the same env", () => {
    expect(env.NAME).toBe("patterns");
    expect(env.KV).toBe(testEnv.KV);
  });
  it("has the worker's exports", async () => {
    expect(await text(exports.default.fetch(url("/named")))).toBe("hi from patterns");
    expect(await exports.Named.hi()).toBe("hi from patterns");
    expect(exports.Nobody).toBeUndefined();
  });
  it("has plain handlers behind bindings", async () => { expect(await (await env.PLAIN.fetch(url("/"))).json()).toContain("KV"); });
});

describe("modules imported late", () => {
  it("in a worker", async () => { expect(await text(exports.default.fetch(url("/")))).toBe("imported by a worker"); });
  it("in an object", async () => { expect(await text(env.SOCKETS.getByName("late").fetch(url("/")))).toBe("imported by an object"); });
});

describe("objects with sockets", () => {
  async function connect(stub: any) {
    const socket: WebSocket = (await stub.fetch(url("/"), { headers: { Upgrade: "websocket" } })).webSocket;
    socket.accept();
    return socket;
  }
  const answers = (socket: WebSocket, count: number) => new Promise<string[]>((resolve) => {
    const got: string[] = [];
    socket.addEventListener("message", ({ data }) => { if (got.push(data) === count) resolve(got); });
  });

  it("keep the order of messages", async () => {
    const stub = env.SOCKETS.getByName("order"), socket = await connect(stub);
    const sent = Array.from({ length: 100 }, (_, n) => `message ${n}`), got = answers(socket, sent.length);
    for (const message of sent) socket.send(message);
    expect(await got).toEqual(sent.map((message) => `heard ${message}`));
    expect(await (await stub.fetch(url("/heard"))).json()).toEqual(sent);
  });
  it("need no handler for the end", async () => {
    const stub = env.SOCKETS.getByName("end");
    for (const message of ["one", "two"]) {
      const socket = await connect(stub), got = answers(socket, 1);
      socket.send(message);
      expect(await got).toEqual([`heard ${message}`]);
      socket.close(1000, "done");
    }
  });
  it("hibernate when evicted, or close", async () => {
    const stub = env.SOCKETS.getByName("evicted"), socket = await connect(stub), got = answers(socket, 1);
    await evictDurableObject(stub);
    await evictAllDurableObjects();
    socket.send("afterwards");
    expect(await got).toEqual(["heard afterwards"]);
    const closed = events.once(socket as any, "close");
    await evictDurableObject(stub, { webSockets: "close" });
    await closed;
    await expect(evictDurableObject({} as any)).rejects.toThrow(TypeError);
  });
  it("can be asked for a redirect", async () => {
    const stub = env.SOCKETS.getByName("redirect");
    expect((await stub.fetch(url("/elsewhere"), { redirect: "manual" })).status).toBe(302);
    expect((await runInDurableObject(stub, (instance: Sockets) => instance.fetch(new Request(url("/elsewhere"))))).status).toBe(302);
  });
});

describe("fetch replaced by a spy", () => {
  it("answers what the worker fetches", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input: any, init: any) => {
      if (new URL(new Request(input, init).url).search === "?known") return new Response("from the spy");
      throw new Error("nobody mocked that");
    });
    expect(await text(SELF.fetch(url("/out?known")))).toBe("from the spy");
    await expect(SELF.fetch(url("/out"))).rejects.toThrow("nobody mocked that");
  });
  it("can give a socket", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => {
      const { 0: ours, 1: theirs } = new WebSocketPair();
      ours.addEventListener("message", ({ data }) => ours.send(String(data).toUpperCase()));
      ours.accept();
      return new Response(null, { status: 101, webSocket: theirs });
    });
    const response = await exports.default.fetch(url("/out"), { headers: { Upgrade: "websocket" } });
    expect(response.status).toBe(101);
    const heard = events.once(response.webSocket, "message");
    response.webSocket.accept();
    response.webSocket.send("loud");
    expect((await heard)[0].data).toBe("LOUD");
  });
});

it("runs a handler as a unit", async () => {
  const call = async () => {
    const ctx = createExecutionContext();
    const response = await worker.fetch(new Request(url("/cached")), env, ctx);
    await waitOnExecutionContext(ctx);
    return response.text();
  };
  expect(await call()).toBe(await call());
});

it("waits for a queue's consumer", { timeout: 60_000 }, async () => {
  await env.JOBS.send("done");
  await vi.waitUntil(async () => await env.KV.get("job") === "done", { timeout: 50_000 });
});
