import { env, listDurableObjectIds, runDurableObjectAlarm, runInDurableObject, SELF } from "cloudflare:test";
import { clock, trace } from "miniworker:test";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { PING, PONG, type ServerMessage, type ShareDocument } from "../../shared/protocol";
import { ShareRoom } from "../src/room";

const site = "https://share.example.com";

async function post(path: string, body: unknown): Promise<Response> {
  return SELF.fetch(site + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** A share with a room that has one member, who has seen the snapshot. */
async function join(id: string) {
  const response = await SELF.fetch(`${site}/ws/${id}`, { headers: { Upgrade: "websocket" } });
  expect(response.status).toBe(101);
  const socket = response.webSocket!;
  const received: ServerMessage[] = [];
  const waiting: (() => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    received.push(data === PONG ? PONG : JSON.parse(data as string));
    waiting.shift()?.();
  });
  socket.accept();
  onTestFinished(() => socket.close());
  return {
    socket, received,
    async next(): Promise<any> {
      if (received.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return received.shift();
    },
  };
}

describe("pages", () => {
  it("serves the app for every path that is no file", async () => {
    for (const path of ["/", "/s/0123456789"]) {
      const response = await SELF.fetch(site + path);
      expect(response.status).toBe(200);
      expect(response.headers.get("Content-Type")).toContain("text/html");
      await expect(response.text()).resolves.toContain('<div id="root">');
    }
  });

  it("passes /api/ on to the sessions worker", async () => {
    const response = await SELF.fetch(`${site}/api/sessions`);
    expect(await response.json()).toEqual({ sessions: [], cursor: null });
  });
});

describe("a share", () => {
  let id: string;

  // Each test gets a share of its own: what it does to it is undone after it.
  beforeEach(async () => {
    const response = await post("/api/share", { content: "# Notes\none" });
    expect(response.status).toBe(201);
    ({ id } = await response.json<ShareDocument>());
  });

  it("is the only one", async () => {
    const { sessions } = await (await SELF.fetch(`${site}/api/sessions`)).json<any>();
    expect(sessions).toEqual([expect.objectContaining({ id, title: "Notes", seq: 1 })]);
  });

  it("gives whoever joins the document", async () => {
    const { next } = await join(id);
    expect(await next()).toMatchObject({ type: "snapshot", clients: 1, document: { id, content: "# Notes\none", seq: 1 } });
  });

  it("tells the others of an edit", async () => {
    const [ann, bob] = [await join(id), await join(id)];
    await ann.next(); // her snapshot
    await bob.next();
    expect(await ann.next()).toEqual({ type: "presence", clients: 2 });
    ann.socket.send(JSON.stringify({ type: "edit", content: "two", base: 1 }));
    expect(await bob.next()).toMatchObject({ type: "edit", seq: 2, content: "two" });
    expect(await ann.next()).toMatchObject({ type: "ack", seq: 2, overwrote: false });
  });

  it("answers pings without waking the room", async () => {
    const { socket, next } = await join(id);
    await next();
    socket.send(PING);
    expect(await next()).toBe(PONG);
  });

  it("writes edits of sockets down when its alarm rings", async () => {
    const { socket, next } = await join(id);
    await next();
    socket.send(JSON.stringify({ type: "edit", content: "two", base: 1 }));
    await next();
    const stored = async () => (await (await SELF.fetch(`${site}/api/share/${id}`)).json<ShareDocument>()).content;
    expect(await stored()).toBe("# Notes\none");
    const room = env.SHARE_ROOM.get(env.SHARE_ROOM.idFromName(id));
    expect(await runDurableObjectAlarm(room)).toBe(true);
    expect(await stored()).toBe("two");
  });

  it("has edits in R2 within two seconds", async () => {
    clock.freeze();
    const { socket, next } = await join(id);
    await next();
    socket.send(JSON.stringify({ type: "edit", content: "two", base: 1 }));
    await next();
    const stored = async () => (await (await SELF.fetch(`${site}/api/share/${id}`)).json<ShareDocument>()).content;
    await clock.advance(1999);
    expect(await stored()).toBe("# Notes\none");
    await clock.advance(1);
    expect(await stored()).toBe("two");
  });

  it("is read through sessions, with one read of R2", async () => {
    await (await SELF.fetch(`${site}/api/share/${id}`)).text();
    expect(trace.through("sessions")).toBe(true);
    expect(trace.count({ binding: "STORE" })).toBe(1);
    expect(trace.count("storage")).toBe(0); // no room was asked
  });

  it("keeps its room's state in SQLite", async () => {
    await (await join(id)).next();
    expect(await listDurableObjectIds(env.SHARE_ROOM)).toHaveLength(1);
    const room = env.SHARE_ROOM.get(env.SHARE_ROOM.idFromName(id));
    await runInDurableObject(room, (instance, state) => {
      expect(instance).toBeInstanceOf(ShareRoom);
      expect(state.getWebSockets()).toHaveLength(1);
      expect(state.storage.sql.exec("SELECT id, seq FROM room").toArray()).toEqual([{ id, seq: 1 }]);
    });
  });

  it("is gone when it was deleted", async () => {
    const { socket, next } = await join(id);
    await next();
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    expect((await SELF.fetch(`${site}/api/share/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await closed).code).toBe(4410);
    expect((await SELF.fetch(`${site}/api/share/${id}`)).status).toBe(404);
  });
});
