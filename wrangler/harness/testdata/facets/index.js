import { DurableObject } from "cloudflare:workers";

export class Log extends DurableObject {
  async add() { await this.ctx.storage.put("n", (await this.ctx.storage.get("n") ?? 0) + 1); return this.ctx.storage.get("n"); }
  inner() { return this.ctx.facets.get("inner", () => ({ class: this.ctx.exports.Log })).add(); }
}
export class Parent extends DurableObject {
  async fetch() {
    const log = this.ctx.facets.get("log", () => ({ class: this.ctx.exports.Log }));
    return new Response(`${await log.add()} ${await log.inner()}`);
  }
}
export default { fetch: (request, env) => env.PARENT.getByName("p").fetch(request) };
