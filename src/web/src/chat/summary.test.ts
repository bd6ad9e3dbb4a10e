import { expect, test } from "vitest";
import { translate } from "@/lib/i18n";
import { lineOf, previewOf, quoteWords, textOf } from "./summary";
import { quoteOf } from "./compose-target";
import { NO_CONTACTS, type Contacts } from "./naming";
import { newMessage } from "./testing/fake-server";
import type { Attachment, Message } from "./types";

const t = (...[key, values]: [Parameters<typeof translate>[1], Parameters<typeof translate>[2]?]) =>
  translate("pt-BR", key, values);

const message = (changes: Partial<Message>): Message => ({
  ...newMessage("m1", "c1", "", 1, "2026-11-20T10:00:00Z"),
  text: null,
  ...changes,
});

const file = (changes: Partial<Attachment>) => [changes as Attachment];

test.each<[string, Partial<Message>]>([
  ["bom dia, Ana", { text: "*bom dia*, Ana" }],
  ["Foto", { type: "image" }],
  ["Foto: é _esse_ aqui".replaceAll("_", ""), { type: "image", text: "é _esse_ aqui" }],
  ["Mensagem de voz 0:12", { type: "voice", attachments: file({ duration_seconds: 12.4 }) }],
  ["Mensagem de voz", { type: "voice" }],
  ["boleto.pdf", { type: "document", attachments: file({ file_name: "boleto.pdf" }) }],
  ["Documento", { type: "document" }],
  ["Figurinha", { type: "sticker" }],
  ["Localização: Padaria", { type: "location", content: { name: "Padaria", address: null } }],
  ["Contato: Lúcia", { type: "contacts", content: { contacts: [{ name: "Lúcia" }] } }],
  ["Enquete: Quando?", { type: "poll", content: { question: "Quando?" } }],
  ["Em casa", { type: "choice", content: { title: "Em casa" } }],
  ["Chamada de voz perdida", { type: "call", content: { is_video: false, outcome: "missed" } }],
  ["Mensagem não suportada", { type: "unsupported", content: { kind: "x" } }],
  ["Mensagem apagada", { type: "image", deleted_at: "2026-11-20T11:00:00Z" }],
])("%s", (words, changes) => {
  expect(textOf(t, message(changes), NO_CONTACTS)).toBe(words);
});

test("a row says by its icon what the words leave out", () => {
  const photo = message({ type: "image", text: "é esse aqui" });
  expect(previewOf(t, photo, "direct", "u1", NO_CONTACTS)).toEqual({
    icon: "image",
    text: "é esse aqui",
  });
  const gone = message({ deleted_at: "2026-11-20T11:00:00Z" });
  expect(previewOf(t, gone, "direct", "u1", NO_CONTACTS)).toEqual({
    icon: "deleted",
    text: "Mensagem apagada",
  });
});

test("in a group it begins with who speaks", () => {
  const said = (kind: "contact" | "user" | "phone", id: string | null, name: string | null) =>
    previewOf(t, message({ text: "oi", sender: { kind, id, name } }), "group", "u1", NO_CONTACTS)
      .text;
  expect(said("contact", "p1", "Ana Souza")).toBe("Ana: oi");
  expect(said("user", "u1", "Marina Costa")).toBe("Você: oi");
  expect(said("user", "u2", "Rafael Dias")).toBe("Rafael: oi");
  expect(said("phone", null, null)).toBe("Você: oi");
  const ana = { kind: "contact", id: "p1", name: "Ana Souza" } as const;
  expect(lineOf(t, message({ type: "image", text: "vê", sender: ana }), "group", NO_CONTACTS)).toBe(
    "Ana: Foto: vê",
  );
});

test("a quote says what it quotes, also where nobody here knows it", () => {
  const quote = { wa_id: "w", message_id: null, text: null, sender: null, mentions: [] };
  expect(quoteWords(t, { ...quote, type: "voice" }, NO_CONTACTS)).toBe("Mensagem de voz");
  expect(quoteWords(t, { ...quote, type: "text" }, NO_CONTACTS)).toBe("Mensagem que não está aqui");
  expect(quoteWords(t, { ...quote, type: "text", text: "*oi*" }, NO_CONTACTS)).toBe("oi");
});

const mentioning = (name: string | null): Message => {
  const mention = { jid: "5511987654321@s.whatsapp.net", contact_id: "p1", name };
  return message({ text: "oi @5511987654321", mentions: [mention] });
};

const now = (name: string | null, phone: string | null): Contacts =>
  new Map([["p1", { id: "p1", name, phone, picture: null, version: 2 }]]);

test.each([
  ["oi @Ana", "Aninha", now("Ana", null)],
  ["oi @+55 11 90000-0000", "Aninha", now(null, "+5511900000000")],
  ["oi @Aninha", "Aninha", now(null, null)],
  ["oi @Aninha", "Aninha", NO_CONTACTS],
  ["oi @+55 11 98765-4321", null, NO_CONTACTS],
])("%s: a mention says what is known now, then what the message knew", (words, name, contacts) => {
  const told = mentioning(name);
  expect(textOf(t, told, contacts)).toBe(words);
  expect(quoteWords(t, quoteOf(told), contacts)).toBe(words);
});
