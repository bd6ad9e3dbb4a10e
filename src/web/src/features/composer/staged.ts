import { chat } from "@/chat/chat-store";
import type { Draft, Picked } from "@/chat/drafts";
import { onAnotherUser } from "@/chat/session";
import { currentId } from "@/chat/state";
import type { Attachment } from "@/chat/types";
import { createStore } from "@/lib/external-store";
import { newId } from "@/lib/new-id";
import { measure } from "@/components/media/measure";
import type { VoiceNote } from "@/components/media/recording";

/** A file that waits in the composer for its caption. */
export interface Staged {
  file: File;
  attachment: Attachment;
  /** Of the bytes, for its picture. */
  address: string;
  caption: string;
  picks: readonly Picked[];
}

/** By conversation: looking into another one loses nothing. */
export const staged = createStore<ReadonlyMap<string, readonly Staged[]>>(new Map());

const NONE: readonly Staged[] = [];

onAnotherUser(() => {
  for (const id of staged.get().keys()) unstageAll(id);
});

/** What was chosen, or spoken, for a conversation that is part of another one now goes with it. */
chat.subscribe(() => {
  for (const [id, files] of staged.get()) {
    const into = currentId(chat.get(), id);
    if (into === id || files.length === 0) continue;
    staged.set((held) =>
      new Map(held).set(id, NONE).set(into, [...(held.get(into) ?? NONE), ...files]),
    );
  }
});

export const stagedIn = (conversationId: string) => staged.get().get(conversationId) ?? NONE;

export async function stage(
  conversationId: string,
  files: readonly File[],
  kindFor: (file: File) => Attachment["kind"],
): Promise<void> {
  for (const file of files) {
    const kind = kindFor(file);
    const address = URL.createObjectURL(file);
    const attachment: Attachment = {
      id: newId(),
      kind,
      mime_type: file.type || "application/octet-stream",
      file_name: file.name || null,
      size_bytes: file.size,
      state: kind === "document" ? "pending" : "ready",
      reason_code: null,
      waveform: null,
      ...(await measure(kind, address)),
    };
    put(conversationId, { file, attachment, address, caption: "", picks: [] });
  }
}

/** What was spoken before somebody looked into another conversation. */
export function stageNote(conversationId: string, { file, attachment }: VoiceNote): void {
  put(conversationId, {
    file,
    attachment,
    address: URL.createObjectURL(file),
    caption: "",
    picks: [],
  });
}

/** It is ready a moment after it was chosen or spoken, when its conversation may be part of another one. */
const put = (conversationId: string, one: Staged) =>
  change(currentId(chat.get(), conversationId), (held) => [...held, one]);

export function caption(conversationId: string, id: string, { text, picks }: Draft): void {
  change(conversationId, (held) =>
    held.map((one) => (one.attachment.id === id ? { ...one, caption: text, picks } : one)),
  );
}

export function unstage(conversationId: string, id: string): void {
  change(conversationId, (held) => held.filter((one) => one.attachment.id !== id));
}

export const unstageAll = (conversationId: string) => change(conversationId, () => NONE);

function change(conversationId: string, to: (held: readonly Staged[]) => readonly Staged[]): void {
  const before = stagedIn(conversationId);
  const after = to(before);
  staged.set((held) => new Map(held).set(conversationId, after));
  for (const { address } of before)
    if (!after.some((one) => one.address === address)) URL.revokeObjectURL(address);
}
