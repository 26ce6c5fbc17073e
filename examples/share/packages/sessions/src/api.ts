import { HttpError, answer, empty, json, notFound, preflight } from "../../shared/http";
import { MAX_CONTENT, isShareId, type EditMode, type ShareDocument } from "../../shared/protocol";
import { Documents } from "./documents";

export interface ApiEnv {
  STORE: R2Bucket;
  SHARE_ROOM: DurableObjectNamespace;
}

type Handler = (request: Request, env: ApiEnv, id: string) => Promise<Response>;

const routes: { path: RegExp; methods: Record<string, Handler> }[] = [
  { path: /^\/api\/share$/, methods: { POST: createShare } },
  { path: /^\/api\/share\/([^/]+)$/, methods: { GET: readShare, DELETE: deleteShare } },
  { path: /^\/api\/share\/([^/]+)\/metadata$/, methods: { GET: readMetadata } },
  { path: /^\/api\/share\/([^/]+)\/sync$/, methods: { POST: syncShare } },
  { path: /^\/api\/sessions$/, methods: { GET: listSessions } },
];

/** The public API, everything under /api/. */
export function handleApi(request: Request, env: ApiEnv): Promise<Response> {
  return answer(async () => {
    const { pathname } = new URL(request.url);
    for (const { path, methods } of routes) {
      const match = path.exec(pathname);
      if (!match) continue;
      const id = match[1] ?? "";
      if (id && !isShareId(id)) throw notFound("such share");
      const allowed = [...Object.keys(methods), "OPTIONS"].join(", ");
      if (request.method === "OPTIONS") return preflight(allowed);
      const handler = methods[request.method === "HEAD" ? "GET" : request.method];
      if (!handler) {
        throw new HttpError(405, "method_not_allowed", `This address takes ${allowed}.`, { Allow: allowed });
      }
      return handler(request, env, id);
    }
    throw notFound("such address");
  });
}

async function createShare(request: Request, env: ApiEnv): Promise<Response> {
  const { title, content } = await readPosted(request);
  const document = await new Documents(env.STORE).create(title ?? titleOf(content), content);
  const { id, seq, createdAt } = document;
  const url = new URL(`/s/${id}`, request.url).href;
  return json({ id, url, title: document.title, seq, createdAt }, 201, { Location: `/api/share/${id}` });
}

async function readShare(request: Request, env: ApiEnv, id: string): Promise<Response> {
  const object = await new Documents(env.STORE).open(id, request.headers);
  if (!object) throw notFound("such share");
  if (!("body" in object)) return empty(304, { ETag: object.httpEtag });
  return json(await object.json<ShareDocument>(), 200, { ETag: object.httpEtag });
}

async function readMetadata(_request: Request, env: ApiEnv, id: string): Promise<Response> {
  const metadata = await new Documents(env.STORE).metadata(id);
  if (!metadata) throw notFound("such share");
  return json(metadata);
}

/** The room decides what number the edit gets and tells its members; the result goes to R2 at once. */
async function syncShare(request: Request, env: ApiEnv, id: string): Promise<Response> {
  const { mode, content } = await readPosted(request);
  const response = await room(env, id).fetch(`https://room.internal/edit?id=${id}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ mode, content }),
  });
  if (!response.ok) return response;
  const document = (await response.json()) as ShareDocument;
  if (!(await new Documents(env.STORE).save(document))) throw notFound("such share");
  return json({ id, seq: document.seq, updatedAt: document.updatedAt });
}

async function deleteShare(_request: Request, env: ApiEnv, id: string): Promise<Response> {
  if (!(await new Documents(env.STORE).remove(id))) throw notFound("such share");
  await room(env, id).fetch("https://room.internal/close", { method: "POST" });
  return empty(204);
}

async function listSessions(request: Request, env: ApiEnv): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const limit = Number(query.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new HttpError(400, "invalid_limit", "limit is a whole number from 1 to 100.");
  }
  return json(await new Documents(env.STORE).list(limit, query.get("cursor") ?? undefined));
}

function room(env: ApiEnv, id: string): Fetcher {
  return env.SHARE_ROOM.get(env.SHARE_ROOM.idFromName(id));
}

interface Posted {
  title?: string;
  content: string;
  mode: EditMode;
}

/** A document as JSON ({title?, content, mode?}) or, for `curl --data-binary @file`, as plain text. */
async function readPosted(request: Request): Promise<Posted> {
  const type = (request.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
  const text = await request.text();
  let posted: Posted;
  if (type === "text/plain") posted = { content: text, mode: "replace" };
  else if (type === "application/json") posted = parsePosted(text);
  else throw new HttpError(415, "unsupported_media_type", "Send application/json or text/plain.");
  if (posted.content.length > MAX_CONTENT) {
    throw new HttpError(413, "too_large", `A document has at most ${MAX_CONTENT} characters.`);
  }
  return posted;
}

function parsePosted(text: string): Posted {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, "invalid_json", "The body is not JSON.");
  }
  const { title, content, mode = "replace" } = (value ?? {}) as Record<string, unknown>;
  if (typeof content !== "string") throw new HttpError(400, "invalid_document", "content has to be a string.");
  if (title !== undefined && typeof title !== "string") {
    throw new HttpError(400, "invalid_document", "title has to be a string.");
  }
  if (mode !== "replace" && mode !== "append") {
    throw new HttpError(400, "invalid_document", 'mode is "replace" or "append".');
  }
  return { title: title?.trim().slice(0, 80) || undefined, content, mode };
}

/** The first line with something in it, without the marks of a Markdown heading. */
function titleOf(content: string): string {
  const lines = content.split("\n").map((line) => line.replace(/^[#\s]+/, "").trim());
  return lines.find((line) => line !== "")?.slice(0, 80) ?? "Untitled";
}
