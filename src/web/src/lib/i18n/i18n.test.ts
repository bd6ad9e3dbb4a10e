import { expect, test } from "vitest";
import { translate, type Key } from ".";
import type { Catalogue } from "./catalogue";
import { en } from "./en";
import { ptBR } from "./pt-BR";

const names = (text: Catalogue[Key]) =>
  [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].toSorted().join();

test("both languages say the same things with the same values", () => {
  expect(Object.keys(en).toSorted()).toEqual(Object.keys(ptBR).toSorted());
  for (const key of Object.keys(ptBR) as Key[])
    expect(`${key} ${names(en[key])}`).toBe(`${key} ${names(ptBR[key])}`);
});

test("plurals and numbers follow the language", () => {
  expect(translate("pt-BR", "list.unread", { count: 1 })).toBe("1 mensagem não lida");
  expect(translate("pt-BR", "list.unread", { count: 1200 })).toBe("1.200 mensagens não lidas");
  expect(translate("en", "list.unread", { count: 1200 })).toBe("1,200 unread messages");
});

test("values are taken as they are", () => {
  expect(translate("en", "list.noMatchHint", { query: "$& {count}" })).toContain("$& {count}");
});
