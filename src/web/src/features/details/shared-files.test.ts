import { expect, test } from "vitest";
import { applyMessage, applyNewest, applyOpened } from "@/chat/apply-answers";
import { emptyState, type ChatState } from "@/chat/state";
import { newMessage } from "@/chat/testing/fake-server";
import type { Attachment, Message } from "@/chat/types";
import { filesOf, joinFiles, linksOf } from "./shared-files";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();

const message = (minute: number, changes: Partial<Message>): Message => ({
  ...newMessage(`m${minute}`, "c1", "", minute, at(minute)),
  ...changes,
});

const file = (id: string, kind: Attachment["kind"]) => ({ id, kind }) as Attachment;

const image = message(1, { type: "image", attachments: [file("a1", "image")] });
const gone = message(2, { type: "image", attachments: [file("a2", "image")], deleted_at: at(3) });
const video = message(3, { type: "video", attachments: [file("a3", "video")] });
const paper = message(4, { type: "document", attachments: [file("a4", "document")] });

test("pictures and papers are told apart, newest first, without what was deleted", () => {
  const messages = [image, gone, video, paper];
  expect(filesOf(messages, "media").map((item) => item.attachment.id)).toEqual(["a3", "a1"]);
  expect(filesOf(messages, "documents").map((item) => item.message_id)).toEqual(["m4"]);
});

test("what is held and what is listed make one list, without what was deleted since", () => {
  const [held] = filesOf([video], "media");
  const listed = [
    { ...held! },
    { attachment: file("taken", "image"), message_id: gone.id, sent_at: gone.sent_at },
    { attachment: file("old", "image"), message_id: "m0", sent_at: at(0) },
  ];
  const joined = joinFiles([gone, video], "media", listed, new Set());
  expect(joined.map((item) => item.attachment.id)).toEqual(["a3", "old"]);
});

test("what was deleted above the loaded part of the thread leaves the list", () => {
  const page = { items: [paper, video], next_cursor: "older", seq: 1 };
  const opened = applyNewest(applyOpened(emptyState(), "c1"), "c1", page);
  const listed = filesOf([image], "media");
  const filesIn = (state: ChatState) =>
    joinFiles(state.threads.get("c1")!.messages, "media", listed, state.deleted).map(
      (item) => item.attachment.id,
    );
  expect(filesIn(opened)).toEqual(["a3", "a1"]);
  const deleted = applyMessage(opened, { ...image, deleted_at: at(9), version: 2 });
  expect(filesIn(deleted)).toEqual(["a3"]);
  expect(applyMessage(deleted, { ...image, deleted_at: at(9), version: 2 })).toBe(deleted);
});

test("of one second what the thread holds stands before what is listed", () => {
  const listed = filesOf([video], "media");
  const newest = message(6, { type: "image", attachments: [file("a6", "image")] });
  const held = [video, { ...newest, sent_at: video.sent_at }];
  expect(joinFiles(held, "media", listed, new Set()).map((item) => item.attachment.id)).toEqual([
    "a6",
    "a3",
  ]);
});

test("a file that is heard stands with the documents, as the server lists it", () => {
  const song = message(5, { type: "audio", attachments: [file("a5", "audio")] });
  expect(filesOf([song, paper], "documents").map((item) => item.message_id)).toEqual(["m4", "m5"]);
});

test("a link stands once, where it was last sent", () => {
  const links = linksOf([
    message(1, { text: "veja https://a.example e *https://b.example/x*" }),
    message(2, { text: "de novo: https://a.example." }),
    message(3, { text: "https://c.example", deleted_at: at(4) }),
  ]);
  expect(links.map(({ href, message_id }) => [href, message_id])).toEqual([
    ["https://a.example", "m2"],
    ["https://b.example/x", "m1"],
  ]);
});
