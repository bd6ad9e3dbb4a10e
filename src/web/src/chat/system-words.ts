import { translate, type Key, type Language } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { nameNow, type Contacts } from "./naming";
import type { Contents, GroupMember } from "./types";

const EVENTS = [
  "created",
  "joined",
  "left",
  "removed",
  "promoted",
  "demoted",
  "renamed",
  "described",
  "picture",
  "settings",
  "number_changed",
  "pinned",
  "unpinned",
  "kept",
  "unkept",
  "album",
  "voted",
  "reacted",
  "changed",
] as const;

/** "Ana adicionou Bia": what happened in a group, in one sentence. */
export function systemWords(
  lang: Language,
  content: Contents["system"] | null,
  contacts: Contacts,
): string {
  const event = EVENTS.find((known) => known === content?.event);
  if (!content || !event) return translate(lang, "system.other");
  const { actor, text } = content;
  // Who comes by an invitation or goes alone is told as both.
  const members = content.members.filter((one) => !isSame(one, actor));
  const alone = actor !== null && members.length === 0 ? [actor] : members;
  const active = actor !== null && (members.length > 0 || !TELLS_MEMBERS.has(event));
  const key: Key = `system.${event}${active ? "By" : ""}`;
  return translate(lang, key, {
    actor: actor ? memberName(lang, actor, contacts) : "",
    members: listOf(lang, active ? members : alone, contacts),
    count: active ? members.length : alone.length,
    text: text ?? "",
  });
}

const TELLS_MEMBERS: ReadonlySet<string> = new Set([
  "joined",
  "left",
  "removed",
  "promoted",
  "demoted",
]);

const memberName = (lang: Language, member: GroupMember, contacts: Contacts): string =>
  nameNow(contacts, member.contact_id) ||
  member.name ||
  formatPhone(member.phone ?? "") ||
  translate(lang, "thread.nameless");

const isSame = (one: GroupMember, other: GroupMember | null) =>
  other !== null &&
  (one.contact_id ? one.contact_id === other.contact_id : one.phone === other.phone);

function listOf(lang: Language, members: readonly GroupMember[], contacts: Contacts): string {
  const names = members.map((member) => memberName(lang, member, contacts));
  return new Intl.ListFormat(lang, { type: "conjunction" }).format(names);
}
