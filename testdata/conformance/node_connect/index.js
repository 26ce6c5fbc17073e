// Servers of node:net behind connectHandler of cloudflare:node, as those who
// connect to them see it.
import net from "node:net";
import * as cf from "cloudflare:node";
import { area, error } from "../probe.js";

/** Sends a text to a port of the server, and gives what comes back. */
async function ask(env, port, text, { close = true } = {}) {
  const socket = env.SERVER.connect(`server.example:${port}`, { allowHalfOpen: true });
  const writer = socket.writable.getWriter();
  if (text !== undefined) await writer.write(new TextEncoder().encode(text));
  if (close) await writer.close();
  let out = "";
  try { for await (const c of socket.readable) out += new TextDecoder().decode(c); } catch (e) { return [out, error(e)]; }
  return out;
}

/** What the server noted of a port, once it has. */
async function noted(env, port) {
  for (;;) {
    const all = JSON.parse(await ask(env, 5099));
    if (port in all) return all[port];
    await scheduler.wait(5);
  }
}

export default area({
  "echo": ({ env }) => ask(env, 5001, "hello"),
  "echo nothing": ({ env }) => ask(env, 5001),
  "about": async ({ env }) => JSON.parse(await ask(env, 5002, undefined, { close: false })),
  "upper": ({ env }) => ask(env, 5003, "text of a client"),
  "not half open": async ({ env }) => { const r = await ask(env, 5004, "four"); return [r, await noted(env, 5004)]; },
  "destroyed": ({ env }) => ask(env, 5005, undefined, { close: false }),
  "connections": ({ env }) => ask(env, 5006, undefined, { close: false }),
  "pieces": ({ env }) => ask(env, 5007, undefined, { close: false }),
  "paused": ({ env }) => ask(env, 5008, "x", { close: false }),
  "closed": ({ env }) => ask(env, 5009, undefined, { close: false }),
  "nobody": ({ env }) => ask(env, 5098, undefined, { close: false }),
  "localhost": ({ env }) => ask(env, 5010),
  "six": ({ env }) => ask(env, 5011),
  "full": async ({ env }) => { const r = await ask(env, 5012, undefined, { close: false }); return [r, await noted(env, 5012)]; },
  "much": ({ env }) => ask(env, 5013, "x".repeat(300_000)),
  "handler": () => { const h = cf.connectHandler(); return [Object.keys(h), h.connect.name, h.connect.length, cf.connectHandler.length]; },
  "by hand": () => cf.handleAsNodeConnection({ opened: Promise.resolve({ localAddress: "x:7777" }) }),
  "by hand, no address": () => cf.handleAsNodeConnection({ opened: Promise.resolve({}) }),
  "http is no listener": () => { const s = net.createServer().listen(8001); try { return cf.handleAsNodeRequest(8001, new Request("http://x/")); } finally { s.close(); } },
});
