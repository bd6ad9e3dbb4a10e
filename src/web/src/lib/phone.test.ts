import { expect, test } from "vitest";
import { formatPhone, parsePhone } from "./phone";

test.each([
  ["+5511987654321", "+55 11 98765-4321"],
  ["551132654321", "+55 11 3265-4321"],
  ["+14155550123", "+1 415 555-0123"],
  ["+351912345678", "+351 91 234 5678"],
  ["+447700900123", "+44 770 090 0123"],
  ["1234", "+1234"],
  ["", ""],
])("formats %s as %s", (phone, expected) => {
  expect(formatPhone(phone)).toBe(expected);
});

test.each([
  ["+55 (11) 98765-4321", "+5511987654321"],
  ["11", null],
  ["Ana", null],
])("reads %s as %s", (typed, expected) => {
  expect(parsePhone(typed)).toBe(expected);
});
