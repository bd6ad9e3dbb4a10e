import { expect, test } from "vitest";
import { retryDelay } from "./retry";

test("the delay doubles from a quarter of a second to five", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => retryDelay(attempt, () => 1));
  expect(longest).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test("the jitter takes away at most half", () => {
  expect(retryDelay(0, () => 0)).toBe(125);
  expect(retryDelay(9, () => 0)).toBe(2500);
});
