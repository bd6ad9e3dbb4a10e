import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { applyGroup } from "@/chat/apply-answers";
import { chat } from "@/chat/chat-store";
import { clearComposeTarget, editText } from "@/chat/compose-target";
import { recallDraft, rememberDraft } from "@/chat/drafts";
import { closeOutbox, openOutbox, outbox } from "@/chat/outbox";
import { session } from "@/chat/session";
import { emptyState } from "@/chat/state";
import { newConversation, newGroup, newInstance, newMessage } from "@/chat/testing/fake-server";
import type { Attachment, Contact, Conversation, Me } from "@/chat/types";
import { ComposeForm } from "./ComposeForm";
import { MOST_CAPTION_CHARACTERS } from "./limits";
import { staged } from "./staged";

interface Posted {
  client_message_id: string;
  text: string;
  mentions?: string[];
}

const ana: Contact = { id: "100001", name: "Ana", phone: null, picture: null, version: 1 };

const group: Conversation = {
  ...newConversation("c1", "2026-11-20T10:00:00Z"),
  kind: "group",
  contact: null,
  group: { id: "g1", jid: "g1@g.us", name: "Vendas", picture: null, version: 1 },
};

const able = newInstance("i1");
const instance = { ...able, abilities: [...able.abilities, "mention", "image"] };

let posted: Posted[];
let edited: string[];
let root: Root;
let place: HTMLElement;

function answer(path: string, { method, body }: RequestInit): Promise<Response> {
  if (method === "PATCH") edited.push((JSON.parse(String(body)) as Posted).text);
  if (!path.endsWith("/messages")) return Promise.resolve(Response.json({}, { status: 404 }));
  const one = JSON.parse(String(body)) as Posted;
  posted.push(one);
  const message = newMessage(one.client_message_id, "c1", one.text, 1, "2026-11-20T10:00:00Z");
  return Promise.resolve(Response.json(message, { status: 201 }));
}

function open(): void {
  root = createRoot(place);
  const props = { conversation: group, instance, userId: "u1", ref: null };
  flushSync(() => root.render(createElement(ComposeForm, props)));
}

const field = () => place.querySelector("textarea")!;

const submit = () =>
  flushSync(() => {
    place.querySelector("form")!.dispatchEvent(new Event("submit", { bubbles: true }));
  });

/** As the browser tells of what somebody typed. */
function type(text: string): void {
  const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")!;
  set!.call(field(), text);
  field().setSelectionRange(text.length, text.length);
  flushSync(() => field().dispatchEvent(new Event("input", { bubbles: true })));
}

const groupComes = () => chat.set((state) => applyGroup(state, newGroup("g1", ana)));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
  localStorage.clear();
  [posted, edited] = [[], []];
  place = document.body.appendChild(document.createElement("div"));
  staged.set(new Map());
  chat.set(emptyState());
  const me = { user: { id: "u1", email: "", name: "Marina" }, role: "agent", upload_limit: 1e9 };
  session.set({ phase: "signed_in", me: me as Me });
  openOutbox("u1");
});

afterEach(async () => {
  clearComposeTarget();
  flushSync(() => root.unmount());
  await vi.runOnlyPendingTimersAsync();
  place.remove();
  closeOutbox();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const draft = (text: string) => rememberDraft("u1", "c1", { text, picks: [] });

test("a draft that nobody touched again mentions whom it names", async () => {
  draft("@Ana, pode ver?");
  groupComes();
  open();
  submit();
  await vi.advanceTimersByTimeAsync(1);
  expect(posted).toMatchObject([{ text: "@100001, pode ver?", mentions: ["100001@lid"] }]);
  expect([field().value, recallDraft("u1", "c1").text]).toEqual(["", ""]);
});

test("one that is sent before the group has come waits for it", async () => {
  draft("@Ana, pode ver?");
  open();
  submit();
  submit();
  await vi.advanceTimersByTimeAsync(500);
  expect(posted).toEqual([]);
  groupComes();
  await vi.advanceTimersByTimeAsync(1);
  expect(posted).toMatchObject([{ text: "@100001, pode ver?", mentions: ["100001@lid"] }]);
  await vi.waitFor(() => expect(field().value).toBe(""));
});

test("a group that doesn't come keeps no text back", async () => {
  draft("@Ana, pode ver?");
  open();
  submit();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(posted).toMatchObject([{ text: "@Ana, pode ver?" }]);
  expect(recallDraft("u1", "c1").text).toBe("");
});

test("whoever goes on to another conversation has sent it", async () => {
  draft("@Ana, pode ver?");
  open();
  submit();
  flushSync(() => root.unmount());
  await vi.advanceTimersByTimeAsync(1);
  expect(posted).toMatchObject([{ text: "@Ana, pode ver?" }]);
  expect(recallDraft("u1", "c1").text).toBe("");
});

test("nothing leaves as somebody else who signs in meanwhile", async () => {
  draft("@Ana, pode ver?");
  open();
  submit();
  openOutbox("u2");
  await vi.advanceTimersByTimeAsync(2_100);
  expect(posted).toEqual([]);
  expect(recallDraft("u1", "c1").text).toBe("@Ana, pode ver?");
});

test("a text that names nobody waits for nobody", async () => {
  draft("escreva a vendas@loja.com");
  open();
  submit();
  await vi.advanceTimersByTimeAsync(1);
  expect(posted).toHaveLength(1);
});

const sentBefore = {
  ...newMessage("m1", "c1", "@100001, pode ver?", 1, "2026-11-20T10:00:00Z"),
  mentions: [{ jid: "100001@lid", contact_id: "100001", name: "Ana" }],
};

test("an edit shows names and saves their numbers", async () => {
  groupComes();
  open();
  flushSync(() => editText(sentBefore));
  expect(field().value).toBe("@Ana, pode ver?");
  type("@Ana, pode ver hoje?");
  submit();
  await vi.advanceTimersByTimeAsync(1);
  expect(edited).toEqual(["@100001, pode ver hoje?"]);
});

const offered = () => place.querySelectorAll("[role=option]").length;

test("an edit offers nobody: it can't mention anybody anew", () => {
  groupComes();
  open();
  type("@");
  expect(offered()).toBe(1);
  flushSync(() => editText(sentBefore));
  type("@Ana, pode ver @");
  expect(offered()).toBe(0);
});

const photo = {
  file: new File(["a"], "a.jpg", { type: "image/jpeg" }),
  attachment: {
    id: "a1",
    kind: "image",
    mime_type: "image/jpeg",
    file_name: "a.jpg",
  } as Attachment,
  address: "",
  caption: "",
  picks: [],
};

// What is pasted would be cut by a limit of the field, without a word. Nothing else keeps a caption that the server refuses.
test("a caption that is too long stays whole, is told of and doesn't leave", () => {
  staged.set(new Map([["c1", [photo]]]));
  open();
  const long = "a".repeat(MOST_CAPTION_CHARACTERS + 1);
  type(long);
  submit();
  expect(outbox.get()).toEqual([]);
  expect(field().maxLength).toBe(-1);
  expect(field().value).toBe(long);
  expect(place.querySelector("[role=alert]")).not.toBeNull();
  type(long.slice(1));
  expect(place.querySelector("[role=alert]")).toBeNull();
  expect(place.querySelector<HTMLButtonElement>("[type=submit]")!.disabled).toBe(false);
});
