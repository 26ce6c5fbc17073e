import { answer, empty, json, notFound } from "../../shared/http";
import type { ShareDocument } from "../../shared/protocol";
import { handleApi, type ApiEnv } from "./api";
import { Documents } from "./documents";

export default {
  fetch(request, env) {
    const url = new URL(request.url);
    // A host no request from outside can have: this is the room, over the service binding.
    if (url.hostname === "sessions.internal") return handleRoom(request, url, env);
    return handleApi(request, env);
  },
} satisfies ExportedHandler<ApiEnv>;

/** What rooms need and nobody else may have: whole documents, read and stored with their number. */
function handleRoom(request: Request, url: URL, env: ApiEnv): Promise<Response> {
  return answer(async () => {
    const documents = new Documents(env.STORE);
    if (request.method === "PUT") {
      const saved = await documents.save((await request.json()) as ShareDocument);
      if (!saved) throw notFound("such share");
      return empty(204);
    }
    const document = await documents.read(url.pathname.slice("/documents/".length));
    if (!document) throw notFound("such share");
    return json(document);
  });
}
