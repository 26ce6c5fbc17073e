export interface Env {
  ASSETS: Fetcher;
  SESSIONS: Fetcher;
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    // A WebSocket is a GET with an Upgrade header until it is answered: both kinds are forwarded the same way.
    if (pathname.startsWith("/api/") || pathname.startsWith("/ws/")) return env.SESSIONS.fetch(request);
    return env.ASSETS.fetch(request);
  },
} satisfies ExportedHandler<Env>;
