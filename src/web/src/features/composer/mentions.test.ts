import { expect, test } from "vitest";
import { matching, mentionAt, withMentions, type Person } from "./mentions";

const person = (name: string | null, phone: string): Person => ({
  contact_id: `c${phone}`,
  name,
  jid: `${phone}@s.whatsapp.net`,
});

const ana = person("Ana", "5511900000001");
const anaSouza = person("Ana Souza", "5511900000002");
const joao = person("João Lima", "5511900000003");
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
  const sent = withMentions("@Ana Souza e @Ana, vejam com @+55 11 95555-6666", [
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
  expect(withMentions("Ana, oi", [ana])).toEqual({ text: "Ana, oi", mentions: [] });
});
