import { namesOf, recall, remember } from "@/lib/remembered";

/** Somebody of a group; the jid is asked for where only messages told of them. */
export interface Person {
  contact_id: string | null;
  name: string | null;
  jid: string | null;
}

/** Who was chosen for a mention: others may have the same name. */
export interface Picked {
  /** Where their @ stands in the text; -1 since it was written over. */
  at: number;
  person: Person;
}

export interface Draft {
  text: string;
  /** In the order of picking. */
  picks: readonly Picked[];
}

export const NO_DRAFT: Draft = { text: "", picks: [] };

const keyOf = (userId: string, conversationId: string) => `draft.${userId}.${conversationId}`;

export function recallDraft(userId: string, conversationId: string): Draft {
  const held = recall<string | Draft>(keyOf(userId, conversationId)) ?? "";
  return typeof held === "string" ? { text: held, picks: [] } : held;
}

export function rememberDraft(userId: string, conversationId: string, draft: Draft): void {
  const { text, picks } = draft;
  const held = text === "" ? null : picks.length === 0 ? text : draft;
  remember(keyOf(userId, conversationId), held);
}

/** Puts what was being written in the one behind what was being written in the other. */
export function joinDrafts(fromId: string, intoId: string): void {
  for (const name of namesOf("draft.")) {
    const [, userId, conversationId] = name.split(".");
    if (conversationId !== fromId) continue;
    const drafts = [recallDraft(userId!, intoId), recallDraft(userId!, fromId)] as const;
    rememberDraft(userId!, intoId, oneBelowOther(...drafts));
    rememberDraft(userId!, fromId, NO_DRAFT);
  }
}

export function oneBelowOther(first: Draft, second: Draft): Draft {
  if (first.text === "" || second.text === "") return first.text === "" ? second : first;
  const begin = `${first.text}\n`;
  const below = second.picks.map((one) =>
    one.at < 0 ? one : { ...one, at: one.at + begin.length },
  );
  return { text: begin + second.text, picks: [...first.picks, ...below] };
}
