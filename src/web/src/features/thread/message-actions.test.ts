import { expect, test } from "vitest";
import { newInstance, newMessage } from "@/chat/testing/fake-server";
import type { Instance, Message } from "@/chat/types";
import { refusalOf, type MessageAction } from "./message-actions";

const SENT = "2026-11-20T10:00:00Z";

function refusal(
  action: MessageAction,
  changes: Partial<Message>,
  {
    minutes = 1,
    canWrite = true,
    ...more
  }: Partial<Instance> & { minutes?: number; canWrite?: boolean } = {},
) {
  const message = { ...newMessage("m1", "c1", "oi", 1, SENT), ...changes };
  const instance = { ...newInstance("i1"), ...more };
  return refusalOf(action, message, {
    instance,
    canWrite,
    now: Date.parse(SENT) + minutes * 60_000,
  });
}

const ours = { direction: "out" } as const;

test("what the number can do to what is on WhatsApp is allowed", () => {
  expect(refusal("reply", {})).toBeNull();
  expect(refusal("react", {})).toBeNull();
  expect(refusal("edit", ours)).toBeNull();
  expect(refusal("delete", ours)).toBeNull();
});

test("what others wrote is not ours to change", () => {
  expect(refusal("edit", {})).toBe(false);
  expect(refusal("delete", {})).toBe(false);
});

test("nothing is done to what is gone, or was never said by anyone", () => {
  expect(refusal("reply", { deleted_at: SENT })).toBe(false);
  expect(refusal("react", { type: "system" })).toBe(false);
  expect(refusal("reply", { type: "call" })).toBe(false);
});

test("the reason is known beforehand", () => {
  expect(refusal("edit", ours, { minutes: 16 })).toBe("why.editTooLate");
  expect(refusal("delete", ours, { minutes: 16 })).toBeNull();
  expect(refusal("edit", { ...ours, type: "image" })).toBe("why.notText");
  expect(refusal("reply", { ...ours, wa_id: null })).toBe("why.notSent");
  expect(refusal("react", {}, { abilities: ["text"] })).toBe("why.gateway");
  expect(refusal("react", {}, { deleted_at: SENT })).toBe("why.numberGone");
  expect(refusal("react", {}, { canWrite: false })).toBe("why.viewer");
});
