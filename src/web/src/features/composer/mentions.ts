import { addressOf, userOf } from "@/chat/naming";
import type { Mention } from "@/chat/types";
import { MOST_MENTIONS } from "./limits";

/** Somebody of the group; the jid is asked for where only messages told of them. */
export interface Person {
  contact_id: string | null;
  name: string | null;
  jid: string | null;
}

/** How they stand in the field. */
export const calledOf = ({ name, jid }: Person) => name ?? (jid ? addressOf(jid) : "");

/** What is typed after the last @ before the cursor; null where none begins a word. */
export const mentionAt = (text: string, cursor: number) =>
  /(?:^|[\s(])@([^\s@]*(?: [^\s@]*)?)$/.exec(text.slice(0, cursor))?.[1] ?? null;

const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const SHOWN = 6;

export function matching(people: readonly Person[], typed: string): Person[] {
  const wanted = folded(typed);
  const found = people.filter((person) =>
    folded(calledOf(person))
      .split(" ")
      .some((_, index, words) => words.slice(index).join(" ").startsWith(wanted)),
  );
  return found.slice(0, SHOWN);
}

/** WhatsApp wants the number after the @; the longest names first, so that none is cut by another. */
export function withMentions(
  text: string,
  people: readonly Person[],
): { text: string; mentions: Mention[] } {
  const mentions: Mention[] = [];
  const known = people
    .filter((person) => person.jid !== null && calledOf(person) !== "")
    .toSorted((a, b) => calledOf(b).length - calledOf(a).length);
  let said = text;
  for (const person of known) {
    const at = `@${calledOf(person)}`;
    if (mentions.length === MOST_MENTIONS || !said.includes(at)) continue;
    said = said.replaceAll(at, `@${userOf(person.jid!)}`);
    mentions.push({ jid: person.jid!, contact_id: person.contact_id, name: person.name });
  }
  return { text: said, mentions };
}
