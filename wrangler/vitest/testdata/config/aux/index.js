export default {
  async fetch(request, env) {
    await env.KEPT.put("k", "kept");
    return new Response([env.WORD, await env.KEPT.get("k")].join(" "));
  },
};
