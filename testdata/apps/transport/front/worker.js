import { handle } from "../handlers.js";

const GREETING = "hello";

export default {
  fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/hello") return new Response(GREETING);
    if (!url.pathname.startsWith("/back/")) return handle(request, env);
    url.pathname = url.pathname.slice("/back".length);
    return env.BACK.fetch(new Request(url, request));
  },
};
