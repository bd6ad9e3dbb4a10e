import { createStore } from "@/lib/external-store";
import { upload } from "@/lib/http";
import { hideLocal, renameLocal, showLocally } from "./local-content";
import type { Attachment } from "./types";
import { formOf, type Unsent } from "./unsent";
import { keptFile } from "./unsent-store";

/** How much of each file has left, from 0 to 1, by its message's client_message_id. */
export const progress = createStore<ReadonlyMap<string, number>>(new Map());

const files = new Map<string, File>();
const running = new Map<string, AbortController>();

export function takeFile(entry: Unsent, file: File): void {
  files.set(entry.client_message_id, file);
  if (entry.attachment) showLocally(entry.attachment.id, file);
}

/** From this page, or from one that was closed; null when the browser kept it for neither. */
export async function fileOf(entry: Unsent): Promise<File | null> {
  const file = files.get(entry.client_message_id) ?? (await keptFile(entry.client_message_id));
  if (file) files.set(entry.client_message_id, file);
  if (file && entry.attachment) showLocally(entry.attachment.id, file);
  return file;
}

export function forgetFile(entry: Unsent): void {
  running.get(entry.client_message_id)?.abort();
  files.delete(entry.client_message_id);
  if (entry.attachment) hideLocal(entry.attachment.id);
}

export function stopUploads(): void {
  for (const controller of running.values()) controller.abort();
}

/** The server's id of the file. */
export async function uploadFile(entry: Unsent, file: File): Promise<string> {
  const { client_message_id: id, attachment } = entry;
  const controller = new AbortController();
  running.set(id, controller);
  const tell = (share: number) => progress.set((held) => new Map(held).set(id, share));
  tell(0);
  try {
    const form = formOf(attachment!, file);
    const taken = await upload<Attachment>("/api/attachments", form, tell, controller.signal);
    renameLocal(attachment!.id, taken.id);
    return taken.id;
  } catch (error) {
    // Changed or moved since it was chosen: what the browser kept of it is whole.
    if (!(await isReadable(file))) files.delete(id);
    throw error;
  } finally {
    running.delete(id);
    progress.set((held) => new Map([...held].filter(([one]) => one !== id)));
  }
}

const isReadable = (file: File) =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
