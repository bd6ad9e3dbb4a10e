import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import type { Attachment } from "@/chat/types";
import { VideoPlayer } from "./VideoPlayer";

const film: Attachment = {
  id: "a1",
  kind: "video",
  mime_type: "video/mp4",
  file_name: null,
  size_bytes: 1,
  state: "ready",
  reason_code: null,
  reason: null,
  width: null,
  height: null,
  duration_seconds: 3,
  waveform: null,
};

const prototype = HTMLVideoElement.prototype as unknown as Record<string, unknown>;
const names = ["requestFullscreen", "webkitEnterFullscreen"];

afterEach(() => names.forEach((name) => delete prototype[name]));

/** Of a player that plays, in a browser that has these ways. */
function button(ways: Record<string, unknown>): HTMLElement | null {
  for (const name of names) prototype[name] = ways[name];
  const place = document.createElement("div");
  flushSync(() => createRoot(place).render(createElement(VideoPlayer, { attachment: film })));
  flushSync(() => place.querySelector("button")!.click());
  return place.querySelector("[aria-label='Full screen'], [aria-label='Tela cheia']");
}

test("a video fills the screen", () => {
  const requestFullscreen = vi.fn<() => Promise<void>>(() => Promise.resolve());
  const webkitEnterFullscreen = vi.fn<() => void>();
  button({ requestFullscreen, webkitEnterFullscreen })!.click();
  expect(requestFullscreen).toHaveBeenCalledOnce();
  expect(webkitEnterFullscreen).not.toHaveBeenCalled();
});

test("on an iPhone it does so in Safari's way", () => {
  const webkitEnterFullscreen = vi.fn<() => void>();
  button({ webkitEnterFullscreen })!.click();
  expect(webkitEnterFullscreen).toHaveBeenCalledOnce();
});

test("where neither is there, nothing offers it", () => {
  expect(button({})).toBeNull();
});
