import { handleApi, type ApiEnv } from "../../../../share/packages/sessions/src/api";
import { joinRoom } from "../../../../share/packages/shared/join";

export { ShareRoom } from "./room";

export type Env = ApiEnv;

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/ws/")) return joinRoom(request, env.SHARE_ROOM);
    return handleApi(request, env);
  },
} satisfies ExportedHandler<Env>;
