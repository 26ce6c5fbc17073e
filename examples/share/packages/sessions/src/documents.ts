import { newShareId, type ShareDocument, type ShareMetadata } from "../../shared/protocol";

const PREFIX = "shares/";

/** The documents in R2: one object each, with everything a list shows in its custom metadata. */
export class Documents {
  constructor(private readonly bucket: R2Bucket) {}

  async create(title: string, content: string): Promise<ShareDocument> {
    const now = new Date().toISOString();
    const document = { id: newShareId(), title, content, seq: 1, createdAt: now, updatedAt: now };
    await this.put(document);
    return document;
  }

  /** With the request's headers, R2 itself honours If-None-Match: `body` is missing then. */
  async open(id: string, conditions?: Headers): Promise<R2ObjectBody | R2Object | null> {
    return this.bucket.get(key(id), conditions && { onlyIf: conditions });
  }

  async read(id: string): Promise<ShareDocument | null> {
    const object = await this.open(id);
    return object && "body" in object ? object.json<ShareDocument>() : null;
  }

  async metadata(id: string): Promise<ShareMetadata | null> {
    const object = await this.bucket.head(key(id));
    return object && metadataOf(object);
  }

  /**
   * Stores a version unless a newer one is there; false when the share does not exist. Room and API
   * may both be writing, so the put is conditional on what was just seen.
   */
  async save(document: ShareDocument): Promise<boolean> {
    for (;;) {
      const stored = await this.bucket.head(key(document.id));
      if (!stored) return false;
      if (metadataOf(stored).seq >= document.seq) return true;
      if (await this.put(document, stored.etag)) return true;
    }
  }

  /** False when there was nothing to delete. */
  async remove(id: string): Promise<boolean> {
    if (!(await this.bucket.head(key(id)))) return false;
    await this.bucket.delete(key(id));
    return true;
  }

  async list(limit: number, cursor?: string): Promise<{ sessions: ShareMetadata[]; cursor: string | null }> {
    const page = await this.bucket.list({ prefix: PREFIX, limit, cursor, include: ["customMetadata"] });
    const sessions = page.objects.map(metadataOf).sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
    return { sessions, cursor: page.truncated ? page.cursor ?? null : null };
  }

  private put(document: ShareDocument, etagMatches?: string): Promise<R2Object | null> {
    const { title, seq, content, createdAt, updatedAt } = document;
    const bytes = new TextEncoder().encode(content).length;
    return this.bucket.put(key(document.id), JSON.stringify(document), {
      onlyIf: etagMatches ? { etagMatches } : undefined,
      httpMetadata: { contentType: "application/json; charset=utf-8" },
      customMetadata: { title, seq: String(seq), bytes: String(bytes), createdAt, updatedAt },
    });
  }
}

function key(id: string): string {
  return `${PREFIX}${id}.json`;
}

function metadataOf(object: R2Object): ShareMetadata {
  const { title = "", seq = "0", bytes = "0", createdAt = "", updatedAt = "" } = object.customMetadata ?? {};
  const id = object.key.slice(PREFIX.length, -".json".length);
  return { id, title, seq: Number(seq), bytes: Number(bytes), createdAt, updatedAt };
}
