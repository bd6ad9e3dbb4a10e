import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SPEAKERS } from "@/lib/i18n";
import { applyTyping, typing, typingWords } from "./typing";
import type { LiveEvent } from "./types";

const ana = { contact_id: "ana", name: "Ana", phone: null };
const rui = { contact_id: "rui", name: null, phone: "+5511987650001" };

const told = (contact: typeof ana | typeof rui, state: "typing" | "recording" | "ended") =>
  ({
    seq: 1,
    at: "",
    type: "contact.typing",
    data: { conversation_id: "c", contact, state },
  }) satisfies LiveEvent;

const message = (kind: "direct" | "group", sender: string, direction = "in") =>
  ({
    seq: 2,
    at: "",
    type: "message.created",
    data: { conversation: { id: "c", kind }, message: { direction, sender: { id: sender } } },
  }) as LiveEvent;

const words = (kind: "direct" | "group", lang: "en" | "pt-BR" = "en") =>
  typingWords(SPEAKERS[lang], typing.get().get("c") ?? [], kind);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

test("it ends with the word for that", () => {
  applyTyping([told(ana, "typing")]);
  expect(words("direct")).toBe("typing…");
  applyTyping([told(ana, "recording")]);
  expect([words("direct"), words("direct", "pt-BR")]).toEqual([
    "recording audio…",
    "gravando áudio…",
  ]);
  applyTyping([told(ana, "ended")]);
  expect(words("direct")).toBeNull();
});

test("it ends by itself after ten seconds, counted from the last word", () => {
  applyTyping([told(ana, "typing")]);
  vi.advanceTimersByTime(6_000);
  applyTyping([told(ana, "typing")]);
  vi.advanceTimersByTime(6_000);
  expect(words("direct")).toBe("typing…");
  vi.advanceTimersByTime(4_000);
  expect(words("direct")).toBeNull();
});

test("it ends with what they wrote, and not with an answer of the team", () => {
  applyTyping([told(ana, "typing"), message("direct", "user", "out")]);
  expect(words("direct")).toBe("typing…");
  applyTyping([message("direct", "ana")]);
  expect(words("direct")).toBeNull();
});

test("in a group each has their own", () => {
  applyTyping([told(ana, "typing")]);
  expect(words("group")).toBe("Ana is typing…");
  applyTyping([told(rui, "recording")]);
  expect(words("group")).toBe("2 people are typing…");
  applyTyping([message("group", "ana")]);
  expect(words("group", "pt-BR")).toBe("+55 11 98765-0001 está gravando áudio…");
  expect(words("group")).toBe("+55 11 98765-0001 is recording audio…");
});

test("what changes nothing draws nothing", () => {
  const before = typing.get();
  applyTyping([told(ana, "ended"), message("direct", "ana")]);
  expect(typing.get()).toBe(before);
});
