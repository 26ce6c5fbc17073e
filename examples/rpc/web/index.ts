import { WorkerEntrypoint } from "cloudflare:workers";
import type { Ledger } from "../ledger/index";

interface Env {
  LEDGER: Service<Ledger>;
}

export default class extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    const [, name, action] = new URL(request.url).pathname.split("/");
    const amount = Number(await request.text());
    try {
      switch (action) {
        case undefined:
          return Response.json({ bank: await this.env.LEDGER.bank(), balance: await this.env.LEDGER.open(name).balance });
        case "deposit":
          return Response.json({ balance: await this.env.LEDGER.open(name).deposit(amount) });
        case "withdraw":
          return Response.json({ balance: await this.env.LEDGER.open(name).withdraw(amount) });
        case "history":
          return await this.history(name);
      }
    } catch (e) {
      if (e.name === "Overdrawn") return Response.json({ error: e.message, missing: e.missing }, { status: 409 });
      throw e;
    }
    return new Response("Not found", { status: 404 });
  }

  private async history(name: string): Promise<Response> {
    const lines: string[] = [];
    using account = await this.env.LEDGER.open(name);
    await account.history((line: string) => { lines.push(line); });
    return new Response(lines.join("\n"));
  }
}
