import { beforeEach, expect, test } from "vitest";
import { joinDrafts, NO_DRAFT, recallDraft, rememberDraft } from "./drafts";

const ana = { contact_id: "p1", name: "Ana", jid: "1@lid" };

beforeEach(() => localStorage.clear());

test("a draft is remembered with who was picked in it", () => {
  const draft = { text: "oi @Ana", picks: [{ at: 3, person: ana }] };
  rememberDraft("u1", "c1", draft);
  expect(recallDraft("u1", "c1")).toEqual(draft);
  rememberDraft("u1", "c1", NO_DRAFT);
  expect(localStorage.length).toBe(0);
});

test("one that was left by a page of before is only its text", () => {
  localStorage.setItem("flowchat.draft.u1.c1", JSON.stringify("oi"));
  expect(recallDraft("u1", "c1")).toEqual({ text: "oi", picks: [] });
});

test("joined drafts stand one below the other, and who was picked stands where they stood", () => {
  rememberDraft("u1", "kept", { text: "oi", picks: [] });
  rememberDraft("u1", "old", { text: "@Ana", picks: [{ at: 0, person: ana }] });
  joinDrafts("old", "kept");
  expect(recallDraft("u1", "kept")).toEqual({
    text: "oi\n@Ana",
    picks: [{ at: 3, person: ana }],
  });
  expect(recallDraft("u1", "old")).toEqual(NO_DRAFT);
});
