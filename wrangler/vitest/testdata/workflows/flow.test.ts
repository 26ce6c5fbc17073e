import { env, introspectWorkflow, introspectWorkflowInstance, SELF } from "cloudflare:test";
import { clock } from "miniworker:test";
import { expect, it } from "vitest";

it("mocks one instance", async () => {
  await using i = await introspectWorkflowInstance(env.FLOW, "one");
  await i.modify(async (m) => {
    await m.disableSleeps();
    await m.mockStepResult({ name: "a" }, "mocked");
    await m.mockEvent({ type: "go", payload: { n: 1 } });
    await m.mockStepResult({ name: "stream" }, new Response("a stream").body);
  });
  await env.FLOW.create({ id: "one" });
  expect(await i.waitForStepResult({ name: "a" })).toBe("mocked");
  await i.waitForStatus("complete");
  expect(await i.getOutput()).toEqual(["mocked", { n: 1 }, "a stream"]);
  await expect(i.getError()).rejects.toThrow("must be \"errored\"");
  await expect(i.waitForStatus("errored")).rejects.toThrow("finite status");
});

it("forgets it", async () => {
  await expect(env.FLOW.get("one")).rejects.toThrow("instance.not_found");
});

it("mocks errors, and those only so often", async () => {
  await using i = await introspectWorkflowInstance(env.FLOW, "errors");
  await i.modify(async (m) => {
    await m.disableSleeps([{ name: "long" }]);
    await m.disableRetryDelays();
    await m.mockStepError({ name: "a" }, new RangeError("mocked"), 1);
    await m.forceStepTimeout({ name: "a" }, 1);
    await m.forceEventTimeout({ name: "b" });
  });
  await env.FLOW.create({ id: "errors" });
  expect(await i.waitForStepResult({ name: "a" })).toBe("real");
  await i.waitForStatus("errored");
  expect((await i.getError()).message).toContain("timed out");
});

it("mocks every instance", async () => {
  const flows = await introspectWorkflow(env.FLOW);
  await flows.modifyAll(async (m) => {
    await m.disableSleeps();
    await m.mockEvent({ type: "go", payload: 2 });
  });
  const id = await (await SELF.fetch("http://x/")).text();
  const [i] = await flows.get();
  await i.waitForStatus("complete");
  expect(await i.getOutput()).toEqual(["real", 2, "real"]);
  await flows.dispose();
  await expect(env.FLOW.get(id)).rejects.toThrow("instance.not_found");
});

it("lets time pass", async () => {
  await env.FLOW.create({ id: "time" });
  const i = await introspectWorkflowInstance(env.FLOW, "time");
  await i.waitForStepResult({ name: "a" });
  await clock.advance("30d");
  await (await env.FLOW.get("time")).sendEvent({ type: "go", payload: 3 });
  await i.waitForStatus("complete");
  expect(await i.getOutput()).toEqual(["real", 3, "real"]);
  await i.dispose();
});
