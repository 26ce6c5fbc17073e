import { HttpError, answer, notFound } from "./http";
import { isShareId } from "./protocol";

/** Hands the upgrade of `/ws/:shareId` to the share's room; the room's 101 goes back as it is. */
export function joinRoom(request: Request, rooms: DurableObjectNamespace): Promise<Response> {
  return answer(async () => {
    const id = new URL(request.url).pathname.slice("/ws/".length);
    if (!isShareId(id)) throw notFound("such share");
    if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
      throw new HttpError(426, "upgrade_required", "This address speaks WebSocket.", { Upgrade: "websocket" });
    }
    return rooms.get(rooms.idFromName(id)).fetch(request);
  });
}
