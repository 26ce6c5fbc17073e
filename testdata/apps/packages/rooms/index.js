// partyserver: rooms with sockets that hibernate.
import { Server, routePartykitRequest, getServerByName } from "partyserver";
import { area } from "../../../conformance/probe.js";

export class Room extends Server {
  static options = { hibernate: true };
  onConnect(c, ctx) { c.send("hi " + new URL(ctx.request.url).pathname); c.setState({ x: 1 }); }
  onMessage(c, m) { this.broadcast("all " + m); c.send("you " + c.state.x); }
  onRequest(r) { return new Response(r.method + " room " + this.name); }
  async names() { return [...this.getConnections()].length; }
}
const messages = (ws, n) => new Promise((ok) => { const out = []; ws.addEventListener("message", (e) => { out.push(e.data); if (out.length === n) ok(out); }); });

export default area({
  "request": async ({ env }) => { const r = await routePartykitRequest(new Request("http://x.example/parties/room/lobby"), env); return [r.status, await r.text()]; },
  "elsewhere": async ({ env }) => String(await routePartykitRequest(new Request("http://x.example/other"), env)),
  "unknown party": async ({ env }) => { const r = await routePartykitRequest(new Request("http://x.example/parties/nope/a"), env); return [r.status, await r.text()]; },
  "cors": async ({ env }) => { const r = await routePartykitRequest(new Request("http://x.example/parties/room/lobby", { method: "OPTIONS" }), env, { cors: true }); return [r.status, [...r.headers]]; },
  "socket": async ({ env }) => { const r = await routePartykitRequest(new Request("http://x.example/parties/room/lobby", { headers: { upgrade: "websocket" } }), env); const ws = r.webSocket; ws.accept(); const p = messages(ws, 3); ws.send("m"); return [await p, await (await getServerByName(env.Room, "lobby")).names()]; },
  "refused": async ({ env }) => { const r = await routePartykitRequest(new Request("http://x.example/parties/room/lobby"), env, { onBeforeRequest: () => new Response("no", { status: 403 }) }); return [r.status, await r.text()]; },
});
