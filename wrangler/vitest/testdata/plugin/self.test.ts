import { SELF } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

const self = SELF as any;

it("gets a cron event", async () => {
  expect(await self.scheduled({ scheduledTime: new Date(1000), cron: "30 * * * *" })).toEqual({ outcome: "ok", noRetry: false });
  expect(await (env as any).KV.get("cron")).toBe("30 * * * * 1000");
  expect((await self.scheduled()).outcome).toBe("ok");
});

it("gets a batch of a queue", async () => {
  const message = (id: string, body: unknown) => ({ id, timestamp: new Date(1000), attempts: 1, body });
  const result = await self.queue("jobs", [message("a", "fine"), message("b", "again")]);
  expect(result.outcome).toBe("ok");
  expect(result.ackAll).toBe(false);
  expect(result.retryBatch.retry).toBe(false);
  expect(result.explicitAcks).toEqual(["a"]);
  expect(result.retryMessages).toEqual([{ msgId: "b", delaySeconds: 5 }]);
  expect((await self.queue("jobs", [])).outcome).toBe("ok");
});
