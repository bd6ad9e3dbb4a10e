import { expect, test } from "vitest";
import { clockOf, formatOf, sizeOf } from "./media-words";

test.each([
  [0, "0:00"],
  [7.9, "0:07"],
  [750, "12:30"],
  [3723, "1:02:03"],
])("%d seconds are %s", (seconds, expected) => {
  expect(clockOf(seconds)).toBe(expected);
});

test.each([
  [512, "512 bytes"],
  [340_400, "340 kB"],
  [2_390_000, "2,4 MB"],
  [104_857_600, "105 MB"],
])("%d bytes are %s", (bytes, expected) => {
  expect(sizeOf("pt-BR", bytes).replace(/\s/g, " ")).toBe(expected);
});

test.each([
  ["application/pdf", "boleto.pdf", "PDF"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "tabela.xlsx", "XLSX"],
  ["application/pdf", null, "PDF"],
  ["application/x-zip; a=b", null, "ZIP"],
])("%s named %s is %s", (mime, name, expected) => {
  expect(formatOf(mime, name)).toBe(expected);
});

test("few bytes are counted in English, too", () => {
  expect(sizeOf("en", 547)).toBe("547 bytes");
});
