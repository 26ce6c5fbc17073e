import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch() {
    const n = ((await this.ctx.storage.get<number>("n")) ?? 0) + 1;
    await this.ctx.storage.put("n", n);
    return new Response(String(n));
  }
  async alarm() {
    await this.ctx.storage.put("rang", true);
  }
}

export default {
  async fetch(request: Request, env: any) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/count":
        return env.COUNTER.get(env.COUNTER.idFromName(searchParams.get("name") ?? "main")).fetch(request);
      case "/throw":
        throw new RangeError("no such thing");
      case "/proxy":
        return fetch("https://api.example.net/data?b=2&a=1", { headers: { "x-key": "1" } });
    }
    return new Response(env.GREETING);
  },
};
