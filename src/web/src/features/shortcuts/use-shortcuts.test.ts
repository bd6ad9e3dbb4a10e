import { expect, test } from "vitest";
import { shortcutOf } from "./use-shortcuts";

const pressed = (key: string, modifiers: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});

test("letters are shortcuts only while nobody types", () => {
  expect(shortcutOf(pressed("j"), false)).toBe("next");
  expect(shortcutOf(pressed("j"), true)).toBeNull();
  expect(shortcutOf(pressed("?"), true)).toBeNull();
});

test("search, Alt and Esc work from the composer too", () => {
  expect(shortcutOf(pressed("k", { ctrlKey: true }), true)).toBe("search");
  expect(shortcutOf(pressed("K", { metaKey: true }), true)).toBe("search");
  expect(shortcutOf(pressed("ArrowDown", { altKey: true }), true)).toBe("openNext");
  expect(shortcutOf(pressed("Escape"), true)).toBe("back");
});

test("the browser keeps its own combinations", () => {
  expect(shortcutOf(pressed("r", { ctrlKey: true }), false)).toBeNull();
  expect(shortcutOf(pressed("e", { altKey: true }), false)).toBeNull();
});
