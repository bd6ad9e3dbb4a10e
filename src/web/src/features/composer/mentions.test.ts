import { expect, test } from "vitest";
import type { Draft, Person } from "@/chat/drafts";
import { NO_CONTACTS } from "@/chat/naming";
import { newMessage } from "@/chat/testing/fake-server";
import { matching, mentionAt, moved, namesIn, withMentions } from "./mentions";

const person = (name: string | null, phone: string): Person => ({
  contact_id: `c${phone}`,
  name,
  jid: `${phone}@s.whatsapp.net`,
});

const ana = person("Ana", "5511900000001");
const anaSouza = person("Ana Souza", "5511900000002");
const joao = person("João Lima", "5511900000003");
const typed = (text: string): Draft => ({ text, picks: [] });

const nameless = person(null, "5511955556666");

test("an @ asks for people only where a word begins", () => {
  expect(mentionAt("oi @an", 6)).toBe("an");
  expect(mentionAt("oi @ana so", 10)).toBe("ana so");
  expect(mentionAt("@", 1)).toBe("");
  expect(mentionAt("ana@loja.com", 12)).toBeNull();
  expect(mentionAt("oi @an, tudo", 3)).toBeNull();
});

test("people are found by any of their names, with or without accents", () => {
  const people = [ana, anaSouza, joao, nameless];
  expect(matching(people, "joao")).toEqual([joao]);
  expect(matching(people, "sou")).toEqual([anaSouza]);
  expect(matching(people, "ana s")).toEqual([anaSouza]);
  expect(matching(people, "")).toEqual(people);
});

test("names become numbers, the longer name before the shorter", () => {
  const sent = withMentions(typed("@Ana Souza e @Ana, vejam com @+55 11 95555-6666"), [
    ana,
    anaSouza,
    nameless,
  ]);
  expect(sent.text).toBe("@5511900000002 e @5511900000001, vejam com @5511955556666");
  expect(sent.mentions.map(({ jid }) => jid).toSorted()).toEqual(
    [ana, anaSouza, nameless].map(({ jid }) => jid),
  );
});

test("who isn't named is not mentioned", () => {
  expect(withMentions(typed("Ana, oi"), [ana])).toEqual({ text: "Ana, oi", mentions: [] });
});

test.each(["vendas@Ana.com", "@Anabela chegou", "@Ana2"])("%s names no Ana", (text) => {
  expect(withMentions(typed(text), [ana])).toEqual({ text, mentions: [] });
});

const otherAna = person("Ana", "5511900000009");
const picked = (text: string, ...people: Person[]): Draft => {
  const places = [...text.matchAll(/@/g)].map(({ index }) => index);
  return { text, picks: people.map((one, index) => ({ at: places[index]!, person: one })) };
};
const numbersIn = (draft: Draft, people: readonly Person[]) => {
  const { text, mentions } = withMentions(draft, people);
  const numbers = text.match(/\d+/g) ?? [];
  expect(mentions.map(({ jid }) => jid)).toEqual(
    [...new Set(numbers)].map((number) => `${number}@s.whatsapp.net`),
  );
  return numbers.map((number) => number.slice(-1)).join("");
};

test("who was picked is mentioned, and nobody else of that name", () => {
  const people = [ana, anaSouza, otherAna];
  expect(numbersIn(picked("@Ana, oi", otherAna), people)).toBe("9");
  expect(numbersIn(picked("@Ana e @Ana", otherAna, ana), people)).toBe("91");
  expect(numbersIn(picked("@Ana e @Ana", ana, otherAna), people)).toBe("19");
  expect(numbersIn(picked("@Ana Souza", otherAna), people)).toBe("9");
});

test("a name that is repeated by hand is that of who was picked by it", () => {
  expect(numbersIn(picked("@Ana, oi @Ana", otherAna), [ana, otherAna])).toBe("99");
});

test("the address of who was picked may be known only now, and is never that of another", () => {
  const far = { ...otherAna, jid: null };
  expect(numbersIn(picked("@Ana, oi", far), [ana, otherAna])).toBe("9");
  expect(numbersIn(picked("@Ana, oi @Ana", far), [ana, far])).toBe("");
});

test("who was picked stays picked wherever the text changes around them", () => {
  const people = [ana, otherAna];
  const both = picked("@Ana e @Ana", otherAna, ana);
  const after = (text: string, cursor: number) => ({ text, picks: moved(both, text, cursor) });
  expect(numbersIn(after("oi @Ana e @Ana", 3), people)).toBe("91");
  expect(numbersIn(after("@Ana, Rui e @Ana", 9), people)).toBe("91");
  expect(numbersIn(after("@Ana", 0), people)).toBe("1");
  expect(numbersIn(after("@Ana", 4), people)).toBe("9");
  expect(numbersIn(after("@Anas e @Ana", 5), people)).toBe("1");
});

test("who was picked is still meant when their name is written again", () => {
  const short = { text: "@An", picks: moved(picked("@Ana", otherAna), "@An", 3) };
  const again = { text: "@Ana", picks: moved(short, "@Ana", 4) };
  expect(numbersIn(again, [ana, otherAna])).toBe("9");
});

test("what is edited has names, and is saved with the very numbers", () => {
  const text = "@5511900000009 e @5511900000001: @5511900000009x, @5599999999999";
  const mentions = [ana, otherAna].map((one) => ({ ...one, jid: one.jid! }));
  const sent = { ...newMessage("m1", "c1", text, 1, "2026-11-20T10:00:00Z"), mentions };
  const draft = namesIn(sent, NO_CONTACTS);
  expect(draft.text).toBe("@Ana e @Ana: @5511900000009x, @5599999999999");
  expect(withMentions(draft, []).text).toBe(text);
});
