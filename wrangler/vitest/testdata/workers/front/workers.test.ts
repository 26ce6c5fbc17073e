import {
  env, evictDurableObject, fetchMock, introspectWorkflow, introspectWorkflowInstance, listDurableObjectIds, runDurableObjectAlarm,
  runInDurableObject, SELF,
} from "cloudflare:test";
import { afterEach, expect, it } from "vitest";

afterEach(() => fetchMock.assertNoPendingInterceptors());

it("mocks what a worker behind a service binding fetches", async () => {
  fetchMock.activate();
  fetchMock.disableNetConnect();
  fetchMock.get("https://api.example.com").intercept({ path: "/price" }).reply(203, "7 euros");
  expect(await (await SELF.fetch("https://example.com/")).text()).toBe("back got 203 7 euros");
  await expect(SELF.fetch("https://example.com/")).rejects.toThrow("Mock dispatch not matched for GET https://api.example.com/price");
});

it("looks into objects of another worker", async () => {
  const room = env.ROOM.get(env.ROOM.idFromName("a"));
  await room.say("hello");
  expect(await runInDurableObject(room, (instance) => instance.lines)).toEqual(["hello"]);
  expect(await runInDurableObject(room, (_, state, key) => state.storage.get(key), "lines")).toEqual(["hello"]);
  await expect(runInDurableObject(room, () => { throw new RangeError("inside"); })).rejects.toThrow("inside");
  expect(await listDurableObjectIds(env.ROOM)).toHaveLength(1);
  expect([await runDurableObjectAlarm(room), await runDurableObjectAlarm(room)]).toEqual([true, false]);
  await evictDurableObject(room);
  expect(await runInDurableObject(room, async (instance, state) => [instance.lines, await state.storage.get("rang")])).toEqual([[], true]);
});

it("says what there is not", async () => {
  await expect(introspectWorkflow(env.ROOM)).rejects.toThrow("introspectWorkflow() needs a Workflow binding of env.");
  await expect(introspectWorkflowInstance(env.ROOM, "id")).rejects.toThrow("introspectWorkflowInstance() needs a Workflow binding of env.");
});
