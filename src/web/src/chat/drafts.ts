import { namesOf, recall, remember } from "@/lib/remembered";

const keyOf = (userId: string, conversationId: string) => `draft.${userId}.${conversationId}`;

export const recallDraft = (userId: string, conversationId: string) =>
  recall<string>(keyOf(userId, conversationId)) ?? "";

export const rememberDraft = (userId: string, conversationId: string, text: string) =>
  remember(keyOf(userId, conversationId), text === "" ? null : text);

/** Puts what was being written in the one behind what was being written in the other. */
export function joinDrafts(fromId: string, intoId: string): void {
  for (const name of namesOf("draft.")) {
    const [, userId, conversationId] = name.split(".");
    if (conversationId !== fromId) continue;
    const texts = [recallDraft(userId!, intoId), recallDraft(userId!, fromId)];
    rememberDraft(userId!, intoId, texts.filter(Boolean).join("\n"));
    rememberDraft(userId!, fromId, "");
  }
}
