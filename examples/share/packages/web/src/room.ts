import type { ShareDocument } from "../../shared/protocol";
import { Room } from "../../shared/room";
import type { Env } from "./index";

/** A room in the worker that has no bucket: its documents come and go over the service binding. */
export class ShareRoom extends Room<Env> {
  protected async load(id: string): Promise<ShareDocument | null> {
    const response = await this.env.SESSIONS.fetch(`https://sessions.internal/documents/${id}`);
    return found(response) ? ((await response.json()) as ShareDocument) : null;
  }

  protected async save(document: ShareDocument): Promise<boolean> {
    const response = await this.env.SESSIONS.fetch(`https://sessions.internal/documents/${document.id}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(document),
    });
    return found(response);
  }
}

/** Throwing on anything but success and "not found" makes the alarm try again later. */
function found(response: Response): boolean {
  if (response.ok) return true;
  if (response.status === 404) return false;
  throw new Error(`sessions answered ${response.status}`);
}
