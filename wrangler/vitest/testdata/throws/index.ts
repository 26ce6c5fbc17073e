import { WorkerEntrypoint } from "cloudflare:workers";

class Odd extends Error { name = "Odd"; }

function answer(path: string): any {
  switch (path) {
    case "/error": throw new Error("boom");
    case "/odd": throw new Odd("strange");
    case "/type": throw new TypeError("typed");
    case "/text": throw "text";
    case "/dom": throw new DOMException("gone", "AbortError");
    case "/nothing": return undefined;
  }
  return new Response("ok");
}

export class Named extends WorkerEntrypoint {
  fetch(request: Request) { return answer(new URL(request.url).pathname); }
}

export default { fetch: (request: Request) => answer(new URL(request.url).pathname) };
