// The part of the Workers runtime this example uses and TypeScript's "webworker" library does not
// have. Written by hand so that type checking needs nothing installed but TypeScript; a real project
// would run `wrangler types` or depend on @cloudflare/workers-types instead.

interface ResponseInit {
  webSocket?: WebSocket | null;
}

interface Response {
  readonly webSocket: WebSocket | null;
}

interface WebSocket {
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

declare class WebSocketPair {
  0: WebSocket;
  1: WebSocket;
}

declare class WebSocketRequestResponsePair {
  constructor(request: string, response: string);
}

interface Fetcher {
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
}

interface ExportedHandler<Env> {
  fetch(request: Request, env: Env): Response | Promise<Response>;
}

interface DurableObjectId {
  toString(): string;
}

interface DurableObjectNamespace {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): Fetcher;
}

type SqlValue = string | number | null | ArrayBuffer;

interface SqlStorage {
  exec<Row = Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): { toArray(): Row[] };
}

interface DurableObjectState {
  readonly storage: {
    readonly sql: SqlStorage;
    getAlarm(): Promise<number | null>;
    setAlarm(at: number): Promise<void>;
    deleteAlarm(): Promise<void>;
    deleteAll(): Promise<void>;
  };
  acceptWebSocket(socket: WebSocket, tags?: string[]): void;
  getWebSockets(tag?: string): WebSocket[];
  setWebSocketAutoResponse(pair?: WebSocketRequestResponsePair): void;
}

declare module "cloudflare:workers" {
  export abstract class DurableObject<Env = unknown> {
    protected ctx: DurableObjectState;
    protected env: Env;
    constructor(ctx: DurableObjectState, env: Env);
  }
}

interface R2Object {
  readonly key: string;
  readonly etag: string;
  readonly httpEtag: string;
  readonly customMetadata?: Record<string, string>;
}

interface R2ObjectBody extends R2Object {
  readonly body: ReadableStream;
  json<T>(): Promise<T>;
}

interface R2PutOptions {
  onlyIf?: { etagMatches?: string };
  httpMetadata?: { contentType?: string };
  customMetadata?: Record<string, string>;
}

interface R2ListOptions {
  prefix?: string;
  limit?: number;
  cursor?: string;
  include?: ("httpMetadata" | "customMetadata")[];
}

interface R2Bucket {
  head(key: string): Promise<R2Object | null>;
  get(key: string, options?: { onlyIf?: Headers }): Promise<R2ObjectBody | R2Object | null>;
  put(key: string, value: string, options?: R2PutOptions): Promise<R2Object | null>;
  delete(key: string): Promise<void>;
  list(options?: R2ListOptions): Promise<{ objects: R2Object[]; truncated: boolean; cursor?: string }>;
}
