import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { session } from "@/chat/session";
import type { Attachment, Me, Role } from "@/chat/types";
import { Unavailable } from "./Unavailable";

const lost: Attachment = {
  id: "a1",
  kind: "image",
  mime_type: "image/jpeg",
  file_name: null,
  size_bytes: null,
  state: "unavailable",
  reason_code: null,
  reason: "The gateway has no such file.",
  width: null,
  height: null,
  duration_seconds: null,
  waveform: null,
};

function drawn(attachment: Attachment, role: Role = "agent"): HTMLElement {
  session.set({ phase: "signed_in", me: { user: { id: "u1" }, role } as Me });
  const place = document.createElement("div");
  const root = createRoot(place);
  flushSync(() => root.render(createElement(Unavailable, { attachment })));
  return place;
}

test("of what was lost before there was a word for it, the server's own can be read", () => {
  expect(drawn(lost).querySelector("[title]")!.getAttribute("title")).toBe(lost.reason);
});

test("a word is a sentence, and no English stands behind it", () => {
  const place = drawn({ ...lost, reason_code: "gone" });
  expect(place.querySelector("small")!.textContent).not.toBe("");
  expect(place.querySelector("[title]")).toBeNull();
});

test("whoever only looks on isn't offered to ask for it again", () => {
  const offered = (["agent", "viewer"] as const).map(
    (role) => drawn(lost, role).querySelector("button") !== null,
  );
  expect(offered).toEqual([true, false]);
});
