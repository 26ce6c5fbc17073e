import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  lines = [];
  async say(line) {
    this.lines.push(line);
    await this.ctx.storage.put("lines", this.lines);
    await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
  }
  async alarm() { await this.ctx.storage.put("rang", true); }
}

export default {
  async fetch() {
    const response = await fetch("https://api.example.com/price");
    return new Response(`back got ${response.status} ${await response.text()}`);
  },
};
