import { handle } from "../handlers.js";

// Does what the other worker does, and says so.
export default {
  async fetch(request, env) {
    const response = await handle(request, env);
    const headers = new Headers(response.headers);
    headers.set("X-Answered-By", "back");
    return new Response(response.body, { status: response.status, headers, webSocket: response.webSocket });
  },
};
