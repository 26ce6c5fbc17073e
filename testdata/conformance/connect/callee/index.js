// What answers the connections of the probes, by the name of the host.
import { WorkerEntrypoint, DurableObject } from "cloudflare:workers";

const encoder = new TextEncoder();
export let last = {};

async function answer(socket, extra) {
  const info = await socket.opened;
  const host = String(info.localAddress).split(":")[0];
  const say = async (text) => { const w = socket.writable.getWriter(); await w.write(encoder.encode(text)); w.releaseLock(); };
  switch (host) {
    case "info.example":
      await say(JSON.stringify({ info: { ...info }, keys: Object.keys(info), tag: Object.prototype.toString.call(socket), cls: socket.constructor.name,
        transport: socket.secureTransport, upgraded: socket.upgraded, ...extra }));
      return socket.close();
    case "echo.example": for await (const c of socket.readable) await say(new TextDecoder().decode(c)); return;
    case "pipe.example": return socket.readable.pipeTo(socket.writable);
    case "upper.example": {
      const text = await new Response(socket.readable).text();
      await say(text.toUpperCase());
      return socket.close();
    }
    case "hello.example": await say("hello"); return; // neither closed nor awaited
    case "close.example": return socket.close();
    case "throw.example": throw new Error("refused by the handler");
    case "late.example": await say("some"); throw new TypeError("refused later");
    case "return.example": return;
    case "tls.example": try { socket.startTls(); await say("started"); } catch (e) { await say(e.constructor.name + ": " + e.message); } return socket.close();
    case "abort.example": await socket.writable.abort(new Error("aborted")); return;
    case "cancel.example": await socket.readable.cancel(new Error("cancelled")); await say("still"); return socket.close();
    case "half.example": {
      const text = await new Response(socket.readable).text();
      last.half = text;
      await say("got " + text);
      return socket.close();
    }
    case "big.example": {
      const w = socket.writable.getWriter();
      const chunk = new Uint8Array(64 * 1024).fill(7);
      for (let i = 0; i < 64; i++) await w.write(chunk);
      return w.close();
    }
    case "count.example": {
      let n = 0;
      for await (const c of socket.readable) n += c.byteLength;
      await say(String(n));
      return socket.close();
    }
    case "waiting.example": await say("1"); await scheduler.wait(20); await say("2"); return socket.close();
  }
  await say("unknown " + host);
  return socket.close();
}

export default {
  connect(socket, env, ctx) { return answer(socket, { args: [typeof env.OBJ, ctx?.constructor?.name] }); },
  async give(s) {
    const info = await s.opened, w = s.writable.getWriter();
    await w.write(encoder.encode("over rpc"));
    await w.close();
    return [info, await new Response(s.readable).text()];
  },
  last(name) { return last[name]; },
};
export class Named extends WorkerEntrypoint {
  connect(socket) { return answer(socket, { args: [this.ctx.props] }); }
}
export class None extends WorkerEntrypoint { fetch() { return new Response("fetch"); } }
export const plainNone = { fetch() { return new Response("fetch"); } };
export class Obj extends DurableObject {
  n = 0;
  connect(socket) { this.n++; return answer(socket, { args: [this.ctx.id.name] }); }
  count() { return this.n; }
}
export class ObjNone extends DurableObject { fetch() { return new Response("fetch"); } }
export class Throws extends WorkerEntrypoint { constructor(ctx, env) { super(ctx, env); throw new Error("in the constructor"); } connect() {} }
export class ObjThrows extends DurableObject { constructor(ctx, env) { super(ctx, env); throw new Error("in the constructor"); } connect() {} }
