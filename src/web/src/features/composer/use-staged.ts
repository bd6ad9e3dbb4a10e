import { useState } from "react";
import type { Draft } from "@/chat/drafts";
import { useMe } from "@/chat/session";
import type { Instance } from "@/chat/types";
import { useStore } from "@/lib/external-store";
import { useLanguage, useT, type Language, type Translate } from "@/lib/i18n";
import { sizeOf } from "@/lib/media-words";
import { refusalOf } from "./abilities";
import type { Chosen } from "./AttachMenu";
import { takesCaption } from "@/components/media/file-kind";
import { faultOf, faultWords, kindFor, limitOf } from "./file-limits";
import { caption, stage, staged, stagedIn, unstage, type Staged } from "./staged";
import { asSticker, moves } from "./sticker";

const NONE: readonly Staged[] = [];

/** The files that wait in the composer, and the one whose caption is written. */
export function useStaged(conversationId: string, instance: Instance | undefined) {
  const t = useT();
  const language = useLanguage();
  const { upload_limit: mostBytes } = useMe();
  const files = useStore(staged, (held) => held.get(conversationId) ?? NONE);
  const [selectedId, select] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const selected = files.find((one) => one.attachment.id === selectedId) ?? files[0] ?? null;

  return {
    files,
    selected,
    select,
    problem,
    async add(chosen: readonly File[], as: Chosen): Promise<void> {
      setProblem(roughFault(t, language, chosen, mostBytes));
      let taken: readonly File[] = chosen.filter(({ size }) => size > 0 && size <= mostBytes);
      if (as === "sticker") {
        const limit = limitOf(instance, "sticker");
        const made = await Promise.all(taken.map((file) => asSticker(file, limit)));
        taken = made.filter((file) => file !== null);
        if (made.includes(null)) setProblem(t("staged.noSticker"));
      }
      const kind = (file: File) => (as === "seen" ? kindFor(instance, file) : as);
      for (const file of taken) {
        const refusal = refusalOf(instance, kind(file));
        const fault = faultOf(instance, file, kind(file), as === "sticker" && (await moves(file)));
        if (refusal) return setProblem(t(refusal));
        if (fault) return setProblem(faultWords(t, language, fault));
      }
      await stage(conversationId, taken, kind);
      select(stagedIn(conversationId).at(-taken.length)?.attachment.id ?? "");
    },
    /** A text written before becomes the first one's caption; false where that takes none. */
    adopt(draft: Draft): boolean {
      const [first] = stagedIn(conversationId);
      if (!first || !takesCaption(first.attachment.kind)) return false;
      caption(conversationId, first.attachment.id, draft);
      return true;
    },
    caption: (draft: Draft) => selected && caption(conversationId, selected.attachment.id, draft),
    remove: (id: string) => unstage(conversationId, id),
  };
}

function roughFault(
  t: Translate,
  language: Language,
  files: readonly File[],
  mostBytes: number,
): string | null {
  if (files.some(({ size }) => size > mostBytes))
    return t("staged.tooLarge", { size: sizeOf(language, mostBytes) });
  return files.some(({ size }) => size === 0) ? t("staged.empty") : null;
}
