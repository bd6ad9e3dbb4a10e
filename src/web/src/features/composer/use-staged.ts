import { useState } from "react";
import { useMe } from "@/chat/session";
import type { Attachment, Instance } from "@/chat/types";
import { useStore } from "@/lib/external-store";
import type { Key } from "@/lib/i18n";
import { refusalOf } from "./abilities";
import type { Chosen } from "./AttachMenu";
import { kindOf, takesCaption } from "@/components/media/file-kind";
import { caption, stage, staged, stagedIn, unstage, unstageAll, type Staged } from "./staged";
import { asSticker } from "./sticker";

const NONE: readonly Staged[] = [];

/** The files that wait in the composer, and the one whose caption is written. */
export function useStaged(conversationId: string, instance: Instance | undefined) {
  const { upload_limit: mostBytes } = useMe();
  const files = useStore(staged, (held) => held.get(conversationId) ?? NONE);
  const [selectedId, select] = useState("");
  const [problem, setProblem] = useState<Key | null>(null);
  const selected = files.find((one) => one.attachment.id === selectedId) ?? files[0] ?? null;

  /** What the number can't send as such goes as a document. */
  function kindFor(file: File, as: Chosen): Attachment["kind"] {
    if (as !== "seen") return as;
    const kind = kindOf(file.type);
    return refusalOf(instance, kind) === null ? kind : "document";
  }

  return {
    files,
    selected,
    select,
    problem,
    mostBytes,
    async add(chosen: readonly File[], as: Chosen): Promise<void> {
      setProblem(faultOf(chosen, mostBytes));
      let taken: readonly File[] = chosen.filter(({ size }) => size > 0 && size <= mostBytes);
      if (as === "sticker") {
        const made = await Promise.all(taken.map(asSticker));
        taken = made.filter((file) => file !== null);
        if (made.includes(null)) setProblem("staged.noSticker");
      }
      const refused = taken.find((file) => refusalOf(instance, kindFor(file, as)) !== null);
      if (refused) return setProblem("why.gateway");
      await stage(conversationId, taken, (file) => kindFor(file, as));
      select(stagedIn(conversationId).at(-taken.length)?.attachment.id ?? "");
    },
    /** A text written before becomes the first one's caption; false where that takes none. */
    adopt(text: string): boolean {
      const [first] = stagedIn(conversationId);
      if (!first || !takesCaption(first.attachment.kind)) return false;
      caption(conversationId, first.attachment.id, text);
      return true;
    },
    caption: (text: string) => selected && caption(conversationId, selected.attachment.id, text),
    remove: (id: string) => unstage(conversationId, id),
    clear: () => unstageAll(conversationId),
  };
}

function faultOf(files: readonly File[], mostBytes: number): Key | null {
  if (files.some(({ size }) => size > mostBytes)) return "staged.tooLarge";
  return files.some(({ size }) => size === 0) ? "staged.empty" : null;
}
