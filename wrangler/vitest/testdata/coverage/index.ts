import { classify, Counter, first, lastly, later, loops, name, pick, unused } from "./paths";

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/unused") {
      return new Response(String(unused(1)));
    }
    const parts = [classify(5), pick("a"), name({ first: "Ann" }), first([3]), lastly(), loops(3), new Counter().add(), await later(true)];
    return new Response(parts.join());
  },
};
