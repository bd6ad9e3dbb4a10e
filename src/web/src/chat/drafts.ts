import { recall, remember } from "@/lib/remembered";

const keyOf = (userId: string, conversationId: string) => `draft.${userId}.${conversationId}`;

export const recallDraft = (userId: string, conversationId: string) =>
  recall<string>(keyOf(userId, conversationId)) ?? "";

export const rememberDraft = (userId: string, conversationId: string, text: string) =>
  remember(keyOf(userId, conversationId), text === "" ? null : text);
