import { beforeEach, expect, test } from "vitest";
import { chat } from "@/chat/chat-store";
import { emptyState } from "@/chat/state";
import type { VoiceNote } from "@/components/media/recording";
import { staged, stagedIn, stageNote } from "./staged";

const note = (id: string) =>
  ({ file: new File(["a"], `${id}.ogg`), attachment: { id } }) as VoiceNote;

const idsIn = (conversationId: string) => stagedIn(conversationId).map((one) => one.attachment.id);

const join = () => chat.set((state) => ({ ...state, joined: new Map([["old", "kept"]]) }));

beforeEach(() => {
  chat.set(emptyState());
  staged.set(new Map());
});

test("what was spoken for a conversation that became part of another one waits there", () => {
  stageNote("old", note("before"));
  join();
  stageNote("old", note("after"));
  expect(idsIn("kept")).toEqual(["before", "after"]);
  expect(idsIn("old")).toEqual([]);
});
