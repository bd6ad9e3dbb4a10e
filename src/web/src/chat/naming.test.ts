import { expect, test } from "vitest";
import { language, translate, type Translate } from "@/lib/i18n";
import { nameOf, senderName, shortNameOf, whereabouts } from "./naming";
import { newConversation } from "./testing/fake-server";
import type { Instance } from "./types";

const pt: Translate = (key, values) => translate("pt-BR", key, values);

const called = (name: string | null, phone: string | null) => {
  const conversation = newConversation("c1", "2026-11-20T10:00:00Z");
  return { ...conversation, contact: { ...conversation.contact!, name, phone } };
};

test.each([
  ["Ana Souza", "+5511987654321", "Ana Souza", "Ana"],
  [null, "+5511987654321", "+55 11 98765-4321", "+55 11 98765-4321"],
  [null, null, "Sem nome", "Sem nome"],
  ["", null, "Sem nome", "Sem nome"],
])("%s, %s is called %s", (name, phone, full, greeted) => {
  language.set("pt-BR");
  const conversation = called(name, phone);
  expect([nameOf(conversation), shortNameOf(conversation)]).toEqual([full, greeted]);
});

const ana = { id: "p1", name: null, phone: "+5511987654321", picture: null, version: 1 };
const hidden = { ...ana, phone: null };
const named = { ...ana, name: "Ana" };

test.each([
  ["Bia", true, named, "Bia"],
  [null, true, named, "Ana"],
  [null, true, ana, "+55 11 98765-4321"],
  [null, true, hidden, "Sem nome"],
  [null, true, undefined, "Sem nome"],
  [null, false, undefined, "Onde"],
])(
  "a writer named %s, in a group: %s, is called as their contact is",
  (name, group, contact, words) => {
    language.set("pt-BR");
    const sender = { kind: "contact" as const, id: "p1", name };
    expect(senderName(pt, sender, { name: "Onde", group }, contact, "u1")).toBe(words);
  },
);

test.each([
  ["+5511987654321", "Loja", "+55 11 98765-4321 · Loja"],
  [null, "Loja", "Loja"],
  ["+5511987654321", null, "+55 11 98765-4321"],
  [null, null, ""],
])(
  "of the phone %s and the number %s only what is known stands below a name",
  (phone, name, words) => {
    const instance = name === null ? undefined : ({ name } as Instance);
    expect(whereabouts(pt, called(null, phone), instance)).toBe(words);
    const group = { ...called(null, null), kind: "group" as const };
    expect(whereabouts(pt, group, instance)).toBe(name ? `Grupo · ${name}` : "Grupo");
  },
);
