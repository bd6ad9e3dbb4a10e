import { expect, test } from "vitest";
import { refusedIn, type Unsent } from "./unsent";

const written = (conversation_id: string, code: string | null): Unsent => ({
  text: "oi",
  client_message_id: conversation_id,
  conversation_id,
  user_id: "u1",
  created_at: "2026-11-20T10:00:00Z",
  error: code === null ? null : { code, text: null },
});

test("what was refused is left in the conversation that its own is part of now", () => {
  const entries = [written("old", "invalid"), written("c2", null), written("c3", "invalid")];
  expect([...refusedIn(entries, new Map([["old", "kept"]]))]).toEqual(["kept", "c3"]);
});
