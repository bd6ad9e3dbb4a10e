import type { Attachment } from "@/chat/types";

const WIDEST = 320;
const TALLEST = 340;
const NARROWEST = 150;
const UNKNOWN = { width: 252, height: 168 };

/** The room that a picture takes before it is there: its own shape, within what reads well in a thread. */
export function pictureSize({ width, height }: Attachment): { width: number; height: number } {
  if (!width || !height) return UNKNOWN;
  const scale = Math.min(WIDEST / width, TALLEST / height, 1);
  const shown = Math.max(NARROWEST, Math.round(width * scale));
  // What is very tall or very wide is cut, and whole in the lightbox.
  const high = Math.round(shown * (height / width));
  return { width: shown, height: Math.max(90, Math.min(TALLEST, high)) };
}
