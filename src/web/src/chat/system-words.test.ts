import { expect, test } from "vitest";
import { NO_CONTACTS, type Contacts } from "./naming";
import { systemWords } from "./system-words";
import type { GroupMember } from "./types";

const one = (name: string | null, phone: string | null = null): GroupMember => ({
  contact_id: name,
  name,
  phone,
});

const [ana, bia, caio] = [one("Ana"), one("Bia"), one("Caio")];

const words = (event: string, actor: GroupMember | null, members: GroupMember[], text = "") =>
  systemWords("pt-BR", { event, actor, members, text }, NO_CONTACTS);

test.each([
  ["Ana adicionou Bia", words("joined", ana, [bia])],
  ["Ana adicionou Bia e Caio", words("joined", ana, [bia, caio])],
  ["Bia entrou no grupo", words("joined", null, [bia])],
  ["Bia entrou no grupo", words("joined", bia, [bia])],
  ["Bia e Caio entraram no grupo", words("joined", null, [bia, caio])],
  ["Ana saiu do grupo", words("left", ana, [ana])],
  ["Ana removeu Bia", words("removed", ana, [bia])],
  ["Bia agora é admin", words("promoted", null, [bia])],
  ["Ana mudou o nome do grupo para “Vendas”", words("renamed", ana, [], "Vendas")],
  ["O grupo agora se chama “Vendas”", words("renamed", null, [], "Vendas")],
  ["+55 11 98765-4321 saiu do grupo", words("left", one(null, "+5511987654321"), [])],
  ["Ana fixou uma mensagem", words("pinned", ana, [])],
  ["Uma mensagem foi fixada", words("pinned", null, [])],
  ["Ana votou em uma enquete", words("voted", ana, [])],
  ["Ana reagiu com ❤️", words("reacted", ana, [], "❤️")],
  ["O grupo mudou", words("something new", ana, [])],
])("%s", (expected, said) => {
  expect(said).toBe(expected);
});

test("a message without content says no more than it knows", () => {
  expect(systemWords("en", null, NO_CONTACTS)).toBe("The group changed");
});

const called = (name: string | null, phone: string | null): Contacts =>
  new Map([["Ana", { id: "Ana", name, phone, picture: null, version: 2 }]]);

test("people are called as they are now", () => {
  const left = { event: "left", actor: ana!, members: [], text: null };
  expect(systemWords("en", left, called("Ana Lima", null))).toBe("Ana Lima left the group");
  expect(systemWords("en", left, called(null, "+5511900000000"))).toBe(
    "+55 11 90000-0000 left the group",
  );
  expect(systemWords("en", left, called(null, null))).toBe("Ana left the group");
});
