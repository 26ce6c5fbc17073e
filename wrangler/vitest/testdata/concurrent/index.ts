export default {
  async fetch(request: Request, env: any) {
    const key = new URL(request.url).pathname.slice(1);
    await env.KV.put(key, "v");
    return new Response("ok");
  },
};
