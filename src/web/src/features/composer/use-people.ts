import { useMemo, useState } from "react";
import { useChat } from "@/chat/chat-store";
import type { Person } from "@/chat/drafts";
import type { Contact, ContactDetails, Conversation, GroupDetails, Message } from "@/chat/types";
import { request, RequestError } from "@/lib/http";

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
    /** Asks for the address of somebody whom only messages told of. */
    async find(person: Person): Promise<void> {
      if (person.jid || !person.contact_id) return;
      const jid = await jidOf(person.contact_id);
      if (jid) setFound((held) => [...held, { ...person, jid }]);
    },
  };
}

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
