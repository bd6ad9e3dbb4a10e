import { expect, test } from "vitest";
import { dayOf, recencyOf, startOfDay, timeOf } from "./dates";

const today = startOfDay(new Date(2026, 10, 20));

test.each([
  [new Date(2026, 10, 20, 10, 5), "Hoje", "10:05"],
  [new Date(2026, 10, 19, 23, 59), "Ontem", "ontem"],
  [new Date(2026, 10, 17, 8, 0), "Terça-feira", "ter"],
  [new Date(2026, 9, 2, 8, 0), "2 de outubro", "02/10/26"],
  [new Date(2025, 9, 2, 8, 0), "2 de outubro de 2025", "02/10/25"],
])("%s in Portuguese", (at, day, recency) => {
  expect(dayOf("pt-BR", at, today)).toBe(day);
  expect(recencyOf("pt-BR", at, today)).toBe(recency);
});

test("an hour is written as each language writes it", () => {
  const at = new Date(2026, 10, 20, 9, 5);
  expect(timeOf("pt-BR", at)).toBe("09:05");
  expect(timeOf("en", at).replaceAll(/\s/g, " ")).toBe("9:05 AM");
});
