import { useMemo, useState } from "react";
import { chat, useChat } from "@/chat/chat-store";
import type { Draft, Person } from "@/chat/drafts";
import type { Contact, ContactDetails, Conversation, GroupDetails, Message } from "@/chat/types";
import { request, RequestError } from "@/lib/http";
import { pause } from "@/lib/retry";
import { unresolvedIn } from "./mentions";

/** Of a text that was sent before it is known who is in the group: then it goes out as it is. */
const LONGEST_WAIT = 2_000;

/** Everybody of a group that is known: its own list, and who is seen in the thread. */
export function usePeople({ id, group }: Conversation, wanted: boolean) {
  const messages = useChat((state) => (group ? state.threads.get(id)?.messages : undefined));
  // Thousands may be in it: they are gone through for whoever begins to mention one.
  const told = useChat((state) => (wanted && group ? state.groups.get(group.id) : undefined));
  const contacts = useChat((state) => (wanted ? state.contacts : undefined));
  const [found, setFound] = useState<readonly Person[]>([]);
  const people = useMemo(
    () => merge(membersOf(told, contacts), found, seenIn(messages ?? [])),
    [told, contacts, found, messages],
  );
  return {
    people,
    found,
    /** Asks for the address of somebody whom only messages told of. */
    async find(person: Person): Promise<void> {
      if (person.jid || !person.contact_id) return;
      const jid = await jidOf(person.contact_id);
      if (jid) setFound((held) => [...held, { ...person, jid }]);
    },
  };
}

/** Everybody who can be mentioned now, whether anybody was offered or not. */
export function peopleNow({ id, group }: Conversation, found: readonly Person[]): Person[] {
  const { groups, contacts, threads } = chat.get();
  const told = groups.get(group?.id ?? "");
  return merge(membersOf(told, contacts), found, seenIn(threads.get(id)?.messages ?? []));
}

/** Whether waiting could tell whom these name. */
export const isPeopleMissing = (
  { group }: Conversation,
  drafts: readonly Draft[],
  people: readonly Person[],
): boolean =>
  group !== null &&
  drafts
    .map((draft) => unresolvedIn(draft, people))
    .some(({ picked, typed }) => picked.length > 0 || (typed && !chat.get().groups.has(group.id)));

/** Everybody, once the group has come and who was picked has an address; until `hurry`, and not for long. */
export async function peopleSoon(
  conversation: Conversation,
  drafts: readonly Draft[],
  found: readonly Person[],
  hurry: AbortSignal,
): Promise<Person[]> {
  const over = new AbortController();
  const more = [...found];
  const come = groupCome(conversation.group!.id, over.signal).then(() => {
    const people = peopleNow(conversation, more);
    const asked = drafts
      .flatMap((draft) => unresolvedIn(draft, people).picked)
      .map(async (person) => more.push({ ...person, jid: await jidOf(person.contact_id!) }));
    // Whatever becomes of these requests, the text is not held back by it.
    return Promise.allSettled(asked);
  });
  await Promise.race([pause(LONGEST_WAIT, hurry), come]);
  over.abort();
  return peopleNow(conversation, more);
}

const groupCome = (id: string, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const look = () => chat.get().groups.has(id) && resolve();
    over.addEventListener("abort", chat.subscribe(look));
    look();
  });

/** By the names that they have now: some are known only since they wrote. */
const membersOf = (
  group: GroupDetails | undefined,
  contacts: ReadonlyMap<string, Contact> | undefined,
): Person[] =>
  (group?.participants ?? []).map(({ contact, jid }) => ({
    contact_id: contact.id,
    name: (contacts?.get(contact.id) ?? contact).name,
    jid,
  }));

/** Null where it can't be had now. */
async function jidOf(contactId: string): Promise<string | null> {
  try {
    const { identities } = await request<ContactDetails>("GET", `/api/contacts/${contactId}`);
    const valueOf = (kind: string) => identities.find((one) => one.kind === kind)?.value;
    const [phone, lid] = [valueOf("phone"), valueOf("lid")];
    return phone ? `${phone}@s.whatsapp.net` : lid ? `${lid}@lid` : null;
  } catch (error) {
    if (error instanceof RequestError) return null;
    throw error;
  }
}

function seenIn(messages: readonly Message[]): Person[] {
  return messages.flatMap(({ sender, mentions }) => [
    ...mentions,
    ...(sender?.kind === "contact" && sender.name
      ? [{ contact_id: sender.id, name: sender.name, jid: null }]
      : []),
  ]);
}

/** Each once, with the most that is known of them. */
function merge(...lists: readonly (readonly Person[])[]): Person[] {
  const people = new Map<string, Person>();
  for (const person of lists.flat()) {
    const key = person.contact_id ?? person.jid ?? "";
    const held = people.get(key);
    if (!held || (!held.jid && person.jid))
      people.set(key, { ...person, name: person.name ?? held?.name ?? null });
  }
  return [...people.values()].toSorted(
    (a, b) => Number(!a.name) - Number(!b.name) || (a.name ?? "").localeCompare(b.name ?? ""),
  );
}
