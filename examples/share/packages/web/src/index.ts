import { joinRoom } from "../../shared/join";

export { ShareRoom } from "./room";

export interface Env {
  ASSETS: Fetcher;
  SESSIONS: Fetcher;
  SHARE_ROOM: DurableObjectNamespace;
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    // As it is: method, headers, body stream; and the response likewise.
    if (pathname.startsWith("/api/")) return env.SESSIONS.fetch(request);
    if (pathname.startsWith("/ws/")) return joinRoom(request, env.SHARE_ROOM);
    return env.ASSETS.fetch(request);
  },
} satisfies ExportedHandler<Env>;
