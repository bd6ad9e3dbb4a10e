import type { Draft, Person, Picked } from "@/chat/drafts";
import { addressOf, userOf, type Contacts } from "@/chat/naming";
import { mentionName } from "@/chat/summary";
import type { Mention, Message } from "@/chat/types";
import { MOST_MENTIONS } from "./limits";

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

const ENDS_IN_LETTER = /[\p{L}\p{N}]$/u;
const BEGINS_WITH_LETTER = /^[\p{L}\p{N}\p{M}]/u;

/** Their whole name, and not the beginning of another one. */
function standsAt(text: string, { at, person }: Picked): boolean {
  const said = `@${calledOf(person)}`;
  return (
    at >= 0 && text.startsWith(said, at) && !BEGINS_WITH_LETTER.test(text.slice(at + said.length))
  );
}

/** Where those who were picked stand after a change that ends at the cursor. */
export function moved({ text: before, picks }: Draft, text: string, cursor: number): Picked[] {
  const grown = text.length - before.length;
  const replacedTo = cursor - grown;
  let replacedFrom = 0;
  while (replacedFrom < Math.min(replacedTo, cursor) && before[replacedFrom] === text[replacedFrom])
    replacedFrom++;
  return picks.map(({ at, person }) => {
    const now = at < replacedFrom ? at : at < replacedTo ? -1 : at + grown;
    return { at: standsAt(text, { at: now, person }) ? now : -1, person };
  });
}

/** WhatsApp wants the number after the @: of who was picked there or by that name, else of whoever has the longest that fits. */
export function withMentions(
  { text, picks }: Draft,
  people: readonly Person[],
): { text: string; mentions: Mention[] } {
  const mentions = new Map<string, Mention>();
  // Somebody else of that name is not who was picked, also where their own address isn't known.
  const addressed = picks.toReversed().map(({ person }) => withAddress(person, people));
  const known = [...addressed, ...people.filter(({ jid }) => jid !== null)]
    .filter((person) => calledOf(person) !== "")
    .toSorted((a, b) => calledOf(b).length - calledOf(a).length);
  const at = (index: number): Person | undefined => {
    const picked = picks.find((one) => one.at === index && standsAt(text, one));
    if (picked) return withAddress(picked.person, people);
    // What stands in an address of e-mail is nobody's name.
    if (ENDS_IN_LETTER.test(text.slice(0, index))) return undefined;
    return known.find((person) => standsAt(text, { at: index, person }));
  };
  let [said, from] = ["", 0];
  for (const { index } of text.matchAll(/@/g)) {
    const person = index < from ? undefined : at(index);
    if (!person?.jid) continue;
    const { jid, contact_id, name } = person;
    if (mentions.size === MOST_MENTIONS && !mentions.has(jid)) continue;
    mentions.set(jid, { jid, contact_id, name });
    said += `${text.slice(from, index)}@${userOf(jid)}`;
    from = index + 1 + calledOf(person).length;
  }
  return { text: said + text.slice(from), mentions: [...mentions.values()] };
}

/** A text as it is edited: names for the numbers, as if each had been picked. */
export function namesIn({ text, mentions }: Message, contacts: Contacts): Draft {
  const people = new Map(
    mentions.map((one) => [userOf(one.jid), { ...one, name: mentionName(one, contacts) }]),
  );
  const [sent, picks] = [text ?? "", [] as Picked[]];
  let [named, from] = ["", 0];
  for (const { 0: said, 1: number, index } of sent.matchAll(/@(\d{5,})/g)) {
    const person = people.get(number!);
    // Among letters the name wouldn't be found again.
    if (!person || BEGINS_WITH_LETTER.test(sent.slice(index + said.length))) continue;
    named += sent.slice(from, index);
    picks.push({ at: named.length, person });
    named += `@${calledOf(person)}`;
    from = index + said.length;
  }
  return { text: named + sent.slice(from), picks };
}

/** What only more people could tell of: who was picked and has no address, and whether names were typed. */
export function unresolvedIn({ text, picks }: Draft, people: readonly Person[]) {
  const placed = picks.filter((one) => standsAt(text, one));
  const places = new Set(placed.map(({ at }) => at));
  return {
    picked: placed
      .map(({ person }) => person)
      .filter((person) => person.contact_id && !withAddress(person, people).jid),
    typed: [...text.matchAll(/@(?=\S)/g)].some(
      ({ index }) => !places.has(index) && !ENDS_IN_LETTER.test(text.slice(0, index)),
    ),
  };
}

/** Under the name that they were picked by. */
const withAddress = (person: Person, people: readonly Person[]): Person => ({
  ...person,
  jid:
    person.jid ??
    people.find(({ contact_id }) => contact_id !== null && contact_id === person.contact_id)?.jid ??
    null,
});
