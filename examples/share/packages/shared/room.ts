import { DurableObject } from "cloudflare:workers";
import { HttpError, answer, empty, json, notFound } from "./http";
import {
  CLOSE_DELETED,
  MAX_CONTENT,
  PING,
  PONG,
  parseClientMessage,
  type EditMode,
  type ServerMessage,
  type ShareDocument,
} from "./protocol";

/** An edit reaches R2 at most this long after it was made. */
const FLUSH_AFTER_MS = 2_000;
/** A room nobody has used for this long forgets its copy; R2 has the document. */
const FORGET_AFTER_MS = 10 * 60_000;

interface Row {
  id: string;
  title: string;
  content: string;
  seq: number;
  created_at: string;
  updated_at: string;
  flushed: number;
  touched: number;
}

/** What travels with a socket while the room sleeps. */
interface Attachment {
  client: number;
}

/**
 * One room per share. It decides the order of edits, tells everyone in it, and brings the result to
 * R2 a little later. Where the documents are kept is the one thing the two designs do differently,
 * so the two methods that know are abstract.
 *
 * Inside: `/ws/:id` joins, `POST /edit?id=` and `POST /close` are for the API worker. The workers in
 * front pass on nothing else.
 */
export abstract class Room<Env> extends DurableObject<Env> {
  /** The stored document, or null when there is no such share. */
  protected abstract load(id: string): Promise<ShareDocument | null>;
  /** Stores the document unless a newer one is there already; false when the share was deleted. */
  protected abstract save(document: ShareDocument): Promise<boolean>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    this.createTable();
  }

  async fetch(request: Request): Promise<Response> {
    return answer(async () => {
      const url = new URL(request.url);
      if (url.pathname === "/edit") {
        const { mode, content } = (await request.json()) as { mode: EditMode; content: string };
        const row = await this.open(url.searchParams.get("id") ?? "");
        return json(documentOf(await this.edit(mode === "append" ? row.content + content : content, null)));
      }
      if (url.pathname === "/close") {
        await this.close();
        return empty(204);
      }
      return this.join(url.pathname.slice("/ws/".length));
    });
  }

  private async join(id: string): Promise<Response> {
    const document = documentOf(await this.open(id));
    const { 0: client, 1: server } = new WebSocketPair();
    const others = this.ctx.getWebSockets();
    const you = 1 + Math.max(0, ...others.map(clientOf));
    // acceptWebSocket rather than accept: the room may be evicted while its sockets stay open.
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment({ client: you } satisfies Attachment);
    const clients = others.length + 1;
    send(server, { type: "snapshot", you, clients, document });
    this.broadcast({ type: "presence", clients }, server);
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const message = typeof data === "string" ? parseClientMessage(data) : null;
    const row = this.row();
    if (!message || !row) {
      send(socket, { type: "error", code: "bad_message", message: "Send {type: \"edit\", content, base} as text." });
      return;
    }
    try {
      const overwrote = message.base < row.seq;
      const { seq } = await this.edit(message.content, socket);
      send(socket, { type: "ack", seq, overwrote });
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      send(socket, { type: "error", code: error.code, message: error.message });
    }
  }

  async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    // 1005 and 1006 say that no code was received; they may not be sent.
    if (code === 1005 || code === 1006) socket.close(1000);
    else socket.close(code, reason);
    await this.left(socket);
  }

  async webSocketError(socket: WebSocket): Promise<void> {
    await this.left(socket);
  }

  /** Brings edits to R2, and forgets a room that has been empty for long. */
  async alarm(): Promise<void> {
    const before = this.row();
    if (!before) return;
    if (before.seq > before.flushed) {
      if (!(await this.save(documentOf(before)))) return this.close();
      this.ctx.storage.sql.exec("UPDATE room SET flushed = MAX(flushed, ?)", before.seq);
    }
    const now = this.row(); // edits may have come in while saving
    if (!now) return;
    if (now.seq > now.flushed) return this.wake(FLUSH_AFTER_MS);
    if (this.ctx.getWebSockets().length > 0) return;
    const idle = Date.now() - now.touched;
    if (idle < FORGET_AFTER_MS) return this.wake(FORGET_AFTER_MS - idle);
    await this.ctx.storage.deleteAll();
    this.createTable();
  }

  /** The last write wins: whatever order edits arrive in is the order everyone sees. */
  private async edit(content: string, author: WebSocket | null): Promise<Row> {
    if (content.length > MAX_CONTENT) {
      throw new HttpError(413, "too_large", `A document has at most ${MAX_CONTENT} characters.`);
    }
    const [row] = this.ctx.storage.sql
      .exec<Row>(
        "UPDATE room SET content = ?, seq = seq + 1, updated_at = ?, touched = ? RETURNING *",
        content,
        new Date().toISOString(),
        Date.now(),
      )
      .toArray();
    if (!row) throw notFound("such share");
    const from = author ? clientOf(author) : null;
    this.broadcast({ type: "edit", seq: row.seq, content, from }, author);
    await this.wake(FLUSH_AFTER_MS);
    return row;
  }

  /** The room's copy, fetched when it has none. */
  private async open(id: string): Promise<Row> {
    const known = this.row();
    if (known) return known;
    const document = await this.load(id);
    if (!document) throw notFound("such share");
    // Two requests may have come this far at once: the first one's copy stays.
    this.ctx.storage.sql.exec(
      `INSERT INTO room (one, id, title, content, seq, created_at, updated_at, flushed, touched)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      document.id,
      document.title,
      document.content,
      document.seq,
      document.createdAt,
      document.updatedAt,
      document.seq,
      Date.now(),
    );
    const row = this.row();
    if (!row) throw notFound("such share");
    await this.wake(FORGET_AFTER_MS);
    return row;
  }

  private async left(socket: WebSocket): Promise<void> {
    const clients = this.ctx.getWebSockets().filter((other) => other !== socket).length;
    this.broadcast({ type: "presence", clients }, socket);
    if (clients === 0) {
      this.ctx.storage.sql.exec("UPDATE room SET touched = ?", Date.now());
      await this.wake(FORGET_AFTER_MS);
    }
  }

  /** The share is gone: so is everything here. */
  private async close(): Promise<void> {
    for (const socket of this.ctx.getWebSockets()) socket.close(CLOSE_DELETED, "This share was deleted.");
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.createTable();
  }

  /** Sets the alarm, unless it rings earlier already. */
  private async wake(delay: number): Promise<void> {
    const at = Date.now() + delay;
    const planned = await this.ctx.storage.getAlarm();
    if (planned === null || planned > at) await this.ctx.storage.setAlarm(at);
  }

  private broadcast(message: ServerMessage, except: WebSocket | null): void {
    for (const socket of this.ctx.getWebSockets()) {
      if (socket !== except) send(socket, message);
    }
  }

  private row(): Row | undefined {
    return this.ctx.storage.sql.exec<Row>("SELECT * FROM room").toArray()[0];
  }

  private createTable(): void {
    this.ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS room (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL,
      title TEXT NOT NULL,
      content TEXT NOT NULL,
      seq INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      flushed INTEGER NOT NULL,
      touched INTEGER NOT NULL
    )`);
  }
}

function documentOf(row: Row): ShareDocument {
  const { id, title, content, seq } = row;
  return { id, title, content, seq, createdAt: row.created_at, updatedAt: row.updated_at };
}

function clientOf(socket: WebSocket): number {
  return (socket.deserializeAttachment() as Attachment | null)?.client ?? 0;
}

function send(socket: WebSocket, message: ServerMessage): void {
  // A socket that is closing is of no interest any more; its close event follows.
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}
