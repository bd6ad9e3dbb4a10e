import { useEffect, useMemo, useState } from "react";
import { useChat } from "@/chat/chat-store";
import type { ContactDetails, Conversation, GroupDetails, Message } from "@/chat/types";
import { request, RequestError } from "@/lib/http";
import type { Person } from "./mentions";

/** Everybody of a group that is known: its own list, and who is seen in the thread. */
export function usePeople({ id, group }: Conversation, wanted: boolean) {
  const messages = useChat((state) => (group ? state.threads.get(id)?.messages : undefined));
  const [told, setTold] = useState<readonly Person[]>([]);
  const groupId = wanted ? group?.id : undefined;
  const version = group?.version;

  useEffect(() => {
    if (!groupId) return;
    let gone = false;
    void membersOf(groupId).then((members) => !gone && setTold((held) => [...members, ...held]));
    return () => {
      gone = true;
    };
  }, [groupId, version]);

  const people = useMemo(() => merge(told, seenIn(messages ?? [])), [told, messages]);
  return {
    people,
    /** Asks for the address of somebody whom only messages told of. */
    async find(person: Person): Promise<void> {
      const jid = person.jid ?? (await addressOf(person.contact_id));
      if (jid && !person.jid) setTold((held) => [...held, { ...person, jid }]);
    },
  };
}

async function membersOf(groupId: string): Promise<Person[]> {
  const group = await ifThere<GroupDetails>(`/api/groups/${groupId}`);
  return (group?.participants ?? []).map(({ contact: { id, name }, jid }) => ({
    contact_id: id,
    name,
    jid,
  }));
}

async function addressOf(contactId: string | null): Promise<string | null> {
  if (!contactId) return null;
  const contact = await ifThere<ContactDetails>(`/api/contacts/${contactId}`);
  const valueOf = (kind: string) => contact?.identities.find((one) => one.kind === kind)?.value;
  const [phone, lid] = [valueOf("phone"), valueOf("lid")];
  return phone ? `${phone}@s.whatsapp.net` : lid ? `${lid}@lid` : null;
}

/** A list that can't be had now is no list. */
async function ifThere<T>(path: string): Promise<T | null> {
  try {
    return await request<T>("GET", path);
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
