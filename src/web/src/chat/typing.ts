import { createStore, useStore } from "@/lib/external-store";
import type { Translate } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import type { Conversation, GroupMember, LiveEvent } from "./types";

/** Phones tell every few seconds that it goes on: one that went away says nothing more. */
const LASTS = 10_000;

export interface Typist {
  readonly contact: GroupMember;
  readonly state: "typing" | "recording";
  readonly until: number;
}

const NOBODY: readonly Typist[] = [];

/** Who types in which conversation just now; it is no part of the log, and no load brings it. */
export const typing = createStore<ReadonlyMap<string, readonly Typist[]>>(new Map());

export const useTypists = (conversationId: string): readonly Typist[] =>
  useStore(typing, (now) => now.get(conversationId) ?? NOBODY);

/** It ends with the word for that, with a message of the same person, or by itself. */
export function applyTyping(events: readonly LiveEvent[]): void {
  for (const event of events) {
    if (event.type === "contact.typing") {
      const { conversation_id, contact, state } = event.data;
      forget(conversation_id, contact.contact_id);
      if (state === "ended") continue;
      const typist = { contact, state, until: Date.now() + LASTS };
      typing.set((now) =>
        new Map(now).set(conversation_id, [...(now.get(conversation_id) ?? []), typist]),
      );
      setTimeout(forgetOld, LASTS);
    } else if (event.type === "message.created" && event.data.message.direction === "in") {
      const { conversation, message } = event.data;
      forget(conversation.id, conversation.kind === "group" ? (message.sender?.id ?? "") : null);
    }
  }
}

/** "typing…", and in a group who does. */
export function typingWords(
  t: Translate,
  typists: readonly Typist[],
  kind: Conversation["kind"],
): string | null {
  const last = typists.at(-1);
  if (!last) return null;
  if (kind === "direct") return t(`typing.${last.state}`);
  if (typists.length > 1) return t("typing.several", { count: typists.length });
  const { name, phone } = last.contact;
  return t(`typing.${last.state}By`, {
    name: name || (phone ? formatPhone(phone) : t("thread.nameless")),
  });
}

/** Null = everybody. */
function forget(conversationId: string, contactId: string | null): void {
  typing.set((now) => {
    const held = now.get(conversationId);
    if (!held) return now;
    const left = held.filter(
      ({ contact }) => contactId !== null && contact.contact_id !== contactId,
    );
    return left.length === held.length ? now : withTypists(now, conversationId, left);
  });
}

function forgetOld(): void {
  const at = Date.now();
  typing.set((now) =>
    [...now].reduce<ReadonlyMap<string, readonly Typist[]>>((rest, [id, held]) => {
      const left = held.filter(({ until }) => until > at);
      return left.length === held.length ? rest : withTypists(rest, id, left);
    }, now),
  );
}

function withTypists(
  now: ReadonlyMap<string, readonly Typist[]>,
  id: string,
  typists: readonly Typist[],
): ReadonlyMap<string, readonly Typist[]> {
  const next = new Map(now);
  if (typists.length > 0) next.set(id, typists);
  else next.delete(id);
  return next;
}
