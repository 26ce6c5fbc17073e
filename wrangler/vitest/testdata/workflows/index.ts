import { WorkflowEntrypoint } from "cloudflare:workers";

export class Flow extends WorkflowEntrypoint {
  async run(event, step) {
    const a = await step.do("a", { retries: { limit: 2, delay: "1 hour" } }, async () => "real");
    await step.sleep("long", "30 days");
    const b = await step.waitForEvent("b", { type: "go", timeout: "1 day" });
    const c = await step.do("stream", async () => new Response("real").body);
    return [a, b.payload, await new Response(c).text()];
  }
}

export default {
  async fetch(request, env) {
    return new Response((await env.FLOW.create()).id);
  },
};
