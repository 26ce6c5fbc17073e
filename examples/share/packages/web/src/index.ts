import { HttpError, notFound } from "../../shared/http";
import { isShareId } from "../../shared/protocol";

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
    if (pathname.startsWith("/ws/")) return joinRoom(request, env, pathname.slice("/ws/".length));
    return env.ASSETS.fetch(request);
  },
} satisfies ExportedHandler<Env>;

function joinRoom(request: Request, env: Env, id: string): Response | Promise<Response> {
  if (!isShareId(id)) return notFound("such share").toResponse();
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    return new HttpError(426, "upgrade_required", "This address speaks WebSocket.", { Upgrade: "websocket" }).toResponse();
  }
  return env.SHARE_ROOM.get(env.SHARE_ROOM.idFromName(id)).fetch(request);
}
