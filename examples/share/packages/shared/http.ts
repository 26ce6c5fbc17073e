// Answers every worker of this example gives in the same form.

/** Anyone holding a share's id may use the API from any page; nothing here depends on cookies. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Location",
};

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-cache", ...CORS, ...headers },
  });
}

export function empty(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { ...CORS, ...headers } });
}

export function preflight(methods: string): Response {
  return empty(204, {
    "Access-Control-Allow-Methods": methods,
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
  });
}

/** An answer other than success; thrown where it is noticed, turned into JSON in one place. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  toResponse(): Response {
    return json({ error: { code: this.code, message: this.message } }, this.status, this.headers);
  }
}

export function notFound(what: string): HttpError {
  return new HttpError(404, "not_found", `There is no ${what}.`);
}

/** Runs a handler; HttpErrors become JSON, anything else a logged 500 that tells the client nothing. */
export async function answer(handler: () => Promise<Response>): Promise<Response> {
  try {
    return await handler();
  } catch (error) {
    if (error instanceof HttpError) return error.toResponse();
    console.error("unexpected error:", error);
    return new HttpError(500, "internal", "Something went wrong.").toResponse();
  }
}
