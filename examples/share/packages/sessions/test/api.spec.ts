import { env, SELF } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isShareId, MAX_CONTENT } from "../../shared/protocol";

const api = "https://share.example.com/api";

const create = (body: BodyInit, type = "application/json") =>
  SELF.fetch(`${api}/share`, { method: "POST", headers: { "Content-Type": type }, body });

describe("POST /api/share", () => {
  it("stores JSON", async () => {
    const response = await create(JSON.stringify({ title: "Mine", content: "text" }));
    const { id, title, seq } = await response.json<any>();
    expect({ status: response.status, title, seq }).toEqual({ status: 201, title: "Mine", seq: 1 });
    expect(response.headers.get("Location")).toBe(`/api/share/${id}`);
    expect(id).toSatisfy(isShareId);
    const object = await env.STORE.get(`shares/${id}.json`);
    expect(await object.json()).toMatchObject({ id, content: "text" });
  });

  it("stores plain text, with its first line as the title", async () => {
    const response = await create("\n## Hello\nworld", "text/plain");
    expect(await response.json()).toMatchObject({ title: "Hello" });
  });

  it.each([
    ["no JSON", "{", "application/json", 400, "invalid_json"],
    ["no content", "{}", "application/json", 400, "invalid_document"],
    ["another type", "<p>", "text/html", 415, "unsupported_media_type"],
    ["too much", "x".repeat(MAX_CONTENT + 1), "text/plain", 413, "too_large"],
  ])("refuses %s", async (_name, body, type, status, code) => {
    const response = await create(body, type);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect((await env.STORE.list()).objects).toEqual([]);
  });
});

describe("GET /api/share/:id", () => {
  it("knows nothing of other ids", async () => {
    expect((await SELF.fetch(`${api}/share/0123456789`)).status).toBe(404);
    expect((await SELF.fetch(`${api}/share/not-an-id`)).status).toBe(404);
  });

  it("answers a conditional request without the body", async () => {
    const { id } = await (await create("text", "text/plain")).json<any>();
    const first = await SELF.fetch(`${api}/share/${id}`);
    expect(await first.json()).toMatchObject({ id, content: "text" });
    const second = await SELF.fetch(`${api}/share/${id}`, { headers: { "If-None-Match": first.headers.get("ETag")! } });
    expect(second.status).toBe(304);
  });
});

describe("GET /api/sessions", () => {
  afterEach(() => { vi.useRealTimers(); });

  it("lists the newest first, in pages", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    for (const day of [1, 2, 3]) {
      vi.setSystemTime(new Date(2026, 0, day));
      await create(`day ${day}`, "text/plain");
    }
    const all = await (await SELF.fetch(`${api}/sessions`)).json<any>();
    expect(all.sessions.map((s: { title: string }) => s.title)).toEqual(["day 3", "day 2", "day 1"]);
    const page = await (await SELF.fetch(`${api}/sessions?limit=2`)).json<any>();
    expect(page.sessions).toHaveLength(2);
    const rest = await (await SELF.fetch(`${api}/sessions?limit=2&cursor=${encodeURIComponent(page.cursor)}`)).json<any>();
    expect(rest).toMatchObject({ sessions: [{}], cursor: null });
  });

  it("refuses limits that are none", async () => {
    for (const limit of ["0", "101", "many"]) {
      expect((await SELF.fetch(`${api}/sessions?limit=${limit}`)).status).toBe(400);
    }
  });
});
