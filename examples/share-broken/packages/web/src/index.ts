// Exporting the class is not enough to have rooms: see the configuration.
export { ShareRoom } from "../../../../share/packages/web/src/room";

export interface Env {
  ASSETS: Fetcher;
  SESSIONS: Fetcher;
  SHARE_ROOM: DurableObjectNamespace;
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/")) return env.SESSIONS.fetch(request);
    // Fault 3: the rooms are meant to be in this worker; `sessions` knows no /ws/.
    if (pathname.startsWith("/ws/")) return env.SESSIONS.fetch(request);
    return env.ASSETS.fetch(request);
  },
} satisfies ExportedHandler<Env>;
