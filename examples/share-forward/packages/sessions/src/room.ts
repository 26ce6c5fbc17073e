import { Documents } from "../../../../share/packages/sessions/src/documents";
import type { ShareDocument } from "../../../../share/packages/shared/protocol";
import { Room } from "../../../../share/packages/shared/room";
import type { Env } from "./index";

/** A room beside the bucket: no service binding, no internal routes. */
export class ShareRoom extends Room<Env> {
  protected load(id: string): Promise<ShareDocument | null> {
    return new Documents(this.env.STORE).read(id);
  }

  protected save(document: ShareDocument): Promise<boolean> {
    return new Documents(this.env.STORE).save(document);
  }
}
