import { expect, test } from "vitest";
import { showsReads } from "./read-receipts";
import { newConversation, newInstance } from "./testing/fake-server";
import type { Conversation } from "./types";

const direct = newConversation("c1", "2026-11-20T10:00:00Z");
const hidden: Conversation = { ...direct, contact: { ...direct.contact!, phone: null } };
const group: Conversation = { ...direct, kind: "group", contact: null };
const able = (...abilities: string[]) => ({ ...newInstance("i1"), abilities });

test("who writes sees that they were read only where the number can tell them", () => {
  const reachable = { ...direct, contact: { ...direct.contact!, phone: "5511987654321" } };
  expect(showsReads(able("read"), reachable)).toBe(true);
  expect(showsReads(able("read_hidden", "read_group"), reachable)).toBe(false);
  expect(showsReads(able("read"), hidden)).toBe(false);
  expect(showsReads(able("read", "read_hidden"), hidden)).toBe(true);
  expect(showsReads(able("read"), group)).toBe(false);
  expect(showsReads(able("read", "read_group"), group)).toBe(true);
});
