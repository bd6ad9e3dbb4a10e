import { expect, test } from "vitest";
import { language } from "@/lib/i18n";
import { nameOf, shortNameOf } from "./naming";
import { newConversation } from "./testing/fake-server";

const named = (name: string | null, phone: string | null) => {
  const conversation = newConversation("c1", "2026-11-20T10:00:00Z");
  return { ...conversation, contact: { ...conversation.contact!, name, phone } };
};

test.each([
  ["Ana Souza", "+5511987654321", "Ana Souza", "Ana"],
  [null, "+5511987654321", "+55 11 98765-4321", "+55 11 98765-4321"],
  [null, null, "Sem nome", "Sem nome"],
  ["", null, "Sem nome", "Sem nome"],
])("%s, %s is called %s", (name, phone, called, greeted) => {
  language.set("pt-BR");
  const conversation = named(name, phone);
  expect([nameOf(conversation), shortNameOf(conversation)]).toEqual([called, greeted]);
});
