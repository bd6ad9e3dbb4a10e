import { expect, test } from "vitest";
import {
  applyAround,
  applyMessage,
  applyNewer,
  applyNewest,
  applyOlder,
  applyOpened,
} from "./apply-answers";
import { emptyState, type ChatState } from "./state";
import { newMessage } from "./testing/fake-server";

const said = (n: number) =>
  newMessage(`m${n}`, "c", `${n}`, n, new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString());
const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => said(first + index));
const page = (first: number, last: number, older: string | null = "older") => ({
  items: from(first, last),
  next_cursor: older,
  seq: 1,
});
const around = (first: number, last: number, newer: string | null) => ({
  ...page(first, last),
  newer_cursor: newer,
});

const opened = applyNewest(applyOpened(emptyState(), "c"), "c", page(901, 950));
const shown = (state: ChatState) => {
  const { messages, detached } = state.threads.get("c")!;
  return [messages[0]?.id, messages.at(-1)?.id, messages.length, detached];
};

test("a part of the history takes the place of the end, and goes on to it", () => {
  const back = applyAround(opened, "c", around(1, 200, "newer"));
  expect(shown(back)).toEqual(["m1", "m200", 200, true]);
  const on = applyAround(back, "c", around(101, 300, "newer"));
  expect(shown(on)).toEqual(["m1", "m300", 300, true]);
  expect(shown(applyAround(on, "c", around(251, 350, null)))).toEqual(["m1", "m350", 350, false]);
});

test("a part that reaches into what is held goes before it", () => {
  expect(shown(applyAround(opened, "c", around(801, 901, "newer")))).toEqual([
    "m801",
    "m950",
    150,
    false,
  ]);
});

test("what comes at the end is no part of the history, and what changes in it is", () => {
  const back = applyAround(opened, "c", around(1, 200, "newer"));
  expect(applyMessage(back, said(951))).toBe(back);
  const edited = applyMessage(back, { ...said(7), text: "new", version: 9 });
  expect(edited.threads.get("c")!.messages[6]!.text).toBe("new");
});

test("the newest page leads back to the end", () => {
  const back = applyAround(opened, "c", around(1, 200, "newer"));
  expect(shown(applyNewest(back, "c", page(902, 951)))).toEqual(["m902", "m951", 50, false]);
});

test("however far one goes back, no more than a thousand are held", () => {
  const far = applyOlder(opened, "c", page(-4_000, 900), "older");
  expect(shown(far)).toEqual(["m-4000", "m-3251", 750, true]);
});

test("nor does one who goes on hold more, and the way back begins where they do", () => {
  const back = applyAround(applyOpened(emptyState(), "c"), "c", around(1, 980, "newer"));
  const on = applyNewer(back, "c", { ...around(931, 1_030, "newer"), next_cursor: "m930" }, "m980");
  expect(shown(on)).toEqual(["m931", "m1030", 100, true]);
  expect(on.threads.get("c")!.olderCursor).toBe("m930");
});

test("a page that goes on from another part than is held by now is dropped", () => {
  const back = applyAround(opened, "c", around(1, 200, "newer"));
  expect(shown(applyNewer(back, "c", around(101, 300, "newer"), "m200"))).toEqual([
    "m1",
    "m300",
    300,
    true,
  ]);
  const atEnd = applyNewest(back, "c", page(902, 951, "end"));
  expect(applyNewer(atEnd, "c", around(101, 300, "newer"), "m200")).toBe(atEnd);
  expect(applyOlder(atEnd, "c", page(-49, 0), "older")).toBe(atEnd);
});
