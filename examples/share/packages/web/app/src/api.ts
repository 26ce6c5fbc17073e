import type { ShareMetadata } from "../../../shared/protocol";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  if (response.status === 204) return undefined as T;
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, body?.error?.message ?? `The server answered ${response.status}.`);
  return body as T;
}

export function listSessions(): Promise<{ sessions: ShareMetadata[] }> {
  return call("/api/sessions");
}

export function createShare(title: string, content: string): Promise<{ id: string }> {
  return call("/api/share", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ title, content }),
  });
}

export function readMetadata(id: string): Promise<ShareMetadata> {
  return call(`/api/share/${encodeURIComponent(id)}/metadata`);
}

export function deleteShare(id: string): Promise<void> {
  return call(`/api/share/${encodeURIComponent(id)}`, { method: "DELETE" });
}
