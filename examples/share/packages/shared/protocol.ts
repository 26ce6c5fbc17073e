// What the workers and the browser agree on: the document, and the messages of a room.

export interface ShareDocument {
  id: string;
  title: string;
  content: string;
  /** Grows by one with every edit; of two versions, the one with the higher number is the current one. */
  seq: number;
  createdAt: string;
  updatedAt: string;
}

/** A document without its text, as lists and the metadata route show it. */
export interface ShareMetadata {
  id: string;
  title: string;
  seq: number;
  bytes: number;
  createdAt: string;
  updatedAt: string;
}

export type EditMode = "replace" | "append";

/** Browser to room. `base` is the last sequence number the browser had seen. */
export type ClientMessage = { type: "edit"; content: string; base: number };

/** Room to browser. */
export type ServerMessage =
  | { type: "snapshot"; you: number; clients: number; document: ShareDocument }
  | { type: "edit"; seq: number; content: string; from: number | null }
  | { type: "ack"; seq: number; overwrote: boolean }
  | { type: "presence"; clients: number }
  | { type: "error"; code: string; message: string };

/** Keep-alive texts. The runtime answers them without waking the room. */
export const PING = "ping";
export const PONG = "pong";

/** Close codes of our own (4000 to 4999 is the range for applications). */
export const CLOSE_DELETED = 4410;

/** Longest document, in UTF-16 code units. */
export const MAX_CONTENT = 256 * 1024;

const ID = /^[0-9a-hjkmnp-tv-z]{10}$/;

export function isShareId(text: string): boolean {
  return ID.test(text);
}

/** Ten characters of Crockford's base 32, 50 random bits: short enough to read out, too many to guess. */
export function newShareId(): string {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join("");
}

/** Null when the text is not a message a room understands. */
export function parseClientMessage(text: string): ClientMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { type, content, base } = value as Record<string, unknown>;
  if (type !== "edit" || typeof content !== "string") return null;
  return { type, content, base: typeof base === "number" ? base : 0 };
}
