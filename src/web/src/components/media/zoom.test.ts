import { expect, test } from "vitest";
import { zoomed } from "./zoom";

test("what lies under the pointer stays there", () => {
  const once = zoomed({ scale: 1, x: 0, y: 0 }, 2, 100, -40);
  // The point was at (100, -40) of the picture and is drawn at scale·point + shift.
  expect([2 * 100 + once.x, 2 * -40 + once.y]).toEqual([100, -40]);
  const twice = zoomed(once, 4, 100, -40);
  expect([4 * 100 + twice.x, 4 * -40 + twice.y]).toEqual([100, -40]);
});

test("it is never smaller than whole, and whole lies in the middle", () => {
  expect(zoomed({ scale: 2, x: 30, y: 30 }, 0.5)).toEqual({ scale: 1, x: 0, y: 0 });
  expect(zoomed({ scale: 5, x: 0, y: 0 }, 50).scale).toBe(6);
});
