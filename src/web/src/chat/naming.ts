import { language, translate, type Translate } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { failureText } from "@/lib/problem";
import type { Contact, Conversation, Failure, Instance, Sender } from "./types";

export function nameOf(conversation: Conversation): string {
  const { contact, group } = conversation;
  if (group) return group.name ?? unnamedGroup(group.jid);
  return personName(contact);
}

/** People as they are called now; nobody where only the names of the moment count. */
export type Contacts = ReadonlyMap<string, Contact>;

export const NO_CONTACTS: Contacts = new Map();

/** What somebody is called who was something else when a message told of them; "" where nothing is known now. */
export const nameNow = (contacts: Contacts, contactId: string | null): string =>
  knownName(contacts.get(contactId ?? ""));

const knownName = (contact: Contact | null | undefined) =>
  contact?.name || formatPhone(contact?.phone ?? "");

const personName = (contact: Contact | null | undefined) => knownName(contact) || nameless();

const nameless = () => translate(language.get(), "thread.nameless");

/** The end of its address tells it from other groups until its name is known. */
const unnamedGroup = (jid: string) =>
  translate(language.get(), "group.unnamed", { end: jid.replace(/@.*/, "").slice(-4) });

/** How one would be greeted: the first name, unless it is a title, a flower, a group's or a number. */
export function shortNameOf(conversation: Conversation): string {
  const name = nameOf(conversation);
  const first = name.split(" ")[0]!;
  const greeting =
    conversation.kind === "direct" &&
    /^\p{L}/u.test(first) &&
    !first.endsWith(".") &&
    name !== nameless();
  return greeting ? first : name;
}

/** Of somebody without a name: the phone, or what stands in for a phone that WhatsApp hides. */
export function addressOf(jid: string): string {
  const user = userOf(jid);
  return jid.endsWith("@lid") ? user : formatPhone(user);
}

/** What stands in a text after the @ of a mention. */
export const userOf = (jid: string) => jid.replace(/[:@].*/, "");

/** What its avatar shows. */
export const pictureOf = ({ contact, group }: Conversation) => (contact ?? group)?.picture;

/** The seed of its avatar's colour. */
export const seedOf = (conversation: Conversation) =>
  conversation.contact?.phone ?? conversation.group?.jid ?? conversation.id;

/** Where something was written, by its name: in a group that is nobody's. */
export interface Place {
  name: string;
  group: boolean;
}

/** Who wrote something, as the one who reads it would say; null where nobody knows. `contact`: what else is known of them. */
export function senderName(
  t: Translate,
  sender: Sender | null,
  place: Place,
  contact: Contact | undefined,
  myId: string,
): string | null {
  if (!sender) return null;
  if (sender.kind === "contact")
    return sender.name || (place.group ? personName(contact) : place.name);
  return sender.kind === "phone" || sender.id === myId || !sender.name
    ? t("thread.you")
    : sender.name;
}

/** Below the name: whom one writes to, and from which number, as far as they are known. */
export function whereabouts(
  t: Translate,
  { kind, contact }: Conversation,
  instance: Instance | undefined,
): string {
  const who = kind === "group" ? t("thread.group") : formatPhone(contact?.phone ?? "");
  return [who, instance?.name].filter(Boolean).join(" · ");
}

/** A gateway that doesn't know its number's state is still tried. */
export const canSend = (instance: Instance) =>
  instance.state === "open" || instance.state === "unknown";

/** What happened and what helps, in the agent's language. */
export function reasonOf(t: Translate, failure: Failure | null): string {
  return failureText(t, failure?.code);
}
